"""The history of a record: the changes of each revision, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.padding import Padding
from rich.text import Text

from healthcoop.terminal.console import text

_HASH = 10  # characters of an abbreviated commit hash
_WHOLE = ("added", "removed")  # of these revisions the fields are only counted


def revision_list(revisions: Sequence[Mapping[str, Any]]) -> Iterator[Text | Padding]:
    """Yield the lines of revisions, given as ``RecordRevision.to_data`` returns them."""
    for number, revision in enumerate(revisions):
        if number:
            yield Text("")
        yield text(revision["subject"], "bold")
        head = f"{revision['day']}  {revision['revision'][:_HASH]}  {revision['author']}"
        yield text(head, "dim")
        if revision["note"]:
            yield _indented(text(_note(revision), "yellow"), 2)
        if revision["note"] not in _WHOLE:
            by_parent = groupby(revision["changes"], key=lambda change: _split(change)[0])
            for parent, changes in by_parent:
                yield _indented(text(parent), 2)
                for change in changes:
                    yield from _change(change)


def _note(revision: Mapping[str, Any]) -> str:
    """Return the note, with the number of values of an added or removed file."""
    note, count = str(revision["note"]), len(revision["changes"])
    if note not in _WHOLE or not count:
        return note
    return f"{note} with {count} value{'s' if count > 1 else ''}"


def _split(change: Mapping[str, Any]) -> tuple[str, str]:
    """Split a field into parent and name; the name is empty at the top level and in a list."""
    field = str(change["field"])
    for value in (change["old"], change["new"]):
        if isinstance(value, str) and value and field.endswith(f".{value}"):
            return field[: -len(value) - 1], ""
    place, _, name = field.rpartition(".")
    return (place, name) if place else (name, "")


def _change(change: Mapping[str, Any]) -> Iterator[Padding]:
    _, name = _split(change)
    for sign, value, style in (("-", change["old"], "red"), ("+", change["new"], "green")):
        if value is not None:
            shown = str(value).lower() if isinstance(value, bool) else value
            yield _indented(text(f"{sign} {name}{': ' if name else ''}{shown}", style), 4)


def _indented(line: Text, by: int) -> Padding:
    line.overflow = "fold"  # a long address goes on in the next line
    return Padding(line, (0, 0, 0, by), expand=False)
