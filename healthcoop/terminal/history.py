"""The history of a record: what each revision changed, field by field."""

from collections.abc import Iterator, Mapping, Sequence
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
            for change in state["changes"]:
                yield from _change(change)


def _said(state: Mapping[str, Any]) -> str:
    """Say the note, and how much came or went with the whole file."""
    note, count = str(state["note"]), len(state["changes"])
    if note not in _WHOLE or not count:
        return note
    return f"{note} with {count} value{'s' if count > 1 else ''}"


def _change(change: Mapping[str, Any]) -> Iterator[Padding]:
    yield _indented(text(change["field"]), 2)
    for sign, value, style in (("-", change["old"], "red"), ("+", change["new"], "green")):
        if value is not None:
            shown = str(value).lower() if isinstance(value, bool) else value
            yield _indented(text(f"{sign} {shown}", style), 4)


def _indented(line: Text, by: int) -> Padding:
    line.overflow = "fold"  # a long address goes on in the next line
    return Padding(line, (0, 0, 0, by), expand=False)
