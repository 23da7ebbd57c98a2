"""A function mapped over many inputs in several processes, where they can be started safely."""

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

_AHEAD = 4  # inputs submitted for each process
_ALLOCATIONS = 50_000


def map_parallel(
    function: Callable[[A], B], inputs: Sequence[A], *, jobs: int | None = None
) -> Iterator[B]:
    """Yield the function's result for each input, in no particular order.

    ``jobs`` is the number of processes, by default one for each core. The function is sent to each
    process once; it, the inputs and the results must be picklable. Where no process can be
    started, or one is killed, this process does the work.
    """
    context = _context()
    workers = min(jobs or os.cpu_count() or 1, len(inputs))
    if context is None or workers < 2:
        yield from map(function, inputs)
        return
    numbers = iter(range(len(inputs)))
    remaining = dict(enumerate(inputs))
    pending: dict[Future[B], int] = {}
    others = multiprocessing.active_children()
    pool = ProcessPoolExecutor(
        workers, mp_context=context, initializer=_initialise, initargs=(function,)
    )
    try:
        with _interrupts_blocked():
            for number in islice(numbers, workers * _AHEAD):
                pending[pool.submit(_call, inputs[number])] = number
        while pending:
            for future in wait_for(pending, return_when=FIRST_COMPLETED).done:
                result = future.result()
                del remaining[pending.pop(future)]
                yield result
                # One more for each that is done: results never pile up before a slow consumer.
                for number in islice(numbers, 1):
                    pending[pool.submit(_call, inputs[number])] = number
    except BrokenProcessPool:  # a process was killed, perhaps for lack of memory
        yield from map(function, remaining.values())
    except OSError:  # no process could be started, or not all of them
        for process in multiprocessing.active_children():
            if process not in others:
                process.terminate()
        yield from map(function, remaining.values())
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Delay interrupts until the processes have started.

    One that arrives while Python forks is raised in a hook of the fork, which drops it, and kills a
    process that is not initialised yet. The processes inherit the blocked signal.
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
    """Return how to start processes; None where that would do harm."""
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


def _initialise(function: Callable[[Any], Any]) -> None:
    """Store the function; leave interrupts to the parent process, and end when it ends."""
    global _function  # noqa: PLW0603 - a process of the pool has one function
    _function = function
    # Results are thousands of objects without a cycle, which the garbage collector would scan.
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _call(item: Any) -> Any:
    assert _function is not None  # noqa: S101 - the pool's initializer stored it
    return _function(item)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
