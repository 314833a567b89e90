/* SPDX-License-Identifier: MIT */
/* page: starts the scripts of a page. */
document.documentElement.classList.add("scripts");
const numbers = document.querySelector("details.numbers");
const stories = [...document.querySelectorAll("section.rows")].flatMap((s, i) => makeTable(s, data.tables[i]));

/* True if the words name both ends of a connection: 10.0.0.1:80 is not named by 110.0.0.1:8080. */
function nameBoth(words, ends) {
	return ends.length === 2 && ends.every((end) => {
		const at = words.indexOf(end);
		return at >= 0 && !/[\w.:[]/.test(words[at - 1] || " ") && !/[\w:]/.test(words[at + end.length] || " ");
	});
}

/* A finding that names one connection leads to what happened to it. */
for (const finding of document.querySelectorAll("article.finding")) {
	const words = [...finding.querySelectorAll("h3, .evidence dd")].map((e) => e.textContent).join(" ");
	const story = stories.find((s) => nameBoth(words, s.ends));
	if (story)
		finding.append(element("p", {}, element("button", {type: "button", class: "story", click: story.open},
			"Show what happened to " + story.ends.join(" \u2013 "))));
}

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
