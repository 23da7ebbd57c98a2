"""A function mapped over many inputs in several processes, where they can be started safely."""

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar, cast

A = TypeVar("A")
B = TypeVar("B")

_ALLOCATIONS = 50_000
_AHEAD = 2
"""Inputs that a process has been given at most: it works while this one uses a result."""


def map_parallel(
    function: Callable[[A], B],
    inputs: Sequence[A],
    *,
    apart: Sequence[A] = (),
    jobs: int | None = None,
    only_forked: bool = False,
) -> Iterator[B]:
    """Yield the function's result for each input, in no particular order.

    ``jobs`` is the number of processes, by default one for each core. Each input that is ``apart``
    has a further process, which ends with it: for those whose libraries keep much memory. The
    function and all inputs are sent to each process once; they and the results must be picklable.
    With ``only_forked`` they need not be, but the results; it is for what would be expensive to
    send. Where no process can be started, or one is killed, this process does the work.
    """
    context = _context()
    if context and only_forked and context.get_start_method() != "fork":
        context = None
    workers = min(jobs or os.cpu_count() or 1, len(inputs))
    inputs = [*inputs, *apart]
    if context is None or workers < 2:
        yield from map(function, inputs)
        return
    # Pipes alone: unlike a pool of the standard library, they need no thread, no semaphore and no
    # shared memory, which may be missing in a container.
    waiting = dict(enumerate(inputs))
    shared = len(inputs) - len(apart)
    numbers = iter(range(shared))
    sent: dict[Connection, deque[int]] = {}
    with _workers(context, function, inputs, workers + len(apart)) as idle:
        for connection in idle[:workers]:
            sent[connection] = deque()
            for _ in range(_AHEAD):
                _send_next(connection, numbers, sent[connection])
        for own, connection in enumerate(idle[workers:], shared):
            sent[connection] = deque()
            _send_next(connection, iter([own]), sent[connection])
        while busy := [connection for connection, queue in sent.items() if queue]:
            for ready in wait(busy):
                connection = cast(Connection, ready)
                try:
                    result, error = connection.recv()
                except (EOFError, OSError):  # it was killed, perhaps for lack of memory
                    del sent[connection]
                    continue
                if error:
                    raise error
                number = sent[connection].popleft()
                if number < shared:
                    _send_next(connection, numbers, sent[connection])
                else:
                    connection.close()
                    del sent[connection]
                del waiting[number]
                yield result
    yield from map(function, waiting.values())


def _send_next(connection: Connection, numbers: Iterator[int], queue: deque[int]) -> None:
    """Send the number of the next input, if any; a process that was killed is not given one.

    A number never fills a pipe, so that this process is always ready to receive results.
    """
    for number in numbers:
        with suppress(OSError):
            connection.send(number)
            queue.append(number)
        return


@contextmanager
def _workers(
    context: BaseContext, function: Callable[[A], Any], inputs: Sequence[A], number: int
) -> Iterator[list[Connection]]:
    """Start processes, as many as can be, and yield a connection to each; stop them at the end."""
    processes: list[BaseProcess] = []
    connections: list[Connection] = []
    try:
        with _interrupts_blocked(), suppress(OSError):
            for _ in range(number):
                ours, theirs = context.Pipe()
                connections.append(ours)
                # A forked process has what this one has open; spawned ones would be sent it.
                inherited = connections if context.get_start_method() == "fork" else ()
                process = context.Process(  # type: ignore[attr-defined]
                    target=_work, args=(function, inputs, theirs, inherited), daemon=True
                )
                with theirs:
                    process.start()
                processes.append(process)
        yield connections[: len(processes)]
    finally:
        for connection in connections:
            connection.close()
        for process in processes:
            process.terminate()
        for process in processes:
            process.join()


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


def _work(
    function: Callable[[A], Any],
    inputs: Sequence[A],
    connection: Connection,
    inherited: Sequence[Connection],
) -> None:
    """Call the function with each input whose number arrives, until the parent is gone.

    Interrupts are left to the parent process.
    """
    for other in inherited:
        other.close()
    # Results are thousands of objects without a cycle, which the garbage collector would scan.
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    with suppress(EOFError, OSError):
        while True:
            item = inputs[connection.recv()]
            outcome: tuple[Any, Exception | None]
            try:
                outcome = function(item), None
            except Exception as error:  # the parent raises it
                outcome = None, error
            connection.send(outcome)
