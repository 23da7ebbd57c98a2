"""Work spread over processes is done whole, wherever and however it is done."""

import multiprocessing
import os
import signal
import sys
import threading
from functools import partial

import pytest

from healthcoop.files import parallel
from healthcoop.files.parallel import spread


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
def test_parts_go_to_other_processes_and_all_come_back():
    assert sorted(spread(double, [1, 2, 3])) == [(2, True), (4, True), (6, True)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the program itself does")
def test_when_a_process_is_killed_its_work_is_done_all_the_same():
    assert sorted(spread(partial(die_at, 3), list(range(8)))) == list(range(0, 16, 2))


def test_no_more_processes_than_asked_for(monkeypatch):
    asked = []
    pool = parallel.ProcessPoolExecutor
    monkeypatch.setattr(
        parallel,
        "ProcessPoolExecutor",
        lambda jobs, **rest: (asked.append(jobs), pool(jobs, **rest))[1],
    )
    monkeypatch.setattr(parallel, "_context", lambda: multiprocessing.get_context("spawn"))
    assert list(spread(double, [1, 2, 3], jobs=1)) == [(2, False), (4, False), (6, False)]
    assert sorted(spread(double, [1, 2, 3, 4], jobs=3))[0] == (2, True)
    assert asked == [3]


def test_one_part_or_one_processor_needs_no_other_process(monkeypatch):
    assert list(spread(double, [1])) == [(2, False)]
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert list(spread(double, [1, 2])) == [(2, False), (4, False)]


def test_beside_other_threads_nothing_is_forked_and_no_stranger_is_run_twice(monkeypatch):
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert list(spread(double, [1, 2])) == [(2, False), (4, False)]
        main = sys.modules["__main__"]
        monkeypatch.setattr(main, "__spec__", None)
        monkeypatch.setattr(main, "__file__", "/usr/bin/healthcoop", raising=False)
        context = parallel._context()
        assert context is not None
        assert context.get_start_method() == "spawn"
    finally:
        done.set()
        thread.join()
