"""Where each field and value of a file stands, for the findings that point there."""

import contextlib
import re
from typing import Any

from healthcoop.text import reader
from healthcoop.text.reader import START, Pointer, Span, span_at, span_of


class Positions:
    """Where each field and value of one file stands."""

    def __init__(self, content: bytes) -> None:
        """Compose the file once more; one that the reader refuses has no positions."""
        self._keys: dict[Pointer, Span] = {}
        self._values: dict[Pointer, Span] = {(): START}
        with contextlib.suppress(reader.Refused):
            self._walk(reader.compose(content), ())

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

    def _walk(self, node: Any, at: Pointer) -> None:
        if node.id == "mapping":
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


def comments(content: bytes) -> list[Span]:
    """Find the comments of a file that the reader takes; ``#`` inside a text is none."""
    text = content.decode("utf-8").removeprefix("\ufeff")
    spans = [
        (token.start_mark.index, token.end_mark.index)
        for token in reader.tokens(text.encode())
        if type(token).__name__ == "ScalarToken"
    ]
    found: list[Span] = []
    inside = 0
    for match in re.finditer(r"(?:(?<=[ \n])|^)#[^\r\n]*", text):
        while inside < len(spans) and spans[inside][1] <= match.start():
            inside += 1
        if inside == len(spans) or match.start() < spans[inside][0]:
            start, end = span_at(text, match.start()), span_at(text, match.end())
            found.append(Span(start.line, start.column, end.line, end.column))
    return found
