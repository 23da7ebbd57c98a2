"""Reading record files into rows, in several processes where there are many."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from healthcoop.files.tree import Tree
from healthcoop.index import load
from healthcoop.index.database import digest

_MANY = 500  # files from which several processes are worth their start
_CHUNK = 100


class Task(NamedTuple):
    """A record file to read: its id, its path on disk, and the hash of its content if known."""

    number: int
    path: str
    hash: bytes | None


class Loaded(NamedTuple):
    """What was read for a chunk of tasks.

    ``numbers`` are those of the chunk; ``hashes`` has those of files that exist (None: could not be
    read); ``same`` those whose content has not changed, which have no ``rows``.
    """

    numbers: list[int]
    hashes: dict[int, bytes | None]
    same: set[int]
    rows: load.Rows


def read(root: Path, kinds: Mapping[str, str], tasks: list[Task]) -> Iterator[Loaded]:
    """Read files, in any order; ``kinds`` as for ``load.add_file``."""
    chunks = [tasks[start : start + _CHUNK] for start in range(0, len(tasks), _CHUNK)]
    read_one = partial(read_chunk, root, kinds)
    if len(tasks) > _MANY:
        from healthcoop.files.parallel import map_parallel

        return map_parallel(read_one, chunks)
    return map(read_one, chunks)


def read_chunk(root: Path, kinds: Mapping[str, str], chunk: list[Task]) -> Loaded:
    """Read the files of one chunk, in whatever process."""
    tree = Tree(root)
    loaded = Loaded([task.number for task in chunk], {}, set(), {})
    for number, path, known in chunk:
        try:
            content = tree[path]
        except KeyError:  # deleted since the scan
            continue
        except OSError as error:
            loaded.hashes[number] = None
            load.add_unreadable(loaded.rows, number, error)
            continue
        loaded.hashes[number] = digest(content)
        if loaded.hashes[number] == known:
            loaded.same.add(number)
        else:
            load.add_file(loaded.rows, number, content, kinds)
    return loaded
