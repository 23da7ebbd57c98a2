"""The folder of a data set: found upward from another folder, and never half of one."""

import os
import shlex
from pathlib import Path

from healthcoop.errors import HealthcoopError
from healthcoop.files.tree import Tree
from healthcoop.files.visible import counted

SCHEMA_PATH = "schema/record.schema.json"


def find_root(named: str | os.PathLike[str] | None, *, fallback: Path | None) -> Path:
    """Return the folder of a data set: ``named``, ``$HEALTHCOOP_ROOT``, the nearest, ``fallback``.

    The nearest is searched for upward from the current folder. Raises HealthcoopError where the
    named folder is no data set, and where there is none.
    """
    if named is None:
        named = os.environ.get("HEALTHCOOP_ROOT") or None
    if named is not None:
        root = Path(os.path.realpath(named))  # unlike resolve, it accepts links in a circle
        check(root)
        return root
    found = find(Path.cwd())
    if found:
        return found
    if fallback and is_data_set(fallback):
        return fallback
    raise HealthcoopError("no data set here", hint=_hint(Path.cwd()))


def find(start: Path) -> Path | None:
    """Return the nearest data set upward from a folder; None where there is none.

    The search stops at half a data set, for which HealthcoopError is raised as by ``check``.
    """
    for folder in (start, *start.parents):
        if (folder / "records").is_dir() or _exists(folder / SCHEMA_PATH):
            check(folder)
            return folder
    return None


def check(folder: Path) -> None:
    """Raise HealthcoopError, with what to do, unless a folder contains a data set.

    That is ``records/`` and ``schema/record.schema.json``, neither of them a link: checks could be
    led to other files than those in git.
    """
    if not folder.is_dir():
        what = "is a file, not the folder of a data set" if folder.exists() else "does not exist"
        raise HealthcoopError(f"no data set in {folder}: it {what}")
    for part in ("records", "schema", SCHEMA_PATH):
        if (folder / part).is_symlink():
            hint = "Replace it by what it leads to, or use --root with the folder that has both."
            message = f"{folder / part} is a link, which a data set cannot have there"
            raise HealthcoopError(message, hint=hint)
    missing = [
        part
        for part, exists in (
            ("records/", (folder / "records").is_dir()),
            (SCHEMA_PATH, (folder / SCHEMA_PATH).is_file()),
        )
        if not exists
    ]
    if not missing:
        return
    from healthcoop.files import git  # which a small command does not need

    if len(missing) == 1:
        hint = git.how_to_restore(folder, missing[0]) or "Restore it; both belong to a data set."
        raise HealthcoopError(f"half a data set in {folder}: {missing[0]} is missing", hint=hint)
    hint = git.how_to_restore(folder, ".") if not any(folder.iterdir()) else ""
    raise HealthcoopError(f"no data set in {folder}", hint=hint or _hint(folder))


def check_records(files: Tree) -> None:
    """Raise HealthcoopError, with what to do, for a data set without a record."""
    if files.has_record("records"):
        return
    from healthcoop.files import git

    hint = git.how_to_restore(files.root, "records") or "“healthcoop init” writes an example."
    raise HealthcoopError(f"there is no record in {files.root / 'records'}", hint=hint)


def check_complete(root: Path) -> None:
    """Raise HealthcoopError where a sparse checkout leaves files of the data set out."""
    from healthcoop.files import git

    if missing := git.left_out(root):
        raise HealthcoopError(
            f"{counted(missing, 'file')} of the data set not in this sparse checkout",
            hint="All records are compared with each other: run “git sparse-checkout disable”.",
        )


def left_out(root: Path) -> int:
    """Count the files of the data set that a sparse checkout leaves out.

    git is run only where there may be one.
    """
    repository = next((path for path in map(_git, (root, *root.parents)) if _exists(path)), None)
    if repository is None or not (
        repository.is_file() or _exists(repository / "info" / "sparse-checkout")
    ):
        return 0
    from healthcoop.files import git

    return git.left_out(root)


def _git(folder: Path) -> Path:
    return folder / ".git"


def _hint(folder: Path) -> str:
    below = sorted(path.name for path in folder.iterdir() if is_data_set(path))
    if below:
        return f"There is one in {', '.join(below)}: use --root {shlex.quote(below[0])}."
    return f"Change to a folder with records/ and {SCHEMA_PATH}, or use --root."


def is_data_set(folder: Path) -> bool:
    """Return whether a folder seems to be a data set; ``check`` is strict about it."""
    try:
        return (folder / "records").is_dir() and (folder / SCHEMA_PATH).is_file()
    except OSError:  # a folder that may not be entered
        return False


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()
