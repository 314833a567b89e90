// SPDX-License-Identifier: MIT
/* browser: Chromium with pages in it that report everything they should not do. */
const fs = require("fs");
const os = require("os");
const path = require("path");

async function openBrowser(driver, program) {
	const { chromium } = require(path.resolve(driver, "node_modules/playwright-core"));
	const profile = fs.mkdtempSync(path.join(os.tmpdir(), "tcptape-browser-"));
	/* With a profile of its own, and without anything that asks a network of itself. */
	const start = (options) => chromium.launchPersistentContext(fs.mkdtempSync(path.join(profile, "p")), {
		executablePath: program,
		headless: true,
		args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
			"--disable-background-networking", "--disable-component-update", "--disable-sync"],
		...options,
	});
	const scripted = await start({});
	const plain = await start({javaScriptEnabled: false});

	/* Errors, dialogs and requests of the page are in page.complaints. */
	async function open(file, {width = 1280, scripts = true, media = {}} = {}) {
		const page = await (scripts ? scripted : plain).newPage();
		const url = "file://" + path.resolve(file);
		page.complaints = [];
		page.on("console", (m) => page.complaints.push("console: " + m.text()));
		page.on("pageerror", (e) => page.complaints.push("error: " + e.stack));
		page.on("dialog", (d) => {
			page.complaints.push("dialog: " + d.message());
			d.dismiss();
		});
		page.on("request", (r) => r.url() === url || r.url() === "data:," || page.complaints.push("request: " + r.url()));
		page.setDefaultTimeout(10000);
		await page.setViewportSize({width, height: 850});
		await page.emulateMedia(media);
		await page.goto(url);
		return page;
	}

	async function close() {
		await scripted.close();
		await plain.close();
		fs.rmSync(profile, {recursive: true, force: true});
	}
	return {open, close};
}

module.exports = {openBrowser};
