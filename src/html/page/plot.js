/* SPDX-License-Identifier: MIT */
/* plot: one panel of the timeline: series of trouble as stacked bars, or all other series as lines. Gauges
 * have a scale of their own. A panel knows nothing of other panels. */

/* series: {label, values, gauge, trouble, on, colour}; x in seconds, the middle of each bucket.
 * timeline: {cursor(u), range(min, max), reset(), drawMarks(u), timeWords(us, decimals)} */
function makePlot(host, title, series, x, timeline) {
	const isBars = series[0].trouble;
	const gauges = series.filter((s) => s.gauge);
	/* The highest bar of a stack is painted first; the lower ones cover its lower part. */
	const painted = isBars ? [...series].reverse() : series;
	const axis = (extra) => ({
		stroke: () => colour("muted"),
		grid: {stroke: () => colour("grid"), width: 1},
		ticks: {stroke: () => colour("grid"), width: 1, size: 4},
		font: "12px system-ui, sans-serif",
		...extra,
	});
	const short = (u, splits) => splits.map((v) => v >= 1e6 ? +(v / 1e6).toPrecision(4) + "M" :
		v >= 1e4 ? +(v / 1e3).toPrecision(4) + "k" : Number.isInteger(v) ? String(v) : "");
	const fromZero = {range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1]};

	function heaped() {
		let heap = new Array(x.length).fill(0);
		const heaps = new Map();
		for (const s of series) {
			if (s.on)
				heap = heap.map((v, i) => v + s.values[i]);
			heaps.set(s, heap);
		}
		return [x, ...painted.map((s) => heaps.get(s))];
	}

	const look = (s) => ({
		label: "",
		show: s.on,
		scale: s.gauge ? "gauge" : "count",
		/* A line through one or two buckets is hard to see, so that its buckets get points,
		 * too. */
		points: {show: !isBars && x.length < 3, size: 7, fill: () => colour(s.colour)},
		...(isBars ? {
			width: 0,
			fill: () => colour(s.colour),
			paths: uPlot.paths.bars({size: [0.92, Infinity, 1]}),
		} : {
			width: s.gauge ? 2 : 1.5,
			dash: s.gauge ? [6, 3] : undefined,
			stroke: () => colour(s.colour),
		}),
	});

	const u = new uPlot({
		width: Math.max(host.clientWidth, 200),
		height: isBars || innerWidth < 600 ? 190 : 220,
		padding: [12, 8, 0, 0],
		legend: {show: false},
		cursor: {
			y: false,
			points: {show: false},
			drag: {x: true, y: false, dist: 4},
			bind: {dblclick: () => () => timeline.reset()},
		},
		scales: {x: {time: false}, count: fromZero, gauge: fromZero},
		axes: [
			axis({
				size: 30,
				splits: (plot, i, min, max) => {
					/* Ticks are at round times of the time zone, not of UTC. */
					const offset = data.time.mode === "day" ? data.time.offset_s : 0;
					const wanted = (max - min) / Math.max(2, plot.bbox.width / devicePixelRatio / 100);
					const step = roundStep(wanted * SECOND) / SECOND;
					const splits = [];
					for (let n = Math.ceil((min + offset) / step); n * step - offset <= max; n++)
						splits.push(n * step - offset);
					return splits;
				},
				values: (plot, splits) => {
					const step = splits.length > 1 ? splits[1] - splits[0] : 1;
					const decimals = step >= 0.999 ? 0 : Math.min(6, Math.ceil(-Math.log10(step * 1.001)));
					return splits.map((s) => timeline.timeWords(s * SECOND, decimals));
				},
			}),
			axis({scale: "count", size: 56, values: short}),
			/* A panel without gauges has the axis of gauges, too, so that all panels
			 * are aligned. */
			axis({scale: "gauge", side: 1, size: 56, grid: {show: false},
				...(gauges.length ? {values: short} : {splits: () => [], values: () => []})}),
		],
		series: [{}, ...painted.map(look)],
		hooks: {
			drawClear: [(plot) => timeline.drawMarks(plot)],
			setCursor: [(plot) => timeline.cursor(plot)],
			setScale: [(plot, key) => key === "x" && timeline.range(plot.scales.x.min, plot.scales.x.max)],
		},
	}, isBars ? heaped() : [x, ...series.map((s) => s.values)], host);

	function fit(width) {
		const wanted = width || host.clientWidth;
		if (wanted && wanted !== u.width)
			u.setSize({width: wanted, height: u.height});
	}

	function refresh() {
		host.hidden = !series.some((s) => s.on);
		painted.forEach((s, i) => u.series[i + 1].show !== s.on && u.setSeries(i + 1, {show: s.on}));
		if (isBars)
			u.setData(heaped(), false);
		u.redraw(true, true);
		fit();
	}

	host.before(element("p", {class: "axis-name"},
		title + (gauges.length && gauges.length < series.length ? " (dashed: right scale)" : "")));
	return {u, fit, refresh};
}

