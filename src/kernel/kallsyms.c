// SPDX-License-Identifier: MIT
/*
 * kallsyms: the kernel's functions as an array sorted by address; one buffer holds their names. A
 * data symbol is kept only to mark the end of the function before it, without a name.
 */
#include "kernel/kallsyms.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/io.h"
#include "base/vec.h"

#define NAME_NONE 0u /* the symbol marks the end of a function; no name has offset 0 */
/* Bytes that no function exceeds. They bound the last function of a module, whose end the list
 * does not show. */
#define FUNCTION_MAX (1u << 20)
#define LINE_MAX_LEN 1024u
/* Room for the list of most kernels. Pages that it does not need are never touched. */
#define SYMBOLS_FIRST (256u << 10)
#define NAMES_FIRST   (8u << 20)

struct symbol {
	uint64_t addr;
	uint32_t name; /* offset in names, or NAME_NONE */
};

struct kallsyms {
	struct symbol *symbols;
	size_t n, cap;
	struct buffer names;
};

struct line {
	uint64_t addr;
	char type;
	const char *name;
	size_t name_len;
	const char *module; /* "[nf_tables]" or NULL */
	size_t module_len;
};

/* Parses "ffffffff81000000 T _text"; a tab and "[module]" may follow the name. */
static bool parse_line(const char *s, const char *end, struct line *ret)
{
	const char *tab;
	uint64_t addr = 0;

	while (s < end && *s != ' ') {
		unsigned int digit;

		if (*s >= '0' && *s <= '9')
			digit = (unsigned int)(*s - '0');
		else if (*s >= 'a' && *s <= 'f')
			digit = (unsigned int)(*s - 'a') + 10;
		else
			return false;
		addr = addr << 4 | digit;
		s++;
	}
	if (end - s < 4 || s[2] != ' ')
		return false;
	ret->addr = addr;
	ret->type = s[1];
	ret->name = s + 3;
	tab = memchr(ret->name, '\t', (size_t)(end - ret->name));
	ret->name_len = (size_t)((tab ? tab : end) - ret->name);
	ret->module = tab ? tab + 1 : NULL;
	ret->module_len = tab ? (size_t)(end - tab - 1) : 0;
	return true;
}

static int symbols_add(struct kallsyms *k, uint64_t addr, uint32_t name)
{
	if (vec_reserve(k->symbols, k->cap, k->n + 1) < 0)
		return -ENOMEM;
	k->symbols[k->n++] = (struct symbol){.addr = addr, .name = name};
	return 0;
}

static int symbols_add_line(struct kallsyms *k, const struct line *l)
{
	size_t place = k->names.len;
	int r;

	if (!l->addr)
		return 0;
	if (!strchr("tTwW", l->type)) {
		/* Among consecutive data symbols only the first can end a function. */
		if (k->n && k->symbols[k->n - 1].name == NAME_NONE &&
		    k->symbols[k->n - 1].addr <= l->addr)
			return 0;
		return symbols_add(k, l->addr, NAME_NONE);
	}
	r = buffer_append(&k->names, l->name, l->name_len);
	if (!r && l->module) {
		r = buffer_append_u8(&k->names, ' ');
		if (!r)
			r = buffer_append(&k->names, l->module, l->module_len);
	}
	if (!r)
		r = buffer_append_u8(&k->names, 0);
	return r ? r : symbols_add(k, l->addr, (uint32_t)place);
}

/* Adds the symbols of all complete lines in text. Returns the length of those lines in bytes, or
 * -ENOMEM. */
static ssize_t symbols_add_lines(struct kallsyms *k, const char *text, size_t len)
{
	const char *at = text;
	const char *newline;

	while ((newline = memchr(at, '\n', len - (size_t)(at - text)))) {
		struct line l;

		if (parse_line(at, newline, &l)) {
			int r = symbols_add_line(k, &l);

			if (r < 0)
				return r;
		}
		at = newline + 1;
	}
	return at - text;
}

static int symbols_read(struct kallsyms *k, int fd)
{
	char *text CLEANUP(free_p) = malloc(65536);
	size_t len = 0;

	if (!text)
		return -ENOMEM;
	for (;;) {
		ssize_t n = read(fd, text + len, 65536 - len);
		ssize_t used;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return 0;
		len += (size_t)n;
		used = symbols_add_lines(k, text, len);
		if (used < 0)
			return (int)used;
		len -= (size_t)used;
		if (len > LINE_MAX_LEN)
			return -EBADMSG;
		memmove(text, text + used, len);
	}
}

/* Orders symbols by address; at equal addresses a function comes before an end mark. */
static int compare_symbols(const void *pa, const void *pb)
{
	const struct symbol *a = pa, *b = pb;

	if (a->addr != b->addr)
		return a->addr < b->addr ? -1 : 1;
	if (!a->name != !b->name)
		return a->name ? -1 : 1;
	return a->name < b->name ? -1 : a->name > b->name;
}

/* The kernel's own symbols come in order, and make up most of the list; those of modules follow. */
static void symbols_sort(struct kallsyms *k)
{
	size_t n = k->n ? 1 : 0;

	for (; n < k->n && k->symbols[n - 1].addr <= k->symbols[n].addr; n++) {
		/* Symbols of one address stand in any order. */
		for (size_t i = n; i && compare_symbols(&k->symbols[i - 1], &k->symbols[i]) > 0;
		     i--) {
			struct symbol later = k->symbols[i - 1];

			k->symbols[i - 1] = k->symbols[i];
			k->symbols[i] = later;
		}
	}
	qsort(k->symbols + n, k->n - n, sizeof(*k->symbols), compare_symbols);
	if (n < k->n && compare_symbols(&k->symbols[n - 1], &k->symbols[n]) > 0)
		qsort(k->symbols, k->n, sizeof(*k->symbols), compare_symbols);
}

/* Sorts the symbols, then drops aliases and the end marks that follow no function. */
static void symbols_squeeze(struct kallsyms *k)
{
	struct symbol *less;
	size_t n = 0;

	symbols_sort(k);
	for (size_t i = 0; i < k->n; i++) {
		struct symbol *last = n ? &k->symbols[n - 1] : NULL;

		if (last && last->addr == k->symbols[i].addr)
			continue; /* The symbol is an alias: the first name stays. */
		if (k->symbols[i].name == NAME_NONE && (!last || last->name == NAME_NONE))
			continue;
		k->symbols[n++] = k->symbols[i];
	}
	k->n = n;
	less = realloc(k->symbols, (n ? n : 1) * sizeof(*less));
	if (less) {
		k->symbols = less;
		k->cap = n ? n : 1;
	}
}

int kallsyms_load(const char *path, struct kallsyms **ret, struct fault *fault)
{
	struct kallsyms *k CLEANUP(kallsyms_free_p) = calloc(1, sizeof(*k));
	int fd CLEANUP(close_p) = open(path, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return fault_errno(fault, -errno, "%s", path);
	/* Growing step by step would copy all of it several times. */
	if (!k || vec_reserve(k->symbols, k->cap, SYMBOLS_FIRST) < 0 ||
	    buffer_reserve(&k->names, NAMES_FIRST) < 0 || buffer_append_u8(&k->names, 0) < 0)
		return fault_no_memory(fault);
	r = symbols_read(k, fd);
	if (r < 0)
		return fault_errno(fault, r, "%s", path);
	if (!k->n)
		return fault_set(fault, -EACCES,
				 "%s hides the kernel's addresses: run as root (CAP_SYSLOG), and: "
				 "sysctl kernel.kptr_restrict=1",
				 path);
	symbols_squeeze(k);
	*ret = TAKE(k);
	return 0;
}

struct kallsyms *kallsyms_free(struct kallsyms *k)
{
	if (k) {
		free(k->symbols);
		buffer_done(&k->names);
		free(k);
	}
	return NULL;
}

bool kallsyms_is_readable(const char *path)
{
	int fd CLEANUP(close_p) = open(path, O_RDONLY | O_CLOEXEC);
	char text[4096];
	const char *at = text, *newline;
	ssize_t n;

	if (fd < 0)
		return false;
	n = io_read_all(fd, text, sizeof(text));
	if (n <= 0)
		return false;
	/* Per-CPU variables have addresses from 0 on, so the first lines may show zeros even to
	 * root. */
	while ((newline = memchr(at, '\n', (size_t)(text + n - at)))) {
		struct line l;

		if (parse_line(at, newline, &l) && l.addr)
			return true;
		at = newline + 1;
	}
	return false;
}

bool kallsyms_find(const struct kallsyms *k, uint64_t addr, struct kallsyms_symbol *ret)
{
	size_t low = 0, high = k->n;
	const struct symbol *s;

	/* Most addresses are those of data, far below all functions. */
	if (!high || addr < k->symbols[0].addr)
		return false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (k->symbols[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	s = &k->symbols[low - 1];
	if (s->name == NAME_NONE || addr - s->addr >= FUNCTION_MAX)
		return false;
	ret->name = (const char *)k->names.data + s->name;
	ret->offset = addr - s->addr;
	return true;
}
