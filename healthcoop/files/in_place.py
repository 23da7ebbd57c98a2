"""Edits of a YAML file's text at the places of its values: nothing else in the file changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from healthcoop.errors import HealthcoopError
from healthcoop.files import reader
from healthcoop.files.canonical import layout, scalar
from healthcoop.files.fixes import Replace, apply
from healthcoop.files.nodes import Pointer
from healthcoop.files.positions import Positions
from healthcoop.model.spec import ORDER

_MARK = "\ufeff"


def edit(
    path: str,
    content: bytes,
    *,
    replaced: Mapping[Pointer, str] | None = None,
    added: Mapping[str, Any] | None = None,
) -> str:
    """Return the text of a file that the reader accepts, with texts replaced and fields added.

    ``replaced`` has a text, such as an id, for each pointer; ``added`` are fields of a record, each
    inserted at its place, or a list whose items are appended to one that is there. The result is
    parsed and compared with what it should say: raises HealthcoopError for a file whose layout
    cannot be edited so.
    """
    replaced, added = replaced or {}, added or {}
    data = reader.parse(content).data or {}
    expected, _ = apply(data, [[Replace(*each)] for each in replaced.items()])
    mark = _MARK if content.decode().startswith(_MARK) else ""
    text = content.decode().removeprefix(_MARK)
    positions = Positions(content)
    edits = []
    for pointer, value in replaced.items():
        start, end = positions.extent(pointer)
        edits.append((start, end, _in_style(text[start:end], value)))
    for field, value in added.items():
        if isinstance(value, list) and data.get(field):
            start, end = positions.extent((field, len(data[field]) - 1))
            edits.append((end, end, _items(text[text.rfind("\n", 0, start) + 1 : start], value)))
            expected[field] = [*expected[field], *value]
        else:
            at = _place(text, data, positions, field)
            gap = "\n" if at == len(text) and not text.endswith("\n") else ""
            edits.append((at, at, gap + layout({field: value}).partition("\n")[2]))
            expected[field] = value
    for start, end, new in sorted(edits, reverse=True):
        lines = new.replace("\n", "\r\n") if "\r\n" in text else new
        text = text[:start] + lines + text[end:]
    if reader.parse(text.encode()).data != expected:
        raise HealthcoopError(
            f"{path} has a layout that cannot be edited in place",
            hint=f"Reformat it first: healthcoop fmt {path}",
        )
    return mark + text


def _in_style(old: str, value: str) -> str:
    """Return a text as YAML, quoted as the one that it replaces."""
    quote = old[:1] if old[:1] in ("'", '"') else ""
    ending = old[len(old.rstrip()) :] if old[:1] in (">", "|") else ""
    return f"{quote}{value}{quote}{ending}" if quote else f"{scalar(value)}{ending}"


def _items(before: str, values: Sequence[str]) -> str:
    """Return the text of list items behind the last one, whose line begins with ``before``."""
    start = ", " if before.strip(" -") else f"\n{before}"
    return "".join(f"{start}{scalar(value, flow=True)}" for value in values)


def _place(text: str, data: Mapping[str, Any], positions: Positions, field: str) -> int:
    """Return the offset of the line where a new field of a record belongs."""
    order = ORDER[""]
    later = order[order.index(field) + 1 :]
    lines = [positions.key((name,)).line for name in data if name in later]
    if not lines:
        return len(text)
    return sum(len(line) for line in text.splitlines(keepends=True)[: min(lines) - 1])
