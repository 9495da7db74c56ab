"""MD5 of many short texts at once: the layout of the buckets, and no secret.

The text of MD5 (RFC 1321), with a column of texts where it has a word. A million keys take a
fifth of the time of a call each, and other threads run meanwhile.
"""

import hashlib
from math import sin
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.lib.stride_tricks import sliding_window_view

from app.sync.contract.joining import stretch

SHORT = 55
"""So many bytes are one block of MD5; whatever is longer is digested by itself."""

TOGETHER = 4096  # texts whose words stay in the processor's own memory
BLOCK_BYTES, WORD_BYTES, WORDS, LENGTH_WORD = 64, 4, 16, 14
END = 0x80
TURNS = ((7, 12, 17, 22), (5, 9, 14, 20), (4, 11, 16, 23), (6, 10, 15, 21))
PLACES = ((1, 0), (5, 1), (3, 5), (7, 0))
SINES = [np.uint32(int(abs(sin(step + 1)) * 2**32)) for step in range(64)]
START = tuple(np.uint32(each) for each in (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476))

Numbers = np.ndarray[Any, np.dtype[np.uint64]]


def first_digits(texts: Any) -> Numbers:
    """Return the number of the first 15 hex digits of each text's MD5.

    ``texts``: a pyarrow array without nulls.
    """
    found = np.empty(len(texts), np.uint64)
    for begin in range(0, len(texts), TOGETHER):
        part = texts.slice(begin, TOGETHER)
        found[begin : begin + len(part)] = _digits(part)
    return found >> np.uint64(4)


def _digits(texts: Any) -> Numbers:
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    long = np.flatnonzero(lengths > SHORT)
    if not len(long):
        return _short(texts, lengths)
    found = np.empty(len(texts), np.uint64)
    short = np.flatnonzero(lengths <= SHORT)
    found[short] = _short(texts.take(pa.array(short)), lengths[short])
    found[long] = [_one(each.as_py()) for each in texts.take(pa.array(long))]
    return found


def _one(text: str) -> int:
    digest = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:8], "big")


def _short(texts: Any, lengths: Any) -> Numbers:
    """Return the first eight bytes of the MD5 of texts of one block, as big-endian numbers."""
    if not len(texts):
        return np.empty(0, np.uint64)
    words = _blocks(texts, lengths)
    digest = [np.full(len(texts), each) for each in START]
    a, b, c, d = (each.copy() for each in digest)
    mixed, turned = np.empty_like(a), np.empty_like(a)
    for step in range(64):
        _mix(step // 16, b, c, d, mixed)
        mixed += a
        mixed += SINES[step]
        by, at = PLACES[step // 16]
        word = words[(by * step + at) % WORDS]
        if word is not None:
            mixed += word
        left = TURNS[step // 16][step % 4]
        np.left_shift(mixed, np.uint32(left), out=turned)
        np.right_shift(mixed, np.uint32(32 - left), out=mixed)
        mixed |= turned
        mixed += b
        a, b, c, d, mixed = d, mixed, b, c, a
    first, second = digest[0] + a, digest[1] + b
    return (first.byteswap().astype(np.uint64) << np.uint64(32)) | second.byteswap()


def _mix(turn: int, b: Any, c: Any, d: Any, out: Any) -> None:
    """Write the function of a turn: F, G, H or I of the RFC."""
    if turn == 0:
        np.bitwise_xor(c, d, out=out)
        out &= b
        out ^= d
    elif turn == 1:
        np.bitwise_xor(b, c, out=out)
        out &= d
        out ^= c
    elif turn == 2:
        np.bitwise_xor(b, c, out=out)
        out ^= d
    else:
        np.invert(d, out=out)
        out |= b
        out ^= c


def _blocks(texts: Any, lengths: Any) -> list[Any]:
    """Return the sixteen words of each text's block, a column each; None where all are nothing."""
    rows, (places, content) = len(texts), stretch(texts)
    longest = int(lengths.max())
    square = np.zeros((rows, BLOCK_BYTES), np.uint8)
    letters = np.frombuffer(content, np.uint8)
    if len(letters) == rows * longest:
        square[:, :longest] = letters.reshape(rows, longest)
        square[:, longest] = END
    else:
        padded = np.append(letters, np.zeros(longest, np.uint8))
        square[:, :longest] = sliding_window_view(padded, longest)[places[:-1]]
        square[:, :longest] *= np.arange(longest) < lengths[:, np.newaxis]
        square[np.arange(rows), lengths] = END
    words: list[Any] = [None] * WORDS
    for place in range(longest // WORD_BYTES + 1):
        words[place] = np.ascontiguousarray(square.view("<u4")[:, place])
    words[LENGTH_WORD] = (lengths * 8).astype(np.uint32)
    return words
