"""Small edits of a file by the place where a value stands, so that nothing else changes.

The parser says where each thing stands; the text between is cut and pasted, and the result is read
back: an edit that would do anything but what it says is not made.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from healthcoop.files import canonical, nodes, reader
from healthcoop.files.nodes import Pointer


@dataclass(frozen=True, slots=True)
class Replace:
    """Write something else where a value stands: a text, true or false, or a list of texts."""

    pointer: Pointer
    value: str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a field, or an item of a list, away."""

    pointer: Pointer


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a field another name."""

    pointer: Pointer
    name: str


Edit = Replace | Remove | Rename


def apply(content: bytes, edits: Sequence[Edit]) -> bytes | None:
    """Make edits of a file where its values stand; of two that overlap only the first.

    Pointers are those of the file as it was. None where one of them cannot be made in place, as
    the removal of the only item of a list in block style.
    """
    try:
        return SourceEditor(content).edited(edits)
    except nodes.ParseError:
        return None


class _Splice(NamedTuple):
    """A stretch of the text, in characters, and what is written in its place."""

    start: int
    end: int
    text: str

    def overlaps(self, other: "_Splice") -> bool:
        return self.start < other.end and other.start < self.end


class _Place(NamedTuple):
    """A field or item: its nodes, where it stands among its siblings, and what is around it."""

    key: Any
    value: Any
    siblings: list[tuple[Any, Any]]
    number: int
    parent: Any


class SourceEditor:
    """A file to be edited: its text, and where everything stands in it."""

    def __init__(self, content: bytes) -> None:
        """Take the file; raises nodes.ParseError for one that cannot be composed."""
        self._content = content
        self._mark = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
        try:
            self._text = content.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            raise nodes.ParseError(reader.parse(content).problems[0]) from None
        self._root = nodes.compose(self._text.encode())
        self._is_whole = reader.parse(content).data is not None
        self._places: dict[Pointer, _Place] = {}
        self._find(self._root, ())

    def edited(self, edits: Sequence[Edit]) -> bytes | None:
        """Make edits; as ``apply``."""
        splices: list[_Splice] = []
        made: dict[Pointer, Edit] = {}
        for edit in edits:
            splice = self._splice(edit)
            if splice is None:
                return None
            if edit.pointer not in made and not any(map(splice.overlaps, splices)):
                splices.append(splice)
                made[edit.pointer] = edit
        return self._with(splices, made)

    def edited_by_groups(self, groups: Sequence[Sequence[Edit]]) -> tuple[bytes, int]:
        """Make groups of edits, each as a whole or not at all; give the content and their number.

        Groups that get in each other's way are left for another time.
        """
        splices: list[_Splice] = []
        made: dict[Pointer, Edit] = {}
        for group in groups:
            new = [splice for splice in map(self._splice, group) if splice]
            pointers = {edit.pointer for edit in group}
            if (
                len(new) < len(group)
                or not made.keys().isdisjoint(pointers)
                or any(one.overlaps(other) for one in new for other in splices)
            ):
                continue
            splices += new
            made |= {edit.pointer: edit for edit in group}
        content = self._with(splices, made)
        if content is not None:
            return content, len(made)
        for group in groups:  # each is sound, and not all of them together
            content = self.edited(group)
            if content is not None:
                return content, len(group)
        return self._content, 0

    def _with(self, splices: list[_Splice], made: dict[Pointer, Edit]) -> bytes | None:
        """Paste back to front, read the result and compare it with what it should say."""
        text = self._text
        for splice in sorted(splices, reverse=True):
            text = text[: splice.start] + splice.text + text[splice.end :]
        content = (self._mark + text).encode()
        try:
            root = nodes.compose(text.encode())
        except (nodes.ParseError, UnicodeEncodeError):
            return None
        if _meaning(root, {}) != _meaning(self._root, made):
            return None
        if self._is_whole and reader.parse(content).data is None:
            return None
        return content

    def _find(self, node: Any, at: Pointer) -> None:
        entries: list[tuple[Any, Any]] = []
        if node.id == "mapping":
            entries = node.value
        elif node.id == "sequence":
            entries = [(None, item) for item in node.value]
        for number, (key, value) in enumerate(entries):
            name = number if key is None else key.value
            if isinstance(name, list):  # a mapping or list for a name: no pointer leads there
                continue
            self._places[*at, name] = _Place(key, value, entries, number, node)
            self._find(value, (*at, name))

    def _splice(self, edit: Edit) -> _Splice | None:
        place = self._places.get(edit.pointer)
        if place is None:
            return None
        if isinstance(edit, Replace):
            return self._replacement(place, edit.value)
        if isinstance(edit, Remove):
            in_brackets = place.parent.flow_style
            return self._cut_in_flow(place) if in_brackets else self._cut_in_block(place)
        if place.key is None:
            return None
        start, end = _stretch(place.key)
        return _Splice(start, end, canonical.scalar(edit.name, flow=place.parent.flow_style))

    def _replacement(self, place: _Place, value: str | bool | tuple[str, ...]) -> _Splice:
        node = place.value
        start = node.start_mark.index
        end = self._end(node)
        if node.id != "scalar" and not node.flow_style and place.key is not None:
            # A block stands below its field's line; what takes its place stands in it.
            start = self._text.index(":", place.key.end_mark.index) + 1
        space = " " if self._text[start - 1 : start] == ":" else ""  # right behind its colon
        if isinstance(value, tuple):
            return _Splice(start, end, space + canonical.flow(list(value)))
        if node.id == "scalar" and node.style == ">" and isinstance(value, str):
            lines = canonical.folded(value, self._indent(place))
            if lines:
                ending = "\r\n" if "\r\n" in self._text[start:end] else "\n"
                return _Splice(start, end, ending.join([">-", *lines]))
        written = canonical.scalar(value, flow=place.parent.flow_style)
        return _Splice(start, end, space + written)

    def _indent(self, place: _Place) -> str:
        """Give the indentation of what belongs to a field or item."""
        if place.key is None:
            return " " * int(place.value.start_mark.column)
        return " " * int(place.key.start_mark.column + 2)

    def _end(self, node: Any) -> int:
        """Give where a value ends; what a block ends with on the lines below is none of it."""
        start, end = _stretch(node)
        if node.id == "scalar":
            if node.style in ("|", ">"):
                return start + len(self._text[start:end].rstrip(" \r\n"))
            return end
        if node.flow_style or not node.value:
            return end
        last = node.value[-1]
        return self._end(last[1] if node.id == "mapping" else last)

    def _start(self, place: _Place, number: int) -> int | None:
        """Give where a field begins, or the dash of an item of a list in block style."""
        key, value = place.siblings[number]
        start: int = (value if key is None else key).start_mark.index
        if key is None and not place.parent.flow_style:
            start = len(self._text[:start].rstrip(" \r\n")) - 1
            return start if self._text[start : start + 1] == "-" else None
        return start

    def _cut_in_block(self, place: _Place) -> _Splice | None:
        start = self._start(place, place.number)
        if start is None or len(place.siblings) == 1:
            return None
        end = self._end(place.value)
        rest = _REST_OF_LINE.match(self._text, end)
        if rest is None:
            return None
        line = self._text.rfind("\n", 0, start) + 1
        if not self._text[line:start].strip(" "):
            return _Splice(line, rest.end(), "")
        # It stands behind the dash of the item that it begins: what follows moves there.
        if place.number + 1 == len(place.siblings):
            return None
        following = self._start(place, place.number + 1)
        if following is None or self._text[rest.end() : following].strip(" \r\n"):
            return None
        return _Splice(start, following, "")

    def _cut_in_flow(self, place: _Place) -> _Splice:
        start, end = self._start(place, place.number) or 0, self._end(place.value)
        if place.number + 1 < len(place.siblings):
            end = self._start(place, place.number + 1) or end
        elif place.number:
            start = self._end(place.siblings[place.number - 1][1])
        return _Splice(start, end, "")


_REST_OF_LINE = re.compile(r" *(?:(?<= )#[^\r\n]*)?(?:\r?\n|\Z)")


def _stretch(node: Any) -> tuple[int, int]:
    return node.start_mark.index, node.end_mark.index


def _meaning(node: Any, made: dict[Pointer, Edit], at: Pointer = ()) -> Any:
    """Give what a node says, with the edits made; the fields of a mapping in their order."""
    edit = made.get(at)
    if isinstance(edit, Replace):
        return list(edit.value) if isinstance(edit.value, tuple) else edit.value
    if node.id == "scalar":
        return _FLAGS.get(node.value, node.value) if node.tag == "plain" else node.value
    if node.id == "sequence":
        return list(_items(node, made, at))
    return tuple(_fields(node, made, at))


_FLAGS: dict[str, bool | None] = {"true": True, "false": False}
_FLAGS |= dict.fromkeys(("", "~", "null", "Null", "NULL"))


def _items(node: Any, made: dict[Pointer, Edit], at: Pointer) -> Iterator[Any]:
    for number, item in enumerate(node.value):
        if not isinstance(made.get((*at, number)), Remove):
            yield _meaning(item, made, (*at, number))


def _fields(node: Any, made: dict[Pointer, Edit], at: Pointer) -> Iterator[tuple[Any, Any]]:
    for key, value in node.value:
        if key.id != "scalar":
            yield _meaning(key, {}), _meaning(value, {})
            continue
        edit = made.get((*at, key.value))
        if not isinstance(edit, Remove):
            name = edit.name if isinstance(edit, Rename) else key.value
            yield name, _meaning(value, made, (*at, key.value))
