"""Where the values and the comments of a YAML file are."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from healthcoop.files.nodes import (
    START,
    ParseError,
    Pointer,
    Span,
    compose,
    span_at,
    span_of,
    tokens,
)


class Positions:
    """The position of each field and value of a file; only files with findings need it."""

    def __init__(self, content: bytes) -> None:
        """Compose the file; one that is refused has no positions."""
        self._keys: dict[Pointer, Span] = {}
        self._values: dict[Pointer, Span] = {(): START}
        self._extents: dict[Pointer, tuple[int, int]] = {}
        self._content = content.removeprefix(b"\xef\xbb\xbf")
        with contextlib.suppress(ParseError):
            self._walk(compose(self._content), ())

    def value(self, pointer: Pointer) -> Span:
        """Return the span of a value, or of the nearest thing around it that exists.

        For a list or mapping it is the name of its field, or its first character.
        """
        while pointer not in self._values:
            pointer = pointer[:-1]
        return self._values[pointer]

    def key(self, pointer: Pointer) -> Span:
        """Return the span of a field's name, or of the value where it has no name."""
        return self._keys.get(pointer) or self.value(pointer)

    def extent(self, pointer: Pointer) -> tuple[int, int]:
        """Return where a text is, quotes included: offsets in characters, behind a mark of order.

        Both are 0 where there is none.
        """
        return self._extents.get(pointer, (0, 0))

    def substring(self, pointer: Pointer, part: str) -> Span | None:
        """Return the span of a part of a text; None where it is not written there literally."""
        text = self._content.decode("utf-8", "replace")
        start, end = self.extent(pointer)
        offset = text.find(part, start, end)
        if offset < 0:
            return None
        line, column, *_ = span_at(text, offset)
        return Span(line, column, line, column + len(part))

    def _walk(self, node: Any, at: Pointer) -> None:
        if node.id == "scalar":
            self._extents[at] = node.start_mark.index, node.end_mark.index
        elif node.id == "mapping":
            for key_node, value_node in node.value:
                if key_node.id != "scalar":
                    continue
                pointer = (*at, key_node.value)
                self._keys[pointer] = span_of(key_node)
                scalar = value_node.id == "scalar"
                self._values[pointer] = span_of(value_node if scalar else key_node)
                self._walk(value_node, pointer)
        else:
            for number, item in enumerate(node.value):
                self._values[*at, number] = span_of(item)
                self._walk(item, (*at, number))


class Comment(NamedTuple):
    """The place of a comment; ``cuts`` is true behind a plain text, which it may have cut off."""

    span: Span
    cuts: bool


def comments(content: bytes) -> Iterator[Comment]:
    """Yield the comments of a valid file; ``#`` inside a text is none."""
    text = content.decode("utf-8").removeprefix("\ufeff")
    texts, plain_ends = [], set()
    for token in tokens(text.encode()):
        if type(token).__name__ == "ScalarToken":
            start, end = token.start_mark.index, token.end_mark.index
            if token.plain:
                plain_ends.add(end)
            if token.style in (">", "|"):  # the text begins below the line of the indicator
                start = text.find("\n", start)
            texts.append((start, end))
    line, counted = 1, 0
    index = at = 0
    while match := _COMMENT.search(text, at):
        start, at = match.span()
        while index < len(texts) and texts[index][1] <= start:
            index += 1
        if index < len(texts) and texts[index][0] <= start:
            at = texts[index][1]
            continue
        line += text.count("\n", counted, start)
        counted = start
        column = start - text.rfind("\n", 0, start)
        cuts = len(text[:start].rstrip(" ")) in plain_ends
        yield Comment(Span(line, column, line, column + at - start), cuts)


_COMMENT = re.compile(r"(?<![^ \n])#[^\r\n]*")
