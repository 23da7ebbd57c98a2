"""Asking many hosts at once, but each one politely: one request at a time, and a pause between."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Generic, TypeVar

PAUSE = 1.0  # seconds between two requests to a host
_HOSTS_AT_ONCE = 16
_WAKE_UP = 0.5  # seconds; on Windows, Ctrl-C does not end a longer wait

Job = TypeVar("Job")
Result = TypeVar("Result")


class Stopped(Exception):
    """The run was interrupted while a request waited for its turn."""


@dataclass(slots=True)
class _Host:
    lock: Lock = field(default_factory=Lock)
    free_at: float = 0.0


class Turns:
    """The turns of requests to hosts, shared by all threads: redirects lead from host to host."""

    def __init__(self) -> None:
        self.pause = PAUSE
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._lock = Lock()
        self._stopped = Event()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until no other request to a host is running and the pause is over.

        A pause follows a request that was answered; where none is, few requests are made at all.
        """
        with self._lock:
            entry = self._hosts[host]
        with entry.lock:
            self.wait(entry.free_at - monotonic())
            yield
            entry.free_at = monotonic() + self.pause

    def wait(self, seconds: float) -> None:
        """Wait; raises Stopped when the run is interrupted meanwhile."""
        if self._stopped.wait(max(seconds, 0)):
            raise Stopped

    def stop(self) -> None:
        """End all waiting."""
        self._stopped.set()


class HostQueue(Generic[Job, Result]):
    """Jobs by host, done in threads, the jobs of one host one after another.

    ``work`` does the jobs of a host and yields their results.
    """

    def __init__(self, work: Callable[[Sequence[Job]], Iterator[Result]], turns: Turns) -> None:
        self._work = work
        self._turns = turns
        self._waiting: SimpleQueue[Sequence[Job]] = SimpleQueue()
        self._done: SimpleQueue[Result | BaseException] = SimpleQueue()

    def run(self, jobs: Sequence[Job], *, host: Callable[[Job], str]) -> Iterator[Result]:
        """Yield the results as they come; raises what ``work`` raises."""
        by_host = defaultdict(list)
        for job in jobs:
            by_host[host(job)].append(job)
        for several in sorted(by_host.values(), key=len, reverse=True):  # the longest first
            self._waiting.put(several)
        for _ in range(min(len(by_host), _HOSTS_AT_ONCE)):
            # A daemon thread does not keep an interrupted process waiting for a slow server.
            Thread(target=self._serve, daemon=True).start()
        try:
            for _ in jobs:
                yield self._next()
        finally:
            self._turns.stop()

    def _next(self) -> Result:
        while True:
            try:
                result = self._done.get(timeout=_WAKE_UP)
            except Empty:
                continue
            if isinstance(result, BaseException):
                raise result
            return result

    def _serve(self) -> None:
        try:
            while True:
                for result in self._work(self._waiting.get_nowait()):
                    self._done.put(result)
        except (Empty, Stopped):
            return
        except BaseException as error:  # raised again in the caller's thread
            self._done.put(error)
