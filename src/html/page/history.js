/* SPDX-License-Identifier: MIT */
/* history: shows the history of a row below the row, as a picture and as a list. */
const LISTED = 200;

/* Makes the spans or gaps of a history, which are stored alike. */
function unfoldedStretches(stretches, at) {
	const list = [];
	for (let i = 0; i < stretches.length; i += 3) {
		const from = at + stretches[i];
		at = from + stretches[i + 1];
		list.push({from, to: at, what: data.strings[stretches[i + 2]]});
	}
	return list;
}

function detailWords(detail, progress) {
	return [detail ? data.strings[detail - 1] : "", progress ? "progress seen " + durationWords(progress - 1) + " later" : ""]
		.filter((words) => words).join("; ");
}

/* Makes a history object from the array that src/html/history.c describes. */
function unfoldedHistory([, at, merged, left, flags, unknown, spans, events, gaps, strips]) {
	const history = {from: at, to: at, merged, left, before: (flags & 1) > 0, open: (flags & 2) > 0,
		unknown: unknown ? data.strings[unknown - 1] : "",
		spans: unfoldedStretches(spans, at), events: [], gaps: unfoldedStretches(gaps, at),
		strips: strips.map((strip) => unfoldedStrip(strip, at))};
	let now = at;
	for (let i = 0; i < events.length; i += 6) {
		now += events[i];
		history.events.push({at: now, until: now + events[i + 4], what: data.strings[events[i + 1] >> 1],
			trouble: (events[i + 1] & 1) === 1, detail: detailWords(events[i + 2], events[i + 5]),
			n: events[i + 3] || 1});
		history.to = Math.max(history.to, now + events[i + 4]);
	}
	history.to = history.spans.reduce((to, s) => Math.max(to, s.to), history.to);
	history.to = history.strips.reduce((to, s) => Math.max(to, s.points.at(-1).until), history.to);
	return history;
}

function historyLine(history, at, trouble, what, detail) {
	return element("li", {class: trouble ? "trouble" : false},
		element("span", {class: "since"}, "+" + ((at - history.from) / SECOND).toFixed(6) + " s"), " ",
		element("time", {}, instantWords(at, 6)), " ",
		element("b", {}, what), detail ? " " + detail : "");
}

function historyList(history) {
	const lines = [
		...history.spans.map((s) => [s.from, false, s.what, "for " + durationWords(s.to - s.from)]),
		...history.events.map((m) => [m.at, m.trouble, m.what, m.detail]),
		...history.gaps.map((g) => [g.from, false, "less is known", "for " + durationWords(g.to - g.from) + ": " + g.what]),
	].sort((a, b) => a[0] - b[0]);
	const list = element("ol", {});
	const more = element("button", {type: "button", click: () => grow(true)});
	function grow(byHand) {
		const from = list.children.length;
		list.append(...lines.slice(from, from + LISTED).map((line) => historyLine(history, ...line)));
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

/* Sentences that say what the picture does not show. */
function historyLimits(history) {
	return [
		history.before ? "It was open before the tape began." : "",
		history.open ? "It is still open where the tape ends." : "",
		history.merged ? counted(history.merged) + " of the events are shown together: as how many there were in a stretch of time." : "",
		history.left ? counted(history.left) + " more events are not on this page." : "",
		history.unknown ? history.unknown + (history.unknown.endsWith(".") ? "" : ".") : "",
	].filter((words) => words).map((words) => element("p", {class: "left-out"}, words));
}

/* Makes the row that opens below `row`. box: the element in which the table scrolls. */
function historyRow(folded, row, box, name, close) {
	const history = unfoldedHistory(folded);
	const frame = element("div", {class: "frame"});
	const content = element("div", {class: "history", role: "region", "aria-label": "What happened to " + name,
		keydown: (e) => e.key === "Escape" && close()},
		element("p", {class: "history-head"}, element("b", {}, name), history.to > history.from ?
			" from " + instantWords(history.from, 6) + " for " + durationWords(history.to - history.from) + ", " +
			zoneWords() : ""),
		frame, ...history.strips.map(stripWords), ...historyLimits(history), historyList(history));
	function draw() {
		const width = Math.max(box.clientWidth - 34, 240);
		content.style.width = box.clientWidth - 2 + "px";
		if (frame.dataset.width !== String(width) && history.to > history.from)
			frame.replaceChildren(historyPicture(history, width));
		frame.dataset.width = width;
	}
	draw();
	return {draw, node: element("tr", {class: "history-row"}, element("td", {colspan: row.cells.length}, content))};
}

