// SPDX-License-Identifier: MIT
/*
 * Any bytes as a tracepoint of a tape: byte 0 bit 0: big-endian, bit 1: 32 bits; byte 1: which
 * name of the catalog; bytes 2, 3: length of a row, which follows; then the format file.
 */
#include <stdlib.h>

#include "decode/decoder.h"
#include "tracepoint/catalog.h"
#include "tracepoint/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t use(const struct tcp_event *e)
{
	uint64_t sum = 0;

	for (int i = 0; i < TCP_FIELD_N; i++)
		sum += tcp_field_value(e, i) + !!tcp_field_word(e, i);
	for (size_t i = 0; i < e->n_extras; i++)
		sum += e->extras[i].text ? strlen(e->extras[i].text) : e->extras[i].value;
	return sum + (e->print ? strlen(e->print) : 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tape_meta meta = {.page_size = 4096};
	struct decoder *d CLEANUP(decoder_free_p) = NULL;
	struct tape_tracepoint tp = {0};
	const struct tracepoint_info *info;
	struct tape_row row = {0};
	struct tcp_event e;
	size_t row_len;
	uint8_t *copy;

	if (size < 4)
		return 0;
	row_len = data[2] | (data[3] & 0xf) << 8;
	if (row_len > size - 4)
		return 0;
	meta.is_big_endian = data[0] & 1;
	meta.long_size = data[0] & 2 ? 4 : 8;
	info = &tracepoint_catalog[data[1] % n_tracepoint_catalog];
	tp.system = info->system;
	tp.name = info->name;
	tp.format = (const char *)data + 4 + row_len;
	tp.format_len = size - 4 - row_len;
	/* Of its own, so that the sanitizer sees what reads beyond it. */
	copy = malloc(row_len ? row_len : 1);
	if (!copy || decoder_new(&meta, DECODER_PRINT_ALL, &d, NULL) < 0)
		abort();
	memcpy(copy, data + 4, row_len);
	row = (struct tape_row){.tracepoint = &tp, .data = copy, .len = row_len};
	for (int i = 0; i < 2; i++) {
		if (decoder_event(d, &row, &e, NULL) < 0 || use(&e) == UINT64_MAX)
			abort();
	}
	free(copy);
	return 0;
}
