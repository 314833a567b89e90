/* SPDX-License-Identifier: MIT */
/* strips: draws how a quantity of a connection changed, below its lanes: a line through its samples, and a
 * band from the least to the greatest value where several samples are one. */
const STRIP_HEIGHT = 62;

/* Makes a strip from the array that src/html/history.c describes. */
function unfoldedStrip([label, unit, last, ...numbers], at) {
	const strip = {label: data.strings[label], unit: data.strings[unit], last, points: []};
	for (let i = 0; i < numbers.length; i += 4) {
		const from = at + numbers[i];
		at = from + numbers[i + 1];
		strip.points.push({at: from, until: at, least: numbers[i + 2], most: numbers[i + 2] + numbers[i + 3]});
	}
	strip.least = Math.min(...strip.points.map((p) => p.least));
	strip.most = Math.max(...strip.points.map((p) => p.most));
	return strip;
}

function quantityWords(value, unit) {
	if (unit === "us")
		return durationWords(value);
	if (unit !== "bytes")
		return counted(value);
	const units = ["B", "KiB", "MiB", "GiB"];
	let i = 0;
	for (; value >= 1024 && i < units.length - 1; i++)
		value /= 1024;
	return +value.toPrecision(4) + " " + units[i];
}

function stripRange(strip) {
	return quantityWords(strip.least, strip.unit) + " to " + quantityWords(strip.most, strip.unit) +
		(strip.unit === "segments" ? " segments" : "");
}

/* The same as the picture in words, for those who do not see it. */
function stripWords(strip) {
	return element("p", {class: "unseen"}, strip.label + ": " + stripRange(strip) + ", at last " +
		quantityWords(strip.last, strip.unit));
}

/* The points in runs: where nothing was sampled for long, no line says what was there. */
function stripRuns(strip, longest) {
	const runs = [];
	strip.points.forEach((p, i) => {
		if (!i || p.at - strip.points[i - 1].until > longest)
			runs.push([]);
		runs.at(-1).push([p.at, p]);
		if (p.until > p.at)
			runs.at(-1).push([p.until, p]);
	});
	return runs;
}

function stripPicture(strip, place, longest, margin, width, y) {
	const top = y + 16, bottom = y + STRIP_HEIGHT - 8;
	const height = (v) => +(bottom - (strip.most ? v / strip.most : 0) * (bottom - top)).toFixed(1);
	const runs = stripRuns(strip, longest);
	const edge = (run, which) => run.map(([at, p]) => place(at) + " " + height(p[which]));
	return drawn("g", {class: "strip"},
		drawn("title", {}, strip.label + ": " + stripRange(strip)),
		drawn("text", {class: "lane-name", x: margin, y: y + 10}, strip.label + ", " + stripRange(strip)),
		drawn("line", {class: "lane", x1: margin, x2: width - margin, y1: bottom, y2: bottom}),
		drawn("path", {class: "strip-band", d: runs.map((run) =>
			"M" + [...edge(run, "most"), ...edge(run, "least").reverse()].join("L") + "z").join("")}),
		/* A point alone is a line without a length, which has round ends. */
		drawn("path", {class: "strip-line", d: runs.map((run) => "M" + edge(run, "most").join("L") +
			(run.length > 1 ? "" : "h0.01")).join("")}));
}

