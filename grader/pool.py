"""Processes for work that takes long; they end with whoever started them, even if it was killed."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor


def start_pool(
    jobs: int, prepare: Callable[..., None] | None = None, *args: object
) -> ProcessPoolExecutor:
    """Return fresh interpreters, none of which shares memory or descriptors with this one.

    Args:
        jobs: How many.
        prepare: Called first in each of them.
        *args: Its arguments.
    """
    return ProcessPoolExecutor(
        max_workers=jobs,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(prepare, args),
    )


def _start(prepare: Callable[..., None] | None, args: tuple[object, ...]) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if prepare:
        prepare(*args)


def _end_with_parent() -> None:
    """End this process when its parent has ended: it would wait for its next job for ever."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
