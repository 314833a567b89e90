/* SPDX-License-Identifier: MIT */
/* story: what happened to the subject of a row, opened below it: the picture and the same as a list. */
const LISTED = 200;

/* See html-story.c. */
function unfoldedStory([, at, left, spans, moments]) {
	const story = {from: at, to: at, left, spans: [], moments: []};
	let now = at;
	for (let i = 0; i < spans.length; i += 3) {
		const from = now + spans[i];
		now = from + spans[i + 1];
		story.spans.push({from, to: now, what: data.words[spans[i + 2]]});
		story.to = Math.max(story.to, now);
	}
	now = at;
	for (let i = 0; i < moments.length; i += 4) {
		now += moments[i];
		story.moments.push({at: now, what: data.words[moments[i + 1] >> 1], trouble: (moments[i + 1] & 1) === 1,
			detail: moments[i + 2] ? data.words[moments[i + 2] - 1] : "", n: moments[i + 3] || 1});
		story.to = Math.max(story.to, now);
	}
	return story;
}

function storyLine(story, at, trouble, what, detail) {
	return element("li", {class: trouble ? "trouble" : false},
		element("span", {class: "since"}, "+" + ((at - story.from) / SECOND).toFixed(6) + " s"), " ",
		element("time", {}, instantWords(at, 6)), " ",
		element("b", {}, what), detail ? " " + detail : "");
}

function storyList(story) {
	const lines = [
		...story.spans.map((s) => [s.from, false, s.what, "for " + durationWords(s.to - s.from)]),
		...story.moments.map((m) => [m.at, m.trouble, m.what, m.detail]),
	].sort((a, b) => a[0] - b[0]);
	const list = element("ol", {});
	const more = element("button", {type: "button", click: () => grow(true)});
	function grow(byHand) {
		const from = list.children.length;
		list.append(...lines.slice(from, from + LISTED).map((line) => storyLine(story, ...line)));
		const rest = lines.length - list.children.length;
		more.textContent = "Show " + counted(Math.min(rest, LISTED)) + " more of " + counted(rest);
		more.hidden = !rest;
		if (byHand) {
			list.children[from].tabIndex = -1;
			list.children[from].focus({preventScroll: true});
		}
	}
	grow(false);
	return element("div", {class: "lines", tabindex: "0", role: "group", "aria-label": "In order of time"}, list, more);
}

/* The row that opens below `row`; box is what the table scrolls in. */
function storyRow(folded, row, box, name, close) {
	const story = unfoldedStory(folded);
	const frame = element("div", {class: "frame"});
	const content = element("div", {class: "story", role: "region", "aria-label": "What happened to " + name,
		keydown: (e) => e.key === "Escape" && close()},
		element("p", {class: "story-head"}, element("b", {}, name), " from " + instantWords(story.from, 6) + " for " +
			durationWords(story.to - story.from) + ", " + zoneWords()),
		frame,
		story.left ? element("p", {class: "left-out"}, counted(story.left) + " more events are not on this page.") : null,
		storyList(story));
	function draw() {
		const width = Math.max(box.clientWidth - 34, 240);
		content.style.width = box.clientWidth - 2 + "px";
		if (frame.dataset.width !== String(width))
			frame.replaceChildren(storyPicture(story, width));
		frame.dataset.width = width;
	}
	draw();
	return {draw, node: element("tr", {class: "story-row"}, element("td", {colspan: row.cells.length}, content))};
}

