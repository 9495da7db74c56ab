"""Giving memory back: a page is tens of megabytes, and none of it is wanted after its commit.

Left to themselves, allocators keep what they were once given: Arrow's own pool for the next page,
and glibc by taking large blocks from the heap as soon as one of them was freed. Together that is
twice what the pages in hand take. With Arrow's memory from the system, and every block of a
megabyte mapped by itself, what is freed is gone: two processes that read and seal ten million
residents stay where one that reads the first million is.
"""

import ctypes

import pyarrow as pa

MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of glibc's malloc.h
LARGE = 1 << 20


def give_back() -> None:
    """Have this process, and those forked from it, return large blocks as soon as they are freed.

    Where there is no glibc the second half is left out: its malloc may do as it likes.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(MMAP_THRESHOLD, LARGE)


def tidy_up() -> None:
    """Return what small blocks left behind, where there is glibc: a page's are a tenth of it."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
