/* SPDX-License-Identifier: MIT */
/*
 * layout: the numbers of the tape format, version 1. FORMAT.md is the specification; a test keeps
 * the two together.
 *
 * A tape is a sequence of sections. Each is a 64-byte header and a payload:
 *
 *    0  u8[8]  magic        89 54 43 50 54 0d 0a 1a  ("\x89TCPT\r\n\x1a")
 *    8  u16    kind         TAPE_KIND_*
 *   10  u8     version      1; another: this reader cannot read the tape
 *   11  u8     codec        TAPE_CODEC_*: of the payload
 *   12  u32    sequence     0, 1, 2 ... in file order; a gap means something was cut out
 *   16  u32    subject      CHUNK, FORMAT: tracepoint index; else 0
 *   20  u32    count        records in the payload (CHUNK: rows)
 *   24  u32    stored_len   bytes of payload that follow the header
 *   28  u32    raw_len      bytes of payload when expanded
 *   32  u64    time_from    of the oldest record, tape clock; 0 where it has no meaning
 *   40  u64    time_to      of the newest
 *   48  u64    payload_sum  XXH64, seed 0, of the stored payload
 *   56  u64    header_sum   XXH64, seed 0, of bytes 0..55
 *
 * All numbers little-endian, whatever the recording host is. Only the bytes of tracepoint rows are
 * in the recording host's own order (HOST says which).
 */
#pragma once

#include <stdint.h>

#define TAPE_MAGIC	"\x89TCPT\r\n\x1a"
#define TAPE_MAGIC_LEN	8
#define TAPE_VERSION	1
#define TAPE_HEADER_LEN 64

/* A reader refuses more, before it allocates. */
#define TAPE_STORED_MAX	      (32u << 20)
#define TAPE_RAW_MAX	      (32u << 20)
#define TAPE_ROW_MAX	      4096u /* bytes of one tracepoint row */
#define TAPE_TRACEPOINTS_MAX  4096u
#define TAPE_CPUS_MAX	      65536u
#define TAPE_CHAIN_FRAMES_MAX 64u
#define TAPE_CHUNK_ROWS_MAX   (1u << 20)
#define TAPE_COMM_MAX	      63u /* bytes of a task's name, without its NUL */

enum tape_codec {
	TAPE_CODEC_NONE = 0,
	TAPE_CODEC_ZSTD = 1, /* one zstd frame (RFC 8878) with its content size */
};

enum tape_kind {
	TAPE_KIND_HOST = 1,	/* who recorded, where, how: key NUL value NUL ... */
	TAPE_KIND_CLOCK = 2,	/* tape clock against wall time */
	TAPE_KIND_FORMAT = 3,	/* one tracepoint and its format file, verbatim */
	TAPE_KIND_ABSENT = 4,	/* tracepoints that were asked for and not recorded */
	TAPE_KIND_TASKS = 5,	/* comm, fork, exit; and the table at start */
	TAPE_KIND_SYMBOLS = 6,	/* code ids and their symbols */
	TAPE_KIND_CHAINS = 7,	/* call chains, each once */
	TAPE_KIND_CHUNK = 8,	/* rows of one tracepoint, in columns */
	TAPE_KIND_MARK = 9,	/* end of a block: complete_until */
	TAPE_KIND_LOSS = 10,	/* PERF_RECORD_LOST: windows */
	TAPE_KIND_TALLY = 11,	/* accounting identity per tracepoint and CPU */
	TAPE_KIND_INDEX = 12,	/* where the sections are */
	TAPE_KIND_TRAILER = 13, /* where the index is; the last 80 bytes of a finished tape */
	TAPE_KIND_CGROUPS = 14, /* where processes are: containers */
};
