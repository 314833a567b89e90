#!/bin/bash
# SPDX-License-Identifier: MIT
# Includes between rooms point downward only, and a foreign library has one room.
. tests/hygiene/lib.sh || exit 1

declare -A allowed=(
	[base]=""
	[table]="base"
	[tcp]="base"
	[tracepoint]="tcp base"
	[track]="tracepoint tcp base"
	[format]="base"
	[tape]="format base"
	[merge]="tape format base"
	[decode]="tape format tracepoint tcp base"
	[kernel]="tracepoint tcp base"
	[record]="kernel tape format tracepoint tcp base"
	[cells]="table tcp base"
	[view]="cells table tcp base"
	[gather]="view table tcp base"
	[detect]="gather table tcp base"
	[pages]="detect gather cells table tcp base"
	[render]="table base"
	[rows]="render table base"
	[document]="render table base"
	[html]="document render table base"
	[playback]="view merge tape format decode track tracepoint table tcp base"
	[library]="merge tape format base"
	[cli]="base table tcp tracepoint track format tape merge decode kernel record cells view gather detect pages render rows document html playback"
)
# header pattern -> the rooms that may include it
foreign() {
	case $1 in
	zstd*.h) echo tape ;;
	xxhash.h) echo format ;;
	traceevent/* | event-parse.h) echo decode ;;
	tracefs.h | tracefs/*) echo kernel ;;
	linux/perf_event.h) echo kernel ;;
	*) return 1 ;;
	esac
}

for dir in src/*/; do
	room=$(basename "$dir")
	[ -n "${allowed[$room]+x}" ] || { bad "src/$room: not a room of the table"; continue; }
	while IFS=: read -r file line text; do
		header=$(sed -E 's/^[^"<]*["<]([^">]*)[">].*/\1/' <<<"$text")
		if [[ $text =~ \" ]]; then
			other=${header%%/*}
			[[ $header == */* ]] || { bad "$file:$line: \"$header\" does not name its room"; continue; }
			[ -f "src/$header" ] || bad "$file:$line: \"$header\" does not exist"
			[ "$other" = "$room" ] || [[ " ${allowed[$room]} " == *" $other "* ]] ||
				bad "$file:$line: $room may not include $other"
		elif own=$(foreign "$header"); then
			[ "$own" = "$room" ] || bad "$file:$line: <$header> belongs to $own"
		fi
	done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]' --include='*.[ch]' "$dir")
done
verdict
