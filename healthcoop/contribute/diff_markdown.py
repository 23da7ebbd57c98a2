"""A difference as a comment on a pull request: GitHub's Markdown, within GitHub's limit."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from healthcoop.contribute.diff import (
    STATUSES,
    DataSetDiff,
    EntryDiff,
    RecordDiff,
    items_of,
    parties,
    text_of,
    texts_of,
)
from healthcoop.contribute.history import Change, Value
from healthcoop.files.markdown import escape, link
from healthcoop.files.visible import counted
from healthcoop.model.vocabulary import Vocabulary

MOST = 65_500
"""UTF-16 units: GitHub's limit for a comment is 65,536, and a bot adds a mark to find its own."""

_MOST_ROWS = 40  # rows of a table
_MOST_ITEMS = 20  # parties, people or sources
_LONGEST_TITLE = 300
_LONGEST_VALUE = 600
_RESERVED = 600  # for the line on what was left out
_SMALLEST = 100  # in less room no part is tried
_HEADINGS = {
    "added": "Added",
    "withdrawn": "Withdrawn",
    "renamed": "Renamed",
    "merged": "Merged into another record",
    "deleted": "Deleted",
    "changed": "Changed",
}


class _Block(NamedTuple):
    """A part of the comment that is whole or left out, and the heading that it goes under."""

    heading: str
    write: Callable[[], Iterable[str]]


def as_markdown(diff: DataSetDiff, names: Vocabulary | None, *, findings: str = "") -> str:
    """Write a heading with the counts, then every record, then ``findings``, Markdown themselves.

    ``names`` are the vocabularies, None where they are invalid. What does not fit is counted.
    """
    start = f"### {headline(diff)}\n\n{_compared(diff)}\n"
    size, heading, left = _size(start) + _size(findings), "", Counter[str]()
    parts = [start]
    for block in _blocks(diff, names):
        start = "" if block.heading == heading else f"#### {block.heading}\n\n"
        room = MOST - _RESERVED - size
        part = start + "\n".join(block.write()) + "\n" if room > _SMALLEST else ""
        if not part or _size(part) > room:  # one with much to show does not hide the others
            left[block.heading] += 1
            continue
        size += _size(part)
        heading = block.heading
        parts.append(part)
    if left:
        rest = ", ".join(f"{number:,} under “{name}”" for name, number in left.items())
        parts.append(f"Left out for want of room: {rest}. `healthcoop diff` lists everything.\n")
    return "\n".join([*parts, findings] if findings else parts)


def _compared(diff: DataSetDiff) -> str:
    if diff.new.commit is None:
        return f"Compared with {escape(diff.old.name)}."
    return f"{escape(diff.old.name)} compared with {escape(diff.new.name)}."


def headline(diff: DataSetDiff) -> str:
    """Return the counts in one line: ``2 records added, 1 changed``."""
    counts = diff.counts
    parts = [f"{number:,} {status}" for status, number in counts.items()]
    if counts:
        first, _, rest = parts[0].partition(" ")
        parts[0] = f"{first} record{'' if first == '1' else 's'} {rest}"
    if diff.followed:
        parts.append(f"links in {counted(len(diff.followed), 'file')} follow")
    if diff.reformatted:
        parts.append(f"{counted(len(diff.reformatted), 'file')} reformatted")
    if diff.entries:
        number = len(diff.entries)
        parts.append(f"{number:,} vocabulary entr{'y' if number == 1 else 'ies'} changed")
    if diff.unread:
        parts.append(f"{counted(len(diff.unread), 'file')} cannot be parsed")
    if diff.other_files:
        parts.append(f"{counted(len(diff.other_files), 'other file')} changed")
    return ", ".join(parts) or "No record changed"


def _size(part: str) -> int:
    return len(part.encode("utf-16-le")) // 2 + 1


def _blocks(diff: DataSetDiff, names: Vocabulary | None) -> Iterator[_Block]:
    for file in diff.unread:
        yield _Block("Cannot be parsed", partial(_item, file.path, file.revision, file.problem))
    for status in sorted(STATUSES, key="deleted".__ne__):  # what is wrong comes first
        for record in diff.records:
            if record.status == status:
                yield _Block(_HEADINGS[status], partial(_record, record, names))
    for entry in diff.entries:
        yield _Block("Vocabularies", partial(_entry, entry))
    for heading, paths in (
        ("Links follow new ids", diff.followed),
        ("Reformatted", diff.reformatted),
        ("Other files", diff.other_files),
    ):
        for path in paths:
            yield _Block(heading, partial(_item, path))


def _item(path: str, revision: str = "", problem: str = "") -> Iterator[str]:
    where = f", {escape(revision)}: {escape(problem)}" if problem else ""
    yield f"- {escape(path)}{where}"


def _record(record: RecordDiff, names: Vocabulary | None) -> Iterator[str]:
    yield f"**{escape(text_of(record.data, 'title') or record.id, most=_LONGEST_TITLE)}**\\"
    yield _line_of_ids(record)
    yield ""
    if record.status == "added":
        yield from _facts(record, names)
    elif record.status == "withdrawn":
        withdrawn = record.data.get("withdrawn")
        instead = ", ".join(texts_of(withdrawn, "replaced_by"))
        yield f"- **Reason**: {escape(text_of(withdrawn, 'reason'), most=_LONGEST_VALUE)}"
        yield f"- **Replaced by**: {escape(instead or 'nothing')}"
        yield ""
    if record.lost_ids:
        lost = ", ".join(record.lost_ids[:_MOST_ITEMS])
        yield f"- **No longer leads to a record**: {escape(lost)}"
        yield ""
    if changes := record.shown_changes:
        yield from table(changes, most=_MOST_ROWS)


def _line_of_ids(record: RecordDiff) -> str:
    now, former = escape(record.id), escape(record.former_id or "")
    if record.former_path and record.former_id == record.id:
        return f"{escape(record.former_path)} → {escape(record.path)}"
    return f"{former} → {now}" if former else now


def _facts(record: RecordDiff, names: Vocabulary | None) -> Iterator[str]:
    data = record.data
    yield f"- **Date**: {escape(text_of(data, 'date') or 'none')}"
    yield f"- **Type**: {escape(text_of(data, 'type') or 'none')}"
    sides = [_party(code, bodies, names) for code, bodies in parties(data)]
    yield from _several("Parties", [escape(side, most=_LONGEST_VALUE) for side in sides], "; ")
    people = (", ".join(_known(person, "name", "role")) for person in items_of(data, "people"))
    yield from _several("People", [escape(each, most=_LONGEST_VALUE) for each in people], "; ")
    topics = ", ".join(texts_of(data, "topics"))
    yield f"- **Topics**: {escape(topics or 'none', most=_LONGEST_VALUE)}"
    yield from _several("Sources", [_source(source) for source in items_of(data, "sources")], " · ")
    summary = text_of(data, "summary")
    if summary:
        yield f"- **Summary**: {escape(summary, most=1200)}"
    yield ""


def _party(code: str, bodies: Sequence[str], names: Vocabulary | None) -> str:
    label = f"{names.label(code)} ({code})" if names and names.label(code) != code else code
    return f"{label}: {', '.join(bodies)}" if bodies else label


def _known(data: object, *fields: str) -> list[str]:
    return [value for name in fields if (value := text_of(data, name))]


def _several(label: str, values: list[str], separator: str) -> Iterator[str]:
    more = len(values) - _MOST_ITEMS
    shown = [*values[:_MOST_ITEMS], f"{more:,} more"] if more > 0 else values
    if shown:
        yield f"- **{label}**: {separator.join(shown)}"


def _source(source: object) -> str:
    address = text_of(source, "url")
    label = ", ".join(_known(source, "publisher", "title", "published"))
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    # The host is shown beside the words that a stranger chose for the link.
    return link(f"{label[:_LONGEST_TITLE]} ({host})" if label and host else label, address)


def _entry(entry: EntryDiff) -> Iterator[str]:
    yield f"**{escape(entry.code, most=_LONGEST_TITLE)}** {entry.status} in {escape(entry.path)}"
    yield ""
    if entry.status != "removed":
        yield from table(entry.changes, most=_MOST_ROWS)


def table(changes: Sequence[Change], *, most: int | None = None) -> Iterator[str]:
    """Yield the lines of a table; what was added or removed as a whole is one row.

    Of more than ``most`` rows the others are counted.
    """
    yield from ("| Field | Before | After |", "| --- | --- | --- |")
    rows = [
        row
        for _, some in groupby(
            changes, key=lambda one: (one.place[0], one.old is None, one.new is None)
        )
        for row in _rows([*some])
    ]
    for row in rows[:most]:
        yield f"| {' | '.join(escape(cell, most=_LONGEST_VALUE) for cell in row)} |"
    yield ""
    if most and len(rows) > most:
        yield f"{counted(len(rows) - most, 'more row')}."
        yield ""


def _rows(changes: Sequence[Change]) -> Iterator[tuple[str, str, str]]:
    parent, _ = changes[0].place
    is_new, is_gone = changes[0].old is None, changes[0].new is None
    if len(changes) == 1 or not (is_new or is_gone):
        for change in changes:
            field = ".".join(filter(None, change.place))
            yield field, _shown(change.old), _shown(change.new)
        return
    values = [
        ": ".join(filter(None, (change.place[1], _shown(change.new if is_new else change.old))))
        for change in changes
    ]
    whole = "; ".join(values)
    yield (parent, "", whole) if is_new else (parent, whole, "")


def _shown(value: Value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value
