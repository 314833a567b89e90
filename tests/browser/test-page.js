// SPDX-License-Identifier: MIT
/* test-page.js DRIVER PAGES CHROMIUM: what a person does with the page of a report, done by a program. */
const assert = require("assert").strict;
const fs = require("fs");
const path = require("path");
const { openBrowser } = require("./browser.js");

const [driver, pages, program] = process.argv.slice(2);
const file = (name) => path.join(pages, name + ".html");
const texts = (locator) => locator.evaluateAll((all) => all.map((e) => e.textContent));
const range = (page) => page.locator(".range").textContent();

/* Dots of a panel's plotting area that have the colour of the style sheet. */
function dots(page, panel, name) {
	return page.evaluate(([i, variable]) => {
		const plot = document.querySelectorAll(".plot")[i];
		const canvas = plot.querySelector("canvas"), area = plot.querySelector(".u-over");
		const hex = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
		const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
		const scale = canvas.width / canvas.clientWidth;
		const copy = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
		Object.assign(copy.canvas, {width: canvas.width, height: canvas.height});
		copy.drawImage(canvas, 0, 0);
		const {data} = copy.getImageData(...[area.offsetLeft, area.offsetTop, area.clientWidth,
			area.clientHeight].map((v) => Math.round(v * scale)));
		let n = 0;
		for (let at = 0; at < data.length; at += 4)
			n += data[at + 3] > 200 && wanted.every((v, c) => Math.abs(data[at + c] - v) < 24);
		return n;
	}, [panel, "--" + name]);
}

async function drag(page, from, to) {
	const area = page.locator(".u-over").first();
	await area.scrollIntoViewIfNeeded();
	const box = await area.boundingBox();
	const y = box.y + box.height / 2;
	await page.mouse.move(box.x + box.width * from, y);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width * (from + to) / 2, y, {steps: 3});
	await page.mouse.move(box.x + box.width * to, y, {steps: 3});
	await page.mouse.up();
}

async function becomes(what, wanted, because) {
	for (let i = 0; i < 200; i++) {
		if (wanted(await what()))
			return;
		await new Promise((done) => setTimeout(done, 40));
	}
	assert.fail(because + ": " + await what());
}

const tests = {
	async "findings, facts and tables are there"(open) {
		const page = await open(file("incident"));
		assert.equal(await page.locator("article.finding").count(), 4);
		assert.match(await page.locator("article").first().textContent(), /Critical.*lost packets for two minutes/s);
		assert.equal(await page.locator(".facts dt").count(), 8);
		assert.deepEqual(await texts(page.locator("h1")), ["web1.example: TCP report"]);
		assert.equal(await page.locator("html").getAttribute("lang"), "en");
		assert.equal(await page.locator("table caption").count(), 3);
		const policy = await page.locator("meta[http-equiv]").getAttribute("content");
		assert.match(policy, /^default-src 'none';/);
		assert.doesNotMatch(policy, /unsafe|http/);
		const levels = await page.locator("h1, h2, h3").evaluateAll((all) => all.map((h) => +h.tagName[1]));
		levels.reduce((a, b) => (assert.ok(b <= a + 1, "headings leave out a level"), b), 0);
	},

	async "the chart is drawn, in light and dark"(open) {
		const page = await open(file("incident"));
		assert.equal(await page.locator(".plot canvas").count(), 2);
		const light = await dots(page, 0, "trouble-1");
		assert.ok(light > 300, "bars: " + light);
		assert.ok(await dots(page, 1, "calm-2") > 100);
		assert.ok(await dots(page, 1, "calm-4") > 100, "a gauge");
		await page.emulateMedia({colorScheme: "dark"});
		await becomes(() => dots(page, 0, "trouble-1"), (n) => n > 300, "dark bars");
	},

	async "dragging zooms, a double click shows all again"(open) {
		const page = await open(file("incident"));
		const all = await range(page);
		assert.match(all, /10:30:00 – 10:40:00/);
		await drag(page, 0.3, 0.6);
		await becomes(() => range(page), (r) => /10:3[23]:\d\d – 10:3[56]:\d\d/.test(r), "zoomed");
		await page.locator(".u-over").nth(1).dblclick();
		await becomes(() => range(page), (r) => r === all, "reset");
		await page.getByRole("button", {name: "Zoom in"}).click();
		await becomes(() => range(page), (r) => r !== all, "button");
		await page.getByRole("button", {name: "Reset to the whole time"}).click();
		await becomes(() => range(page), (r) => r === all, "button");
		await page.getByRole("button", {name: "Show in timeline"}).first().click();
		await becomes(() => range(page), (r) => /10:33:45 – 10:35:15/.test(r), "finding");
	},

	async "the values under the pointer are shown"(open) {
		const page = await open(file("incident"));
		await page.locator(".u-over").first().hover({position: {x: 410, y: 40}});
		await becomes(() => page.locator(".readout").textContent(), (r) => /^At 10:3\d:\d\d$/.test(r), "readout");
		const [, minute, second] = /(\d\d):(\d\d)$/.exec(await page.locator(".readout").textContent());
		const shown = await texts(page.locator("fieldset output"));
		const wanted = await page.evaluate((i) => JSON.parse(document.getElementById("data").textContent).chart.series
			.sort((a, b) => b.trouble - a.trouble)
			.map((s) => s.values.flatMap((v) => v < 0 ? new Array(-v).fill(0) : [v])[i].toLocaleString("en-US")),
		(minute - 30) * 60 + +second);
		assert.deepEqual(shown, wanted);
		await page.mouse.move(5, 5);
		await becomes(() => page.locator(".readout").textContent(), (r) => r === "", "left");
	},

	async "the chart follows the keyboard and says so"(open) {
		const page = await open(file("incident"));
		const live = () => page.locator("#chart [aria-live=polite]").textContent();
		const all = await range(page);
		await page.locator(".plots").focus();
		await page.keyboard.press("ArrowRight");
		await becomes(live, (t) => t.startsWith("10:30:00: "), "first");
		await page.keyboard.press("Shift+ArrowRight");
		await page.keyboard.press("ArrowRight");
		await becomes(live, (t) => /^10:30:11: .*open connections 4,\d\d\d/.test(t), "eleventh");
		await page.keyboard.press("End");
		await becomes(live, (t) => t.startsWith("10:39:59: "), "last");
		await page.keyboard.press("+");
		await becomes(() => range(page), (r) => r !== all, "+");
		await page.keyboard.press("Home");
		await becomes(live, (t) => /^10:3[1-9]:/.test(t), "first of what is shown");
		await page.keyboard.press("ArrowLeft");
		await page.keyboard.press("0");
		await becomes(() => range(page), (r) => r === all, "0");
		await page.keyboard.press("-");
		assert.equal(await range(page), all);
	},

	async "series are switched on and off"(open) {
		const page = await open(file("incident"));
		const timeouts = page.getByLabel("retransmit: timeout");
		assert.ok(await timeouts.isChecked());
		assert.ok(!await page.getByLabel("bad checksum").isChecked(), "zero everywhere");
		await timeouts.uncheck();
		await becomes(() => dots(page, 0, "trouble-1"), (n) => n === 0, "off");
		await timeouts.focus();
		await page.keyboard.press("Space");
		await becomes(() => dots(page, 0, "trouble-1"), (n) => n > 300, "on");
		for (const box of await page.locator("fieldset").first().getByRole("checkbox").all())
			await box.uncheck();
		await becomes(() => page.locator(".plot").first().isVisible(), (v) => !v, "none is on");
		await timeouts.check();
		await becomes(() => dots(page, 0, "trouble-1"), (n) => n > 300, "on again");
	},

	async "tables sort, by mouse and by keyboard"(open) {
		const page = await open(file("incident"));
		const table = page.locator("#table-1");
		const head = (name) => table.locator("thead th", {hasText: name});
		const column = (n) => texts(table.locator(`tbody tr > :nth-child(${n})`));
		await head("TX_BYTES").getByRole("button").click();
		assert.equal(await head("TX_BYTES").getAttribute("aria-sort"), "descending");
		let numbers = (await column(6)).map(Number);
		assert.deepEqual(numbers, [...numbers].sort((a, b) => b - a));
		await page.keyboard.press("Enter");
		assert.equal(await head("TX_BYTES").getAttribute("aria-sort"), "ascending");
		numbers = (await column(6)).map(Number);
		assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
		await head("RX_BYTES").getByRole("button").focus();
		await page.keyboard.press("Enter");
		await page.keyboard.press("Space");
		assert.equal(await head("TX_BYTES").getAttribute("aria-sort"), null);
		assert.equal((await column(7)).at(-1), "–", "what is unknown comes last");
		await head("OPENED").getByRole("button").click();
		const times = await column(4);
		assert.deepEqual(times, [...times].sort().reverse());
		await head("RADDR").getByRole("button").click();
		const peers = (await column(2)).filter((p) => p.startsWith("10."));
		assert.deepEqual(peers.slice(0, 4), ["10.20.0.0:5432", "10.20.0.1:5432", "10.20.0.2:5432", "10.20.0.4:5432"]);
	},

	async "tables filter, and show all"(open) {
		const page = await open(file("incident"));
		const table = page.locator("#table-1");
		const visible = () => table.locator("tbody tr:visible").count();
		assert.equal(await visible(), 15);
		await table.getByRole("searchbox").focus();
		await page.keyboard.type("POSTGRES");
		const n = await visible();
		assert.ok(n > 3 && n < 40);
		assert.equal(await table.getByRole("status").textContent(), n + " of 60 rows");
		for (const words of await texts(table.locator("tbody tr:visible")))
			assert.match(words, /postgres/);
		await table.getByRole("searchbox").fill("");
		assert.equal(await visible(), 15);
		await table.getByRole("button", {name: "Show all 60"}).click();
		assert.equal(await visible(), 60);
	},

	async "a row opens"(open) {
		const page = await open(file("incident"));
		const table = page.locator("#table-1");
		const button = table.locator(".open").first();
		assert.equal(await table.locator(".open").count(), 54);
		await button.focus();
		await page.keyboard.press("Enter");
		assert.equal(await button.getAttribute("aria-expanded"), "true");
		const history = table.locator(".history");
		assert.ok(await history.isVisible());
		assert.equal(await history.locator("svg rect.state").count(), 4);
		assert.ok(await history.locator("svg path.mark").count() >= 3);
		const shapes = await history.locator("svg path.mark").evaluateAll((all) =>
			new Set(all.map((p) => p.getAttribute("d").replace(/^M\S+ \S+?(?=[a-z])/, "").slice(0, 8))).size);
		assert.ok(shapes >= 3, "each kind has its shape");
		assert.match(await history.textContent(), /12 more events are not on this page/);
		assert.match(await history.textContent(), /7 of the events are shown together/);
		assert.match(await history.textContent(), /It was open before the tape began/);
		assert.equal(await history.locator("svg rect.bar").count(), 1);
		assert.equal(await history.locator("svg rect.gap title").textContent(), "events were lost, 10 s");
		const lines = await texts(history.locator("li"));
		assert.ok(lines.length > 40);
		assert.match(lines[0], /^\+0\.000000 s \d\d:\d\d:\d\d\.\d{6} SYN_SENT for 2\.\d+ s$/);
		assert.ok(lines.some((l) => /rto seq \+\d+, rto \d+ ms(; progress seen .* later)?$/.test(l)));
		const since = lines.map((l) => Number(/^\+([\d.]+)/.exec(l)[1]));
		assert.deepEqual(since, [...since].sort((a, b) => a - b));
		await table.locator("thead button", {hasText: "RETRANS"}).click();
		await table.locator("thead button", {hasText: "RETRANS"}).click();
		const before = history.locator("xpath=ancestor::tr/preceding-sibling::tr[1]/th");
		assert.equal(await before.textContent(), "10.1.0.4:40000", "what is open stays with its row");
		await table.getByRole("button", {name: "Show all"}).click();
		await history.locator(".lines").focus();
		await page.keyboard.press("Escape");
		assert.equal(await history.count(), 0);
		assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "What happened to 10.1.0.4:40000");
		await page.keyboard.press("Enter");
		assert.equal(await history.count(), 1);
		await page.keyboard.press("Escape");
		assert.equal(await history.count(), 0);
	},

	async "a row opens where it is clicked, too"(open) {
		const page = await open(file("incident"));
		const table = page.locator("#table-1");
		await table.locator("tbody tr").first().locator("td").nth(1).click();
		assert.equal(await table.locator(".open").first().getAttribute("aria-expanded"), "true");
		await table.locator("tbody tr").first().locator("td").nth(1).click();
		assert.equal(await table.locator(".history").count(), 0);
	},

	async "a row shows what was sampled"(open) {
		const page = await open(file("incident"));
		await page.locator("#table-1 .open").first().click();
		const strips = page.locator(".history g.strip");
		assert.equal(await strips.count(), 2);
		assert.match(await strips.first().textContent(), /congestion window, 10 to 63 segments/);
		const line = await strips.first().locator(".strip-line").getAttribute("d");
		assert.equal(line.match(/M/g).length, 2, "nothing is drawn where nothing was sampled");
		const band = await strips.first().locator(".strip-band").evaluate((b) => b.getBBox().height);
		assert.ok(band > 10, "the least and the greatest value");
		assert.match(await strips.nth(1).locator(".strip-line").getAttribute("d"), /h0\.01$/);
		assert.match(await page.locator(".history").textContent(), /congestion window: 10 to 63 segments, at last 33/);
		assert.ok((await texts(page.locator(".history li"))).some((l) => /rto .*progress seen [\d.]+ m?s later$/.test(l)));
	},

	async "a finding leads to the connection that it names"(open) {
		const page = await open(file("incident"));
		const button = page.locator("button.story");
		assert.deepEqual(await texts(button), ["Show what happened to 10.1.0.4:40020 \u2013 10.20.0.20:5432"]);
		await button.focus();
		await page.keyboard.press("Enter");
		assert.ok(await page.locator(".history").isVisible());
		assert.match(await page.locator(".history-head").textContent(), /^10\.1\.0\.4:40020 from/);
		assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "What happened to 10.1.0.4:40020");
		await page.keyboard.press("Escape");
		assert.equal(await page.locator(".history").count(), 0);
	},

	async "nothing of a hostile tape is obeyed"(open) {
		const page = await open(file("hostile"));
		await page.locator(".open").first().click();
		await page.locator(".u-over").first().hover({position: {x: 300, y: 40}});
		await page.locator(".plots").focus();
		await page.keyboard.press("ArrowRight");
		assert.equal(await page.locator("img, iframe, object, embed, base, form").count(), 0);
		assert.equal(await page.locator("[onerror]").count(), 0);
		assert.equal(await page.locator("script").count(), 3);
		const shown = "</script></title><img src=x onerror=alert(1)>\"'&amp;␛␁␊\ufffd\ufffd\ufffd";
		assert.equal(await page.locator("h1").textContent(), shown);
		assert.equal(await page.title(), shown);
		assert.equal(await page.locator("fieldset label span:nth-of-type(2)").first().textContent(), shown);
		assert.equal(await page.locator(".history li b").first().textContent(), shown);
		assert.ok((await page.locator("#table-1 td").nth(1).textContent()).startsWith("</script></title><img src=x"));
	},

	async "without scripts the page is complete"(open) {
		const page = await open(file("incident"), {scripts: false});
		assert.equal(await page.locator("article:visible").count(), 4);
		assert.equal(await page.locator("#table-1 tbody tr:visible").count(), 60);
		assert.ok(await page.locator(".numbers table").isVisible());
		assert.equal(await page.locator(".course path[d^=M]").count(), 12);
		assert.equal(await page.locator("button, input").count(), 0);
	},

	async "a phone shows all of it"(open) {
		for (const name of ["incident", "hostile", "empty"]) {
			const page = await open(file(name), {width: 390});
			if (name !== "empty") {
				await page.locator(".open").first().click();
				assert.ok((await page.locator(".history").boundingBox()).width < 390);
				assert.ok(await dots(page, 0, "trouble-1") > 100);
				await page.locator("summary").click();
			}
			assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 390, name);
		}
		const page = await open(file("incident"), {width: 1280});
		await page.setViewportSize({width: 390, height: 800});
		await becomes(() => page.locator(".uplot").first().evaluate((u) => u.clientWidth), (w) => w < 370, "made narrow");
		assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 390);
	},

	async "paper shows all of it"(open) {
		const page = await open(file("incident"), {media: {media: "print", colorScheme: "dark"}});
		assert.equal(await page.locator("article:visible").count(), 4);
		assert.equal(await page.locator("#table-1 tbody tr:visible").count(), 60);
		assert.equal(await page.locator("button:visible:not(thead button), input:visible, nav:visible").count(), 0);
		assert.equal(await page.locator("body").evaluate((b) => getComputedStyle(b).backgroundColor), "rgb(255, 255, 255)");
		assert.ok((await page.pdf()).length > 20000);
		await becomes(() => page.locator("html.paper").count(), (n) => n === 0, "back from paper");
	},

	async "dark mode is dark, and readable"(open) {
		const contrasts = () => {
			const light = (words) => {
				const [r, g, b] = words.match(/[\d.]+/g).map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
				return 0.2126 * r + 0.7152 * g + 0.0722 * b;
			};
			const behind = (e) => {
				for (; e; e = e.parentElement) {
					const c = getComputedStyle(e).backgroundColor;
					if (!/^rgba.*, 0\)$/.test(c))
						return c;
				}
				return "rgb(255, 255, 255)";
			};
			return [...document.querySelectorAll("main *, header *, footer *")]
				.filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && !e.closest("svg, script"))
				.map((e) => {
					const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x);
					return {ratio: (a + 0.05) / (b + 0.05), words: e.className + " " + e.textContent.slice(0, 40)};
				})
				.filter((c) => c.ratio < 4.5);
		};
		const grounds = [];
		for (const colorScheme of ["light", "dark"]) {
			const page = await open(file("incident"), {media: {colorScheme}});
			await page.locator(".open").first().click();
			grounds.push(await page.locator("body").evaluate((b) => getComputedStyle(b).backgroundColor));
			assert.deepEqual(await page.evaluate(contrasts), []);
		}
		assert.notEqual(grounds[0], grounds[1]);
	},

	async "times are what was asked for"(open) {
		const wanted = {
			local: [/05:30:00 – 05:40:00, EST \(UTC−05:00\)/, /^05:3/],
			relative: [/^\+0 s – \+600 s/, /^\d+\.\d{6}$/],
			unix: [/1795257000 – 1795257600/, /^17952\d{5}\.\d{6}$/],
		};
		for (const [name, [chart, cell]] of Object.entries(wanted)) {
			const page = await open(file(name));
			assert.match(await range(page), chart);
			assert.match(await page.locator("#table-1 td[data-t]").first().textContent(), cell);
		}
	},

	async "the largest page is small and quick"(open) {
		const size = fs.statSync(file("huge")).size;
		assert.ok(size < 2 << 20, size + " bytes");
		const page = await open(file("huge"));
		assert.equal(await page.locator("#table-1 tbody tr").count(), 500);
		await page.locator(".open").first().click();
		assert.ok(await page.locator(".history li").count() > 40);
		assert.ok(await dots(page, 0, "trouble-1") > 300);
		await page.locator("#table-1 thead button").first().click();
	},

	async "one of each is enough"(open) {
		const page = await open(file("tiny"));
		const all = await range(page);
		await page.locator(".open").click();
		assert.equal(await page.locator(".history svg").count(), 1);
		await page.locator("#table-1 thead button").first().click();
		await page.locator(".plots").focus();
		for (const key of ["ArrowRight", "ArrowRight", "+", "End", "-"])
			await page.keyboard.press(key);
		await becomes(() => page.locator(".readout").textContent(), (r) => r === "At 10:30:00", "the only one");
		assert.equal(await range(page), all);
		assert.ok(await dots(page, 0, "trouble-5") > 100);
		assert.ok(await dots(page, 1, "calm-2") > 10, "a point, where there is no line");
	},

	async "a document of nothing is a page too"(open) {
		const page = await open(file("empty"));
		assert.match(await page.locator("main").textContent(), /Nothing was found/);
		assert.equal(await page.locator("canvas, table").count(), 0);
	},
};

(async () => {
	const browser = await openBrowser(driver, program);
	let failed = 0;
	for (const [name, test] of Object.entries(tests)) {
		const opened = [];
		try {
			await test(async (...how) => {
				opened.push(await browser.open(...how));
				return opened.at(-1);
			});
			assert.deepEqual(opened.flatMap((p) => p.complaints), [], "the page complained");
			console.log("ok      " + name);
		} catch (e) {
			failed++;
			console.log("FAILED  " + name + "\n" + e.stack + "\n" + opened.flatMap((p) => p.complaints).join("\n"));
		}
		await Promise.all(opened.map((p) => p.close()));
	}
	await browser.close();
	console.log(failed ? failed + " failed" : "all passed");
	process.exit(failed ? 1 : 0);
})();
