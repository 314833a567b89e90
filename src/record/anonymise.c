// SPDX-License-Identifier: MIT
/*
 * anonymise: rewrites one field in many rows, then the next field in the same rows, so that the
 * slots of the hash table can be prefetched some rows before they are needed.
 */
#include "record/anonymise.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "format/records.h"
#include "kernel/kallsyms.h"
#include "record/addr-ids.h"
#include "record/feistel.h"
#include "record/kernel-addresses.h"

/* Rows that are rewritten together; so few stay in the cache from one field to the next. */
#define BLOCK_ROWS 128u
/* Rows between the one that is rewritten and the one whose slot is prefetched. */
#define AHEAD 12u
/* Ids beyond dense_max that addresses of code may take: they are few, and each has a symbol. */
#define CODE_EXTRA 65536u

struct anonymiser {
	struct anonymiser_options options;
	struct kernel_addresses addresses;
	struct addr_ids ids;
	struct feistel_key key;
	struct kallsyms *kallsyms; /* NULL until first needed, and when it cannot be read */
	bool is_kallsyms_tried;
	struct anonymise_symbols symbols;
};

int anonymiser_new(const struct anonymiser_options *o, struct anonymiser **ret, struct fault *fault)
{
	struct anonymiser *s CLEANUP(anonymiser_free_p) = calloc(1, sizeof(*s));

	if (!s)
		return fault_no_memory(fault);
	s->options = *o;
	s->options.arch = NULL;
	s->addresses = kernel_addresses_of(o->arch);
	if (getrandom(&s->key, sizeof(s->key), 0) != (ssize_t)sizeof(s->key))
		return fault_set(fault, -EIO, "the kernel gives no random numbers");
	*ret = TAKE(s);
	return 0;
}

struct anonymiser *anonymiser_free(struct anonymiser *s)
{
	if (s) {
		addr_ids_done(&s->ids);
		kallsyms_free(s->kallsyms);
		buffer_done(&s->symbols.records);
		explicit_bzero(&s->key, sizeof(s->key));
		free(s);
	}
	return NULL;
}

struct anonymise_symbols *anonymiser_new_symbols(struct anonymiser *s)
{
	return &s->symbols;
}

/* Finds the gaps between fields. The kernel does not clear them: they hold parts of earlier
 * records, halves of addresses among them. */
static size_t format_find_gaps(const struct trace_format *f, struct anonymise_field *ret,
			       size_t max)
{
	uint32_t at = 0;
	size_t n = 0;

	while (at < f->record_size && n < max) {
		uint32_t next = f->record_size, covered = at;

		for (size_t i = 0; i < f->n_fields; i++) {
			const struct trace_field *field = &f->fields[i];
			uint32_t end = (uint32_t)field->offset + field->size;

			if (field->offset <= at && end > covered)
				covered = end;
			if (field->offset > at && field->offset < next)
				next = field->offset;
		}
		if (covered > at) {
			at = covered;
			continue;
		}
		if (next - at > UINT8_MAX)
			next = at + UINT8_MAX;
		ret[n++] = (struct anonymise_field){
			.offset = (uint16_t)at, .size = (uint8_t)(next - at), .is_gap = true};
		at = next;
	}
	return n;
}

/* Adds the elements of an array of longs. Returns how many there were room for. */
static size_t array_add(const struct trace_field *f, struct anonymise_field *ret, size_t max)
{
	size_t n = 0;

	if (f->element_size != 4 && f->element_size != 8)
		return 0;
	for (size_t at = 0; at + f->element_size <= f->size && n < max; at += f->element_size)
		ret[n++] = (struct anonymise_field){
			.offset = (uint16_t)(f->offset + at),
			.size = f->element_size,
			.is_decimal = f->is_shown_in_decimal,
		};
	return n;
}

size_t anonymise_fields(const struct trace_format *f, struct anonymise_field *ret, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_fields && n < max; i++) {
		const struct trace_field *field = &f->fields[i];
		bool is_pointer = field->is_pointer || field->is_shown_as_pointer;

		if (field->is_long_array && !field->is_common) {
			n += array_add(field, ret + n, max - n);
			continue;
		}
		if (field->is_common || field->is_array || field->is_dynamic ||
		    (!is_pointer && !field->is_long))
			continue;
		if (field->size != 4 && field->size != 8)
			continue;
		ret[n++] = (struct anonymise_field){
			.offset = field->offset,
			.size = (uint8_t)field->size,
			.is_pointer = is_pointer,
			.is_decimal = !is_pointer && field->is_shown_in_decimal,
		};
	}
	return n + format_find_gaps(f, ret + n, max - n);
}

static bool address_find_symbol(struct anonymiser *s, uint64_t addr, struct kallsyms_symbol *ret)
{
	if (!s->is_kallsyms_tried) {
		s->is_kallsyms_tried = true;
		/* A list that cannot be loaded is no error: ids then have no symbols. */
		if (kallsyms_load(s->options.kallsyms, &s->kallsyms, NULL) < 0)
			s->kallsyms = NULL;
	}
	return s->kallsyms && kallsyms_find(s->kallsyms, addr, ret);
}

static int symbol_add(struct anonymiser *s, uint64_t id, const struct kallsyms_symbol *found)
{
	struct symbol_record record = {.id = id, .name = ""};
	int r;

	if (found) {
		record.name = found->name;
		record.offset = (uint32_t)found->offset;
	}
	r = symbol_record_encode(&s->symbols.records, &record);
	if (r < 0)
		return r;
	s->symbols.n++;
	return 0;
}

static uint64_t address_permute(const struct anonymiser *s, uint64_t addr, unsigned int size)
{
	/* The two topmost bits are dropped: they are the same in all addresses of a kernel. */
	if (size == 4)
		return 1ULL << 31 | feistel(&s->key, 15, addr);
	return 1ULL << 63 | feistel(&s->key, 31, addr);
}

/* Chooses the value *ret that replaces an address which has no id yet. */
static int address_add(struct anonymiser *s, uint64_t addr, unsigned int size, bool is_code,
		       uint64_t *ret)
{
	struct kallsyms_symbol found;
	bool has_symbol = address_find_symbol(s, addr, &found);
	size_t limit = s->options.dense_max;
	uint32_t id;

	is_code |= has_symbol;
	if (s->options.raw_pointers && !is_code) {
		*ret = addr;
		return 0;
	}
	if (s->ids.n >= limit + (is_code ? CODE_EXTRA : 0)) {
		*ret = s->options.raw_pointers ? addr : address_permute(s, addr, size);
		return 0;
	}
	id = addr_ids_add(&s->ids, addr);
	if (!id)
		return -ENOMEM;
	*ret = s->options.raw_pointers ? addr : id;
	return is_code ? symbol_add(s, *ret, has_symbol ? &found : NULL) : 0;
}

static int address_replace(struct anonymiser *s, uint64_t addr, unsigned int size, bool is_code,
			   uint64_t *ret)
{
	uint32_t id = addr_ids_get(&s->ids, addr);

	if (!id)
		return address_add(s, addr, size, is_code, ret);
	*ret = s->options.raw_pointers ? addr : id;
	return 0;
}

int anonymise_code(struct anonymiser *s, uint64_t addr, uint64_t *ret)
{
	*ret = 0;
	return addr ? address_replace(s, addr, sizeof(addr), true, ret) : 0;
}

/* True if the value of a long is to be replaced as an address. */
static bool is_address(struct anonymiser *s, uint64_t v, const struct anonymise_field *field)
{
	struct kallsyms_symbol found;

	if (field->is_decimal)
		return kernel_addresses_have(&s->addresses, v, field->size);
	return kernel_addresses_may_have(&s->addresses, v, field->size) ||
	       address_find_symbol(s, v, &found);
}

static inline uint64_t field_get(const uint8_t *at, unsigned int size)
{
	uint64_t wide;
	uint32_t narrow;

	if (size == 8) {
		memcpy(&wide, at, 8);
		return wide;
	}
	memcpy(&narrow, at, 4);
	return narrow;
}

static inline void field_put(uint8_t *at, unsigned int size, uint64_t v)
{
	uint32_t narrow = (uint32_t)v;

	if (size == 8)
		memcpy(at, &v, 8);
	else
		memcpy(at, &narrow, 4);
}

static int anonymise_field(struct anonymiser *s, uint8_t *column, size_t row_len, size_t n,
			   const struct anonymise_field *field)
{
	uint64_t last = 0, last_id = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t *at = column + i * row_len;
		uint64_t addr = field_get(at, field->size);
		int r;

		if (i + AHEAD < n)
			addr_ids_prefetch(&s->ids, field_get(at + AHEAD * row_len, field->size));
		if (!addr)
			continue;
		if (addr != last) {
			if (!field->is_pointer && !is_address(s, addr, field))
				continue;
			r = address_replace(s, addr, field->size, false, &last_id);
			if (r < 0)
				return r;
			last = addr;
		}
		field_put(at, field->size, last_id);
	}
	return 0;
}

static int anonymise_block(struct anonymiser *s, uint8_t *rows, size_t row_len, size_t n,
			   const struct anonymise_field *fields, size_t n_fields)
{
	for (size_t i = 0; i < n_fields; i++) {
		int r;

		if ((size_t)fields[i].offset + fields[i].size > row_len)
			continue;
		if (fields[i].is_gap) {
			for (size_t k = 0; k < n; k++)
				memset(rows + k * row_len + fields[i].offset, 0, fields[i].size);
			continue;
		}
		r = anonymise_field(s, rows + fields[i].offset, row_len, n, &fields[i]);
		if (r < 0)
			return r;
	}
	return 0;
}

int anonymise_rows(struct anonymiser *s, uint8_t *rows, size_t row_len, size_t n,
		   const struct anonymise_field *fields, size_t n_fields)
{
	int r = 0;

	for (size_t at = 0; !r && at < n; at += BLOCK_ROWS)
		r = anonymise_block(s, rows + at * row_len, row_len,
				    n - at < BLOCK_ROWS ? n - at : BLOCK_ROWS, fields, n_fields);
	return r;
}
