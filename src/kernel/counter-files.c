// SPDX-License-Identifier: MIT
#include "kernel/counter-files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define READ_BYTES 16384u
/* A file of more bytes is not read any further: /proc/net/dev has 120 bytes for each link. */
#define FILE_BYTES_MAX (4u << 20)

struct counter_file {
	const char *path;
	const char *prefix;
	counter_parse_fn parse;
};

static const struct counter_file net_files[] = {
	{"snmp", "", counter_text_pairs},
	{"netstat", "", counter_text_pairs},
	{"snmp6", "", counter_text_list},
	{"sockstat", "sockstat.", counter_text_sockstat},
	{"sockstat6", "sockstat.", counter_text_sockstat},
	{"dev", "dev.", counter_text_dev},
	{"stat/nf_conntrack", "conntrack.", counter_text_conntrack},
};
static const struct counter_file host_files[] = {
	{"net/softnet_stat", "softnet.", counter_text_softnet},
	{"stat", "stat.", counter_text_stat},
	{"loadavg", "loadavg.", counter_text_loadavg},
	{"pressure/cpu", "pressure.cpu.", counter_text_pressure},
	{"pressure/io", "pressure.io.", counter_text_pressure},
	{"pressure/memory", "pressure.memory.", counter_text_pressure},
	{"pressure/irq", "pressure.irq.", counter_text_pressure},
};

struct counter_file_list {
	const struct counter_file *files;
	size_t n;
};

static const struct counter_file_list lists[] = {
	[COUNTER_SCOPE_NET] = {net_files, ARRAY_SIZE(net_files)},
	[COUNTER_SCOPE_HOST] = {host_files, ARRAY_SIZE(host_files)},
};

static int file_open(const char *dir, const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s/%s", dir, path);
	return open(full, O_RDONLY | O_CLOEXEC);
}

void counter_files_open(struct counter_files *f, const char *dir)
{
	const struct counter_file_list *l = &lists[f->scope];

	for (size_t i = 0; i < l->n; i++) {
		close_p(&f->fds[i]);
		f->fds[i] = file_open(dir, l->files[i].path);
	}
}

void counter_files_done(struct counter_files *f)
{
	for (size_t i = 0; i < COUNTER_FILES_MAX; i++) {
		close_p(&f->fds[i]);
		f->fds[i] = -1;
	}
	buffer_done(&f->text);
}

/* Reads a file from its start. 1; 0: it cannot be read (any more); -ENOMEM. */
static int text_read(struct buffer *text, int fd)
{
	buffer_clear(text);
	while (text->len < FILE_BYTES_MAX) {
		ssize_t n;

		if (buffer_reserve(text, READ_BYTES) < 0)
			return -ENOMEM;
		n = pread(fd, text->data + text->len, READ_BYTES, (off_t)text->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return 0;
		if (!n)
			return 1;
		text->len += (size_t)n;
	}
	return 1;
}

static int file_parse(struct counter_files *f, const struct counter_file *file, int fd,
		      counter_take_fn take, void *userdata, size_t *ret_n)
{
	int r = text_read(&f->text, fd);

	if (r <= 0)
		return r;
	(*ret_n)++;
	return file->parse(file->prefix, (const char *)f->text.data, f->text.len, take, userdata);
}

int counter_files_read(struct counter_files *f, counter_take_fn take, void *userdata)
{
	const struct counter_file_list *l = &lists[f->scope];
	size_t n_read = 0;
	int r = 0;

	for (size_t i = 0; !r && i < l->n; i++) {
		if (f->fds[i] >= 0)
			r = file_parse(f, &l->files[i], f->fds[i], take, userdata, &n_read);
	}
	return r;
}

int counter_files_read_in(struct counter_files *f, const char *dir, counter_take_fn take,
			  void *userdata, size_t *ret_n)
{
	const struct counter_file_list *l = &lists[f->scope];
	int r = 0;

	*ret_n = 0;
	for (size_t i = 0; !r && i < l->n; i++) {
		int fd CLEANUP(close_p) = file_open(dir, l->files[i].path);

		if (fd >= 0)
			r = file_parse(f, &l->files[i], fd, take, userdata, ret_n);
	}
	return r;
}
