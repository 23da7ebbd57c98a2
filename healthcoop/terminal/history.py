"""The history of a record: what each revision changed, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.padding import Padding
from rich.text import Text

from healthcoop.terminal.console import text

_HASH = 10  # characters that tell a commit from others, as git abbreviates it
_WHOLE = ("added", "removed")  # what came or went with the whole file is no news


def layout(states: Sequence[Mapping[str, Any]]) -> Iterator[Text | Padding]:
    """Lay revisions out, as ``State.to_data`` gives them; of the first, its fields are counted."""
    for number, state in enumerate(states):
        if number:
            yield Text("")
        yield text(state["subject"], "bold")
        head = f"{state['day']}  {state['revision'][:_HASH]}  {state['author']}"
        yield text(head, "dim")
        if state["note"]:
            yield _indented(text(_said(state), "yellow"), 2)
        if state["note"] not in _WHOLE:
            for place, changes in groupby(state["changes"], key=lambda change: _split(change)[0]):
                yield _indented(text(place), 2)
                for change in changes:
                    yield from _change(change)


def _said(state: Mapping[str, Any]) -> str:
    """Say the note, and how much came or went with the whole file."""
    note, count = str(state["note"]), len(state["changes"])
    if note not in _WHOLE or not count:
        return note
    return f"{note} with {count} value{'s' if count > 1 else ''}"


def _split(change: Mapping[str, Any]) -> tuple[str, str]:
    """Split a field into where it stands and its name, empty for a text in a list or at the top."""
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
