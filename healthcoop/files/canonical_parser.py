"""A fast parser for files in canonical layout, as nearly all record files are.

The strict reader composes a tree of nodes with PyYAML, which is most of the cost of reading. In the
layout that ``canonical`` writes, each line can be interpreted by itself. ``parse`` goes through
the lines once and returns None at the first one that is not plainly canonical; the strict reader
then decides. What it does return equals what the strict reader returns: the tests compare them.
"""

import re
from functools import lru_cache
from typing import Any

from healthcoop.model.spec import NAMES, PROSE

_LEVELS = 8  # of two spaces each; a record has five
_FLAGS = {"true": True, "false": False}
_NULLS = frozenset({"null", "Null", "NULL"})
_WORDS = frozenset({*_FLAGS, *_NULLS})
_INDICATORS = frozenset(" -?:,[]{}#&*!|>'\"%@`~")  # no plain scalar begins with one
_LINE = re.compile(
    r"""(\ *+)(-\ )?+                      # indentation, item of a list
    (?:([a-z_][A-Za-z_.]*+):(?:\ |(?=\n)))?  # name; in “says” a path
    (?:>-((?:\n\1\ \ .*+|\n(?=\n))++)     # folded lines, each after its line break
    |(.*+))\n                              # or the value
    """,
    re.VERBOSE,
)
_MARGINS = tuple("\n" + "  " * (level + 1) for level in range(_LEVELS))

# Between brackets a plain scalar contains nothing that could end it or make it a pair.
_NO_START = re.escape("".join(_INDICATORS))
_ITEM = rf"""(?:"([^"\\]*)"|([^{_NO_START}][^,\[\]{{}}:#?"]*(?<! )))"""
_PAIR = rf"([a-z_]+): {_ITEM}"
_LIST = re.compile(rf"\[{_ITEM}(?:, {_ITEM})*\]")
_MAPPING = re.compile(rf"\{{{_PAIR}(?:, {_PAIR})*\}}")
_ITEMS, _PAIRS = re.compile(_ITEM), re.compile(_PAIR)


def parse(text: str) -> dict[str, Any] | None:  # noqa: PLR0911, PLR0912 - calls are too slow here
    """Parse a text in canonical layout; return None where it may be in another layout.

    The caller ensures that the text consists of printable characters and line feeds.
    """
    if not text.endswith("\n"):
        return None
    start = 0
    while text[start : start + 1] == "#":
        start = text.index("\n", start) + 1
    data: dict[str, Any] = {}
    # The collection that is open at each level of indentation, down to the last line's level; and
    # the mapping and name whose value is a collection on the next lines.
    opened: list[Any] = [data, *[None] * _LEVELS]
    top = 0
    parent: dict[str, Any] | None = None
    parent_name = ""
    value: Any
    for indent, dash, name, folded, scalar in _LINE.findall(text, start):
        width = len(indent)
        level = width >> 1
        if parent is not None:  # a collection is exactly one level deeper than its name
            if level != top + 1 or level >= _LEVELS:
                return None
            parent[parent_name] = opened[level] = [] if dash else {}
            parent, top = None, level
        if level > top or width & 1:
            return None
        here = opened[level]
        top = level

        if scalar:
            first = scalar[0]
            if first not in _INDICATORS:
                if ": " in scalar or " #" in scalar or scalar[-1] in " :" or scalar in _NULLS:
                    return None
                value = _FLAGS.get(scalar, scalar)
            else:
                value = _quoted(scalar) if first == '"' else _flow(scalar)
                if value is None:
                    return None
        elif folded:
            value = None if dash and name else _unfold(folded, _MARGINS[level], name)
            if value is None:
                return None
        elif name:
            value = None  # on the lines to come
        else:
            return None

        if dash:
            if here.__class__ is not list:
                return None
            if not name:
                here.append(value)
                continue
            top += 1
            opened[top] = {}
            here.append(opened[top])
            here = opened[top]
        elif here.__class__ is not dict:
            return None
        if name in here or (name not in NAMES and "." not in name):
            return None
        if value is None:
            parent, parent_name = here, name
        here[name] = value
    return None if parent is not None else data or None


def _quoted(text: str) -> str | None:
    """Return the text in double quotes; None where it has escapes."""
    inner = text[1:-1]
    ends = len(text) > 1 and text[-1] == '"'
    return inner if ends and '"' not in inner and "\\" not in inner else None


def _unfold(folded: str, margin: str, name: str) -> str | None:
    """Join folded lines by spaces and, in a field that may have them, paragraphs by line breaks.

    ``margin`` is a line break and the indentation of the lines.
    """
    text = folded.replace(margin, "\n")
    if "\n " in text:
        return None
    if "\n\n" not in text:
        return None if text[-1] == "\n" else text[1:].replace("\n", " ")
    if name not in PROSE or text[1] == "\n" or text[-1] == "\n" or "\n\n\n" in text:
        return None
    return text[1:].replace("\n\n", "\0").replace("\n", " ").replace("\0", "\n")


def _flow(text: str) -> dict[str, str] | list[str] | None:
    """Parse a list or mapping of texts on one line."""
    if len(text) > _LONGEST_CACHED:
        return _parse_flow.__wrapped__(text)
    shared = _parse_flow(text)
    return None if shared is None else shared.copy()


_LONGEST_CACHED = 200  # characters: thousands of lines of a file's full size would fill the memory


@lru_cache(maxsize=4096)
def _parse_flow(text: str) -> dict[str, str] | list[str] | None:
    """Parse a list or mapping of texts on one line."""
    if _LIST.fullmatch(text):
        items = _ITEMS.findall(text)
        if any(plain in _WORDS for _, plain in items):
            return None
        return [plain or quoted for quoted, plain in items]
    if not _MAPPING.fullmatch(text):
        return None
    pairs = _PAIRS.findall(text)
    if any(plain in _WORDS or name not in NAMES for name, _, plain in pairs):
        return None
    data = {name: plain or quoted for name, quoted, plain in pairs}
    return data if len(data) == len(pairs) else None
