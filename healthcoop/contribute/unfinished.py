"""Where unfinished work is kept: outside the data set, in the user's folder for state."""

import os
from pathlib import Path

from healthcoop.errors import HealthcoopError
from healthcoop.index.database import digest


def answers_file(root: Path) -> Path | None:
    """Return the file for the answers of a new record of a data set; None without a folder."""
    folder = _folder("new")
    name = digest(os.path.realpath(root).encode("utf-8", "surrogatepass")).hex()
    return folder / f"{name}.json" if folder else None


def copy_file(name: str) -> Path:
    """Return a path for a copy of a record that is being edited, which does not exist yet."""
    folder = _folder("edit")
    if folder is None:
        raise HealthcoopError("there is no folder to keep a copy in while you edit")
    return folder / f"{name}.{os.urandom(3).hex()}.yaml"


def _folder(name: str) -> Path | None:
    from platformdirs import user_state_path

    try:
        folder = user_state_path("healthcoop", appauthor=False) / name
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: the user has no home
        return None
    return folder
