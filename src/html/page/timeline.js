/* SPDX-License-Identifier: MIT */
/* timeline: joins the panels of the chart. It gives all of them the same range and cursor, and adds
 * the legend with its switches, the keyboard control, and the text for screen readers. */

/* Expands the values of a series: a negative number stands for that many zeros. */
function unfolded(values) {
	return values.flatMap((v) => v < 0 ? new Array(-v).fill(0) : [v]);
}

function makeTimeline(chart) {
	const bucket = chart.bucket_ns / 1e9;
	const low = chart.at / SECOND;
	const high = low + chart.n * bucket;
	const x = Array.from({length: chart.n}, (_, i) => low + (i + 0.5) * bucket);
	const decimals = chart.bucket_ns % 1e9 ? (chart.bucket_ns % 1e6 ? 6 : 3) : 0;
	const counts = {trouble: 0, calm: 0};
	const all = chart.series.map((s) => {
		const values = unfolded(s.values);
		const kind = s.trouble && !s.gauge ? "trouble" : "calm";
		return {...s, values, trouble: kind === "trouble", on: values.some((v) => v),
			colour: kind + "-" + (counts[kind]++ % 9 + 1)};
	});
	/* Gives the wall time of a place on the chart: the wall clock may have been set after the
	 * start of the chart. */
	const wallOf = (us) => {
		let shift = 0;
		for (let i = 0; i < chart.shifts.length && chart.shifts[i] * chart.bucket_ns / 1000 <= us - chart.at; i += 2)
			shift = chart.shifts[i + 1];
		return us + shift;
	};
	const timeWords = (us, digits) => instantWords(wallOf(Math.round(us)), digits);
	const range = {min: low, max: high};
	const marks = [...document.querySelectorAll(".when[data-from]")].map((w) => ({
		from: w.dataset.from / SECOND,
		to: w.dataset.to / SECOND,
		level: ["critical", "warning", "notice", "good"].find((l) => w.closest(".finding").classList.contains(l)),
	}));
	const plots = [];
	let at = -1; /* the bucket under the cursor */

	const host = document.getElementById("chart");
	const readout = element("p", {class: "readout"});
	const live = element("p", {class: "unseen", "aria-live": "polite", role: "status"});
	const shown = element("p", {class: "range"});
	const legends = element("div", {class: "legends"});
	const region = element("div", {
		class: "plots", tabindex: "0", role: "application", "aria-roledescription": "interactive chart",
		"aria-label": "Timeline", "aria-describedby": "chart-help", keydown: onKey,
	});
	const button = (words, label, act) =>
		element("button", {type: "button", "aria-label": label, title: label, click: act}, words);

	host.append(
		element("div", {class: "bar"}, shown, element("div", {class: "buttons"},
			button("+", "Zoom in", () => zoom(0.5)), button("\u2212", "Zoom out", () => zoom(2)),
			button("Reset", "Reset to the whole time", reset))),
		region, readout, legends,
		element("p", {class: "help", id: "chart-help"},
			"Drag to zoom, double click to reset. Keyboard: arrow keys move the cursor (with Shift by ten), " +
			"+ and \u2212 zoom, 0 resets. Each bar or point is " + durationWords(chart.bucket_ns / 1000) + "."),
		live);

	function setRange(min, max) {
		const width = Math.min(high - low, Math.max(max - min, 2 * bucket));
		const start = Math.max(low, Math.min(min, high - width));
		for (const p of plots)
			p.u.setScale("x", {min: start, max: start + width});
	}
	function reset() {
		setRange(low, high);
	}
	function zoom(factor) {
		const middle = at >= 0 && x[at] >= range.min && x[at] <= range.max ? x[at] : (range.min + range.max) / 2;
		setRange(middle - (middle - range.min) * factor, middle + (range.max - middle) * factor);
	}
	function rangeIs(min, max) {
		if (Math.abs(min - range.min) + Math.abs(max - range.max) < bucket / 1e6 && shown.textContent)
			return;
		Object.assign(range, {min, max});
		const words = [min, max].map((s) => timeWords(s * SECOND, decimals));
		shown.textContent = (data.time.mode === "relative" ? "" : dateWords(wallOf(min * SECOND)) + ", ") +
			words.join(" \u2013 ") + ", " + zoneWords();
		for (const p of plots)
			if (p.u.scales.x.min !== min || p.u.scales.x.max !== max)
				p.u.setScale("x", {min, max});
	}
	function bucketWords(i) {
		return timeWords(chart.at + i * chart.bucket_ns / 1000, decimals);
	}
	function show(i) {
		at = i;
		readout.textContent = i < 0 ? "" : "At " + bucketWords(i);
		for (const s of all)
			s.output.textContent = i < 0 ? "" : counted(s.values[i]);
	}
	/* Called when the pointer moved in a panel or left it. All panels then show the same
	 * place. */
	function cursorAt(u) {
		const {left} = u.cursor;
		const i = left < 0 ? -1 : Math.floor((u.posToVal(left, "x") - low) / bucket);
		show(i < 0 ? -1 : Math.min(i, chart.n - 1));
		for (const p of plots)
			if (Math.abs(p.u.cursor.left - left) > 0.5)
				p.u.setCursor({left, top: 10}, false);
	}
	function moveTo(i) {
		i = Math.max(0, Math.min(chart.n - 1, i));
		const width = range.max - range.min;
		if (x[i] < range.min || x[i] > range.max)
			setRange(x[i] - width / 2, x[i] + width / 2);
		show(i);
		/* uPlot draws the new range before the next task runs. */
		setTimeout(() => {
			if (at !== i)
				return;
			for (const p of plots)
				p.u.setCursor({left: p.u.valToPos(x[i], "x"), top: 10}, false);
			const said = all.filter((s) => s.on && s.values[i]).map((s) => s.label + " " + counted(s.values[i]));
			live.textContent = bucketWords(i) + ": " + (said.join(", ") || "nothing");
		}, 0);
	}
	function onKey(e) {
		if (e.ctrlKey || e.altKey || e.metaKey)
			return;
		const far = e.shiftKey ? 10 : 1;
		const here = at < 0 ? x.findIndex((v) => v >= range.min) : at;
		const acts = {
			ArrowLeft: () => moveTo(at < 0 ? here : here - far),
			ArrowRight: () => moveTo(at < 0 ? here : here + far),
			Home: () => moveTo(x.findIndex((v) => v >= range.min)),
			End: () => moveTo(x.findLastIndex((v) => v <= range.max)),
			"+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), "0": reset,
		};
		if (!acts[e.key])
			return;
		e.preventDefault();
		acts[e.key]();
	}
	/* Marks the times of the findings on the chart, under its series. */
	function drawMarks(u) {
		const {left, top, width, height} = u.bbox;
		for (const m of marks) {
			const from = Math.max(left, u.valToPos(m.from, "x", true));
			const to = Math.min(left + width, Math.max(u.valToPos(m.to, "x", true), from + 2));
			if (to <= from)
				continue;
			u.ctx.save();
			u.ctx.fillStyle = colour(m.level);
			u.ctx.globalAlpha = 0.09;
			u.ctx.fillRect(from, top, to - from, height);
			u.ctx.globalAlpha = 0.8;
			u.ctx.fillRect(from, top - 4, to - from, 3);
			u.ctx.restore();
		}
	}
	function panel(title, series) {
		if (!series.length)
			return;
		const place = element("div", {class: "plot"});
		region.append(place);
		const plot = makePlot(place, title, series, x, {cursor: cursorAt, range: rangeIs, reset, drawMarks, timeWords});
		const box = element("fieldset", {}, element("legend", {}, title));
		for (const s of series) {
			const input = element("input", {type: "checkbox", change: () => {
				s.on = input.checked;
				plot.refresh();
			}});
			const swatch = element("span", {class: "swatch " + (s.gauge ? "gauge" : s.trouble ? "bars" : "line")});
			input.checked = s.on;
			swatch.style.setProperty("--colour", "var(--" + s.colour + ")");
			s.output = element("output", {});
			box.append(element("label", {class: s.on ? false : "zero"}, input, swatch,
				element("span", {}, s.label), s.output));
		}
		legends.append(box);
		plots.push(plot);
		plot.refresh();
	}

	panel("Trouble, per " + durationWords(chart.bucket_ns / 1000), all.filter((s) => s.trouble));
	panel("Activity", all.filter((s) => !s.trouble));
	reset();
	rangeIs(low, high);
	new ResizeObserver(() => plots.forEach((p) => p.fit())).observe(region);
	return {
		redraw: (width) => plots.forEach((p) => {
			p.fit(width);
			p.u.redraw(true, true);
		}),
		/* Shows a span of time with a margin on both sides. */
		showSpan(from, to) {
			const around = Math.max((to - from) * 0.25, 5 * bucket);
			setRange(from - around, to + around);
			region.focus();
		},
	};
}

