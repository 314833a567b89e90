// SPDX-License-Identifier: MIT
#include "cli/shell-word.h"

#include <string.h>

#include "base/text.h"

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+,:@%=-"

bool shell_words_are_plain(const char *s)
{
	return *s && !s[strspn(s, PLAIN " ")];
}

const char *shell_word_of_path(const char *path, struct arena *arena)
{
	struct text t CLEANUP(text_done) = {0};

	if (*path != '-' && shell_words_are_plain(path) && !strchr(path, ' '))
		return path;
	text_str(&t, *path == '-' ? "./'" : "'");
	for (; *path; path++) {
		if (*path == '\'')
			text_str(&t, "'\\''");
		else
			text_char(&t, *path);
	}
	text_char(&t, '\'');
	return t.failed ? NULL : arena_str(arena, text_cstr(&t));
}
