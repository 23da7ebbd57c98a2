"""A new data repository: its files, and writing them all or none."""

import json
import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from healthcoop import REPOSITORY, __version__
from healthcoop.errors import HealthcoopError
from healthcoop.files import canonical, location, vocabularies
from healthcoop.files.visible import writable
from healthcoop.model.json_schema import record_schema, render

EXAMPLE = "2022-az-cu-minister-ambassador"
"""The record in a new data set: a real one, moved to the collection ``example``."""

_TEMPLATES = Path(__file__).parent / "starter"
_WORKFLOW = ".github/workflows/healthcoop.yml"
_COMMENT = ".github/workflows/comment.yml"
_HOOKS = ".pre-commit-config.yaml"
_COPIES: Mapping[str, str] = {
    "README.md": "README.md",
    ".editorconfig": "editorconfig",
    ".gitattributes": "gitattributes",
    _WORKFLOW: "workflow.yml",
    _COMMENT: "comment.yml",
    _HOOKS: "pre-commit-config.yaml",
    ".vscode/extensions.json": "vscode-extensions.json",
    ".vscode/settings.json": "vscode-settings.json",
}


_AT_TOP = (
    _WORKFLOW,
    _COMMENT,
    _HOOKS,
)  # GitHub and pre-commit read them only at the top of a repository


@dataclass(frozen=True, slots=True)
class CreatedFiles:
    """The files that were written, and those that existed and were left unchanged.

    Both are paths as the folder was named: relative to the current folder, or absolute.
    """

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def create(folder: Path, models: Sequence[Mapping[str, bytes]]) -> CreatedFiles:
    """Create a data repository in a folder that need not exist; all of it or nothing.

    Schema and vocabularies come from the first of ``models``, the files of other data sets. Within
    a git repository, the workflow and the hooks are written at its top.
    Raises HealthcoopError where the folder has records/ or schema/, cannot be written, or there is
    no model, or a folder in it is a link, and InvalidSchema where the model's are invalid.
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
    top, inside = _repository(folder)
    checked_by = [path for path in _AT_TOP if not _exists(top / path)]
    files = {
        (top if path in _AT_TOP else folder) / path: content
        for path, content in _starter_files(models[0], inside, checked_by).items()
    }
    _check_links(files, (folder, top))
    kept = tuple(path for path in files if _exists(path))
    _write(folder, [(path, content) for path, content in files.items() if path not in kept])
    return CreatedFiles(tuple(path for path in files if path not in kept), kept)


def _repository(folder: Path) -> tuple[Path, str]:
    """Return the top of the git repository around a folder, and the folder's path in it.

    Without a repository, or at its top, these are the folder itself and ``.``.
    """
    resolved = Path(os.path.realpath(folder))
    for parent in resolved.parents if not _exists(resolved / ".git") else ():
        if _exists(parent / ".git"):
            top = parent if folder.is_absolute() else Path(os.path.relpath(parent))
            inside = resolved.relative_to(parent).as_posix()
            if writable(inside) != inside:
                raise HealthcoopError(f"the name of the folder {inside} is not UTF-8")
            return top, inside
    return folder, "."


def _check_links(paths: Iterable[Path], tops: Sequence[Path]) -> None:
    """Raise HealthcoopError for a folder below ``tops`` that leads to another one."""
    for path in paths:
        for parent in path.parents:
            if parent in tops:
                break
            if parent.is_symlink():
                hint = "Replace it by a folder, or use an empty folder for the data set."
                raise HealthcoopError(f"{parent} is a link, which may lead anywhere", hint=hint)


def _starter_files(
    model: Mapping[str, bytes], inside: str, checked_by: Sequence[str]
) -> dict[str, bytes]:
    """Return a new repository's files by path.

    ``inside`` is the folder of the data set in the repository; ``checked_by`` are those of the
    workflow and the hooks that are new. The schema is the last: only with it does a folder count as
    a data set.
    """
    values = _values(inside, checked_by)
    files = {path: _template(name, values) for path, name in _COPIES.items()}
    example = f"records/{EXAMPLE[:4]}/{EXAMPLE}.yaml"
    record = vocabularies.read_yaml(model, example)
    files[example] = canonical.layout({**record, "collection": "example"}).encode()
    for kind, path in vocabularies.PATHS.items():
        own = kind == "collections"
        files[path] = _template(f"{kind}.yaml", values) if own else model[path]
    schema = record_schema(vocabularies.load(files))
    files[location.SCHEMA_PATH] = render(schema).encode()
    return files


def _template(name: str, values: Mapping[str, str]) -> bytes:
    text = (_TEMPLATES / name).read_text(encoding="utf-8")
    names = "|".join(values)  # all at once: a folder may be called “{validate}”
    return re.sub(rf"\{{({names})\}}", lambda match: values[match[1]], text).encode()


def _values(inside: str, checked_by: Sequence[str]) -> dict[str, str]:
    """Return what stands for the names in braces in a template."""
    where = "" if inside == "." else ", at the top of this repository,"
    checks = {
        _WORKFLOW: f"On GitHub, `{_WORKFLOW}`{where} checks every pull request.\n",
        _COMMENT: f"`{_COMMENT}`{where} posts what it changes as a comment.\n",
        _HOOKS: f"After `pre-commit install`, `{_HOOKS}`{where} checks every commit.\n",
    }
    none = "No workflow and no hook was added, since there were some: see healthcoop's README.\n"
    values = {
        "repository": REPOSITORY,
        "version": __version__,
        "checks": "".join(checks[path] for path in checked_by) or none,
        "inputs": "",
        "fmt": "",
        "validate": "",
    }
    if inside == ".":
        return values
    root = shlex.quote(inside)
    records = f"^{re.escape(inside)}/records/"
    fmt, validate = (_scalar(f"healthcoop --root {root} {name}") for name in ("fmt", "validate"))
    return values | {
        "inputs": f"        with:\n          root: {_scalar(inside)}\n",
        "fmt": f"        entry: {fmt}\n        files: {_scalar(records)}\n",
        "validate": f"        entry: {validate}\n",
    }


def _scalar(text: str) -> str:
    """Return a text as it is written in YAML."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


_PLAIN = re.compile(r"[\^a-z][a-z /-]*[a-z/]")


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _write(folder: Path, files: Iterable[tuple[Path, bytes]]) -> None:
    """Write files that do not exist yet; on any error, remove what was written."""
    made: list[Path] = []
    try:
        _make_folder(folder, made)
        for target, content in files:
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
