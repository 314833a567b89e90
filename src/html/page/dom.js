/* SPDX-License-Identifier: MIT */
/* dom: creates elements by calls, never from markup, so that no string of a tape can become an
 * element. */
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

/* An attribute whose value is a function is a listener for the event of that name. A child may be a
 * string. */
function element(name, attributes, ...children) {
	return furnish(document.createElement(name), attributes, children);
}

function drawn(name, attributes, ...children) {
	return furnish(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/* Reads a colour of the style sheet, which differs between light, dark and paper. */
function colour(name) {
	return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

function counted(n) {
	return n.toLocaleString("en-US");
}

