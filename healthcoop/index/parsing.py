"""Reading record files into rows, over several processes where there are many."""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from healthcoop.files.tree import Tree
from healthcoop.index import rows
from healthcoop.index.look import digest
from healthcoop.index.rows import Rows

_MANY = 500
_CHUNK = 100


class Task(NamedTuple):
    """A file to read: its number, its path, and the hash of its content when it was last read."""

    number: int
    path: str
    hash: bytes | None


class Read(NamedTuple):
    """What came of a chunk of tasks.

    ``numbers`` are the chunk's; ``hashes`` has those that are there (None: it could not be read);
    ``same`` those whose content is what it was, which have no ``rows``.
    """

    numbers: list[int]
    hashes: dict[int, bytes | None]
    same: set[int]
    rows: Rows


def read(root: Path, kinds: Mapping[str, str], tasks: list[Task]) -> Iterator[Read]:
    """Read files, in no certain order."""
    chunks = [tasks[start : start + _CHUNK] for start in range(0, len(tasks), _CHUNK)]
    read_one = partial(read_chunk, root, kinds)
    if len(tasks) > _MANY:
        from healthcoop.files.parallel import spread

        return spread(read_one, chunks)
    return map(read_one, chunks)


def read_chunk(root: Path, kinds: Mapping[str, str], chunk: list[Task]) -> Read:
    """Read the files of one chunk; the part of the work that a process can do."""
    tree = Tree(root)
    done = Read([task.number for task in chunk], {}, set(), {})
    for number, path, known in chunk:
        try:
            content = tree[path]
        except KeyError:  # it vanished since the look
            continue
        except OSError as error:
            done.hashes[number] = None
            rows.refuse(done.rows, number, error)
            continue
        done.hashes[number] = digest(content)
        if done.hashes[number] == known:
            done.same.add(number)
        else:
            rows.read(done.rows, number, content, kinds)
    return done
