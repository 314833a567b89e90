// SPDX-License-Identifier: MIT
#include "tape/codec.h"

#include <errno.h>
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

struct packer {
	ZSTD_CCtx *context;
};

struct expander {
	ZSTD_DCtx *context;
};

int packer_new(int level, struct packer **ret, struct fault *fault)
{
	struct packer *p CLEANUP(packer_free_p) = calloc(1, sizeof(*p));
	size_t r;

	if (!p)
		return fault_no_memory(fault);
	p->context = ZSTD_createCCtx();
	if (!p->context)
		return fault_no_memory(fault);
	r = ZSTD_CCtx_setParameter(p->context, ZSTD_c_compressionLevel, level);
	if (ZSTD_isError(r))
		return fault_set(fault, -EINVAL, "zstd has no level %d", level);
	*ret = TAKE(p);
	return 0;
}

struct packer *packer_free(struct packer *p)
{
	if (p) {
		ZSTD_freeCCtx(p->context);
		free(p);
	}
	return NULL;
}

int packer_run(struct packer *p, const void *data, size_t len, void *dst, size_t cap,
	       size_t *ret_len, struct fault *fault)
{
	size_t n = ZSTD_compress2(p->context, dst, cap, data, len);

	if (ZSTD_isError(n)) {
		if (ZSTD_getErrorCode(n) == ZSTD_error_dstSize_tooSmall)
			return 0;
		return fault_set(fault, -ENOMEM, "zstd: %s", ZSTD_getErrorName(n));
	}
	*ret_len = n;
	return 1;
}

int expander_new(struct expander **ret, struct fault *fault)
{
	struct expander *e CLEANUP(expander_free_p) = calloc(1, sizeof(*e));

	if (!e)
		return fault_no_memory(fault);
	e->context = ZSTD_createDCtx();
	if (!e->context)
		return fault_no_memory(fault);
	*ret = TAKE(e);
	return 0;
}

struct expander *expander_free(struct expander *e)
{
	if (e) {
		ZSTD_freeDCtx(e->context);
		free(e);
	}
	return NULL;
}

bool expander_fits(const void *data, size_t len, size_t raw_len)
{
	return ZSTD_getFrameContentSize(data, len) == raw_len &&
	       ZSTD_findFrameCompressedSize(data, len) == len;
}

int expander_run(struct expander *e, const void *data, size_t len, void *dst, size_t raw_len,
		 struct fault *fault)
{
	size_t n = ZSTD_decompressDCtx(e->context, dst, raw_len, data, len);

	if (ZSTD_isError(n))
		return fault_set(fault, -EBADMSG, "zstd: %s", ZSTD_getErrorName(n));
	if (n != raw_len)
		return fault_set(fault, -EBADMSG, "zstd frame of %zu bytes, header says %zu", n,
				 raw_len);
	return 0;
}
