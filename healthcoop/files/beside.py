"""One more process for a moment, without what multiprocessing costs to import."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def beside(work: Callable[[], bytes]) -> Iterator[Callable[[], bytes | None]]:
    """Begin some work in a process of its own; give a function that waits for what it made.

    It gives None where there is no such process, or it came to nothing: do the work yourself then.
    The work must neither write nor hold a lock.
    """
    if not _can_fork():
        yield lambda: None
        return
    reading, writing = os.pipe()
    # An interrupt of the second process between fork and its try would go up through the first's.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        number: int | None = os.fork()
        if number == 0:
            _give(work, writing)
    except OSError:  # there may be no more processes
        number = None
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(writing)
    running = number is not None

    def wait() -> bytes | None:
        nonlocal running
        running = False
        return None if number is None else _taken(number, reading)

    try:
        yield wait
    finally:
        os.close(reading)
        if running and number:
            os.kill(number, signal.SIGKILL)
            _status(number)


def _can_fork() -> bool:
    """Tell whether nothing but this thread runs: another may hold a lock that nobody would free."""
    try:
        return len(os.listdir("/proc/self/task")) == 1
    except OSError:  # not Linux
        return False


def _give(work: Callable[[], bytes], writing: int) -> None:
    """Do the work and end, without what Python does at its end: buffers and files are another's."""
    try:
        rest = memoryview(work())
        while rest:
            rest = rest[os.write(writing, rest) :]
        os._exit(0)
    finally:
        os._exit(1)


def _taken(number: int, reading: int) -> bytes | None:
    content = b""
    while part := os.read(reading, 1 << 16):
        content += part
    return content if _status(number) == 0 else None


def _status(number: int) -> int | None:
    """Wait for the process; None where the program that uses us waits for all of its own."""
    try:
        return os.waitpid(number, 0)[1]
    except ChildProcessError:
        return None
