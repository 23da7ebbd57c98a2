"""The canonical layout of record files: equal data has equal bytes.

Keys are in the order of ``model/record.py``; block style, but flow for a place and for lists of
codes and bodies; prose folded at 100 columns; double quotes for every date and for all that
another YAML 1.1 or 1.2 reader would not read as the same text; otherwise plain.

In folded text each sentence begins a line, so that the diff of an edited sentence is that sentence.
A sentence ends with a word that ends in ``.``, ``!``, ``?`` or ``…`` and closing quotes or
brackets, when one space and a word follow that begins with an upper-case letter, a digit, or an
opening quote or bracket; not with an initial (``J.``, ``U.S.``), a title (``Dr.``), a month or
another abbreviation that precedes what it belongs to (``No.``). A sentence too many or too few
costs nothing: the text is the same.

Nothing here depends on Python's version of Unicode: the bytes are the same everywhere.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from healthcoop.errors import HealthcoopError
from healthcoop.files import reader
from healthcoop.files.positions import Comment, comments
from healthcoop.files.visible import HIDDEN
from healthcoop.model.spec import FLOW_ITEMS, FLOW_LISTS, ORDER, PROSE

HEADER = "# yaml-language-server: $schema=../../schema/record.schema.json"
_MODELINE = "# yaml-language-server:"
WIDTH = 100

_ANY = "any"  # a mapping of no kind: its keys keep their order


class CannotReformat(HealthcoopError):
    """A file cannot be rewritten in canonical layout, as one whose text would be too large."""


def layout(data: dict[str, Any]) -> str:
    """Return a record's plain data in canonical layout.

    Unknown keys are kept, after the known ones: the layout does not judge a record.
    """
    return "\n".join([HEADER, *_mapping(data, "", "")]) + "\n"


def reformat(content: bytes) -> str | None:
    """Return a record file's canonical text; None for a file that the reader refuses.

    Raises as ``rewrite``.
    """
    data = reader.parse(content).data
    return None if data is None else rewrite(content, data)[0]


def rewrite(content: bytes, data: dict[str, Any]) -> tuple[str, reader.ParseResult]:
    """Return the canonical text that replaces a file's content, and what the reader makes of it.

    The text is read back and compared with the data. Raises CannotReformat where the text would
    exceed a limit, and as ``check_comments``.
    """
    check_comments(content)
    text = layout(data)
    again = reader.parse(text.encode())
    if again.data is None:
        raise CannotReformat(f"its canonical text would be refused: {again.problems[0].message}")
    if again.data != data:
        raise HealthcoopError(
            "the canonical layout would change the data of the file; nothing was written",
            hint="This is a bug in healthcoop: please report it with the file.",
        )
    return text, again


def check_comments(content: bytes) -> None:
    """Raise CannotReformat for a comment behind a plain text: it may be the rest of that text."""
    for comment in find_comments(content):
        if comment.cuts:
            raise CannotReformat(
                f"the comment in line {comment.span.line} would be lost, and may be cut-off text"
            )


def find_comments(content: bytes, *, most: int | None = None) -> list[Comment]:
    """Return the comments of a valid file, except for the editors' first line."""
    if content.rfind(b"#") == 0 and content.startswith(_MODELINE.encode()):
        return []  # as in nearly all files
    begins = b"#" in content[:4] and not content.startswith(_MODELINE.encode())
    if not begins and b" #" not in content and b"\n#" not in content:
        return []
    lines = content.decode("utf-8-sig").split("\n")
    found = (
        comment
        for comment in comments(content)
        if not lines[comment.span.line - 1][comment.span.column - 1 :].startswith(_MODELINE)
    )
    return list(islice(found, most))


def dump(value: Any) -> str:
    """Return plain data of any shape as YAML that all readers parse alike (for results)."""
    if isinstance(value, list):
        lines = [line for item in value for line in _item(item, _ANY, "")]
        return "\n".join(lines or ["[]"]) + "\n"
    return "\n".join(list(_mapping(value, _ANY, "")) or ["{}"]) + "\n"


def flow(value: Any) -> str:
    """Return plain data in flow style, on one line: ``[health-workforce, vaccines]``."""
    if isinstance(value, list):
        return f"[{', '.join(flow(item) for item in value)}]"
    if isinstance(value, dict):
        pairs = (f"{scalar(key, flow=True)}: {flow(item)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    return scalar(value, flow=True)


def _mapping(data: dict[str, Any], kind: str, indent: str) -> Iterator[str]:
    for key in _in_order(data, kind):
        yield from _field(key, data[key], indent)


def _in_order(data: dict[str, Any], kind: str) -> list[str]:
    """Return the keys of a mapping in canonical order, unknown ones last."""
    if kind == "says":  # names of the record's fields, dotted or not: in the order of these
        fields = ORDER[""]
        places = {key: key.partition(".")[0] for key in data}
        known = [key for key in sorted(data) if places[key] in fields]
        known.sort(key=lambda key: fields.index(places[key]))
    else:
        known = [key for key in ORDER.get(kind, ()) if key in data]
    return known + [key for key in data if key not in known]


def _field(key: str, value: Any, indent: str) -> Iterator[str]:
    start = f"{indent}{scalar(key)}:"
    if isinstance(value, dict):
        if not value:
            yield f"{start} {{}}"
            return
        yield start
        yield from _mapping(value, key, indent + "  ")
    elif isinstance(value, list):
        yield from _list(key, value, start, indent)
    else:
        yield from _text(value, f"{start} ", indent + "  ", folded=key in PROSE)


def _list(key: str, items: list[Any], start: str, indent: str) -> Iterator[str]:
    if not items:
        yield f"{start} []"
        return
    if key in FLOW_LISTS and all(isinstance(item, str) for item in items):
        line = f"{start} {flow(items)}"
        if len(line) <= WIDTH:
            yield line
            return
    yield start
    for item in items:
        yield from _item(item, key, indent + "  ")


def _item(item: Any, key: str, indent: str) -> Iterator[str]:
    if isinstance(item, dict):
        if key in FLOW_ITEMS and all(isinstance(value, str) for value in item.values()):
            order = [name for name in ORDER[key] if name in item]
            names = order + [name for name in item if name not in order]
            line = f"{indent}- {flow({name: item[name] for name in names})}"
            if len(line) <= WIDTH:
                yield line
                return
        lines = list(_mapping(item, key, indent + "  "))
        yield f"{indent}- {lines[0].lstrip(' ')}" if lines else f"{indent}- {{}}"
        yield from lines[1:]
    elif isinstance(item, list):
        lines = [line for inner in item for line in _item(inner, "", indent + "  ")]
        yield f"{indent}- {lines[0].lstrip(' ')}" if lines else f"{indent}- []"
        yield from lines[1:]
    else:
        yield from _text(item, f"{indent}- ", indent + "  ")


def _text(value: Any, start: str, indent: str, *, folded: bool = False) -> Iterator[str]:
    if isinstance(value, str):
        line = start + scalar(value)
        if (folded or len(line) > WIDTH) and _can_fold(value):
            yield f"{start}>-"
            yield from _fold(value, indent)
            return
        yield line
    else:
        yield start + scalar(value)


def _can_fold(text: str) -> bool:
    # A line that begins with a space is "more indented" and would not be folded back.
    edges = (" ", "\n")
    return (
        " " in text
        and not text.startswith(edges)
        and not text.endswith(edges)
        and "\n " not in text
        and " \n" not in text
        and not HIDDEN.search(text.replace("\n", ""))
    )


def _fold(text: str, indent: str) -> Iterator[str]:
    """Break lines at single spaces; a break in the text itself becomes an empty line."""
    for number, paragraph in enumerate(text.split("\n")):
        if number:
            yield ""
        line = last = ""
        for word in re.split(r"(?<=[^ ]) (?=[^ ])", paragraph):
            full = len(indent) + len(line) + 1 + len(word) > WIDTH
            if line and (full or _between_sentences(last, word)):
                yield indent + line
                line = word
            else:
                line = f"{line} {word}" if line else word
            last = word
        if line:
            yield indent + line


_SENTENCE_END = re.compile(r"[.!?…][\"')\]”’»]*\Z")
_OPENING = frozenset("\"'([“‘«„‹")
_NO_END = re.compile(
    # Initials: J., U.S., H.E., and two letters that transliterate one.
    r"(?:.* )?[\"'(\[“‘«„‹]*(?:(?:[^ .0-9]\.)+|(?:Ch|Kh|Sh|Th|Ts|Ya|Ye|Yu|Zh"
    r"|[Dd]r|Mr|Mrs|Ms|HE|Mhe|Prof|Acad|Hon|Gov|Sen|Rep|Rev|Gen|Col|Maj|Capt|Lt|St"
    r"|Nos?|Arts?|Vol|Sec|para|Res|pp|vs|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)\Z"
)


def _between_sentences(last: str, word: str) -> bool:
    return bool(
        _SENTENCE_END.search(last)
        and (word[0] in _OPENING or word[0] in "0123456789" or _is_capital(word[0]))
        and not _NO_END.match(last)
    )


def _is_capital(letter: str) -> bool:
    # Latin, Greek, Cyrillic and Armenian: their blocks are full, so all Pythons agree.
    return letter.isupper() and (letter < "\u0590" or "\u1e00" <= letter < "\u2000")


# What readers of YAML 1.1 or 1.2 do not parse as text, and every date.
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false"}) | frozenset(
    {"null", "~", "=", "<<", ".inf", "-.inf", "+.inf", ".nan"}
)
_NUMBER = re.compile(
    r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO]?[0-7_]+"
    r"|(?:[0-9][0-9_,]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?"
    r"|[0-9][0-9_]*(?::[0-9]+)+(?:\.[0-9_]*)?)"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[Tt ].*|[0-9X./~?%\[\]-]+", re.DOTALL)
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
# Some readers strip more than the spaces of YAML from a plain scalar.
_SPACES = frozenset(" \u00a0\u1680\u202f\u205f\u3000") | frozenset(map(chr, range(0x2000, 0x200B)))
_UNSAFE = re.compile(r": |:$| #|[\n\\]")
_UNSAFE_IN_FLOW = re.compile(r"[,\[\]{}:?]")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@lru_cache(maxsize=10_000, typed=True)  # keys, codes and dates recur; 1 and True are equal
def scalar(value: Any, *, flow: bool = False) -> str:
    """Return a value on one line, quoted where necessary; ``flow`` if it is inside brackets."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)  # numbers come from results, never from records
    plain = (
        value != ""
        and not HIDDEN.search(value)
        and value[0] not in _INDICATORS
        and value[0] not in _SPACES
        and value[-1] not in _SPACES
        and value.lower() not in _WORDS
        and not _UNSAFE.search(value)
        and not (flow and _UNSAFE_IN_FLOW.search(value))
        and not _NUMBER.fullmatch(value)
        and not _DATE.fullmatch(value)
    )
    return value if plain else _quoted(value)


def _quoted(value: str) -> str:
    parts = []
    for character in value:
        if character in _ESCAPES:
            parts.append(_ESCAPES[character])
        elif not HIDDEN.match(character):
            parts.append(character)
        else:
            point = ord(character)
            parts.append(f"\\u{point:04X}" if point <= 0xFFFF else f"\\U{point:08X}")
    return f'"{"".join(parts)}"'
