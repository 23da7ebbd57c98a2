"""A new data repository: its files, and writing them all or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from healthcoop import REPOSITORY, __version__
from healthcoop.errors import HealthcoopError
from healthcoop.files import canonical, location, vocabularies
from healthcoop.model.json_schema import record_schema, render

EXAMPLE = "2022-az-cu-minister-ambassador"
"""The record in a new data set: a real one, moved to the collection ``example``."""

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


@dataclass(frozen=True, slots=True)
class CreatedFiles:
    """The files that were written, and those that existed and were left unchanged.

    Both are paths below the folder.
    """

    written: tuple[str, ...]
    kept: tuple[str, ...]


def create(folder: Path, models: Sequence[Mapping[str, bytes]]) -> CreatedFiles:
    """Create a data repository in a folder that need not exist; all of it or nothing.

    Schema and vocabularies come from the first of ``models``, the files of other data sets.
    Raises HealthcoopError where the folder has records/ or schema/, cannot be written, or there is
    no model, and InvalidSchema where the model's are invalid.
    """
    if folder.exists() and not folder.is_dir():
        raise HealthcoopError(f"{folder} is a file; a data set needs a folder")
    for name in ("records", "schema"):
        if _exists(folder / name):
            raise HealthcoopError(
                f"{folder / name} already exists",
                hint="init needs a folder that has neither records/ nor schema/.",
            )
    if not models:
        raise HealthcoopError(
            "this installation of healthcoop has no schema to start a data set from",
            hint="Reinstall it from a wheel or a checkout.",
        )
    files = _starter_files(models[0])
    kept = tuple(path for path in files if _exists(folder / path))
    written = tuple(path for path in files if path not in kept)
    _write(folder, [(path, files[path]) for path in written])
    return CreatedFiles(written, kept)


def _starter_files(model: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a new repository's files by path.

    The schema is the last: only with it does a folder count as a data set.
    """
    files = {path: _template(name) for path, name in _COPIES.items()}
    example = f"records/{EXAMPLE[:4]}/{EXAMPLE}.yaml"
    record = vocabularies.read_yaml(model, example)
    files[example] = canonical.layout({**record, "collection": "example"}).encode()
    for kind, path in vocabularies.PATHS.items():
        own = kind == "collections"
        files[path] = _template(f"{kind}.yaml") if own else model[path]
    schema = record_schema(vocabularies.load(files))
    files[location.SCHEMA_PATH] = render(schema).encode()
    return files


def _template(name: str) -> bytes:
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    return text.replace("{repository}", REPOSITORY).replace("{version}", __version__).encode()


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _write(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files that do not exist yet; on any error, remove what was written."""
    made: list[Path] = []
    try:
        _make_folder(folder, made)
        for path, content in files:
            target = folder / path
            _make_folder(target.parent, made)
            # "x": never overwrite a file that somebody else created meanwhile.
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
    except OSError:  # the folder now has a file of somebody else's: keep it
        return
