/* SPDX-License-Identifier: MIT */
/*
 * runtime: what the compiler's own runtime does when a process ends, depending on the options of
 * this build.
 */
#pragma once

/* LeakSanitizer reads /proc/self/maps, and starts a process that traces this one. */
#if defined(__SANITIZE_ADDRESS__)
#define RUNTIME_TRACES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RUNTIME_TRACES 1
#endif
#endif
#ifndef RUNTIME_TRACES
#define RUNTIME_TRACES 0
#endif

/* The build defines it where lines are counted (b_coverage): the counts are written to files. */
#ifndef RUNTIME_WRITES_FILES
#define RUNTIME_WRITES_FILES 0
#endif

#define RUNTIME_OPENS_FILES (RUNTIME_TRACES || RUNTIME_WRITES_FILES)
