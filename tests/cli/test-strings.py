#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""test-strings.py TCPTAPE MAKE_TAPE: nothing that a tape says acts on whoever looks at it.

Every string that a tape can hold is hostile in turn: what moves a cursor or sets a title, forges lines,
turns the direction of writing, is a formula, markup, or a command of the shell. Every command shows it in
every format, on standard output and error."""
import csv
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile

tcptape, make_tape = sys.argv[1:3]
FORMATS = "tests/fixtures/formats/x86_64-6.18"
# A byte that stands for a line end, which a script cannot have, until the tape is made.
LINE_END = b"\x01"
HOSTILE = [
    b"e\x1b]0;title\x07\x1b[2J", b"c\xc2\x9b2J\xc2\x9d0;t\xc2\x9c", b"r\x9b2J", b"d\x7f\x08\x08",
    b"\xe2\x80\xaeb\xe2\x81\xa6", b"\xe2\x80\xa8l\xe2\x80\xa9", b"\x01forged:\x01line\x01",
    b"=cmd|'/c'!A1", b"+1+1", b"@SUM(A1)", b"-2", b"</script><img/src=x/onerror=x>", b"[a](b)|`c`<d@e.f>",
    b"$(id)`id`;id&'\"",
]
ROW = b"""row 1 0 1000051000000 common_type=2287 common_pid=700 skaddr=17 oldstate=7 newstate=2 protocol=6 sport=0 dport=443 family=2 saddr=x0a000001 daddr=xc0000209
row 1 0 1000051200000 common_type=2287 common_pid=700 skaddr=17 oldstate=2 newstate=1 protocol=6 sport=40000 dport=443 family=2 saddr=x0a000001 daddr=xc0000209
row 0 0 1000101000000 chain=1 common_type=2281 common_pid=700 skaddr=17 state=1 sport=40000 dport=443 family=2 saddr=x0a000001 daddr=xc0000209
row 1 0 1000201000000 common_type=2287 common_pid=700 skaddr=17 oldstate=1 newstate=7 protocol=6 sport=40000 dport=443 family=2 saddr=x0a000001 daddr=xc0000209
"""
ROWS_JSON = [["replay"], ["replay", "--raw"], ["replay", "--fields"], ["retrans"], ["retrans", "-c"],
             ["life"], ["life", "-c"], ["states"], ["connects"], ["resets"], ["top", "-g", "process"],
             ["host"], ["info"]]
DOCUMENTS = [["report"], ["conn"]]
failures = []


def fail(words):
    failures.append(words)
    print(f"FAIL: {words}")


def script(s):
    """The script of a tape in which s stands wherever a string may, and the file name is s as well."""
    s15 = s[:15]
    lines = [b"stored"]
    for key in (b"host", b"kernel", b"arch", b"os", b"command_line", b"boot_id", b"product"):
        lines.append(b"host " + key + b" " + s)
    lines += [
        b"host cgroups rows", b"host net_namespaces 4026531840", b"host " + s15 + b" value",
        b"clock 1000000000000 1795223732000000000 200 1500000",
        f"format-file 0 tcp tcp_retransmit_skb {FORMATS}/tcp.tcp_retransmit_skb.format chain".encode(),
        f"format-file 1 sock inet_sock_set_state {FORMATS}/sock.inet_sock_set_state.format".encode(),
        b"format 2 " + s15 + b" " + s15 + b" x:4",
        b"absent " + s15 + b" " + s15 + b" " + s,
        b"absent tcp tcp_send_reset " + s,
        b"task 1000000000000 snapshot 700 700 1 " + s15,
        b"cgroup 700 /" + s,
        b"symbol 1 91 " + s, b"chain 1 1",
        b"counter-names 0 Tcp." + s15 + b" dev." + s15 + b".rx_drop Tcp.RetransSegs",
        b"counters 4026531840 1 1000000000000 all 0=1 1=1 2=1",
        b"setting 1000000000000 4026531840 " + s15 + b" " + s,
        b"setting 1000000000000 4026531840 net.ipv4.tcp_" + s15 + b" " + s,
        b"task 1000050000000 comm 700 700 0 " + s15,
        b"member 1000050000000 700 50 /" + s,
        ROW.strip(), b"row 2 0 1000150000000 x=1",
        b"counters 4026531840 2 1000300000000 all 0=5 1=7 2=9",
        b"mark 1000300000000", b"finish",
    ]
    return b"\n".join(lines) + b"\n"


def sections_of(tape):
    """Number, offset and length of each section of a tape whose payloads are not packed."""
    at, number = 0, 0
    while at + 64 <= len(tape):
        stored = int.from_bytes(tape[at + 24:at + 28], "little")
        yield number, at, 64 + stored
        at, number = at + 64 + stored, number + 1


def make(folder, s):
    path = folder / "script.scn"
    text = script(s)
    path.write_bytes(text)
    tape = subprocess.run([make_tape, path], check=True, stdout=subprocess.PIPE).stdout
    if LINE_END not in s:
        return tape
    edits = []
    marker = s.replace(LINE_END, b"\x01")[:15]
    for number, at, length in sections_of(tape):
        place = tape.find(marker, at, at + length)
        while place >= 0:
            for i, byte in enumerate(s):
                if tape[place + i:place + i + 1] == LINE_END and bytes([byte]) == LINE_END:
                    edits.append(f"edit {number} {place + i - at} 0a".encode())
            place = tape.find(marker, place + 1, at + length)
    path.write_bytes(text + b"\n".join(edits) + b"\n")
    return subprocess.run([make_tape, path], check=True, stdout=subprocess.PIPE).stdout


def run(*words):
    return subprocess.run([tcptape, *words], check=False, capture_output=True, stdin=subprocess.DEVNULL)


def check_bytes(what, out):
    """No control but the end of a line, nothing that turns the direction, and only UTF-8."""
    try:
        text = out.decode()
    except UnicodeDecodeError:
        fail(f"{what}: is no UTF-8")
        return
    for c in text:
        n = ord(c)
        if (n < 0x20 and c != "\n") or 0x7f <= n <= 0x9f or n in (0x61c, 0x200e, 0x200f) or \
                0x2028 <= n <= 0x202e or 0x2066 <= n <= 0x2069:
            fail(f"{what}: U+{n:04X} gets through")
            return
    if "forged" in text and re.search(r"^forged|^line\b", text, re.M):
        fail(f"{what}: a line is forged")


def check_csv(what, out):
    """Numbers may have a sign; words that a spreadsheet would run may not begin a field."""
    for row in csv.reader(io.StringIO(out.decode(errors="replace"))):
        for field in row:
            if field[:1] in ("=", "+", "-", "@") and not re.fullmatch(r"-[0-9.]+", field):
                fail(f"{what}: a formula: {field!r}")


def check_json(what, out):
    for line in out.splitlines():
        try:
            json.loads(line)
        except ValueError as e:
            fail(f"{what}: {e}: {line[:200]!r}")


def check_html(what, out):
    if b"<img" in out.replace(b"<img/src=x/onerror=x>", b"<img") and b"</script><img" in out:
        fail(f"{what}: markup of the tape")


def check_command(words, name, tape):
    formats = {"text": None, "json": check_json}
    formats |= {"markdown": None, "html": check_html} if words in DOCUMENTS else {"csv": check_csv}
    for kind, look in formats.items():
        if "--fields" in words and kind == "csv":
            continue
        done = run(*words, "--format", kind, tape)
        what = f"{' '.join(words)} --format {kind}, {name}"
        if done.returncode not in (0, 3) and not (kind == "html" and b"npm" in done.stderr):
            fail(f"{what}: status {done.returncode}: {done.stderr!r}")
        check_bytes(f"{what}: standard error", done.stderr)
        if kind != "html":
            check_bytes(what, done.stdout)
        if look:
            look(what, done.stdout)


def check_names(folder, name, s):
    """A file name is chosen by somebody else, too: of a tape that is there, and of one that is not."""
    path = str(folder).encode() + b"/" + s.replace(b"/", b"_").replace(LINE_END, b"\n")
    pathlib.Path(path.decode("utf-8", "surrogateescape")).write_bytes(b"no tape")
    for words in ([b"check", path], [b"info", path], [b"report", path + b"x"], [b"retrans", b"--" + s],
                  [b"report", b"--html", path + b"/", path], [s]):
        done = run(*words)
        check_bytes(f"file name {name}", done.stdout)
        check_bytes(f"file name {name}", done.stderr)


def main():
    with tempfile.TemporaryDirectory() as where:
        folder = pathlib.Path(where)
        for s in HOSTILE:
            tape = folder / "hostile.tape"
            tape.write_bytes(make(folder, s))
            for words in [*ROWS_JSON, *DOCUMENTS]:
                check_command(words, repr(s), tape)
            for words in (["check"], ["diff", tape]):
                done = run(*words, tape)
                check_bytes(f"{words[0]}, {s!r}", done.stdout + done.stderr)
            check_names(folder, repr(s), s)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
