"""A release: a folder with every export format, how to cite them, what changed, and checksums."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from healthcoop.errors import HealthcoopError, InvalidData
from healthcoop.export.descriptor import descriptor
from healthcoop.export.exporters import EXPORTERS, export
from healthcoop.export.extract import Extract
from healthcoop.export.provenance import CITATION_FILE, FORMAT, Provenance
from healthcoop.export.tables import as_markdown, escape_markdown
from healthcoop.files import atomic, canonical
from healthcoop.files.visible import counted
from healthcoop.index import statistics

SUMS = "SHA256SUMS"
NOTES = "release-notes.md"
DESCRIPTOR = "data.md"
_STEM = "records"
_FIRST_DAY, _LAST_DAY = date(1980, 1, 1), date(2107, 12, 31)  # that a ZIP archive can have
_FILE_MODE = 0o100644 << 16  # of a regular file, where a ZIP archive keeps it


def write_release(
    extract: Extract,
    output: str | os.PathLike[str],
    *,
    cited: Mapping[str, Any],
    changes: Iterable[str] = (),
) -> list[Path]:
    """Write a release to a new folder, whole or not at all; return its files.

    ``cited`` is the data of CITATION.cff, ``changes`` are lines of the release notes. A format that
    is a folder becomes a ZIP archive, or its file, if it has only one. Raises HealthcoopError where
    the release would not say which records it has (see ``check``), where a package that a format
    needs is not installed, and where the folder is not empty or cannot be written.
    """
    check(extract)
    with atomic.new_folder(output) as folder:
        files = dict(_exports(extract, folder))
        _write(folder / CITATION_FILE, [_citation(cited, extract.provenance)])
        _write(folder / DESCRIPTOR, _lines(_descriptor(extract)))
        _write(folder / NOTES, _lines(_notes(extract, files, changes)))
        names = sorted(path.name for path in folder.iterdir())
        _write(folder / SUMS, (f"{digest(folder / name)}  {name}\n" for name in names))
    return [Path(output, name) for name in (*names, SUMS)]


def check(extract: Extract) -> None:
    """Raise HealthcoopError where the version, the commit or some records are not known."""
    provenance = extract.provenance
    if not provenance.version:
        hint = "Write title, authors and version as https://citation-file-format.github.io says."
        raise HealthcoopError(f"a release needs {CITATION_FILE} with a version", hint=hint)
    if not provenance.revision or not provenance.day:
        hint = "Commit records/ and schema/ to a git repository."
        raise HealthcoopError("a release needs a commit of the records", hint=hint)
    if provenance.modified:
        hint = "A release names a commit: commit the changes, or undo them."
        raise HealthcoopError("records/ or schema/ differ from the last commit", hint=hint)
    if problems := extract.index.problems:
        count = f"{counted(len(problems), 'file')} cannot be read as a record"
        raise InvalidData(f"{count}: {problems[0].path}", hint="Run healthcoop validate.")


def _exports(extract: Extract, folder: Path) -> Iterator[tuple[str, str]]:
    """Write every format; yield the name of each file or archive, and what it is."""
    for name, exporter in EXPORTERS.items():
        yield write_format(extract, name, folder).name, exporter.doc


def file_name(format_: str) -> str:
    """Return the name of a format's file, or of the archive of one that is a folder."""
    ending = EXPORTERS[format_].ending
    same = (name for name, exporter in EXPORTERS.items() if exporter.ending == ending)
    stem = _STEM if ending and next(same) == format_ else f"{_STEM}-{format_}"
    return f"{stem}.{ending or 'zip'}"


def write_format(extract: Extract, format_: str, folder: Path) -> Path:
    """Write a format, and what belongs beside it, to a folder; return its file.

    A format that is a folder becomes its only file, or an archive whose bytes depend on the records
    and their day alone. Raises as ``export``.
    """
    target = folder / file_name(format_)
    if EXPORTERS[format_].kind == "folder":
        return _packed(extract, format_, target)
    export(extract, EXPORTERS[format_], target)
    return target


def _packed(extract: Extract, name: str, target: Path) -> Path:
    """Write a format that is a folder; return its only file, or the archive that it became."""
    source = target.with_suffix("")
    export(extract, EXPORTERS[name], source)
    files = sorted(path for path in source.rglob("*") if path.is_file())
    if len(files) == 1 and not target.with_name(files[0].name).exists():
        target = files[0].rename(target.with_name(files[0].name))
    else:
        day = extract.provenance.day
        _pack(source, files, target, date.fromisoformat(day) if day else _FIRST_DAY)
    shutil.rmtree(source)
    return target


def _pack(source: Path, files: Iterable[Path], target: Path, day: date) -> None:
    """Write an archive whose bytes depend on the names and contents of the files, and a day."""
    day = min(max(day, _FIRST_DAY), _LAST_DAY)
    moment = (day.year, day.month, day.day)
    with ZipFile(target, "w") as archive:
        for path in files:
            entry = ZipInfo(path.relative_to(source).as_posix(), (*moment, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # Unix, on every platform
            entry.external_attr = _FILE_MODE
            entry.file_size = path.stat().st_size
            with path.open("rb") as content, archive.open(entry, "w") as packed:
                shutil.copyfileobj(content, packed)


def _citation(cited: Mapping[str, Any], provenance: Provenance) -> str:
    """Return CITATION.cff with the day and the commit of the records, and what it must have."""
    required = {
        "cff-version": "1.2.0",
        "message": "If you use these records, please cite them as below.",
        "title": provenance.title,
        "authors": [{"name": name} for name in provenance.authors],
    }
    known = {"date-released": provenance.day, "commit": provenance.revision}
    return canonical.dump({**required, **cited, **known})


def _descriptor(extract: Extract) -> Iterator[str]:
    provenance = extract.provenance
    yield from (f"# {escape_markdown(provenance.title)}", "")
    yield from (f"Cite as: {escape_markdown(provenance.citation)}", "")
    yield from descriptor(extract.vocabulary, provenance)


def _notes(extract: Extract, files: Mapping[str, str], changes: Iterable[str]) -> Iterator[str]:
    provenance = extract.provenance
    names = extract.vocabulary
    counts = statistics.summary(
        extract.index, extract.query, day=date.fromisoformat(provenance.day)
    )
    yield from (f"# {escape_markdown(provenance.title)}, {escape_markdown(provenance.version)}", "")
    yield from (f"Cite as: {escape_markdown(provenance.citation)}", "")
    numbers = [counted(counts[f"{noun}s"], noun) for noun in ("record", "instrument", "encounter")]
    parties = f"countries: {counts['countries']:,}, organisations: {counts['organisations']:,}"
    yield f"{numbers[0]}: {numbers[1]} and {numbers[2]}; {parties}."
    for heading, key, terms in (
        ("type", "by_type", names.types),
        ("collection", "by_collection", names.collections),
    ):
        labels = {code: terms[code].label if code in terms else code for code in counts[key]}
        yield from _table(
            (heading, "records"),
            ((labels[code], f"{number:,}") for code, number in counts[key].items()),
        )
    yield ""
    yield from changes
    yield from ("", "## Files", "")
    yield f"The formats are described in docs/exports.md; their version is {FORMAT}."
    own = {
        CITATION_FILE: "How to cite the data set.",
        DESCRIPTOR: "What the data set is, how it was collected, its fields and limits.",
        SUMS: "Checksums, for sha256sum -c.",
    }
    yield from _table(("file", "what"), {**files, **own}.items())


def _table(columns: tuple[str, str], rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    cells = (dict(zip(columns, row, strict=True)) for row in rows)
    yield ""
    yield "".join(as_markdown(columns, cells)).rstrip("\n")


def _lines(lines: Iterable[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _write(path: Path, chunks: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(chunks)


def digest(path: Path) -> str:
    """Return the SHA-256 sum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
