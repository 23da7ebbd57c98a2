"""A damaged index whose size and times are as before: it is rebuilt, and no error is shown."""

import os
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from healthcoop.dataset import Dataset
from healthcoop.errors import NotFound

pytestmark = pytest.mark.slow

PAGE = 4096
ROUNDS = 40


def flip_a_bit(content: bytearray, chance: random.Random) -> None:
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def scramble(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content) - 16)
    content[at : at + 16] = chance.randbytes(16)


def empty_a_page(content: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(content) // PAGE) * PAGE
    content[at : at + PAGE] = bytes(PAGE)


def exchange_a_page(content: bytearray, chance: random.Random) -> None:
    at, other = (chance.randrange(len(content) // PAGE) * PAGE for _ in range(2))
    content[at : at + PAGE] = content[other : other + PAGE]


def answers(root: Path) -> list[Any]:
    with Dataset.open(root, today=date(2026, 11, 21)) as dataset:
        dataset.warns = False
        return [
            [*map(str, dataset.records().indexed(status=True))],
            [str(dataset.record("2020-az-tr").record) for _ in range(2)],
            *([*dataset.pairs()], [*dataset.countries()], [*dataset.in_force()]),
            *(dataset.summary(), [*dataset.vocab("topics", "vaccine")]),
            [*dataset.sql("SELECT * FROM records")[1]],
        ]


@pytest.mark.parametrize("damage", [flip_a_bit, scramble, empty_a_page, exchange_a_page])
def test_damage_is_never_an_error_of_python(
    damage: Callable[[bytearray, random.Random], None], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers are those of the files, but for letters that changed within a text."""
    cache = data.parent / "cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    right = answers(data)
    (path,) = cache.rglob("*.sqlite")
    sound, status = path.read_bytes(), path.stat()
    chance = random.Random(7)
    same = 0
    for _ in range(ROUNDS):
        content = bytearray(sound)
        damage(content, chance)
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        with suppress(NotFound):  # a letter of the id changed
            same += answers(data) == right
    assert same > ROUNDS / 2
