/* SPDX-License-Identifier: MIT */
/* marks: draws a history: its states as a band, and below it a lane for each kind of event. Each kind has a
 * shape of its own; several events that are known only as a count are a bar over their time. Where less is
 * known, the ground is dark. */
const SHAPES = [
	(x, y) => `M${x - 4} ${y}a4 4 0 1 0 8 0a4 4 0 1 0-8 0z`,
	(x, y) => `M${x - 3.5} ${y - 3.5}h7v7h-7z`,
	(x, y) => `M${x} ${y - 4.5}l4.6 8.5h-9.2z`,
	(x, y) => `M${x} ${y - 5}l4.5 5l-4.5 5l-4.5-5z`,
	(x, y) => `M${x} ${y + 4.5}l4.6-8.5h-9.2z`,
	(x, y) => `M${x - 1.5} ${y - 5}h3v10h-3z`,
	(x, y) => `M${x - 1.3} ${y - 4.5}h2.6v3.2h3.2v2.6h-3.2v3.2h-2.6v-3.2h-3.2v-2.6h3.2z`,
	(x, y) => `M${x - 4.5} ${y - 4}l3-1l1.5 3l1.5-3l3 1l-2.2 4l2.2 4l-3 1l-1.5-3l-1.5 3l-3-1l2.2-4z`,
];

/* Bars of events that took less of the picture than this, in pixels, are marks. */
const BAR_LEAST = 4;

function gapPicture(gap, place, height) {
	const left = place(gap.from), wide = Math.max(place(gap.to) - left, 2);
	return drawn("g", {},
		drawn("rect", {class: "gap", x: left, y: 0, width: wide, height},
			drawn("title", {}, gap.what + ", " + durationWords(gap.to - gap.from))),
		gap.what.length < wide / 7 ? drawn("text", {x: left + wide - 4, y: height - 4, "text-anchor": "end"}, gap.what) : null);
}

function barPicture(event, place, y) {
	const left = place(event.at);
	return drawn("rect", {class: event.trouble ? "mark bar trouble" : "mark bar", x: left, y: y - 4,
		width: +(place(event.until) - left).toFixed(1), height: 8},
	drawn("title", {}, event.what + ": " + event.detail));
}

/* history: what unfoldedHistory makes, instants in microseconds. */
function historyPicture(history, width) {
	const margin = 10;
	const length = Math.max(history.to - history.from, 1);
	const place = (us) => +(margin + (us - history.from) / length * (width - 2 * margin)).toFixed(1);
	const picture = drawn("svg", {class: "picture", width, role: "img",
		"aria-label": "States and events on a time axis; the list below says the same"});
	let y = 4;

	if (history.spans.length) {
		const shades = [...new Set(history.spans.map((s) => s.what))];
		for (const s of history.spans) {
			const left = place(s.from), wide = Math.max(place(s.to) - left, 1);
			const room = Math.floor((wide - 6) / 7);
			picture.append(drawn("rect", {class: "state shade-" + shades.indexOf(s.what) % 4, x: left, y, width: wide, height: 22},
				drawn("title", {}, s.what + ", " + durationWords(s.to - s.from))));
			if (room > 2)
				picture.append(drawn("text", {class: "state-name", x: left + 4, y: y + 15},
					s.what.length > room ? s.what.slice(0, room - 1) + "\u2026" : s.what));
		}
		y += 30;
	}
	const lanes = [...new Set(history.events.map((m) => m.what))];
	lanes.forEach((what, lane) => {
		const mine = history.events.filter((m) => m.what === what);
		const shape = SHAPES[lane % SHAPES.length];
		picture.append(
			drawn("text", {class: "lane-name", x: margin, y: y + 10}, what + " \u00d7 " + counted(mine.reduce((sum, m) => sum + m.n, 0))),
			drawn("line", {class: "lane", x1: margin, x2: width - margin, y1: y + 22, y2: y + 22}));
		for (const trouble of [false, true]) {
			const isBar = (m) => place(m.until) - place(m.at) >= BAR_LEAST;
			const some = mine.filter((m) => m.trouble === trouble);
			some.filter(isBar).forEach((m) => picture.append(barPicture(m, place, y + 22)));
			const places = new Set(some.filter((m) => !isBar(m)).map((m) => place(m.at)));
			if (places.size)
				picture.append(drawn("path", {class: trouble ? "mark trouble" : "mark",
					d: [...places].map((x) => shape(x, y + 22)).join("")}));
		}
		y += 34;
	});

	for (const strip of history.strips) {
		picture.append(stripPicture(strip, place, length / 15, margin, width, y));
		y += STRIP_HEIGHT;
	}

	const step = roundStep(length / Math.max(2, width / 110));
	const axis = drawn("g", {class: "axis"}, drawn("line", {x1: margin, x2: width - margin, y1: y, y2: y}));
	for (let us = 0; us <= length; us += step) {
		const at = place(history.from + us);
		axis.append(drawn("line", {x1: at, x2: at, y1: y, y2: y + 4}));
		if (at < width - 40)
			axis.append(drawn("text", {x: at, y: y + 16, "text-anchor": us ? "middle" : "start"}, us ? "+" + durationWords(us) : "0"));
	}
	picture.append(axis);
	picture.prepend(...history.gaps.map((gap) => gapPicture(gap, place, y)));
	picture.setAttribute("height", y + 22);
	picture.setAttribute("viewBox", `0 0 ${width} ${y + 22}`);
	return picture;
}

