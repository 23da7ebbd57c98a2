"""Where each field and value of a file stands, for the findings that point there."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from healthcoop.files import reader
from healthcoop.files.reader import START, Pointer, Span, span_at, span_of


class Positions:
    """Where each field and value of one file stands."""

    def __init__(self, content: bytes) -> None:
        """Compose the file once more; one that the reader refuses has no positions."""
        self._keys: dict[Pointer, Span] = {}
        self._values: dict[Pointer, Span] = {(): START}
        self._extents: dict[Pointer, tuple[int, int]] = {}
        self._content = content.removeprefix(b"\xef\xbb\xbf")
        with contextlib.suppress(reader.Refused):
            self._walk(reader.compose(self._content), ())

    def value(self, pointer: Pointer) -> Span:
        """Give the place of a value, or of the nearest thing around it that is there.

        A list or mapping is named by the field that holds it, or by its own beginning.
        """
        while pointer not in self._values:
            pointer = pointer[:-1]
        return self._values[pointer]

    def key(self, pointer: Pointer) -> Span:
        """Give the place of a field's name, or of the value where the name stands nowhere."""
        return self._keys.get(pointer) or self.value(pointer)

    def piece(self, pointer: Pointer, piece: str) -> Span | None:
        """Give the place of a part of a text; None where it does not stand there as it is."""
        text = self._content.decode("utf-8", "replace")
        start, end = self._extents.get(pointer, (0, 0))
        offset = text.find(piece, start, end)
        if offset < 0:
            return None
        line, column, *_ = span_at(text, offset)
        return Span(line, column, line, column + len(piece))

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
        elif node.id == "sequence":
            for number, item in enumerate(node.value):
                self._values[*at, number] = span_of(item)
                self._walk(item, (*at, number))


def comments(content: bytes) -> Iterator[Span]:
    """Find the comments of a file that the reader takes; ``#`` inside a text is none."""
    text = content.decode("utf-8").removeprefix("\ufeff")
    spans = []
    for token in reader.tokens(text.encode()):
        if type(token).__name__ == "ScalarToken":
            start, end = token.start_mark.index, token.end_mark.index
            if token.style in (">", "|"):  # the text begins below the line of the indicator
                start = text.find("\n", start)
            spans.append((start, end))
    line, counted = 1, 0
    inside = at = 0
    while match := _COMMENT.search(text, at):
        start, at = match.span()
        while inside < len(spans) and spans[inside][1] <= start:
            inside += 1
        if inside < len(spans) and spans[inside][0] <= start:
            at = spans[inside][1]
            continue
        line += text.count("\n", counted, start)
        counted = start
        column = start - text.rfind("\n", 0, start)
        yield Span(line, column, line, column + at - start)


_COMMENT = re.compile(r"(?<![^ \n])#[^\r\n]*")
