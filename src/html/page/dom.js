/* SPDX-License-Identifier: MIT */
/* dom: elements made by calls, never from text: nothing that a tape says can become markup. */
const data = JSON.parse(document.getElementById("data").textContent);

function furnish(node, attributes, children) {
	for (const [name, value] of Object.entries(attributes || {})) {
		if (typeof value === "function")
			node.addEventListener(name, value);
		else if (value !== false && value !== undefined)
			node.setAttribute(name, value === true ? "" : value);
	}
	node.append(...children.filter((c) => c !== null && c !== undefined));
	return node;
}

/* Attributes that are functions listen to the event of that name; children may be strings. */
function element(name, attributes, ...children) {
	return furnish(document.createElement(name), attributes, children);
}

function drawn(name, attributes, ...children) {
	return furnish(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/* A colour of the style sheet, as it is now. */
function colour(name) {
	return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

function counted(n) {
	return n.toLocaleString("en-US");
}

