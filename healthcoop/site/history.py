"""The git revisions of all records, read at once."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from healthcoop.errors import HealthcoopError
from healthcoop.files import git

_FORMAT = "--format=%x00%H %cs %s"


class Revision(NamedTuple):
    """A commit that changed a record: its hash, its ISO day and the first line of its message."""

    hash: str
    day: str
    subject: str


def revisions(root: Path) -> Mapping[str, Sequence[Revision]]:
    """Return the revisions of each record that is there now, by path, the latest first.

    Renames are followed. Empty for files that are not in a git repository. The first commits of a
    shallow clone, which seem to add every file, are left out.
    """
    added_all = git.shallow_commits(root)
    words = ["log", "--no-show-signature", "--no-merges", "--name-status", "-M"]
    words += ["--encoding=UTF-8", "--relative", _FORMAT, "--", "records"]
    found: defaultdict[str, list[Revision]] = defaultdict(list)
    later: dict[str, str] = {}  # the path that a file of this name has now
    revision: Revision | None = None
    for line in _lines(root, *words):
        if line.startswith("\0"):
            commit, day, *rest = line[1:].split(" ", 2)
            revision = Revision(commit, day, rest[0] if rest else "")
        elif line and revision and revision.hash not in added_all:
            status, *paths = line.split("\t")
            path = later.get(paths[-1], paths[-1])
            found[path].append(revision)
            if status.startswith("R"):
                later[paths[0]] = path
    return found


def commits(history: Mapping[str, Sequence[Revision]]) -> list[tuple[Revision, int]]:
    """Return the commits of a history, the latest day first, and how many records each changed."""
    numbers = Counter(revision for found in history.values() for revision in found)
    return sorted(numbers.items(), key=lambda item: (item[0].day, item[1]), reverse=True)


def _lines(root: Path, *words: str) -> list[str]:
    """Return the lines of git's output, which a message may not split otherwise."""
    try:
        output = git.run(root, *words)
    except HealthcoopError:
        return []
    return output.decode("utf-8", "replace").split("\n")
