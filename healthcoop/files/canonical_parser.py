"""A quick reading of files that are laid out canonically, as nearly all are.

The general reader composes a tree of nodes by way of libyaml and PyYAML, which is most of what
reading costs. A file in the layout that ``canonical`` writes needs none of that: each of its lines
says by itself what it is. ``read`` goes through them once, and gives up at the first thing that is
not plainly so; the general reader then decides. It takes nothing that the general reader would
refuse, and reads nothing otherwise: tests hold the two together.
"""

import re
from functools import lru_cache
from typing import Any

from healthcoop.model.spec import NAMES, PROSE

_LEVELS = 8  # of two spaces each: a record has five
_WORDS = {"true": True, "false": False, "null": None, "Null": None, "NULL": None}
# A plain scalar begins with none of these, and holds neither ": " nor " #".
_OPENING = ('"', "{", "[")
_INDICATORS = frozenset(" -?:,[]{}#&*!|>'\"%@`~")


def read(text: str) -> dict[str, Any] | None:  # noqa: PLR0911, PLR0912, PLR0915 - a call costs
    """Give the data of a text in canonical layout; None where it may be in another.

    The text has no character that the general reader forbids; but for line feeds it is printable.
    """
    if not text.endswith("\n"):
        return None
    lines = text.split("\n")
    end = len(lines) - 1
    at = 0
    while lines[at][:1] == "#":
        at += 1
    data: dict[str, Any] = {}
    # What stands open at each level of indentation, as far as the last line goes; the mapping and
    # the name that wait for a list or mapping on the lines to come.
    opened: list[Any] = [data, *[None] * _LEVELS]
    top = 0
    waiting: tuple[dict[str, Any], str] | None = None
    while at < end:
        line = lines[at]
        at += 1
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        dash = body[:2] == "- "
        if dash:
            body = body[2:]
        colon = ""
        value: Any = body
        if body[:1] in _OPENING:
            name = ""
        else:
            name, colon, value = body.partition(": ")
        if not colon:
            if body[-1:] == ":":
                name, value = body[:-1], None
            else:
                name, value = "", body
        elif not name:
            return None
        if value:
            first = value[0]
            if first not in _INDICATORS:
                if ": " in value or " #" in value or value[-1] in " :":
                    return None
                if value in _WORDS:
                    value = _WORDS[value]
                    if value is None:
                        return None
            elif value == ">-":
                if dash and name:
                    return None
                start = at
                margin = line[:indent] + "  "
                while at < end and (lines[at].startswith(margin) or not lines[at]):
                    at += 1
                value = _unfold(lines[start:at], indent + 2, name)
                if value is None:
                    return None
            else:
                value = _quoted(value) if first == '"' else _flow(value)
                if value is None:
                    return None
        elif value is not None or not name:
            return None

        level = indent >> 1
        if waiting is not None:  # one level deeper, and nowhere else, stands what it waits for
            if level != top + 1:
                return None
            waiting[0][waiting[1]] = opened[level] = [] if dash else {}
            waiting, top = None, level
        if indent & 1 or level > top or level >= _LEVELS:
            return None
        here = opened[level]
        top = level
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
        if name in here or name not in NAMES:
            return None
        here[name] = value
        if value is None:
            waiting = (here, name)
    return None if waiting else data or None


def _quoted(text: str) -> str | None:
    inner = text[1:-1]
    ends = len(text) > 1 and text[-1] == '"'
    return inner if ends and '"' not in inner and "\\" not in inner else None


def _unfold(lines: list[str], margin: int, name: str) -> str | None:
    """Join folded lines by spaces, and paragraphs, in a field that may have them, by breaks."""
    texts = [line[margin:] for line in lines]
    if not texts or any(text[:1] == " " for text in texts):
        return None
    if "" not in texts:
        return " ".join(texts)
    joined = "\0".join(texts)
    if name not in PROSE or not texts[0] or not texts[-1] or "\0\0\0" in joined:
        return None
    return joined.replace("\0\0", "\n").replace("\0", " ")


# Between brackets a plain scalar holds nothing that could end it or make it a pair.
_ITEM = r"""(?:"([^"\\]*)"|([^\s\-?:,\[\]{}#&*!|>'"%@`~][^,\[\]{}:#?"]*(?<! )))"""
_PAIR = rf"([a-z_]+): {_ITEM}"
_LIST = re.compile(rf"\[{_ITEM}(?:, {_ITEM})*\]")
_MAPPING = re.compile(rf"\{{{_PAIR}(?:, {_PAIR})*\}}")
_ITEMS, _PAIRS = re.compile(_ITEM), re.compile(_PAIR)


_REMEMBERED = 200  # characters: thousands of lines as long as a file may be would fill the memory


def _flow(text: str) -> dict[str, str] | list[str] | None:
    """Read a list or mapping of texts on one line."""
    if len(text) > _REMEMBERED:
        return _flow_once.__wrapped__(text)
    shared = _flow_once(text)
    return None if shared is None else shared.copy()


@lru_cache(maxsize=4096)
def _flow_once(text: str) -> dict[str, str] | list[str] | None:
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
