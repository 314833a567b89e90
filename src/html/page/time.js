/* SPDX-License-Identifier: MIT */
/* time: writes instants (in microseconds, see src/html/instant.h) and durations as text. */
const SECOND = 1e6;

function twoDigits(n) {
	return String(n).padStart(2, "0");
}

/* Writes the time of day with `decimals` digits after the second; in other modes, the seconds. */
function instantWords(us, decimals) {
	if (data.time.mode === "unix")
		return (us / SECOND).toFixed(decimals);
	if (data.time.mode === "relative")
		return (us < 0 ? "\u2212" : "+") + (Math.abs(us) / SECOND).toFixed(decimals) + " s";
	const unit = 10 ** (6 - decimals);
	const local = Math.floor((us + data.time.offset_s * SECOND) / unit) * unit;
	const second = Math.floor(local / SECOND);
	const words = [Math.floor(second / 3600) % 24, Math.floor(second / 60) % 60, second % 60].map(twoDigits);
	const fraction = Math.round(local - second * SECOND);
	return words.join(":") + (decimals ? "." + String(fraction).padStart(6, "0").slice(0, decimals) : "");
}

function dateWords(us) {
	return new Date(us / 1000 + data.time.offset_s * 1000).toISOString().slice(0, 10);
}

/* Says what the times of the page are relative to: a time zone, the start of the tape, or 1970. */
function zoneWords() {
	if (data.time.mode === "unix")
		return "seconds since 1970";
	if (data.time.mode === "relative")
		return "seconds since the start of the tape";
	const minutes = Math.round(Math.abs(data.time.offset_s) / 60);
	const sign = data.time.offset_s < 0 ? "\u2212" : "+";
	const away = "UTC" + (minutes ? sign + twoDigits(Math.floor(minutes / 60)) + ":" + twoDigits(minutes % 60) : "");
	return data.time.zone === away ? away : data.time.zone + " (" + away + ")";
}

function durationWords(us) {
	const n = Math.abs(us);
	if (n < 1000)
		return us + " \u00b5s";
	if (n < SECOND)
		return +(us / 1000).toPrecision(4) + " ms";
	if (n < 120 * SECOND)
		return +(us / SECOND).toPrecision(5) + " s";
	const s = Math.round(n / SECOND);
	const words = s < 3600 ? Math.floor(s / 60) + " min " + twoDigits(s % 60) + " s" :
		Math.floor(s / 3600) + " h " + twoDigits(Math.floor(s / 60) % 60) + " min";
	return (us < 0 ? "\u2212" : "") + words;
}

/* Returns the smallest round length of time that is at least `us`: 1, 2 or 5 times a power of ten
 * up to ten seconds; above, a divisor of a minute, an hour or a day, or whole days. */
function roundStep(us) {
	for (let unit = 1; unit < 10 * SECOND; unit *= 10)
		for (const step of [unit, 2 * unit, 5 * unit])
			if (step >= us && step <= 10 * SECOND)
				return step;
	const day = 86400;
	const steps = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, day];
	return (steps.find((s) => s * SECOND >= us) || Math.ceil(us / SECOND / day) * day) * SECOND;
}

