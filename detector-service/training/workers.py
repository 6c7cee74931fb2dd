"""Pools of processes that keep the memory they once took, and that end with an error when one of them is killed.

The C library of Linux hands large blocks back to the system at once and takes them anew, emptied page by page: a network on a core spends up to half of its time on that.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

KEEP = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(2**40), "MALLOC_TOP_PAD_": str(2**28)}
"""Settings of glibc (mallopt(3)) that a process reads when it starts; other C libraries don't know them."""


def workers(processes: int, start=None, arguments=()) -> ProcessPoolExecutor:
    os.environ.update(KEEP)
    return ProcessPoolExecutor(processes, get_context("spawn"), start, arguments)
