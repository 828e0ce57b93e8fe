"""Independent parts of a judgement side by side: Polars lets go of the interpreter while it works.

A step over a frame of a hundred thousand rows seldom keeps two processors busy by itself; two such steps do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import polars as pl

Given = TypeVar("Given")
Made = TypeVar("Made")


def side_by_side() -> ThreadPoolExecutor:
    """Threads to hand independent steps to; leaving waits for all; a result raises what went wrong."""
    return ThreadPoolExecutor(pl.thread_pool_size())


def each(work: Callable[[Given], Made], things: Iterable[Given]) -> list[Made]:
    """``work`` done to each of the things; the answers in their order."""
    with side_by_side() as threads:
        return list(threads.map(work, things))
