"""A parallel map returns all results, whatever happens to its processes."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from itertools import takewhile

import pytest

from healthcoop.files import parallel
from healthcoop.files.parallel import map_parallel


def double(number):
    return number * 2, multiprocessing.parent_process() is not None


def process_id(_):
    time.sleep(0.005)
    return os.getpid()


def process_and_input(number):
    return process_id(number), number


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
def test_work_is_done_where_fork_fails(started, monkeypatch):
    forks = iter(range(started))
    fork = os.fork

    def fail_after_some():
        if next(forks, None) is None:
            raise BlockingIOError(11, "Resource temporarily unavailable")
        return fork()

    monkeypatch.setattr(os, "fork", fail_after_some)
    elsewhere = bool(started)  # one process is enough
    assert sorted(map_parallel(double, [1, 2])) == [(2, elsewhere), (4, elsewhere)]
    for process in multiprocessing.active_children():
        process.join(10)
    assert not multiprocessing.active_children()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the program itself does")
def test_number_of_processes_is_at_most_jobs():
    assert len(set(map_parallel(process_id, range(30), jobs=3))) == 3
    assert set(map_parallel(process_id, range(3), jobs=1)) == {os.getpid()}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the program itself does")
def test_an_input_apart_has_a_process_of_its_own_that_ends_with_it():
    made = map_parallel(process_and_input, range(200), apart=[-1])
    early = [*takewhile(lambda found: found[1] != -1, made)]
    deadline = time.monotonic() + 10
    while len(multiprocessing.active_children()) > 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert sorted(number for _, number in (*early, *made)) == [*range(200)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the program itself does")
def test_an_input_apart_is_done_by_the_parent_where_its_process_is_killed():
    found = map_parallel(partial(die_at, 3), [0, 1, 2], apart=[3, 4])
    assert sorted(found) == [0, 2, 4, 6, 8]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only the program itself does")
def test_exception_of_the_function_is_raised():
    with pytest.raises(ZeroDivisionError):
        list(map_parallel(partial(divmod, 1), [1, 0, 2]))
    assert not multiprocessing.active_children()


def test_processes_are_spawned_where_they_cannot_be_forked(monkeypatch):
    monkeypatch.setattr(parallel, "_context", lambda: multiprocessing.get_context("spawn"))
    assert sorted(map_parallel(double, [1, 2, 3])) == [(2, True), (4, True), (6, True)]


LIMITED = """
import multiprocessing.popen_fork, os, resource, sys
from healthcoop.files.parallel import map_parallel
name, value = sys.argv[1], int(sys.argv[2])
os.cpu_count = lambda: 3
resource.setrlimit(getattr(resource, name), (value, value))
if os.getuid() == 0:  # whom the limit of processes does not concern
    os.setgroups([])
    os.setgid(54321)
    os.setuid(54321)
print(sum(map_parallel(abs, range(100))))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limits are those of Linux")
@pytest.mark.parametrize(
    "limit",
    [
        *(("NPROC", 0), ("FSIZE", 0)),
        *(pytest.param(("NPROC", number), marks=pytest.mark.slow) for number in range(1, 7)),
        *(pytest.param(("NOFILE", number), marks=pytest.mark.slow) for number in (8, 11)),
    ],
)
def test_system_limits_cost_time_only(limit):
    """With FSIZE 0 no semaphore can be created, as where /dev/shm is not writable."""
    words = [sys.executable, "-c", LIMITED, f"RLIMIT_{limit[0]}", str(limit[1])]
    done = subprocess.run(words, check=False, capture_output=True, timeout=30)
    assert (done.stdout, done.stderr) == (b"4950\n", b"")


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
