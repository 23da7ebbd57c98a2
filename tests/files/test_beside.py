"""A second process does its work or is not missed; tried from programs with nothing beside them."""

import subprocess
import sys

import pytest

needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of threads")

BEGIN = """
import os, signal, threading, time
from healthcoop.files.beside import beside

def alone():
    "Whether no child is left, neither running nor waited for."
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return True
"""


def run(program):
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + program],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@needs_fork
def test_what_it_made_comes_whole_and_nothing_is_left_of_it():
    assert (
        run("""
with beside(lambda: b"%d " % os.getpid() * 100_000) as wait:
    made = wait()
print(len(set(made.split())), int(made.split()[0]) != os.getpid(), alone())
""")
        == "1 True True\n"
    )


@needs_fork
@pytest.mark.parametrize(
    "work", ["1 / 0", "os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0) or b'half'", "exit()"]
)
def test_it_is_told_where_it_came_to_nothing_and_nothing_is_printed_twice(work):
    assert (
        run(f"""
print("once")
with beside(lambda: {work}) as wait:
    print(not wait(), alone())
""")
        == "once\nTrue True\n"
    )


@needs_fork
def test_it_ends_with_who_does_not_wait_for_it():
    assert (
        run("""
begun = time.monotonic()
try:
    with beside(lambda: time.sleep(50)):
        raise KeyError
except KeyError:
    print(alone(), time.monotonic() - begun < 25)
""")
        == "True True\n"
    )


@needs_fork
def test_an_interrupt_of_both_is_raised_once():
    assert (
        run("""
os.setpgid(0, 0)
begun = time.monotonic()
try:
    with beside(lambda: time.sleep(50)) as wait:
        os.killpg(0, signal.SIGINT)
        wait()
except KeyboardInterrupt:
    print(alone(), time.monotonic() - begun < 25)
""")
        == "True True\n"
    )


def test_there_is_none_beside_other_threads():
    assert (
        run("""
stop = threading.Event()
threading.Thread(target=stop.wait).start()
with beside(lambda: b"made") as wait:
    print(wait())
stop.set()
""")
        == "None\n"
    )


@needs_fork
def test_there_is_none_where_there_are_too_many_processes():
    assert (
        run("""
def fork():
    raise BlockingIOError(11, "Resource temporarily unavailable")

os.fork = fork
before = os.listdir("/proc/self/fd")
with beside(lambda: b"made") as wait:
    print(wait())
print(os.listdir("/proc/self/fd") == before)
""")
        == "None\nTrue\n"
    )
