/* SPDX-License-Identifier: MIT */
/*
 * shell-word: strings as words of a POSIX shell, for the commands that a report suggests.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/* True when s is not empty and no character of it means anything to a shell, but for blanks, which
 * divide words. */
bool shell_words_are_plain(const char *s);
/* The path as one word that a command takes as an operand: in quotes when it needs them, and
 * never like an option. Memory comes from the arena, or is that of path. NULL: out of memory. */
const char *shell_word_of_path(const char *path, struct arena *arena);
