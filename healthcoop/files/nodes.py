"""A YAML file as PyYAML's tokens and nodes.

This is the only module that imports PyYAML, with libyaml where that is installed. What must not be
composed is refused by its tokens first: deep nesting would overflow the C stack, aliases share
nodes, and tags, anchors and directives mean nothing in a record.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import yaml
from yaml.nodes import ScalarNode

from healthcoop.files.syntax_messages import describe, explain

Pointer = tuple[str | int, ...]
"""The names and list indexes that lead from the record to a value."""

MAX_DEPTH = 32
MAX_ITEMS = 1_000
MAX_NODES = 20_000
"""The limits for a list, and for the lists, mappings, names and values of a file together."""

HAS_LIBYAML: bool = yaml.__with_libyaml__


class Span(NamedTuple):
    """A range of a file: lines and columns from 1, columns in characters, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


START = Span(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """Something in a file that the reader does not accept, where it is, and how to fix it."""

    code: str
    span: Span
    message: str
    hint: str
    pointer: Pointer = ()


EMPTY = SyntaxProblem("HC112", START, "The file is empty.", "Fill it in, or delete it.")


ONE_EVENT = "One file is one event: move the second one to a file of its own"


class ParseError(Exception):
    """A syntax problem that ends the parsing of a file."""

    def __init__(self, problem: SyntaxProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def span_at(text: str, offset: int) -> Span:
    """Return the span of the character at an offset; a byte-order mark has no column."""
    line = text.count("\n", 0, offset) + 1
    column = offset - text.rfind("\n", 0, offset)
    if line == 1 and text.startswith("\ufeff"):
        column -= 1
    return Span(line, column, line, column + 1)


def span_of(marked: Any) -> Span:
    """Return the span of a node, token or event.

    For a block of several lines it is the first character: libyaml puts its end at the beginning of
    what comes next.
    """
    start, end = marked.start_mark, marked.end_mark
    line, column = start.line + 1, start.column + 1
    if end.line != start.line or end.column <= start.column:
        return Span(line, column, line, column + 1)
    return Span(line, column, line, end.column + 1)


class _Resolver:
    """Marks scalars as plain or quoted, without guessing a type from their text."""

    def resolve(self, kind: type, _value: object, implicit: Any) -> str:
        return "plain" if kind is ScalarNode and implicit[0] else "other"

    def descend_resolver(self, _parent: object, _index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


@cache
def _loader_class() -> type:
    """Return the loader on libyaml, or on PyYAML's own parser where libyaml is missing."""
    if HAS_LIBYAML:
        from yaml._yaml import CParser

        class CLoader(_Resolver, CParser):
            def __init__(self, content: bytes) -> None:
                CParser.__init__(self, content)

        return CLoader

    from yaml.composer import Composer
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    class PyLoader(_Resolver, Reader, Scanner, Parser, Composer):
        def __init__(self, content: bytes) -> None:
            Reader.__init__(self, content)
            Scanner.__init__(self)
            Parser.__init__(self)
            Composer.__init__(self)

    return PyLoader


def tokens(content: bytes) -> Iterator[Any]:
    """Yield the tokens of a file; nothing is composed."""
    loader: Any = _loader_class()(content)
    while loader.check_token():
        yield loader.get_token()


def compose(content: bytes) -> Any:
    """Return the root node of a file's one document; raise ParseError where there is none."""
    _check_tokens(content)
    if may_be_large(content):
        _check_size(content)
    try:
        loader: Any = _loader_class()(content)
        if not loader.check_node():
            raise ParseError(EMPTY)
        root = loader.get_node()
        if not loader.check_node():
            return root
        span = _second_document(content)
    except yaml.YAMLError as error:
        raise ParseError(_syntax_problem(error, content)) from None
    message, hint = "A second record begins at this “---”.", f"{ONE_EVENT}, or delete “---”."
    raise ParseError(SyntaxProblem("HC109", span, message, hint))


_FEW_SEPARATORS = MAX_NODES // (2 * MAX_DEPTH + 2)  # between two, a name and a value a level


def may_be_large(content: bytes) -> bool:
    """Return whether a file may exceed the limits of items and nodes; fast."""
    return content.count(b"\n") + content.count(b",") > _FEW_SEPARATORS


def is_large(data: Any) -> bool:
    """Return whether plain data exceeds the limits of items and nodes."""
    nodes, waiting = 0, [data]
    while waiting and nodes <= MAX_NODES:
        value = waiting.pop()
        nodes += 1
        if value.__class__ is dict:
            nodes += len(value)
            waiting += value.values()
        elif value.__class__ is list:
            if len(value) > MAX_ITEMS:
                return True
            waiting += value
    return nodes > MAX_NODES


def _check_size(content: bytes) -> None:
    """Raise ParseError at the first item or node beyond the limit; nothing is composed."""
    loader: Any = _loader_class()(content)
    nodes = 0
    items: list[int | None] = [None]  # in each open list so far; None for a mapping
    with contextlib.suppress(yaml.YAMLError):  # of which the composer says more
        while loader.check_event():
            event = loader.get_event()
            kind = type(event).__name__
            if kind in ("SequenceEndEvent", "MappingEndEvent"):
                items.pop()
            if kind not in ("ScalarEvent", "SequenceStartEvent", "MappingStartEvent"):
                continue
            nodes += 1
            if (number := items[-1]) is not None:
                if number == MAX_ITEMS:
                    raise ParseError(_too_large(event, f"{MAX_ITEMS:,} items", "list"))
                items[-1] = number + 1
            if nodes > MAX_NODES:
                raise ParseError(_too_large(event, f"{MAX_NODES:,} names and values", "file"))
            if kind != "ScalarEvent":
                items.append(0 if kind == "SequenceStartEvent" else None)


def _too_large(event: Any, most: str, what: str) -> SyntaxProblem:
    message = f"The {what} has more than {most}, the limit; the next one is here."
    return SyntaxProblem("HC117", span_of(event), message, "One file is one event: split it.")


def _second_document(content: bytes) -> Span:
    # libyaml's loader has passed the event by the time it reports another document.
    begun = False
    for token in tokens(content):
        name = type(token).__name__
        if begun and name == "DocumentStartToken":
            return span_of(token)
        begun = begun or name not in ("StreamStartToken", "DirectiveToken")
    return START


# A file can contain an anchor, alias, tag or directive only with the byte for it, and can be
# deeply nested only with many brackets, a deep indentation, or indicators in a row. The tokens of
# most files, which contain none of these, need not be checked.
_SIGNS = (
    *(b"&", b"*", b"!", b"%", b"\n" + b" " * MAX_DEPTH, b"- -", b"-  ", b"? "),
    *(b" ?", b"[?", b"{?", b",?"),
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
    "AnchorToken": ("HC107", "YAML anchors (&) are not allowed.", f"Write the value. {_QUOTE_IT}"),
    "AliasToken": ("HC107", "YAML aliases (*) are not allowed.", f"Write the value. {_QUOTE_IT}"),
    "TagToken": ("HC108", "YAML tags (!) are not allowed.", f"Remove the tag. {_QUOTE_IT}"),
    "DirectiveToken": ("HC108", "YAML directives (%) are not allowed.", "Remove the line."),
}


def _check_tokens(content: bytes) -> None:
    """Raise ParseError at the first token that must not be composed.

    That includes what other parsers compose differently: ``{?a: b}`` has a field ``?a`` in YAML
    1.2.
    """
    openings = content.count(b"[") + content.count(b"{")
    if openings <= MAX_DEPTH and not any(sign in content for sign in _SIGNS):
        return
    question: Any = None
    try:
        for token in _shallow_tokens(content):
            name = type(token).__name__
            if question and _touches(question, token):
                words = explain("mapping keys are not allowed")
                raise ParseError(SyntaxProblem("HC105", span_of(question), *words))
            question = token if name == "KeyToken" else None
            if name in _REFUSED_TOKENS:
                code, message, hint = _REFUSED_TOKENS[name]
                raise ParseError(SyntaxProblem(code, span_of(token), message, hint))
    except yaml.YAMLError as error:
        # A parser scans up to 1,024 characters ahead before it returns a token. Where it fails
        # there, as at a depth limit of its own, the tokens before that place are read again.
        with contextlib.suppress(yaml.YAMLError):
            for _ in _shallow_tokens(_before(error, content)):
                pass
        raise ParseError(_syntax_problem(error, content)) from None


def _shallow_tokens(content: bytes) -> Iterator[Any]:
    """Yield the tokens of a file; raise ParseError where it is nested too deep."""
    depth = 0
    for token in tokens(content):
        depth += _DEPTH_CHANGE.get(type(token).__name__, 0)
        if depth > MAX_DEPTH:
            raise ParseError(too_deep(token))
        yield token


def _before(error: yaml.YAMLError, content: bytes) -> bytes:
    """Return the part of a file before the place of an error."""
    mark = getattr(error, "problem_mark", None)
    lines = content.decode("utf-8-sig", "replace").splitlines(keepends=True)
    if mark is None or mark.line >= len(lines):
        return content
    return "".join([*lines[: mark.line], lines[mark.line][: mark.column]]).encode()


def _touches(question: Any, token: Any) -> bool:
    # The token of a field without a question mark has no width.
    start, end, following = question.start_mark, question.end_mark, token.start_mark
    same = (end.line, end.column) == (following.line, following.column)
    return bool(same and end.column > start.column)


def too_deep(marked: Any) -> SyntaxProblem:
    """Return the problem of a node or token that is nested too deep."""
    message = f"The file is nested more than {MAX_DEPTH} levels deep here."
    hint = "A record never needs more than six levels."
    return SyntaxProblem("HC111", span_of(marked), message, hint)


def _syntax_problem(error: yaml.YAMLError, content: bytes) -> SyntaxProblem:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return SyntaxProblem("HC105", START, *explain(problem))
    lines = content.decode("utf-8-sig", "replace").splitlines() or [""]
    began = getattr(error, "context_mark", None)
    (line, column), words = describe(
        problem,
        lines,
        place=(mark.line, mark.column),
        context=(began.line, began.column) if began else None,
    )
    return SyntaxProblem("HC105", Span(line + 1, column + 1, line + 1, column + 2), *words)
