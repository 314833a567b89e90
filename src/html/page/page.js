/* SPDX-License-Identifier: MIT */
/* page: starts the scripts of a page. */
document.documentElement.classList.add("scripts");
const numbers = document.querySelector("details.numbers");
document.querySelectorAll("section.rows").forEach((s, i) => makeTable(s, data.tables[i]));

if (data.chart) {
	const timeline = makeTimeline(data.chart);
	numbers.open = false;
	let isOpen = false;
	const paper = (isPaper, width) => {
		document.documentElement.classList.toggle("paper", isPaper);
		numbers.open = isPaper || isOpen;
		timeline.redraw(width);
	};

	for (const when of document.querySelectorAll(".when[data-from]"))
		when.append(element("button", {type: "button", class: "there", click: () =>
			timeline.showSpan(when.dataset.from / SECOND, when.dataset.to / SECOND)}, "Show in timeline"));
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => timeline.redraw());
	/* A canvas does not follow the style sheet, so it is redrawn for paper. */
	addEventListener("beforeprint", () => {
		isOpen = numbers.open;
		paper(true, 620);
	});
	addEventListener("afterprint", () => paper(false));
}
