/* SPDX-License-Identifier: MIT */
/*
 * records: the kinds of sections, and the records that their payloads consist of (a CHUNK's payload
 * has none: format/chunk.h). Each record has one encoder, which appends it whole to a buffer or
 * fails with -ENOMEM and appends nothing, and one decoder, which reads it at a cursor and returns
 * 1, 0 at the end of the payload, or -EBADMSG. Strings of decoded records point into the payload.
 *
 * A new kind needs its number, record and prototypes here, its encoder and decoder in records*.c,
 * one descriptor in tape/kinds-*.c (with a place in tape/meta.h if readers remember it), and a
 * chapter of FORMAT.md.
 */
#pragma once

#include <stdint.h>

#include "base/buffer.h"
#include "base/bytes.h"
#include "base/fault.h"

enum tape_kind {
	TAPE_KIND_HOST = 1,	/* which host recorded, and how: keys and values */
	TAPE_KIND_CLOCK = 2,	/* the wall time at a time of the tape clock */
	TAPE_KIND_FORMAT = 3,	/* one tracepoint and its format file, verbatim */
	TAPE_KIND_ABSENT = 4,	/* tracepoints that were asked for and not recorded */
	TAPE_KIND_TASKS = 5,	/* names, forks and exits of processes; all of them at the start */
	TAPE_KIND_SYMBOLS = 6,	/* code ids and the functions that they stand for */
	TAPE_KIND_CHAINS = 7,	/* call chains, each once */
	TAPE_KIND_CHUNK = 8,	/* rows of one tracepoint, in columns */
	TAPE_KIND_MARK = 9,	/* the end of a block, and the time up to which rows are complete */
	TAPE_KIND_LOSS = 10,	/* PERF_RECORD_LOST: how many records a ring lost, and when */
	TAPE_KIND_TALLY = 11,	/* counts of events, per tracepoint and CPU */
	TAPE_KIND_INDEX = 12,	/* where the sections are */
	TAPE_KIND_TRAILER = 13, /* where the index is; the last 80 bytes of a finished tape */
	TAPE_KIND_CGROUPS = 14, /* control groups of processes: containers */
	TAPE_KIND_SLEEPS = 15,	/* when the host slept: the tape clock stood still */
	TAPE_KIND_PAUSES = 16,	/* when the last figures of sockets were not asked for */
	TAPE_KIND_COUNTERS = 17, /* readings of the kernel's own counters */
	TAPE_KIND_MEMBERS = 18,	 /* which thread is in which control group, and since when */
	TAPE_KIND_SETTINGS = 19, /* settings of the kernel */
};

/* HOST: one key and its value. FORMAT.md lists the known keys. */
struct host_record {
	const char *key;
	const char *value;
};
int host_record_encode(struct buffer *b, const struct host_record *record) MUST_CHECK;
int host_record_decode(struct cursor *c, struct host_record *ret) MUST_CHECK;

/* CLOCK: the tape clock and the wall clock, read together. */
struct clock_record {
	uint64_t mono_ns;   /* tape clock */
	int64_t real_ns;    /* CLOCK_REALTIME at that time */
	uint64_t window_ns; /* the two clocks were read this close to each other */
	uint64_t error_ns;  /* adjtimex' maxerror of the wall clock; UINT64_MAX: not synchronised */
};
int clock_record_encode(struct buffer *b, const struct clock_record *record) MUST_CHECK;
int clock_record_decode(struct cursor *c, struct clock_record *ret) MUST_CHECK;

/* SLEEPS: the host was suspended. The tape clock stood still, and the wall clock went on. */
struct sleep_record {
	uint64_t mono_ns;  /* tape clock; when the recorder noticed it */
	uint64_t slept_ns; /* how long it slept */
};
int sleep_record_encode(struct buffer *b, const struct sleep_record *record) MUST_CHECK;
int sleep_record_decode(struct cursor *c, struct sleep_record *ret) MUST_CHECK;

/* FORMAT: a tracepoint. A section has one record, and its subject is the tracepoint's index. */
struct format_record {
	uint32_t kernel_id; /* common_type on the recording host */
	uint8_t has_chain;  /* 1: its rows carry the number of a call chain */
	const char *system;
	const char *name;
	const char *text; /* the format file */
};
int format_record_encode(struct buffer *b, const struct format_record *record) MUST_CHECK;
int format_record_decode(struct cursor *c, struct format_record *ret) MUST_CHECK;

/* ABSENT: a tracepoint that was asked for and could not be recorded. */
struct absent_record {
	const char *system;
	const char *name;
	const char *why;
};
int absent_record_encode(struct buffer *b, const struct absent_record *record) MUST_CHECK;
int absent_record_decode(struct cursor *c, struct absent_record *ret) MUST_CHECK;

/* TASKS: what happened to a process or a thread. */
enum task_what { TASK_SNAPSHOT = 0, TASK_COMM = 1, TASK_FORK = 2, TASK_EXIT = 3 };
struct task_record {
	uint64_t ts_ns;
	uint8_t what;	  /* enum task_what */
	int32_t pid;	  /* process */
	int32_t tid;	  /* thread */
	int32_t parent;	  /* FORK: parent process; else 0 */
	const char *comm; /* "" for FORK and EXIT */
};
int task_record_encode(struct buffer *b, const struct task_record *record) MUST_CHECK;
int task_record_decode(struct cursor *c, struct task_record *ret) MUST_CHECK;

/* CGROUPS: the control group of a process, which tells containers apart. */
struct cgroup_record {
	int32_t pid;
	const char *path;
};
int cgroup_record_encode(struct buffer *b, const struct cgroup_record *record) MUST_CHECK;
int cgroup_record_decode(struct cursor *c, struct cgroup_record *ret) MUST_CHECK;

/* MEMBERS: a thread is in a control group, or a control group has a path, or both. */
struct member_record {
	uint64_t ts_ns;
	int32_t tid;	  /* -1: the record is about no thread */
	uint64_t cgroup;  /* stands for one control group throughout the tape */
	const char *path; /* of the control group; "": another record says it */
};
int member_record_encode(struct buffer *b, const struct member_record *record) MUST_CHECK;
int member_record_decode(struct cursor *c, struct member_record *ret) MUST_CHECK;

/* SYMBOLS: the place in the kernel's code that an id stands for. */
struct symbol_record {
	uint64_t id;	  /* the value that rows and call chains hold in place of the address */
	uint32_t offset;  /* bytes from the start of the function */
	const char *name; /* "tcp_ack", "nf_hook_slow [nf_tables]"; "": unknown */
};
int symbol_record_encode(struct buffer *b, const struct symbol_record *record) MUST_CHECK;
int symbol_record_decode(struct cursor *c, struct symbol_record *ret) MUST_CHECK;

/* CHAINS: a call chain. */
struct chain_record {
	uint32_t chain;	     /* 1, 2, ...; 0 in a row means "no chain" */
	uint32_t n_frames;   /* at most TAPE_CHAIN_FRAMES_MAX */
	uint64_t frames[64]; /* code ids, innermost first */
};
int chain_record_encode(struct buffer *b, const struct chain_record *record) MUST_CHECK;
int chain_record_decode(struct cursor *c, struct chain_record *ret) MUST_CHECK;

/* MARK: the end of a block. A section has one record. */
struct mark_record {
	uint64_t complete_until; /* no row older than this comes in a later block */
	uint64_t drained_ns;	 /* when the recorder began to empty the rings */
	uint32_t n_chunks;	 /* CHUNK sections of the block: a reader notices a missing one */
	uint64_t n_rows;
};
int mark_record_encode(struct buffer *b, const struct mark_record *record) MUST_CHECK;
int mark_record_decode(struct cursor *c, struct mark_record *ret) MUST_CHECK;

/* LOSS: records that the ring of one CPU had no room for. */
struct loss_record {
	uint32_t cpu;
	uint64_t count;
	uint64_t from_ns; /* time of the last record before the gap; 0: none was seen */
	uint64_t to_ns;	  /* time of the first record after it */
};
int loss_record_encode(struct buffer *b, const struct loss_record *record) MUST_CHECK;
int loss_record_decode(struct cursor *c, struct loss_record *ret) MUST_CHECK;

/* PAUSES: from ts_ns on, the last figures of sockets that are destroyed are not asked for, or are
 * asked for again. */
#define PAUSE_EVERYWHERE 0u /* in all network namespaces */
struct pause_record {
	uint64_t ts_ns;
	uint32_t netns;	   /* inode of the network namespace, or PAUSE_EVERYWHERE */
	uint8_t is_paused; /* 1: not asked for from now on; 0: asked for again */
	/* Sockets that were destroyed in all pauses so far, as far as is known: a lower bound. */
	uint64_t n_unasked;
};
int pause_record_encode(struct buffer *b, const struct pause_record *record) MUST_CHECK;
int pause_record_decode(struct cursor *c, struct pause_record *ret) MUST_CHECK;

/* TALLY: totals since the start, per tracepoint and CPU. Only the newest section is valid; its
 * time_to is the time at which the totals were read. Events that the kernel counted and never put
 * into a ring ("undelivered") are counted - recorded - lost. */
#define TALLY_LOST_SHARED                                                                          \
	1u		/* the kernel has no PERF_FORMAT_LOST: `lost` is a share of the ring's */
#define TALLY_FINAL 2u	/* exact: read after the events were disabled and the rings emptied */
#define TALLY_LEN   33u /* bytes of a record on the tape */
struct tally_record {
	uint32_t tracepoint;
	uint32_t cpu;
	uint64_t counted;  /* hits, as read(2) of the event gives them */
	uint64_t recorded; /* rows on the tape */
	uint64_t lost;
	uint8_t flags; /* TALLY_* */
};
int tally_record_encode(struct buffer *b, const struct tally_record *record) MUST_CHECK;
int tally_record_decode(struct cursor *c, struct tally_record *ret) MUST_CHECK;

/* COUNTERS: names of the kernel's counters, or what one reading of them found. The functions of
 * format/counter-values.h read the bodies. */
enum counters_what {
	COUNTERS_NAMES = 0,   /* names, numbered from `number` on */
	COUNTERS_ALL = 1,     /* the values of all counters that there are */
	COUNTERS_CHANGES = 2, /* by how much they differ from the reading `number` - 1 */
};
struct counters_record {
	uint8_t what;	   /* enum counters_what */
	uint32_t netns;	   /* inode of the network namespace; 0: of the host, or names */
	uint32_t number;   /* of the reading, in its namespace; of the first name */
	uint64_t ts_ns;	   /* when the reading began; names: 0 */
	uint32_t took_us;  /* how long it took */
	uint32_t body_len; /* bytes */
	const uint8_t *body;
};
int counters_record_encode(struct buffer *b, const struct counters_record *record) MUST_CHECK;
int counters_record_decode(struct cursor *c, struct counters_record *ret) MUST_CHECK;

/* SETTINGS: a setting of the kernel at a time. */
struct setting_record {
	uint64_t ts_ns;
	uint32_t netns; /* inode of the network namespace; 0: of the host */
	const char *name;
	const char *value;
};
int setting_record_encode(struct buffer *b, const struct setting_record *record) MUST_CHECK;
int setting_record_decode(struct cursor *c, struct setting_record *ret) MUST_CHECK;

/* INDEX: the place of one section and a copy of fields of its header. */
struct index_record {
	uint64_t offset; /* of the section's header from the start of the tape */
	uint16_t kind;
	uint32_t subject;
	uint32_t count;
	uint64_t time_from;
	uint64_t time_to;
};
int index_record_encode(struct buffer *b, const struct index_record *record) MUST_CHECK;
int index_record_decode(struct cursor *c, struct index_record *ret) MUST_CHECK;

/* TRAILER: the end of the tape. Its section is never compressed, so that it is always 80 bytes. */
struct trailer_record {
	uint64_t index_offset; /* of the INDEX section's header; 0: there is none */
	uint64_t tape_bytes;   /* of the whole tape, the TRAILER included */
};
int trailer_record_encode(struct buffer *b, const struct trailer_record *record) MUST_CHECK;
int trailer_record_decode(struct cursor *c, struct trailer_record *ret) MUST_CHECK;

/* Any record, as the decoder of its kind fills it. */
union tape_record {
	struct host_record host;
	struct clock_record clock;
	struct sleep_record sleep;
	struct format_record format;
	struct absent_record absent;
	struct task_record task;
	struct symbol_record symbol;
	struct cgroup_record cgroup;
	struct member_record member;
	struct chain_record chain;
	struct mark_record mark;
	struct loss_record loss;
	struct pause_record pause;
	struct tally_record tally;
	struct counters_record counters;
	struct setting_record setting;
	struct index_record index;
	struct trailer_record trailer;
};
