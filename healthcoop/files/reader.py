"""The strict YAML reader: bytes to plain data, or problems with their place in the file.

Every scalar is text, except plain ``true`` and ``false``: ``country: NO`` is Norway. What other
YAML readers would guess, share or run (nulls, anchors, aliases, tags, duplicate keys, a second
document, control characters) is reported as a problem.

A file in canonical layout is parsed by ``canonical_parser``, any other from PyYAML's nodes.
"""

import codecs
import re
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import combining

from healthcoop.files import canonical_parser, nodes
from healthcoop.files.nodes import (
    EMPTY,
    MAX_DEPTH,
    START,
    ParseError,
    Pointer,
    Span,
    SyntaxProblem,
    span_at,
    span_of,
)
from healthcoop.files.punctuation import describe_line
from healthcoop.files.tree import MAX_BYTES
from healthcoop.files.visible import HIDDEN_RANGES
from healthcoop.model.spec import PROSE, REQUIRED

_SHOWN_CHARACTERS = 10  # more problems of one kind in one file help nobody
_SHOWN_PROBLEMS = 100
_LONGEST_NAME = 200  # YAML itself ends an unmarked key at 1,024


@dataclass(frozen=True, slots=True)
class ParseResult:
    """The plain data of a file, None where it is refused, and the problems found.

    ``partial`` is the data of a refused file but for the places of its problems, so that the rest
    can be checked; None where the parser came to no end.
    """

    data: dict[str, Any] | None
    problems: tuple[SyntaxProblem, ...] = ()
    partial: dict[str, Any] | None = None


def parse(content: bytes) -> ParseResult:
    """Parse one document, a mapping; any bytes have a result."""
    try:
        text = _decode(content)
    except ParseError as error:
        return ParseResult(None, (error.problem,))
    letters = content.translate(None, _ASCII).decode()
    if _MARKS.search(letters) and (mark := excess_mark(text)) is not None:
        return ParseResult(None, (SyntaxProblem("HC118", span_at(text, mark), *_EXCESS_MARKS),))
    if letters.isprintable() and not content.translate(None, _PRINTABLE):
        data = canonical_parser.parse(text)
        if data is not None and not (nodes.may_be_large(content) and nodes.is_large(data)):
            return ParseResult(data)
    elif problems := _forbidden_characters(text):
        return ParseResult(None, tuple(problems))
    return parse_any_layout(content, text)


def parse_any_layout(content: bytes, text: str) -> ParseResult:
    """Parse a file, decoded and without forbidden characters, in any layout."""
    try:
        root = nodes.compose(content)
    except ParseError as error:
        return ParseResult(None, (error.problem,))
    if root.id == "scalar" and not root.value:
        return ParseResult(None, (EMPTY,))
    if content.startswith(_LFS_POINTER):
        message = "This is a pointer of Git LFS to a file, not the file itself."
        problem = SyntaxProblem("HC112", START, message, "Run “git lfs pull”.")
        return ParseResult(None, (problem,))
    if root.id != "mapping":
        span = span_of(root)
        first = text.removeprefix("\ufeff").splitlines()[span.line - 1]
        mistake = describe_line(first, any_name=True) if root.id == "scalar" else None
        _, words = mistake or (0, _NO_FIELDS)
        return ParseResult(None, (SyntaxProblem("HC112", span, *words),))
    problems: list[SyntaxProblem] = []
    data = _build(root, "", (), problems)
    accepted = all(problem.code == "HC113" for problem in problems)
    shown = _inside(text, problems[:_SHOWN_PROBLEMS]) if problems else ()
    if accepted:
        return ParseResult(data, tuple(shown))
    is_local = len(problems) <= _SHOWN_PROBLEMS and {one.code for one in problems} <= _LOCAL
    return ParseResult(None, tuple(shown), partial=data if is_local else None)


_NO_FIELDS = (
    "The file does not consist of fields: lines with a name, a colon, a space and a value.",
    "Start with a line such as “id: 2022-az-cu-minister-ambassador”.",
)
_LOCAL = frozenset({"HC103", "HC106", "HC110", "HC113", "HC114"})


_LFS_POINTER = b"version https://git-lfs.github.com/"
_GIT_CRYPT = b"\x00GITCRYPT\x00"


def _inside(text: str, problems: list[SyntaxProblem]) -> list[SyntaxProblem]:
    """Move what the parser places behind the file's last line, as an empty value, to its end."""
    lines = text.removeprefix("\ufeff").splitlines()
    line, column = len(lines), len(lines[-1]) + 1
    end = Span(line, column, line, column + 1)
    return [
        problem if problem.span.line <= line else replace(problem, span=end) for problem in problems
    ]


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        message = f"The file has more than {MAX_BYTES:,} bytes, the limit for a record."
        raise ParseError(SyntaxProblem("HC102", START, message, "One file is one event: split it."))
    if content.startswith(_GIT_CRYPT):
        message = "The file is encrypted with git-crypt."
        raise ParseError(SyntaxProblem("HC101", START, message, "Run “git-crypt unlock”."))
    encoding = _wide_encoding(content)
    if encoding:
        message = f"The file is encoded in {encoding}, not in UTF-8."
        raise ParseError(SyntaxProblem("HC101", START, message, "Save the file as UTF-8."))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        span = span_at(before, len(before))
        raise ParseError(SyntaxProblem("HC101", span, *_invalid_utf8(content, error))) from None
    if not text.strip("\ufeff \r\n"):
        raise ParseError(EMPTY)
    return text


def _wide_encoding(content: bytes) -> str:
    """Return the name of an encoding with two or four bytes a character; empty for any other."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "UTF-32"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    # Without a byte-order mark, ASCII shows: of two bytes one is zero, of four three.
    if content.count(0) < len(content) * 0.3:
        return ""
    zeros = tuple(byte == 0 for byte in content[:4])
    return _ZEROS.get(zeros) or _ZEROS.get(zeros[:2], "")


_ZEROS = {
    (False, True, True, True): "UTF-32",
    (True, True, True, False): "UTF-32",
    (False, True): "UTF-16",
    (True, False): "UTF-16",
}


def _invalid_utf8(content: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """Return the message and hint for bytes that are not UTF-8."""
    byte, rest = content[error.start], content[error.start + 1 :]
    message = f"The byte 0x{byte:02X} here is not valid UTF-8."
    if error.reason == "unexpected end of data":
        message = "The file ends in the middle of a character."
        return message, "It seems to be truncated: restore its end."
    if 0x80 <= (rest or b"a")[0] < 0xC0:  # a continuation byte: this began as UTF-8
        return message, "Delete the character that this byte belongs to, and type it again."
    return message, "Save the file as UTF-8 (it looks like Latin-1 or Windows-1252)."


# Tabs, C0 and C1 controls, a byte-order mark anywhere but first, the separators that YAML 1.1
# takes for a line break and 1.2 does not, a carriage return alone, and the non-characters.
_FORBIDDEN = re.compile(
    "[\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|(?<!^)\ufeff|\r(?!\n)"
)
_ASCII = bytes(range(0x80))
_PRINTABLE = bytes([0x0A, *range(0x20, 0x7F), *range(0x80, 0x100)])


MAX_MARKS = 8
# No combining mark is a letter or a digit.
_MARKS = re.compile(rf"[^\w\0-\x7f]{{{MAX_MARKS + 1},}}")
_EXCESS_MARKS = (
    f"More than {MAX_MARKS} combining marks in a row.",
    "Remove them: a letter has one or two.",
)


def excess_mark(text: str) -> int | None:
    """Return the offset of the first combining mark too many in a row; None without one.

    The time to normalize marks in a row grows with the square of their number.
    """
    for match in _MARKS.finditer(text):
        number = 0
        for offset, character in enumerate(match.group(), match.start()):
            number = number + 1 if combining(character) else 0
            if number > MAX_MARKS:
                return offset
    return None


def _forbidden_characters(text: str) -> list[SyntaxProblem]:
    problems: list[SyntaxProblem] = []
    if "\r" in text and "\n" not in text:
        message = "The lines of this file end with U+000D alone, as on an old Mac."
        span = span_at(text, text.index("\r"))
        return [SyntaxProblem("HC103", span, message, "Save it with LF line ends.")]
    for match in _FORBIDDEN.finditer(text):
        character = match.group()
        span = span_at(text, match.start())
        if character == "\t":
            message, hint = "Tab characters are not allowed.", "Use spaces: two for each level."
            problems.append(SyntaxProblem("HC104", span, message, hint))
        else:
            message = f"Invisible control character U+{ord(character):04X}."
            problems.append(SyntaxProblem("HC103", span, message, "Delete it."))
        if len(problems) == _SHOWN_CHARACTERS:
            break
    return problems


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS = {"true": True, "false": False}


def _build(node: Any, key: str, at: Pointer, problems: list[SyntaxProblem]) -> Any:
    """Return the plain data of a node; ``key`` is the name of the nearest field around it."""
    if node.id == "scalar":
        value: str = node.value
        if node.tag == "plain":
            if value in _NULLS:
                problems.append(_null(node, key, at))
            if value in _FLAGS:
                return _FLAGS[value]
        if not value.isprintable() and (problem := _text_problem(node, key, at)):
            problems.append(problem)
        if not value.isascii() and excess_mark(value) is not None:  # written as escapes
            problems.append(SyntaxProblem("HC118", span_of(node), *_EXCESS_MARKS, at))
        return value
    if len(at) >= MAX_DEPTH:
        problems.append(nodes.too_deep(node))
        return None
    if node.id == "sequence":
        items = enumerate(node.value)
        return [_build(item, key, (*at, number), problems) for number, item in items]
    data: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        name = key_node.value
        problem = _name_problem(key_node, at)
        if problem is None and name in data:
            message = f"Duplicate field “{name}”: it is already in line {lines[name]}."
            hint = "Keep one of the two; use a list for several values of one field."
            another = not at and name == "id"
            hint = f"{nodes.ONE_EVENT}, or delete this line." if another else hint
            problem = SyntaxProblem("HC106", span_of(key_node), message, hint, (*at, name))
            if another:
                problems.append(problem)
                break
        if problem:
            problems.append(problem)
            continue
        lines[name] = key_node.start_mark.line + 1
        data[name] = _build(value_node, name, (*at, name), problems)
    return data


# In a name, joiners and the spaces beside the usual one are invisible as well.
_HIDDEN_IN_NAME = re.compile(f"[{HIDDEN_RANGES}\u00a0\u1680\u2000-\u200d\u202f\u205f\u3000]")


def _name_problem(node: Any, at: Pointer) -> SyntaxProblem | None:
    """Return the problem of a field's name; None for a name that is accepted."""
    name = node.value
    if node.id != "scalar" or (name in _NULLS and node.tag == "plain"):
        message = "There is no field name before this colon."
        hint = "A field is one word, a colon and a value: “city: Baku”."
        return SyntaxProblem("HC114", span_of(node), message, hint, at)
    if not name.isidentifier() and (mistake := describe_line(f"{name}:")):
        return SyntaxProblem("HC114", span_of(node), *mistake[1], at)
    if len(name) > _LONGEST_NAME:
        message = f"This field name has {len(name):,} characters."
        return SyntaxProblem("HC114", span_of(node), message, "A field name is one word.", at)
    if not name.isprintable() and (hidden := _HIDDEN_IN_NAME.search(name)):
        message = f"This field name contains the invisible character U+{ord(hidden.group()):04X}."
        return SyntaxProblem("HC103", span_of(node), message, "Remove it.", at)
    return None


def is_required(at: Pointer) -> bool:
    """Return whether the record, or the part that contains this place, requires what is there."""
    return isinstance(at[-1], str) and ".".join(p for p in at if isinstance(p, str)) in REQUIRED


def _null(node: Any, key: str, at: Pointer) -> SyntaxProblem:
    message, hint = f"“{key}” has no value.", "Add a value, or remove the line."
    if node.value:
        message = f"“{key}” is “{node.value}”, which other YAML readers parse as an empty value."
    if is_required(at):
        hint = f"Add a value: “{key}” is required."
    return SyntaxProblem("HC110", span_of(node), message, hint, at)


_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def _text_problem(node: Any, key: str, at: Pointer) -> SyntaxProblem | None:
    """Return the problem of a text with line breaks, or with an escaped control character."""
    value: str = node.value
    if hidden := _HIDDEN.search(value):
        message = f"“{key}” contains the escaped control character U+{ord(hidden.group()):04X}."
        return SyntaxProblem("HC103", span_of(node), message, "Remove the escape sequence.", at)
    if "\n" in value and key not in PROSE:
        message = f"“{key}” contains a line break, but is a field of one line."
        hint = "Write it on one line, or fold it with “>-”."
        return SyntaxProblem("HC113", span_of(node), message, hint, at)
    if value != value.strip("\n"):
        message = f"“{key}” begins or ends with a line break."
        hint = "Write “>-” after the colon, which drops the last line break."
        return SyntaxProblem("HC113", span_of(node), message, hint, at)
    return None
