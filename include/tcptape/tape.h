/* SPDX-License-Identifier: MIT */
/*
 * tcptape/tape.h: reads a tape that tcptape recorded, row by row in the order of time, and the
 * fields of its rows by name. The header is all that a C or C++ program needs; link with
 * `pkg-config --libs tcptape`. libtcptape(3) has an example, also for Python.
 *
 * Ownership. Every pointer that a function returns or stores belongs to the tape and is good until
 * the next call of tcptape_next() or tcptape_close(), those of tcptape_host*() until
 * tcptape_close(). Structs of the library may grow at their ends: never copy one by its size, never
 * make one.
 *
 * Threads. A tape is used by one thread at a time; several tapes may be used by several threads.
 * The library has no other state, prints nothing, and reads no environment.
 *
 * Errors. A function that can fail returns 0, or as documented, and a negative errno when it fails;
 * tcptape_error() then says why in one line for people. Damage of a tape is no error: the rows that
 * are whole are read, and tcptape_damage() says what is not.
 *
 * Numbers have this machine's byte order, whatever the recording host's is, except in `data` of a
 * row and in what tcptape_get_bytes() gives. Times are nanoseconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TCPTAPE_API __attribute__((visibility("default")))
#else
#define TCPTAPE_API
#endif

struct tcptape;

/* The version of the library, "0.1.0". */
TCPTAPE_API const char *tcptape_version(void);

/*
 * Opens a tape. The path "-" is standard input. 0 and the tape in *ret, to be closed by the caller;
 * or a negative errno and why, in at most why_len bytes with its NUL: -EBADMSG not a tape, -ENOTSUP
 * a tape of a newer version, -ENODATA empty, -ENOMEM, or what opening and reading the file gave.
 */
TCPTAPE_API int tcptape_open(const char *path, struct tcptape **ret, char *why, size_t why_len);
/* Ignores NULL. */
TCPTAPE_API void tcptape_close(struct tcptape *t);

/* Why the last call on this tape failed; "" if it did not. */
TCPTAPE_API const char *tcptape_error(const struct tcptape *t);
/*
 * The first damage in a few words, or that the tape has no end; NULL while nothing is wrong with
 * what was read. Complete once tcptape_next() has returned 0.
 */
TCPTAPE_API const char *tcptape_damage(const struct tcptape *t);

struct tcptape_row {
	uint64_t ts_ns;	 /* CLOCK_MONOTONIC of the recording host */
	int64_t real_ns; /* since 1970 UTC; only if has_real */
	bool has_real;	 /* false: the tape knows no wall time */
	uint32_t cpu;
	uint32_t chain;	     /* number of the call chain; 0: none */
	uint32_t tracepoint; /* its index on the tape */
	const char *system;  /* "tcp" */
	const char *name;    /* "tcp_retransmit_skb" */
	const char *format;  /* the tracefs format file, verbatim, format_len bytes */
	size_t format_len;
	const uint8_t
		*data; /* the record as the kernel wrote it, len bytes, byte order of its host */
	size_t len;
};

/* 1 and the next row in *ret; 0 at the end of the tape; -EIO and other errors of reading, -ENOMEM,
 * -ENOTSUP: the tape goes on in a newer version. */
TCPTAPE_API int tcptape_next(struct tcptape *t, const struct tcptape_row **ret);

/*
 * Fields of the row that tcptape_next() returned last, by their names in its format file. All of
 * these return -ENOENT: the row has no such field (or there is no row), -ENODATA: the row is too
 * short for it, -EINVAL: it is of another kind. Names are searched one after the other.
 */
enum tcptape_field_kind {
	TCPTAPE_NUMBER = 1, /* an integer */
	TCPTAPE_STRING = 2, /* an array of char */
	TCPTAPE_LIST = 3,   /* an array of integers */
	TCPTAPE_BYTES = 4,  /* something else */
};

/* How many fields the row has, common ones included, and the name of field i; NULL from there
 * on. */
TCPTAPE_API size_t tcptape_n_fields(struct tcptape *t);
TCPTAPE_API const char *tcptape_field(struct tcptape *t, size_t i);
/* An enum tcptape_field_kind. */
TCPTAPE_API int tcptape_kind(struct tcptape *t, const char *field);
/* A NUMBER. -ERANGE: it is negative, or above INT64_MAX. */
TCPTAPE_API int tcptape_get_u64(struct tcptape *t, const char *field, uint64_t *ret);
TCPTAPE_API int tcptape_get_i64(struct tcptape *t, const char *field, int64_t *ret);
/* A STRING up to its first NUL, into a buffer of `size` bytes, as much of it as fits with a NUL
 * after it. Returns its whole length. Its bytes are the kernel's or a process': show them
 * escaped. */
TCPTAPE_API int tcptape_get_string(struct tcptape *t, const char *field, char *to, size_t size);
/* Number i of a LIST. -ERANGE: there are fewer, or it is above INT64_MAX. */
TCPTAPE_API int tcptape_get_element(struct tcptape *t, const char *field, size_t i, int64_t *ret);
/* The bytes of a field of any kind, in the row, in the byte order of its host. */
TCPTAPE_API int tcptape_get_bytes(struct tcptape *t, const char *field, const uint8_t **ret,
				  size_t *ret_len);

/* What the tape says of its host: "kernel", "arch", "os_endian", "long_size", ... (FORMAT.md,
 * HOST), as far as it was read. The value of a key, or NULL. */
TCPTAPE_API const char *tcptape_host(const struct tcptape *t, const char *key);
/* All keys in the order of the tape, i below tcptape_n_host(); of a key that comes again the
 * last value counts. NULL from there on. */
TCPTAPE_API size_t tcptape_n_host(const struct tcptape *t);
TCPTAPE_API const char *tcptape_host_key(const struct tcptape *t, size_t i);
TCPTAPE_API const char *tcptape_host_value(const struct tcptape *t, size_t i);

/* What was counted, recorded and lost. */
struct tcptape_counts {
	uint32_t tracepoint; /* index, as in a row; of sums 0 */
	uint32_t cpu;	     /* of sums 0 */
	const char *system; /* NULL: of sums, and of a tracepoint that the tape does not describe */
	const char *name;
	uint64_t counted;     /* by the kernel */
	uint64_t recorded;    /* rows that the recorder wrote */
	uint64_t lost;	      /* the ring buffer had no room for them */
	uint64_t undelivered; /* counted - recorded - lost, at least 0: never put into a ring */
	bool is_final;	      /* the recorder ended properly: the numbers are exact */
	bool is_guessed;      /* lost is a share of the loss of all tracepoints of that CPU */
};

/*
 * The newest account that was read: one record for each tracepoint and CPU, and the sum of all.
 * They are those of the whole recording once tcptape_next() has returned 0. NULL: i is not below
 * tcptape_n_counts(), or memory is short.
 */
TCPTAPE_API size_t tcptape_n_counts(const struct tcptape *t);
TCPTAPE_API const struct tcptape_counts *tcptape_counts(struct tcptape *t, size_t i);
TCPTAPE_API const struct tcptape_counts *tcptape_sums(struct tcptape *t);
/* Rows that came after a younger one. */
TCPTAPE_API uint64_t tcptape_n_late(const struct tcptape *t);

#ifdef __cplusplus
}
#endif
