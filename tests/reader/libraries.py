# SPDX-License-Identifier: MIT
"""The two C libraries that the reader needs: sums and compression. Python 3.11 has neither."""

import ctypes

from problem import Malformed

_xxhash = ctypes.CDLL("libxxhash.so.0")
_xxhash.XXH64.restype = ctypes.c_uint64
_xxhash.XXH64.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint64)

_zstd = ctypes.CDLL("libzstd.so.1")
_zstd.ZSTD_getFrameContentSize.restype = ctypes.c_uint64
_zstd.ZSTD_getFrameContentSize.argtypes = (ctypes.c_char_p, ctypes.c_size_t)
_zstd.ZSTD_findFrameCompressedSize.restype = ctypes.c_size_t
_zstd.ZSTD_findFrameCompressedSize.argtypes = (ctypes.c_char_p, ctypes.c_size_t)
_zstd.ZSTD_decompress.restype = ctypes.c_size_t
_zstd.ZSTD_decompress.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p,
                                  ctypes.c_size_t)


def xxh64(data):
    """XXH64 of bytes, with seed 0."""
    return _xxhash.XXH64(data, len(data), 0)


def expand(stored, raw_len):
    """The content of the single zstd frame that `stored` is."""
    if _zstd.ZSTD_getFrameContentSize(stored, len(stored)) != raw_len:
        raise Malformed("the frame does not state raw_len")
    if _zstd.ZSTD_findFrameCompressedSize(stored, len(stored)) != len(stored):
        raise Malformed("the frame does not fill stored_len")
    raw = ctypes.create_string_buffer(raw_len or 1)
    if _zstd.ZSTD_decompress(raw, raw_len, stored, len(stored)) != raw_len:
        raise Malformed("the frame does not expand to raw_len bytes")
    return raw.raw[:raw_len]
