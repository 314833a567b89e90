/* SPDX-License-Identifier: MIT */
/* table: lets people sort a table, filter it and open its rows. The table is complete without
 * scripts. */

function sortKey(cell) {
	if ("no" in cell.dataset)
		return null;
	if (cell.dataset.t)
		return BigInt(cell.dataset.t);
	const words = cell.textContent;
	return words !== "" && /^-?\d+(\.\d+)?$|^0x[0-9a-f]+$/.test(words) ? Number(words) : words;
}

/* Numbers come before text, and unknown values last in both directions. */
function compareKeys(a, b, direction) {
	if (a === null || b === null)
		return (a === null) - (b === null);
	if ((typeof a === "string") !== (typeof b === "string"))
		return typeof a === "string" ? 1 : -1;
	if (typeof a === "string")
		return direction * a.localeCompare(b, "en", {numeric: true});
	return direction * (a < b ? -1 : a > b ? 1 : 0);
}

/* Returns the rows that open: {ends: the words of the first two cells, open()}. */
function makeTable(section, info) {
	const box = section.querySelector(".box");
	if (!box)
		return [];
	const table = box.querySelector("table");
	const body = table.tBodies[0];
	const name = table.caption.textContent;
	const heads = [...table.tHead.rows[0].cells];
	const rows = [...body.rows].map((node, number) => ({node, number, detail: null, keys: [],
		words: [...node.cells].map((c) => c.textContent).join(" ").toLowerCase()}));
	const brief = info.brief && info.brief < rows.length ? info.brief : rows.length;
	const search = element("input", {type: "search", placeholder: "Filter", "aria-label": "Filter " + name, input: arrange});
	const status = element("p", {class: "status", role: "status"});
	const more = element("button", {type: "button", class: "more", click: () => {
		isWhole = !isWhole;
		arrange();
	}});
	let isWhole = false;
	let order = rows;

	function arrange() {
		const wanted = search.value.trim().toLowerCase();
		let n = 0;
		for (const r of order) {
			const fits = !wanted || r.words.includes(wanted);
			r.node.hidden = !fits;
			n += fits;
			r.node.classList.toggle("over", fits && !wanted && !isWhole && n > brief);
			if (r.detail) {
				r.detail.node.hidden = !fits;
				r.detail.node.classList.toggle("over", r.node.classList.contains("over"));
			}
		}
		status.textContent = wanted ? counted(n) + " of " + counted(rows.length) + " rows" :
			counted(isWhole ? n : Math.min(n, brief)) + " of " + counted(rows.length) + " rows shown";
		box.classList.toggle("whole", isWhole && brief < rows.length);
		more.hidden = wanted !== "" || brief === rows.length;
		more.textContent = isWhole ? "Show only " + counted(brief) : "Show all " + counted(rows.length);
	}

	function sort(column) {
		for (const r of rows)
			r.keys[column] ??= sortKey(r.node.cells[column]);
		const isWords = rows.some((r) => typeof r.keys[column] === "string");
		const first = isWords ? "ascending" : "descending";
		const now = heads[column].getAttribute("aria-sort");
		const next = now ? (now === "ascending" ? "descending" : "ascending") : first;
		const direction = next === "ascending" ? 1 : -1;
		heads.forEach((h, i) => i === column ? h.setAttribute("aria-sort", next) : h.removeAttribute("aria-sort"));
		order = [...rows].sort((a, b) => compareKeys(a.keys[column], b.keys[column], direction) || a.number - b.number);
		body.append(...order.flatMap((r) => r.detail ? [r.node, r.detail.node] : [r.node]));
		arrange();
	}

	function toggle(row, history, button) {
		if (row.detail) {
			row.detail.node.remove();
			row.detail = null;
		} else {
			row.detail = historyRow(history, row.node, box, button.nextSibling.textContent, () => {
				toggle(row, history, button);
				button.focus();
			});
			row.node.after(row.detail.node);
		}
		button.setAttribute("aria-expanded", row.detail !== null);
	}

	heads.forEach((h, i) => {
		const words = h.textContent;
		h.replaceChildren(element("button", {type: "button", click: () => sort(i)}, words,
			element("span", {class: "arrow", "aria-hidden": "true"})));
	});
	/* Opens a row wherever it is: other rows are shown, too, if it is not among the first. */
	function show(row, history, button) {
		if (!row.detail)
			toggle(row, history, button);
		if (row.node.hidden || row.node.classList.contains("over")) {
			search.value = "";
			isWhole = true;
			arrange();
		}
		button.focus();
		row.node.scrollIntoView({block: "start"});
	}

	const stories = [];
	table.classList.toggle("histories", info.histories.length > 0);
	for (const history of info.histories) {
		const row = rows[history[0]];
		const ends = [...row.node.cells].slice(0, 2).map((c) => c.textContent);
		const button = element("button", {type: "button", class: "open", "aria-expanded": "false",
			"aria-label": "What happened to " + row.node.cells[0].textContent, click: () => toggle(row, history, button)});
		button.addEventListener("keydown", (e) => e.key === "Escape" && row.detail && toggle(row, history, button));
		row.node.cells[0].prepend(button);
		row.node.classList.add("opens");
		/* Who marks words to copy them does not want the row to open. */
		row.node.addEventListener("click", (e) => !e.target.closest("button") && getSelection().isCollapsed &&
			toggle(row, history, button));
		stories.push({ends, open: () => show(row, history, button)});
	}
	Object.entries({tabindex: "0", role: "region", "aria-label": name}).forEach(([k, v]) => box.setAttribute(k, v));
	box.before(element("div", {class: "bar"}, search, status));
	box.after(more);
	new ResizeObserver(() => rows.forEach((r) => r.detail && r.detail.draw())).observe(box);
	arrange();
	/* A page about one connection alone, without findings, shows what happened to it at once. */
	if (rows.length === 1 && stories.length === 1 && !document.getElementById("findings"))
		toggle(rows[0], info.histories[0], rows[0].node.querySelector(".open"));
	return stories;
}

