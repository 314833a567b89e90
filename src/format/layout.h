/* SPDX-License-Identifier: MIT */
/*
 * layout: the section header and the limits of the tape format, version 1. FORMAT.md is the
 * specification; a test compares the two.
 *
 * A tape is a sequence of sections. Each is a 64-byte header and a payload:
 *
 *    0  u8[8]  magic        89 54 43 50 54 0d 0a 1a  ("\x89TCPT\r\n\x1a")
 *    8  u16    kind         TAPE_KIND_* (format/records.h)
 *   10  u8     version      1; this reader cannot read a tape of another version
 *   11  u8     codec        TAPE_CODEC_*: of the payload
 *   12  u32    sequence     0, 1, 2 ... in file order; a gap means that sections are missing
 *   16  u32    subject      CHUNK, FORMAT: tracepoint index; else 0
 *   20  u32    count        records in the payload (CHUNK: rows)
 *   24  u32    stored_len   bytes of payload that follow the header
 *   28  u32    raw_len      bytes of payload when expanded
 *   32  u64    time_from    of the oldest record, tape clock; 0 where it has no meaning
 *   40  u64    time_to      of the newest
 *   48  u64    payload_sum  XXH64, seed 0, of the stored payload
 *   56  u64    header_sum   XXH64, seed 0, of bytes 0..55
 *
 * All numbers are little-endian, whatever the recording host is. Only the bytes of rows are in the
 * recording host's own order, which HOST states.
 */
#pragma once

#include <stdint.h>

#define TAPE_MAGIC	"\x89TCPT\r\n\x1a"
#define TAPE_MAGIC_LEN	8
#define TAPE_VERSION	1
#define TAPE_HEADER_LEN 64

/* A reader refuses a section above these limits before it allocates memory for it. */
#define TAPE_STORED_MAX	      (32u << 20)
#define TAPE_RAW_MAX	      (32u << 20)
#define TAPE_ROW_MAX	      4096u /* bytes of one tracepoint row */
#define TAPE_TRACEPOINTS_MAX  4096u
#define TAPE_CPUS_MAX	      65536u
#define TAPE_CHAIN_FRAMES_MAX 64u
#define TAPE_CHUNK_ROWS_MAX   (1u << 20)
#define TAPE_COMM_MAX	      63u    /* bytes of a task's name, without its NUL */
#define TAPE_COUNTERS_MAX     65536u /* names of counters */
#define TAPE_COUNTER_NAME_MAX 127u   /* bytes of one, without its NUL */

enum tape_codec {
	TAPE_CODEC_NONE = 0,
	TAPE_CODEC_ZSTD = 1, /* one zstd frame (RFC 8878) with its content size */
};
