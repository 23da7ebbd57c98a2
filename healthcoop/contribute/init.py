"""A new data repository: its files, and how they come into a folder without harming another's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from healthcoop import __version__
from healthcoop.checks.schema import render, with_codes
from healthcoop.dataset import SNAPSHOT, Dataset
from healthcoop.errors import HealthcoopError
from healthcoop.files import canonical, record_format, vocabularies

REPOSITORY = "_OWNER_/healthcoop"
"""Where the action and the hooks are: ``owner/name`` on GitHub.

The project has no address yet. No account can be called ``_OWNER_``, so that nobody can put
another action where ours is meant.
"""

EXAMPLE = "2022-az-cu-minister-ambassador"
"""The record that a new data set begins with: a true one, of the collection ``example``."""

_TEMPLATES = Path(__file__).parent / "starter"
_COPIES: Mapping[str, str] = {
    "README.md": "README.md",
    ".editorconfig": "editorconfig",
    ".gitattributes": "gitattributes",
    ".github/workflows/healthcoop.yml": "workflow.yml",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".vscode/extensions.json": "vscode-extensions.json",
    ".vscode/settings.json": "vscode-settings.json",
}
_DATA = ("records", "schema")


@dataclass(frozen=True, slots=True)
class Started:
    """The files that were made, and those that were there already and stay as they are.

    Both are paths below the folder.
    """

    made: tuple[str, ...]
    kept: tuple[str, ...]


def start(folder: Path) -> Started:
    """Make a data repository of a folder that need not be there; all of it or nothing.

    Raises HealthcoopError where the folder holds a data set or part of one, or cannot be written,
    or where this installation lacks the files that a data set begins with.
    """
    if folder.exists() and not folder.is_dir():
        raise HealthcoopError(f"{folder} is a file; a data set needs a folder")
    for name in _DATA:
        if _is_there(folder / name):
            raise HealthcoopError(
                f"{folder / name} is there already",
                hint="A new data set is made only where there is neither records/ nor schema/.",
            )
    files = repository(origin())
    kept = tuple(path for path in files if _is_there(folder / path))
    made = tuple(path for path in files if path not in kept)
    _write(folder, [(path, files[path]) for path in made])
    return Started(made, kept)


def origin() -> Dataset:
    """Give the data set that came with this installation: in a wheel, or the checkout around it."""
    for root in (SNAPSHOT, SNAPSHOT.parents[1]):
        try:
            return Dataset.open(root)
        except HealthcoopError:
            continue
    raise HealthcoopError(
        "this installation of healthcoop lacks the schema that a data set begins with",
        hint="Install it anew, from a wheel or a checkout.",
    )


def repository(model: Dataset) -> dict[str, bytes]:
    """Give a new repository's files by path; schema and vocabularies are those of ``model``.

    Raises InvalidSchema where they are invalid. The schema comes last: only with it is a folder
    taken for a data set.
    """
    files = {path: _template(name) for path, name in _COPIES.items()}
    example = f"records/{EXAMPLE[:4]}/{EXAMPLE}.yaml"
    record = vocabularies.read_yaml(model.files, example)
    files[example] = canonical.layout({**record, "collection": "example"}).encode()
    for kind, path in vocabularies.PATHS.items():
        own = kind == "collections"
        files[path] = _template(f"{kind}.yaml") if own else model.files[path]
    schema = with_codes(model.schema, vocabularies.load(files))
    files[record_format.PATH] = render(schema).encode()
    return files


def _template(name: str) -> bytes:
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    return text.replace("{repository}", REPOSITORY).replace("{version}", __version__).encode()


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files that are not there yet; whatever stops it half-way, what it made goes again."""
    made: list[Path] = []
    try:
        _make_folder(folder, made)
        for path, content in files:
            target = folder / path
            _make_folder(target.parent, made)
            # Never over a file, not even one that has come in the meantime.
            with target.open("xb") as file:
                made.append(target)
                file.write(content)
    except BaseException as error:
        for path_made in reversed(made):
            _remove(path_made)
        if isinstance(error, OSError):
            what = error.filename or folder
            raise HealthcoopError(f"cannot write {what}: {error.strerror or error}") from None
        raise


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        made.append(path)


def _remove(path: Path) -> None:
    try:
        path.rmdir() if path.is_dir() else path.unlink()
    except OSError:  # someone else's file has come into the folder: it stays
        return
