// SPDX-License-Identifier: MIT
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <dirent.h>
#include <cmocka.h>

#include "base/io.h"

#define FORMATS FIXTURES "/formats"

static bool starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

void fixture_load(struct fixture *f, const char *kernel, const char *system, const char *name)
{
	char path[512];

	memset(f, 0, sizeof(*f));
	snprintf(f->kernel, sizeof(f->kernel), "%s", kernel);
	snprintf(f->system, sizeof(f->system), "%s", system);
	snprintf(f->name, sizeof(f->name), "%s", name);
	snprintf(path, sizeof(path), FORMATS "/%s/%s.%s.format", kernel, system, name);
	assert_int_equal(io_read_file(path, 1 << 20, &f->text), 0);
	assert_int_equal(trace_format_parse((char *)f->text.data, f->text.len, &f->format, NULL),
			 0);
	f->meta.is_big_endian = starts(kernel, "s390x");
	f->meta.long_size = starts(kernel, "i386") || starts(kernel, "layout-arm") ? 4 : 8;
	f->meta.page_size = 4096;
	f->tracepoint = (struct tape_tracepoint){
		.kernel_id = f->format.id,
		.system = f->system,
		.name = f->name,
		.format = (char *)f->text.data,
		.format_len = f->text.len,
	};
	fixture_put(f, "common_type", f->format.id);
}

void fixture_done(struct fixture *f)
{
	buffer_done(&f->text);
}

static size_t each_file(const char *kernel, void (*fn)(struct fixture *f))
{
	struct fixture *f = malloc(sizeof(*f));
	struct dirent *entry;
	char path[512];
	size_t n = 0;
	DIR *dir;

	assert_non_null(f);
	snprintf(path, sizeof(path), FORMATS "/%s", kernel);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char *system = entry->d_name, *name = strchr(system, '.');
		char *ending = strstr(system, ".format");

		if (!ending || name == ending)
			continue;
		*name++ = '\0';
		*ending = '\0';
		fixture_load(f, kernel, system, name);
		fn(f);
		fixture_done(f);
		n++;
	}
	closedir(dir);
	free(f);
	return n;
}

size_t fixture_each(void (*fn)(struct fixture *f))
{
	DIR *dir = opendir(FORMATS);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			n += each_file(entry->d_name, fn);
	}
	closedir(dir);
	return n;
}

const struct trace_field *fixture_field(const struct fixture *f, const char *name)
{
	return trace_format_field(&f->format, name);
}

bool fixture_put(struct fixture *f, const char *name, uint64_t value)
{
	const struct trace_field *field = fixture_field(f, name);

	if (!field)
		return false;
	for (size_t i = 0; i < field->size; i++) {
		size_t shift = f->meta.is_big_endian ? field->size - 1 - i : i;

		f->row[field->offset + i] = shift < 8 ? value >> (8 * shift) : 0;
	}
	return true;
}

bool fixture_put_bytes(struct fixture *f, const char *name, const void *bytes, size_t n)
{
	const struct trace_field *field = fixture_field(f, name);

	if (!field)
		return false;
	assert_true(n <= field->size);
	memcpy(f->row + field->offset, bytes, n);
	return true;
}

struct tape_row fixture_row(const struct fixture *f)
{
	return (struct tape_row){
		.ts_ns = 12345,
		.cpu = 3,
		.tracepoint = &f->tracepoint,
		.data = f->row,
		.len = (f->format.record_size + 3) / 4 * 4,
	};
}
