#!/bin/bash
# SPDX-License-Identifier: MIT
# The story of a connection against what the kernel says itself: every sample is a tcp_probe as perf
# has it, in the same order; the last figures are those of `ss`; and only the port that was asked
# for is recorded.
# shellcheck source=tests/live/lib.sh
. "${SOURCE:?run by meson}/tests/live/lib.sh" || exit 1
command -v perf >/dev/null || skip "no perf"
[ -d /sys/kernel/tracing/events/tcp/tcp_probe ] || skip "no tcp_probe"
spin
net_up
serve 5001
other=$(in_b "$TRAFFIC" sink 5002)
pids+=("$other")

perf record -q -B -k CLOCK_MONOTONIC -a -c 1 -m 4M -e tcp:tcp_probe \
	--filter "sport == 5001 || dport == 5001" -o "$work/perf.data" \
	</dev/null >"$work/perf.out" 2>&1 &
perf=$!
pids+=("$perf")
sleep 1
record_start "$work/tape" -p loss -e tcp:tcp_probe --port 5001 -b 4M
lossy_net loss b 3
in_a "$TRAFFIC" bulk "$IP_B" 5001 1000000 1
in_a "$TRAFFIC" bulk "$IP_B" 5002 1000000 1
lossy_net clear
# One that is open, and quiet, where the tape ends.
in_a bash -c "exec 9<>/dev/tcp/$IP_B/5001; for i in 1 2 3 4 5; do echo \$i >&9; sleep 0.1; done; sleep 100" &
quiet=$!
pids+=("$quiet")
sleep 1.5
in_a ss -Htin state established "dport = :5001" >"$work/ss"
sleep 0.2
record_stop || bad "record exits with $?"
for _ in {1..10}; do
	kill -INT "$perf"
	ended "$perf" 2 && break
done
wait "$perf"
kill "$quiet" "$server" "$other"
grep -i lost "$work/perf.out" && bad "perf lost events"

perf script -i "$work/perf.data" -F trace >"$work/probes" 2>>"$work/notes"
# story NAME OPTION...: the story of a connection, as JSON
story() { local name=$1; shift; "$TCPTAPE" conn --json --all "$work/tape" "$@" >"$work/$name.json" 2>>"$work/notes"; }
"$TCPTAPE" life --json --rport 5001 --addr "$IP_B" "$work/tape" 2>>"$work/notes" >"$work/life"
bulk=$(python3 -c "
import json, sys
rows = [json.loads(line) for line in open('$work/life')]
print(' '.join(str(r['lport']) for r in sorted(rows, key=lambda r: -r.get('tx_bytes', 0))))")
# shellcheck disable=SC2086
set -- $bulk
at_least "connections to the port" $# 2
story bulk "$IP_A:$1-$IP_B:5001" || bad "no story of the connection that lost"
story quiet "$IP_A:$2" || bad "no story of the quiet connection"
story worst --addr "$IP_B" || bad "no story of the worst connection"

python3 - "$work" "$IP_A" "$1" "$2" <<'END' || bad "the story is not what the kernel says"
import json, re, sys
work, host, bulk_port, quiet_port = sys.argv[1:]
bad = 0
def check(what, got, want):
    global bad
    print("ok" if got == want else "FAILED", what, got if got == want else f"{got} instead of {want}")
    bad += got != want

probes = [dict(re.findall(r"(\w+)=(\S+)", line)) for line in open(f"{work}/probes")]
for name, port in (("bulk", bulk_port), ("quiet", quiet_port)):
    mine = [p for p in probes if p["src"] == f"{host}:{port}"]
    story = json.load(open(f"{work}/{name}.json"))
    samples = story["connection"][0]["history"]["samples"]
    check(f"{name}: probes", len(samples["cwnd"]), len(mine))
    values = {
        "cwnd": [int(p["snd_cwnd"]) for p in mine],
        "ssthresh": [int(p["ssthresh"]) for p in mine if int(p["ssthresh"]) != 0x7fffffff],
        "srtt_us": [int(p["srtt"]) for p in mine if int(p["srtt"])],
        "snd_wnd": [int(p["snd_wnd"]) for p in mine],
        "rcv_wnd": [int(p["rcv_wnd"]) for p in mine],
        "unacked_bytes": [(int(p["snd_nxt"], 16) - int(p["snd_una"], 16)) % 2**32 for p in mine],
    }
    for key, want in values.items():
        check(f"{name}: {key}", [s["value"] for s in samples.get(key, [])] == want, True)

quiet = json.load(open(f"{work}/quiet.json"))
ss = open(f"{work}/ss").read().replace("\n\t", " ").splitlines()
line = [one for one in ss if f"{host}:{quiet_port} " in one][0]
rtt = re.search(r"\brtt:([0-9.]+)/", line).group(1)
check("round trip as ss has it", f"{quiet['rtt_us'] / 1000:g}", f"{float(rtt):g}")
check("bytes as ss has them", quiet["tx_bytes"], int(re.search(r"bytes_acked:(\d+)", line).group(1)) - 1)
last = quiet["connection"][0]["history"]["samples"]["cwnd"][-1]["value"]
check("window as ss has it", last, int(re.search(r"\bcwnd:(\d+)", line).group(1)))
check("how it ended", quiet["ended"], "open")
worst = json.load(open(f"{work}/worst.json"))
check("the worst is the one that lost", worst["lport"], int(bulk_port))
sys.exit(bad > 0)
END
is "other ports on the tape" "$("$TCPTAPE" replay --json "$work/tape" 2>/dev/null | grep -c ':5002\|"rport":5002\|"lport":5002')" 0
at_least "retransmissions in the story" "$(grep -o '"what":"\(fast\|rto\|loss\|tlp\)"' "$work/bulk.json" | wc -l)" 5
at_least "with what each cost" "$(grep -o progress_ns "$work/bulk.json" | wc -l)" 5
verdict
