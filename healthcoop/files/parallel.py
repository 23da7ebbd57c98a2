"""Work over several processes, where they can be started without harm."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import wait
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")

_AHEAD = 4  # parts given out for each process
_ALLOCATIONS = 50_000


def spread(
    function: Callable[[A], B], parts: Sequence[A], *, jobs: int | None = None
) -> Iterator[B]:
    """Give what the function makes of each part, in no certain order.

    ``jobs`` is the number of processes, all cores by default. The function is told to each process
    once, and must be picklable, as the parts and what it makes of them.
    """
    context = _context()
    workers = min(jobs or os.cpu_count() or 1, len(parts))
    if context is None or workers < 2:
        yield from map(function, parts)
        return
    pool = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_begin, initargs=(function,)
    )
    rest = iter(parts)
    waiting: dict[Future[B], A] = {}
    try:
        with _interrupts_held_back():
            for part in islice(rest, workers * _AHEAD):
                waiting[pool.submit(_work, part)] = part
        while waiting:
            for future in wait_for(waiting, return_when=FIRST_COMPLETED).done:
                yield future.result()
                del waiting[future]
                # One done, one more begun: who is slower than the processes is not buried.
                for part in islice(rest, 1):
                    waiting[pool.submit(_work, part)] = part
    except BrokenProcessPool:  # a worker was killed, perhaps for want of memory: go on alone
        yield from map(function, [*waiting.values(), *rest])
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Let an interrupt wait until the processes are there.

    One that comes while Python forks is raised in a hook of the fork, which drops it; and a process
    that has not begun yet would die of it. Processes begin with it held back too.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _context() -> BaseContext | None:
    """Choose how to start processes; None where that would do harm."""
    if multiprocessing.parent_process() is not None:
        return None
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    # Elsewhere a new process first runs the main program again, up to its `if __name__ ...`: ours
    # has one, a script that uses the library may not.
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    program = spec.name if spec else Path(getattr(main, "__file__", None) or "").stem
    ours = program in ("healthcoop", "healthcoop.__main__")
    return multiprocessing.get_context("spawn") if ours else None


_function: Callable[[Any], Any] | None = None


def _begin(function: Callable[[Any], Any]) -> None:
    """Keep the function; leave interrupts to the parent, and end with it, however that comes."""
    global _function  # noqa: PLW0603 - a process of the pool does one thing
    _function = function
    # What is made of a part is thousands of objects without a circle, looked over in vain.
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _work(part: Any) -> Any:
    assert _function is not None  # noqa: S101 - the pool's initializer kept it
    return _function(part)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
