"""Where the data set in the package is from: the commit that it was taken from, and its day."""

import json
from pathlib import Path
from typing import NamedTuple

NAME = "snapshot.json"
"""The file beside records/, written when a wheel or a source distribution is built."""


class Snapshot(NamedTuple):
    """A commit's hash and its ISO day; both empty where the source was in no git repository."""

    revision: str
    day: str


def read(root: Path) -> Snapshot | None:
    """Return what a data set says of where it was taken from; None where it is no snapshot."""
    path = root / NAME
    if not path.is_file():
        return None
    data = json.loads(path.read_bytes())
    return Snapshot(data["revision"], data["date"])


def text(snapshot: Snapshot) -> str:
    """Return the content of the file."""
    return json.dumps({"revision": snapshot.revision, "date": snapshot.day}, indent=2) + "\n"
