"""A parallel map returns all results, whatever happens to its processes."""

import multiprocessing
import os
import signal
import sys
import threading
from functools import partial

import pytest

from healthcoop.files import parallel
from healthcoop.files.parallel import map_parallel


def double(number):
    return number * 2, multiprocessing.parent_process() is not None


def die_at(fatal, number):
    if number == fatal and multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the program itself does")
def test_inputs_are_processed_by_other_processes():
    assert sorted(map_parallel(double, [1, 2, 3])) == [(2, True), (4, True), (6, True)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the program itself does")
def test_work_of_a_killed_process_is_done_by_the_parent():
    assert sorted(map_parallel(partial(die_at, 3), list(range(8)))) == list(range(0, 16, 2))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
@pytest.mark.parametrize("started", [0, 1])
def test_parent_does_the_work_where_fork_fails(started, monkeypatch):
    forks = iter(range(started))
    fork = os.fork

    def fail_after_some():
        if next(forks, None) is None:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return fork()

    monkeypatch.setattr(os, "fork", fail_after_some)
    assert list(map_parallel(double, [1, 2, 3])) == [(2, False), (4, False), (6, False)]
    for process in multiprocessing.active_children():
        process.join(10)
    assert not multiprocessing.active_children()


def test_number_of_processes_is_at_most_jobs(monkeypatch):
    started = []
    pool = parallel.ProcessPoolExecutor
    monkeypatch.setattr(
        parallel,
        "ProcessPoolExecutor",
        lambda jobs, **rest: (started.append(jobs), pool(jobs, **rest))[1],
    )
    monkeypatch.setattr(parallel, "_context", lambda: multiprocessing.get_context("spawn"))
    assert list(map_parallel(double, [1, 2, 3], jobs=1)) == [(2, False), (4, False), (6, False)]
    assert sorted(map_parallel(double, [1, 2, 3, 4], jobs=3))[0] == (2, True)
    assert started == [3]


def test_one_input_or_one_core_needs_no_other_process(monkeypatch):
    assert list(map_parallel(double, [1])) == [(2, False)]
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert list(map_parallel(double, [1, 2])) == [(2, False), (4, False)]


def test_with_other_threads_only_the_own_program_is_spawned(monkeypatch):
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert list(map_parallel(double, [1, 2])) == [(2, False), (4, False)]
        main = sys.modules["__main__"]
        monkeypatch.setattr(main, "__spec__", None)
        monkeypatch.setattr(main, "__file__", "/usr/bin/healthcoop", raising=False)
        context = parallel._context()
        assert context is not None
        assert context.get_start_method() == "spawn"
    finally:
        done.set()
        thread.join()
