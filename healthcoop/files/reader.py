"""The strict YAML reader: bytes to plain data, and where in the file each thing stands.

Every scalar is text, except plain ``true`` and ``false``: ``country: NO`` is Norway. What other
YAML readers would guess about, share or run (nulls, anchors, aliases, tags, duplicate keys, a
second document, control characters) is a finding with a place in the file.

PyYAML's parser composes the nodes, libyaml's where it is there; what they mean is decided here.
A file in canonical layout needs no nodes (``laid_out``). Otherwise
plain data comes straight from the nodes, which is why positions are looked up on demand by
composing once more: only files with findings pay for them.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from healthcoop.files import canonical_parser
from healthcoop.files.syntax_messages import (
    AFTER_QUOTE,
    ODD_INDENT,
    begins_before,
    explain,
    line_of_opening,
    never_closed,
    odd_indent,
)
from healthcoop.files.tree import MAX_BYTES
from healthcoop.files.visible import HIDDEN_RANGES
from healthcoop.model.spec import PROSE, REQUIRED

Pointer = tuple[str | int, ...]

MAX_DEPTH = 32
NEEDED = frozenset(path.replace(".", "/") for path in REQUIRED)
"""The fields, by their names from the record down, without which a record would be refused."""

HAS_LIBYAML: bool = yaml.__with_libyaml__

_SHOWN_CHARACTERS = 10  # more findings of one kind in one file tell nobody more
_SHOWN_TROUBLES = 100
_LONGEST_NAME = 200  # YAML itself ends an unmarked key at 1,024


class Span(NamedTuple):
    """A stretch of a file: lines and columns from 1, columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Something the reader will not take, where it stands, and what to do about it."""

    code: str
    span: Span
    message: str
    hint: str
    pointer: Pointer = ()


@dataclass(frozen=True, slots=True)
class ParseResult:
    """What a file holds: plain data, or None where it is refused, and the problems met."""

    data: dict[str, Any] | None
    problems: tuple[SyntaxProblem, ...] = ()


_EMPTY = SyntaxProblem("HC112", START, "The file is empty.", "Fill it in, or remove it.")


class Refused(Exception):
    """Carries the one trouble that ends a reading."""

    def __init__(self, trouble: SyntaxProblem) -> None:
        super().__init__(trouble.message)
        self.trouble = trouble


def read(content: bytes) -> ParseResult:
    """Read one document, a mapping; never raises for what the bytes hold."""
    try:
        text = _decode(content)
        found = _forbidden(content, text)
    except Refused as refusal:
        return ParseResult(None, (refusal.trouble,))
    if found:
        return ParseResult(None, tuple(found))
    if "\r" not in text and (text.isascii() or text.replace("\n", "").isprintable()):
        data = canonical_parser.parse(text)
        if data is not None:
            return ParseResult(data)
    return read_any_layout(content, text)


def read_any_layout(content: bytes, text: str) -> ParseResult:
    """Read a file, decoded and without forbidden characters, in whatever way it is laid out."""
    try:
        root = compose(content)
    except Refused as refusal:
        return ParseResult(None, (refusal.trouble,))
    problems: list[SyntaxProblem] = []
    if isinstance(root, ScalarNode) and not root.value:
        return ParseResult(None, (_EMPTY,))
    if not isinstance(root, MappingNode):
        message = "The file is not a mapping of fields to values."
        hint = "Start with a line such as “id: 2022-az-cu-minister-ambassador”."
        return ParseResult(None, (SyntaxProblem("HC112", span_of(root), message, hint),))
    data, sound = _mapping(root, (), problems)
    if problems:
        problems = _inside(text, problems[:_SHOWN_TROUBLES])
    return ParseResult(data if sound else None, tuple(problems))


def _inside(text: str, problems: list[SyntaxProblem]) -> list[SyntaxProblem]:
    """Move what the parser places behind the file's last line, as an empty value, to its end."""
    lines = text.removeprefix("\ufeff").splitlines()
    line, column = len(lines), len(lines[-1]) + 1
    end = Span(line, column, line, column + 1)
    return [
        trouble if trouble.span.line <= line else replace(trouble, span=end) for trouble in problems
    ]


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        message = f"The file has more than {MAX_BYTES:,} bytes, the most that a record may have."
        raise Refused(SyntaxProblem("HC102", START, message, "One file is one event: split it."))
    wide = _wide_encoding(content)
    if wide:
        message = f"The file is written in {wide}, not in UTF-8."
        raise Refused(SyntaxProblem("HC101", START, message, "Save the file as UTF-8."))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        raise Refused(
            SyntaxProblem("HC101", span_at(before, len(before)), *_not_utf8(content, error))
        ) from None
    if not text.strip("\ufeff \r\n"):
        raise Refused(_EMPTY)
    return text


def _wide_encoding(content: bytes) -> str:
    """Name the encoding of a file whose characters have two or four bytes; empty for others."""
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "UTF-32"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "UTF-16"
    # Without a mark, ASCII gives itself away: of two bytes one is zero, of four three.
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


def _not_utf8(content: bytes, error: UnicodeDecodeError) -> tuple[str, str]:
    """Give the message and hint for bytes that are not UTF-8."""
    byte, rest = content[error.start], content[error.start + 1 :]
    message = f"The byte 0x{byte:02X} here is not UTF-8."
    if error.reason == "unexpected end of data":
        message = "The file ends in the middle of a character."
        return message, "It seems to have been cut off: restore its end."
    if 0x80 <= (rest or b"a")[0] < 0xC0:  # so would go on what stands for one character
        return message, "Delete the character that this byte belongs to, and write it anew."
    return message, "Save the file as UTF-8 (it looks like Latin-1 or Windows-1252)."


# Tabs, C0 and C1 controls, a byte-order mark anywhere but first, the separators that YAML 1.1
# takes for a line break and 1.2 does not, a carriage return alone, and the non-characters.
_FORBIDDEN = re.compile(
    "[\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|(?<!^)\ufeff|\r(?!\n)"
)
_PLAIN_BYTES = bytes([0x0A, *range(0x20, 0x7F), *range(0x80, 0x100)])


def _forbidden(content: bytes, text: str) -> list[SyntaxProblem]:
    found: list[SyntaxProblem] = []
    if content.isascii():
        if not content.translate(None, _PLAIN_BYTES):
            return found
    elif text.replace("\n", "").isprintable():
        return found
    for match in _FORBIDDEN.finditer(text):
        character = match.group()
        span = span_at(text, match.start())
        if character == "\t":
            message, hint = "A tab stands here.", "Use spaces: two for each level."
            found.append(SyntaxProblem("HC104", span, message, hint))
        else:
            message = f"The control character U+{ord(character):04X} stands here."
            found.append(SyntaxProblem("HC103", span, message, "Delete it; it cannot be seen."))
        if len(found) == _SHOWN_CHARACTERS:
            break
    return found


def span_at(text: str, offset: int) -> Span:
    """Give the place of one character; offsets and columns count characters."""
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    if line == 1 and text.startswith("\ufeff"):
        column -= 1
    return Span(line, column, line, column + 1)


# A file can hold an anchor, alias, tag or directive only if it holds the byte for it, and can be
# deeply nested only with many brackets, a deep indentation, or indicators in a row. Most files
# hold none of these and are spared the look at their tokens.
_SIGNS = (
    *(b"&", b"*", b"!", b"%", b"\n" + b" " * MAX_DEPTH, b"- -", b"-  ", b"? "),
    *(b" ?", b"[?", b"{?", b",?"),
)


def _guard(content: bytes) -> None:
    """Refuse what must not be composed: depth would overflow the C stack, aliases share nodes.

    And what is composed otherwise by other parsers: ``{?a: b}`` has a field ``?a`` in YAML 1.2.
    """
    openings = content.count(b"[") + content.count(b"{")
    if openings <= MAX_DEPTH and not any(sign in content for sign in _SIGNS):
        return
    try:
        _check_tokens(content)
    except yaml.YAMLError as error:
        _check_depth_before(error, content)
        raise Refused(_syntax(error, content)) from None


def _check_depth_before(error: yaml.YAMLError, content: bytes) -> None:
    """Raise Refused where the file is nested too deep before the place of a parser's error.

    A parser scans up to 1,024 characters ahead before it returns a token. Where it fails there,
    as at a depth limit of its own, the tokens that it holds back are read again without the rest.
    """
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return
    lines = content.decode("utf-8-sig", "replace").splitlines(keepends=True)[: mark.line + 1]
    if len(lines) > mark.line:
        lines[-1] = lines[-1][: mark.column]
    depth = 0
    try:
        for token in tokens("".join(lines).encode()):
            depth += _DEPTH_CHANGE.get(type(token).__name__, 0)
            if depth > MAX_DEPTH:
                raise Refused(_too_deep(token))
    except yaml.YAMLError:
        return


def _check_tokens(content: bytes) -> None:
    depth = 0
    question: Any = None
    for token in tokens(content):
        name = type(token).__name__
        if question and _touches(question, token):
            said = explain("mapping keys are not allowed")
            raise Refused(SyntaxProblem("HC105", span_of(question), *said))
        question = token if name == "KeyToken" else None
        depth += _DEPTH_CHANGE.get(name, 0)
        if depth > MAX_DEPTH:
            raise Refused(_too_deep(token))
        if name in _REFUSED_TOKENS:
            code, what, hint = _REFUSED_TOKENS[name]
            raise Refused(SyntaxProblem(code, span_of(token), what, hint))


def _touches(question: Any, token: Any) -> bool:
    # The token of a field without a question mark has no width.
    start, end, next_ = question.start_mark, question.end_mark, token.start_mark
    return bool(end.column > start.column and (end.line, end.column) == (next_.line, next_.column))


def _too_deep(marked: Any) -> SyntaxProblem:
    message = f"The file is nested more than {MAX_DEPTH} levels deep here."
    return SyntaxProblem(
        "HC111", span_of(marked), message, "A record never needs more than six levels."
    )


_DEPTH_CHANGE = {
    "BlockMappingStartToken": 1,
    "BlockSequenceStartToken": 1,
    "FlowMappingStartToken": 1,
    "FlowSequenceStartToken": 1,
    "BlockEndToken": -1,
    "FlowMappingEndToken": -1,
    "FlowSequenceEndToken": -1,
}
_QUOTE_IT = "If it is part of a text, put the text in double quotes."
_REFUSED_TOKENS = {
    "AnchorToken": ("HC107", "An anchor (&) stands here.", f"Write the value out. {_QUOTE_IT}"),
    "AliasToken": ("HC107", "An alias (*) stands here.", f"Write the value out. {_QUOTE_IT}"),
    "TagToken": ("HC108", "A tag (!) stands here.", f"Every value is text: remove it. {_QUOTE_IT}"),
    "DirectiveToken": ("HC108", "A directive (%) stands here.", "Remove the line."),
}


class _Resolve:
    """Gives plain and quoted scalars their mark; nothing is guessed from what they say."""

    def resolve(self, kind: type, _value: object, implicit: Any) -> str:
        return "plain" if kind is ScalarNode and implicit[0] else "other"

    def descend_resolver(self, _parent: object, _index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


@cache
def _loaders() -> type:
    """Make the loader class on libyaml, or on PyYAML's own parser where libyaml is absent."""
    if HAS_LIBYAML:
        from yaml._yaml import CParser

        class CLoader(_Resolve, CParser):
            def __init__(self, content: bytes) -> None:
                CParser.__init__(self, content)

        return CLoader

    from yaml.composer import Composer
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class PyLoader(_Resolve, Reader, Scanner, Parser, Composer):
        def __init__(self, content: bytes) -> None:
            Reader.__init__(self, content)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)

    return PyLoader


def _loader(content: bytes) -> Any:
    return _loaders()(content)


def compose(content: bytes) -> Node:
    """Give the one document's root node; raises Refused for what must not or cannot be read."""
    _guard(content)
    try:
        loader = _loader(content)
        if not loader.check_node():
            raise Refused(_EMPTY)
        root: Node = loader.get_node()
        if not loader.check_node():
            return root
        span = _second_document(content)
    except yaml.YAMLError as error:
        raise Refused(_syntax(error, content)) from None
    message = "A second document starts here."
    raise Refused(SyntaxProblem("HC109", span, message, "One file is one record: remove “---”."))


def _second_document(content: bytes) -> Span:
    # libyaml's loader has passed the event by the time it knows of another document.
    begun = False
    for token in tokens(content):
        name = type(token).__name__
        if begun and name == "DocumentStartToken":
            return span_of(token)
        begun = begun or name not in ("StreamStartToken", "DirectiveToken")
    return START


def span_of(marked: Any) -> Span:
    """Give the place of a node, token or event.

    A block that runs on over lines is named by its first character: where libyaml says that it
    ends is the beginning of what comes next.
    """
    start, end = marked.start_mark, marked.end_mark
    line, column = start.line + 1, start.column + 1
    if end.line != start.line or end.column <= start.column:
        return Span(line, column, line, column + 1)
    return Span(line, column, line, end.column + 1)


def tokens(content: bytes) -> Iterator[Any]:
    """Give the tokens of a file as they stand; nothing is composed."""
    loader = _loader(content)
    while loader.check_token():
        yield loader.get_token()


def _syntax(error: yaml.YAMLError, content: bytes) -> SyntaxProblem:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return SyntaxProblem("HC105", START, *explain(problem))
    # At the end of the file libyaml points behind the last line, where there is nothing to see.
    lines = content.decode("utf-8-sig", "replace").splitlines() or [""]
    began = getattr(error, "context_mark", None)
    line = min(mark.line, len(lines) - 1)
    if began and begins_before(problem, lines[line][: mark.column], lines[line][mark.column :]):
        mark, line = began, began.line
    if odd := odd_indent(problem, lines[: min(mark.line, len(lines) - 1) + 1]):
        line, column = odd
        return SyntaxProblem("HC105", Span(line + 1, column + 1, line + 1, column + 2), *ODD_INDENT)
    column = mark.column if line == mark.line else len(lines[line])
    before = lines[line][:column]
    said = explain(problem, before, lines[line][column:])
    opened = line_of_opening(lines[:line], before) if said is AFTER_QUOTE else None
    if opened is not None:
        column = lines[opened].rindex(before.rstrip()[-1])
        said, line = never_closed(line + 1), opened
    return SyntaxProblem("HC105", Span(line + 1, column + 1, line + 1, column + 2), *said)


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_FLAGS = {"true": True, "false": False}


def _mapping(
    node: MappingNode, at: Pointer, problems: list[SyntaxProblem]
) -> tuple[dict[str, Any], bool]:
    """Build a mapping; ``False`` beside it where something in it cannot be taken."""
    data: dict[str, Any] = {}
    sound = True
    if len(at) >= MAX_DEPTH:  # what the guard let through is shallow enough to be walked
        problems.append(_too_deep(node))
        return data, False
    for key_node, value_node in node.value:
        key = key_node.value
        if key_node.__class__ is not ScalarNode or (key in _NULLS and key_node.tag == "plain"):
            message = "A field name is wanted before this colon."
            hint = "A field is one word, a colon and a value: “city: Baku”."
            problems.append(SyntaxProblem("HC114", span_of(key_node), message, hint, at))
            sound = False
            continue
        if len(key) > _LONGEST_NAME or (not key.isprintable() and _HIDDEN_IN_NAME.search(key)):
            problems.append(_bad_name(key_node, key, at))
            sound = False
            continue
        if key in data:
            first = next(name for name, _ in node.value if name.value == key)
            message = f"The field “{key}” stands here for the second time; the first is in line "
            message += f"{first.start_mark.line + 1}."
            hint = "Keep one of the two; a list holds several values of one field."
            problems.append(SyntaxProblem("HC106", span_of(key_node), message, hint, (*at, key)))
            sound = False
            continue
        # The same lines stand in _sequence: a call for each value would cost a tenth of a reading.
        kind = value_node.__class__
        if kind is ScalarNode:
            value: Any = value_node.value
            if value_node.tag == "plain":
                if value in _NULLS:
                    problems.append(_null(value_node, value, key, (*at, key)))
                    sound = False
                value = _FLAGS.get(value, value)
            if value.__class__ is str and not value.isprintable():
                sound = _check_text(value_node, value, key, (*at, key), problems) and sound
        elif kind is MappingNode:
            value, well = _mapping(value_node, (*at, key), problems)
            sound = sound and well
        else:
            value, well = _sequence(value_node, key, (*at, key), problems)
            sound = sound and well
        data[key] = value
    return data, sound


def _sequence(
    node: SequenceNode, key: str, at: Pointer, problems: list[SyntaxProblem]
) -> tuple[list[Any], bool]:
    data: list[Any] = []
    sound = True
    if len(at) >= MAX_DEPTH:
        problems.append(_too_deep(node))
        return data, False
    for number, item in enumerate(node.value):
        kind = item.__class__
        if kind is ScalarNode:
            value: Any = item.value
            if item.tag == "plain":
                if value in _NULLS:
                    problems.append(_null(item, value, key, (*at, number)))
                    sound = False
                value = _FLAGS.get(value, value)
            if value.__class__ is str and not value.isprintable():
                sound = _check_text(item, value, key, (*at, number), problems) and sound
        elif kind is MappingNode:
            value, well = _mapping(item, (*at, number), problems)
            sound = sound and well
        else:
            value, well = _sequence(item, key, (*at, number), problems)
            sound = sound and well
        data.append(value)
    return data, sound


def _bad_name(node: ScalarNode, key: str, at: Pointer) -> SyntaxProblem:
    if len(key) > _LONGEST_NAME:
        message = f"A field name of {len(key):,} characters stands here."
        return SyntaxProblem("HC114", span_of(node), message, "A field name is one word.", at)
    hidden = ord(_HIDDEN_IN_NAME.findall(key)[0])
    message = f"This field name holds the character U+{hidden:04X}, which cannot be seen."
    return SyntaxProblem("HC103", span_of(node), message, "Remove it.", at)


# In a name, joiners and the spaces beside the usual one hide as well.
_HIDDEN_IN_NAME = re.compile(f"[{HIDDEN_RANGES}\u00a0\u1680\u2000-\u200d\u202f\u205f\u3000]")


def is_needed(at: Pointer) -> bool:
    """Say whether a record, or the part of it that holds this place, needs what stands there."""
    return isinstance(at[-1], str) and "/".join(p for p in at if isinstance(p, str)) in NEEDED


def _null(node: ScalarNode, value: str, key: str, at: Pointer) -> SyntaxProblem:
    if value:
        message = f"“{key}” is given as “{value}”, which other readers take for nothing."
    else:
        message = f"“{key}” has no value."
    hint = "Give a value, or remove the line."
    if is_needed(at):
        hint = f"Give a value; “{key}” cannot be left out."
    return SyntaxProblem("HC110", span_of(node), message, hint, at)


_HIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def _check_text(
    node: ScalarNode, value: str, key: str, at: Pointer, problems: list[SyntaxProblem]
) -> bool:
    """Check a text for line breaks and for what an escape brought in; False refuses it."""
    hidden = _HIDDEN.search(value)
    if hidden:
        message = f"“{key}” holds the control character U+{ord(hidden.group()):04X}, as an escape."
        problems.append(SyntaxProblem("HC103", span_of(node), message, "Remove the escape.", at))
        return False
    if "\n" in value and key not in PROSE:
        message = f"“{key}” has a line break in its text; it is a field of one line."
        hint = "Write it on one line, or fold it with “>-”."
        problems.append(SyntaxProblem("HC113", span_of(node), message, hint, at))
    elif value != value.strip("\n"):
        message = f"“{key}” begins or ends with a line break."
        hint = "Write “>-” after the colon, so that the last break is dropped."
        problems.append(SyntaxProblem("HC113", span_of(node), message, hint, at))
    return True
