/* SPDX-License-Identifier: MIT */
/*
 * tcptape/tape.h: reads a tape that tcptape recorded, row by row in the order of time, and the
 * fields of its rows by name. The header is all that a C or C++ program needs; link with
 * `pkg-config --libs tcptape`. libtcptape(3) has an example, also for Python.
 *
 * Ownership. Every pointer that a function returns or stores belongs to the tape. It is valid until
 * the next call of tcptape_next() or tcptape_close() unless its function says otherwise, and that
 * of tcptape_host*() until tcptape_close(). Structs of the library may grow at their ends: never
 * copy one by its size, never create one.
 *
 * Threads. A tape is used by one thread at a time; several tapes may be used by several threads.
 * The library has no other state, prints nothing, and reads no environment.
 *
 * Errors. A function that can fail returns 0, or what its comment says, and a negative errno when
 * it fails; tcptape_error() then gives the reason in one line for people. Damage of a tape is no
 * error: the undamaged rows are read, and tcptape_damage() says what is damaged.
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
 * Opens a tape. The path "-" is standard input. Returns 0 and the tape in *ret, which the caller
 * closes; or a negative errno, and in `why` the reason, in at most why_len bytes with its NUL.
 * -EBADMSG: not a tape, -ENOTSUP: a tape of a newer version, -ENODATA: empty, -ENOMEM, or an error
 * of opening or reading the file.
 */
TCPTAPE_API int tcptape_open(const char *path, struct tcptape **ret, char *why, size_t why_len);
/* Ignores NULL. */
TCPTAPE_API void tcptape_close(struct tcptape *t);

/* Returns why the last call on this tape failed; "" if it did not fail. The next call may overwrite
 * the text. */
TCPTAPE_API const char *tcptape_error(const struct tcptape *t);
/*
 * Returns the first damage in a few words, or that the tape has no end; NULL if the tape was
 * undamaged so far. The answer is final once tcptape_next() has returned 0.
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
	const uint8_t *data; /* the kernel's record, len bytes, byte order of its host */
	size_t len;
};

/* Returns 1 and the next row in *ret; 0 at the end of the tape; -EIO or another error of reading,
 * -ENOMEM, or -ENOTSUP: the rest of the tape is of a newer version. */
TCPTAPE_API int tcptape_next(struct tcptape *t, const struct tcptape_row **ret);

/*
 * Fields of the row that tcptape_next() returned last, by their names in its format file. Functions
 * that take a name return -ENOENT: the row has no such field (or there is no row), -ENODATA: the
 * row is too short for the field, -EINVAL: the field is of another kind. They search the names one
 * after the other.
 */
enum tcptape_field_kind {
	TCPTAPE_NUMBER = 1, /* an integer */
	TCPTAPE_STRING = 2, /* an array of char */
	TCPTAPE_LIST = 3,   /* an array of integers */
	TCPTAPE_BYTES = 4,  /* something else */
};

/* Return how many fields the row has, common ones included, and the name of field i; NULL if the
 * row has no field i. */
TCPTAPE_API size_t tcptape_n_fields(struct tcptape *t);
TCPTAPE_API const char *tcptape_field(struct tcptape *t, size_t i);
/* Returns an enum tcptape_field_kind, or a negative errno. */
TCPTAPE_API int tcptape_kind(struct tcptape *t, const char *field);
/* Give the value of a NUMBER. -ERANGE: it is negative (u64), or above INT64_MAX (i64). */
TCPTAPE_API int tcptape_get_u64(struct tcptape *t, const char *field, uint64_t *ret);
TCPTAPE_API int tcptape_get_i64(struct tcptape *t, const char *field, int64_t *ret);
/* Copies a STRING up to its first NUL into a buffer of `size` bytes, as much of it as fits with a
 * NUL after it. Returns the length of the whole string. The kernel or a process chose its bytes:
 * escape them before you show them. */
TCPTAPE_API int tcptape_get_string(struct tcptape *t, const char *field, char *to, size_t size);
/* Gives number i of a LIST. -ERANGE: the list is shorter, or the number is above INT64_MAX. */
TCPTAPE_API int tcptape_get_element(struct tcptape *t, const char *field, size_t i, int64_t *ret);
/* Gives the bytes of a field of any kind. They stand in the row, in the byte order of the recording
 * host. */
TCPTAPE_API int tcptape_get_bytes(struct tcptape *t, const char *field, const uint8_t **ret,
				  size_t *ret_len);

/* What the tape, as far as it was read, says about its host: "kernel", "arch", "os_endian",
 * "long_size", ... (FORMAT.md, HOST). Returns the value of a key, or NULL. */
TCPTAPE_API const char *tcptape_host(const struct tcptape *t, const char *key);
/* All keys and values in the order of the tape; NULL if i is not below tcptape_n_host(). If a key
 * occurs more than once, its last value is valid. */
TCPTAPE_API size_t tcptape_n_host(const struct tcptape *t);
TCPTAPE_API const char *tcptape_host_key(const struct tcptape *t, size_t i);
TCPTAPE_API const char *tcptape_host_value(const struct tcptape *t, size_t i);

/* How many events were counted, recorded and lost. */
struct tcptape_counts {
	uint32_t tracepoint; /* index, as in a row; 0 in sums */
	uint32_t cpu;	     /* 0 in sums */
	const char *system;  /* NULL: sums, or a tracepoint that the tape does not describe */
	const char *name;
	uint64_t counted;     /* by the kernel */
	uint64_t recorded;    /* rows that the recorder wrote */
	uint64_t lost;	      /* events that the ring buffer had no room for */
	uint64_t undelivered; /* counted - recorded - lost, at least 0: never put into a ring */
	bool is_final;	      /* the recorder ended properly: the numbers are exact */
	bool is_guessed;      /* lost is a share of the loss of all tracepoints of that CPU */
};

/*
 * The newest counts that were read: one struct for each tracepoint and CPU, and the sum of all.
 * Each call overwrites the struct that the function returned before. Once tcptape_next() has
 * returned 0 they are the counts of the whole recording. NULL: i is not below tcptape_n_counts().
 */
TCPTAPE_API size_t tcptape_n_counts(const struct tcptape *t);
TCPTAPE_API const struct tcptape_counts *tcptape_counts(struct tcptape *t, size_t i);
TCPTAPE_API const struct tcptape_counts *tcptape_sums(struct tcptape *t);
/* Returns how many rows tcptape_next() returned after a younger row. */
TCPTAPE_API uint64_t tcptape_n_late(const struct tcptape *t);

#ifdef __cplusplus
}
#endif
