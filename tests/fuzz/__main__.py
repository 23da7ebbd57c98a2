"""Try corrupted files by the hundred thousand, each identified by seed and number.

``python -m tests.fuzz --inputs 1000000 --seed 1 --jobs 2``, with ``--whole`` all the way of a
record and not its reading alone; ``--only N`` tries, and prints, one of them.
"""

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cache

from healthcoop.files import nodes

from .mutation import mutate, seeds
from .promises import Whole, check_reading

CHUNK = 1000
SECONDS = 2.0
"""The limit of processor time for one file of some kilobytes."""
HANGING = 600.0  # seconds for a chunk, after which its process is taken to hang


@dataclass(slots=True)
class Tally:
    """The results of some inputs."""

    tried: int = 0
    read: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)
    broken: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add the counts of another."""
        self.tried += other.tried
        self.read += other.read
        self.codes += other.codes
        self.slowest = max(self.slowest, other.slowest)
        self.broken += other.broken


def make(seed: int, number: int) -> bytes:
    """Return one input, determined by seed, number and seed files."""
    return mutate(random.Random(f"{seed}:{number}"), _seeds())


def run_chunk(seed: int, first: int, last: int, whole: bool) -> Tally:
    """Run the inputs of one chunk."""
    tally = Tally()
    check = _whole() if whole else _read
    for number in range(first, last):
        content = make(seed, number)
        start = time.process_time()
        try:
            tally.read += check(content)
        except Exception:
            tally.broken.append(f"--seed {seed} --only {number}\n{traceback.format_exc()}")
        took = time.process_time() - start
        if took > SECONDS:
            tally.broken.append(f"--seed {seed} --only {number}: {took:.1f} s")
        tally.slowest = max(tally.slowest, (took, number))
        tally.tried += 1
    return tally


def main() -> int:
    """Run the fuzzer; return 1 if an invariant was violated."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--whole", action="store_true", help="context and lay out too")
    parser.add_argument("--pure", action="store_true", help="PyYAML's own parser, not libyaml's")
    parser.add_argument("--only", type=int, metavar="N", help="one input, by its number")
    arguments = parser.parse_args()
    if arguments.only is not None:
        _begin(arguments.pure)
        content = make(arguments.seed, arguments.only)
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        (_whole() if arguments.whole else _read)(content)
        return 0
    start = time.monotonic()
    tally = _run(arguments)
    print(f"{tally.tried:,} inputs in {time.monotonic() - start:.0f} s; {tally.read:,} were read")
    print(f"slowest: {tally.slowest[0]:.3f} s (--only {tally.slowest[1]})")
    print(f"broken promises: {len(tally.broken)}")
    return 1 if tally.broken else 0


def _run(arguments: argparse.Namespace) -> Tally:
    tally = Tally()
    firsts = range(0, arguments.inputs, CHUNK)
    with ProcessPoolExecutor(
        arguments.jobs, initializer=_begin, initargs=(arguments.pure,)
    ) as pool:
        waiting = [
            pool.submit(
                run_chunk,
                arguments.seed,
                first,
                min(first + CHUNK, arguments.inputs),
                arguments.whole,
            )
            for first in firsts
        ]
        for first, future in zip(firsts, waiting, strict=True):
            try:
                found = future.result(HANGING)
            except Exception:
                print(f"a process died or hangs: one of {first} to {first + CHUNK}", flush=True)
                raise
            for message in found.broken:
                print(message, flush=True)
            tally.add(found)
    return tally


def _begin(pure: bool) -> None:
    nodes.HAS_LIBYAML = nodes.HAS_LIBYAML and not pure
    nodes._loader_class.cache_clear()


@cache
def _seeds() -> list[bytes]:
    return seeds()


@cache
def _whole() -> Callable[[bytes], bool]:
    return Whole().check


def _read(content: bytes) -> bool:
    return check_reading(content).data is not None


if __name__ == "__main__":
    sys.exit(main())
