/* SPDX-License-Identifier: MIT */
/*
 * cleanup: locals that are freed when their scope ends, the only style of cleanup in this project.
 * A local that owns something carries CLEANUP(...); TAKE() passes what it owns to the caller.
 */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#define MUST_CHECK	 __attribute__((warn_unused_result))
#define PRINTF(fmt, arg) __attribute__((format(printf, fmt, arg)))

#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* The value of a pointer variable, which becomes NULL. */
#define TAKE(ptr)                                                                                  \
	({                                                                                         \
		__auto_type take_ = (ptr);                                                         \
		(ptr) = NULL;                                                                      \
		take_;                                                                             \
	})

/* Defines fn##_p, for use in CLEANUP(), from a destructor fn that accepts NULL. */
#define DEFINE_CLEANUP(type, fn)                                                                   \
	static inline void fn##_p(type **p)                                                        \
	{                                                                                          \
		fn(*p);                                                                            \
	}                                                                                          \
	struct cleanup_needs_a_semicolon_

/* Frees memory from malloc(): char *x CLEANUP(free_p) = NULL; */
static inline void free_p(void *p)
{
	free(*(void **)p);
}

/* Closes a descriptor: int fd CLEANUP(close_p) = -1; */
static inline void close_p(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
