"""A difference between two states of a data set, for a terminal or a pipe."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from healthcoop.contribute.diff import DataSetDiff, RecordDiff, parties, text_of, texts_of
from healthcoop.files.visible import counted
from healthcoop.terminal.console import text
from healthcoop.terminal.record import change_lines, indented

_STYLES = {
    "added": "green",
    "withdrawn": "yellow",
    "renamed": "cyan",
    "merged": "cyan",
    "deleted": "red",
    "changed": "magenta",
}


def difference(diff: DataSetDiff) -> Iterator[RenderableType]:
    """Yield the lines of a difference, section by section, an empty line between two."""
    for number, (heading, style, lines) in enumerate(_sections(diff)):
        if number:
            yield Text("")
        yield text(heading, f"bold {style}")
        yield from lines


def _sections(diff: DataSetDiff) -> Iterator[tuple[str, str, Iterable[RenderableType]]]:
    """Yield the heading, its style and the lines of each section that is not empty."""
    for status, some in groupby(diff.records, key=lambda record: record.status):
        records = [*some]
        lines = (line for record in records for line in _record(record))
        yield f"{counted(len(records), 'record')} {status}", _STYLES[status], lines
    if diff.unread:
        yield f"{counted(len(diff.unread), 'file')} not parsed", "red", _unread(diff)
    if diff.entries:
        yield "Entries of vocabularies", "", _entries(diff)
    for heading, paths in (
        ("Links follow new ids", diff.followed),
        ("Reformatted, or lists reordered", diff.reformatted),
        ("Other files", diff.other_files),
    ):
        if paths:
            yield heading, "", (indented(text(path), 2) for path in paths)


def _record(record: RecordDiff) -> Iterator[RenderableType]:
    data = record.data
    former = record.former_path if record.former_id == record.id else record.former_id
    now = record.path if record.former_id == record.id else record.id
    yield indented(text(f"{former} → {now}" if former else now, "bold"), 2)
    if title := text_of(data, "title"):
        yield indented(text(title), 4)
    if record.status == "added":
        codes = " ".join(code for code, _ in parties(data))
        facts = (text_of(data, "date"), text_of(data, "type"), codes)
        yield indented(text("  ".join(filter(None, facts)), "dim"), 4)
    if record.status == "withdrawn":
        reason = text_of(data.get("withdrawn"), "reason")
        instead = " ".join(texts_of(data.get("withdrawn"), "replaced_by"))
        yield indented(text(f"{reason} (see {instead})" if instead else reason, "yellow"), 4)
    if record.lost_ids:
        lost = f"no longer leads to a record: {' '.join(record.lost_ids)}"
        yield indented(text(lost, "bold red"), 4)
    yield from change_lines(record.shown_changes, by=4)


def _unread(diff: DataSetDiff) -> Iterator[RenderableType]:
    for file in diff.unread:
        yield indented(text(file.path, "bold"), 2)
        yield indented(text(f"{file.revision}: {file.problem}"), 4)


def _entries(diff: DataSetDiff) -> Iterator[RenderableType]:
    for entry in diff.entries:
        line = Text.assemble(text(entry.code, "bold"), f" {entry.status} in ", text(entry.path))
        yield indented(line, 2)
        if entry.status == "changed":
            yield from change_lines(entry.changes, by=4)
