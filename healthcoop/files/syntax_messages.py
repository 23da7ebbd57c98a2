"""The syntax errors of YAML parsers in plain words, at the place of the likely mistake.

libyaml and PyYAML's own parser word the same error differently; both wordings are here.
"""

import re
from collections.abc import Mapping, Sequence

Words = tuple[str, str]
"""A message and a hint."""

_INDENT = "Check the indentation: two spaces for each level, list items under their field."
_UNCLOSED = "Close the quotation mark."
_QUOTE = "Put the text in double quotes."
_DIGITS = "Write the code of the character with two, four or eight hexadecimal digits."
_BLOCK = ("After “>” or “|” at the beginning of a value, the text begins on the next line.", _QUOTE)
_TAG = ("A value that begins with “!” is parsed as a tag.", _QUOTE)
_DIRECTIVE = ("A line that begins with “%” is parsed as a directive.", "Remove the line.")
_LIST = ("A list cannot begin here.", _INDENT)
_MISFIT = ("The line does not fit the lines above it.", _INDENT)
_COLON = "Put a text with a colon in double quotes."
_NO_END = ("This quotation mark is never closed.", _UNCLOSED)
_ESCAPE = ("Incomplete escape sequence.", _DIGITS)
_NO_VALUE = ("Expected a value here.", "Add a value.")
_MESSAGES: Mapping[str, Words] = {
    "mapping values are not allowed": ("Unexpected second colon in this line.", _COLON),
    "could not find expected ':'": (
        "This line has no colon after its field name.",
        f"Write “field: value”, or put it in double quotes with the text above. {_INDENT}",
    ),
    "<document start>": (
        "The line is indented less than the lines above it.",
        "The fields of the record begin in the first column.",
    ),
    "did not find expected key": _MISFIT,
    "expected <block end>": _MISFIT,
    "did not find expected '-' indicator": (
        "Expected another item of the list above, beginning with “- ”.",
        _INDENT,
    ),
    "block sequence entries are not allowed": _LIST,
    "cannot start any token": ("A value cannot begin with this character.", _QUOTE),
    "mapping keys are not allowed": ("A value cannot begin with a question mark.", _QUOTE),
    "sequence entries are not allowed": _LIST,
    "expected comment or line break": _BLOCK,
    "expected a comment or a line break": _BLOCK,
    "chomping or indentation indicators": _BLOCK,
    "indentation indicator": _BLOCK,
    "alphabetic or numeric character": ("A value cannot begin with “&” or “*”.", _QUOTE),
    "unexpected ':'": ("Unexpected colon.", _COLON),
    "expected whitespace": _TAG,
    "expected ' '": _TAG,
    "tag": _TAG,
    "URI": _TAG,
    "expected '!'": _TAG,
    "expected '>'": _TAG,
    "UTF-8 octet": _TAG,
    "codec": _TAG,
    "unexpected end of stream": _NO_END,
    "unexpected document": _NO_END,
    "expected ',' or ']'": (
        "This list in square brackets is not written or closed correctly.",
        "Separate its items by commas, and close it with “]”.",
    ),
    "expected ',' or '}'": (
        "This mapping in braces is not written or closed correctly.",
        "Separate its fields by commas, and close it with “}”.",
    ),
    "unknown escape character": (
        "Unknown escape sequence: in double quotes, a backslash begins one.",
        "Write two backslashes, or use single quotes.",
    ),
    "expected hexdecimal number": _ESCAPE,
    "hexadecimal numbers": _ESCAPE,
    "invalid Unicode character": ("This escape sequence is not a valid character.", _DIGITS),
    "did not find expected node content": _NO_VALUE,
    "expected the node content": _NO_VALUE,
}
UNKNOWN = ("Invalid YAML, here or in the lines above.", f"{_QUOTE} {_INDENT}")
_AFTER_QUOTE = (
    "Unexpected text after a closing quotation mark.",
    r"Put the whole text in double quotes, and write \" for a double quote inside it.",
)
_ODD_INDENT = (
    "The line is indented with characters that only look like spaces, such as no-break spaces.",
    "Replace them by plain spaces: two for each level.",
)
_CONFLICT = (
    "Unresolved merge conflict: git has left a marker here.",
    "Keep the correct lines of both versions, and remove “<<<<<<<”, “=======” and “>>>>>>>”.",
)
_CONTINUES = (
    "The line is indented more than the field above it, so it is parsed as part of its text.",
    "Begin it in the same column as the fields beside it.",
)
_OUT_OF_PLACE = (
    *("expected key", "expected '-'", "<block end>", "<document start>"),
    *("',' or ']'", "',' or '}'"),
)
_MARKER = re.compile(r"(?:<{7}|={7}|>{7})(?: |$)")
_TIGHT_COLON = re.compile(r" *(?:- +)?([A-Za-z_]+):([^ /].*)")
_TIGHT_HYPHEN = re.compile(r" *-([A-Za-z].*)")
_NAME = re.compile(r" *(?:- +)?[A-Za-z_]+")
_ODD_SPACE = re.compile(" *[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")

Place = tuple[int, int]
"""A line and a column, both from 0."""


def describe(
    problem: str, lines: Sequence[str], *, place: Place, context: Place | None
) -> tuple[Place, Words]:
    """Return the place of a mistake, with a message and a hint.

    ``problem`` and ``place`` are what the parser reports of the file's ``lines``; ``context`` is
    where it began to parse what it could not finish.
    """
    # At the end of the file libyaml points behind the last line, where there is nothing to see.
    line = min(place[0], len(lines) - 1)
    before, after = lines[line][: place[1]], lines[line][place[1] :]
    if context and _is_at_context(problem, before, after):
        place, line = context, context[0]
    if odd := _find_odd_indent(problem, lines[: min(place[0], len(lines) - 1) + 1]):
        return odd, _ODD_INDENT
    column = place[1] if line == place[0] else len(lines[line])
    before = lines[line][:column]
    words = explain(problem, before, lines[line][column:])
    opened = _line_of_opening(lines[:line], before) if words is _AFTER_QUOTE else None
    if opened is not None:
        column = lines[opened].rindex(before.rstrip()[-1])
        message = f"The quotation mark opened in this line is closed only in line {line + 1}."
        line, words = opened, (message, _UNCLOSED)
    return (line, column), words


def explain(problem: str, before: str = "", after: str = "") -> Words:
    """Return a message and a hint for a parser's problem.

    ``before`` and ``after`` are the parts of the line on both sides of the place.
    """
    if before.startswith("%"):
        return _DIRECTIVE
    expected = problem.partition(", but ")[0]  # the rest quotes the file
    if words := _explain_line(expected, before, after):
        return words
    closed = before.rstrip().endswith(("'", '"')) and after[:1] not in ("", *"]}:")
    if closed and any(sign in expected for sign in _OUT_OF_PLACE):
        return _AFTER_QUOTE
    return next((words for sign, words in _MESSAGES.items() if sign in expected), UNKNOWN)


def _explain_line(expected: str, before: str, after: str) -> Words | None:
    """Return the words for a mistake that the line itself shows better than the parser's words."""
    line = before + after
    if _MARKER.match(line):
        return _CONFLICT
    if "mapping values" in expected and _NAME.fullmatch(before):
        return _CONTINUES
    if "cannot start any token" in expected and after:
        return f"A value cannot begin with “{after[0]}”.", _QUOTE
    if "find expected ':'" in expected and (tight := _TIGHT_COLON.fullmatch(line)):
        return "There is no space after the colon.", f"Write “{tight[1]}: {tight[2][:40]}”."
    if any(sign in expected for sign in _OUT_OF_PLACE):
        return _explain_place(line, before, after)
    return None


def _explain_place(line: str, before: str, after: str) -> Words | None:
    if tight := _TIGHT_HYPHEN.fullmatch(line):
        return "There is no space after the hyphen.", f"Write “- {tight[1][:40]}”."
    if after.startswith(":") and not before.strip(" -"):
        return "There is no field name before this colon.", "Write “field: value”."
    return None


def _is_at_context(problem: str, before: str, after: str) -> bool:
    """Return whether the mistake is where the parser's context began, not where it gave up.

    A quotation mark or bracket that is never closed is noticed at the next field, and a missing
    colon in the line below.
    """
    if "or ']'" in problem or "or '}'" in problem:
        return after.startswith(":") and bool(_NAME.fullmatch(before))
    return any(sign in problem for sign in ("find expected ':'", "end of stream", "document"))


def _find_odd_indent(problem: str, lines: Sequence[str]) -> Place | None:
    """Find a character that only looks like a space in the indentation, where that is the mistake.

    ``lines`` end with the one where the parser failed; the place is in the first of those just
    above it that are so indented.
    """
    if not any(sign in problem for sign in (*_OUT_OF_PLACE, "find expected ':'")):
        return None
    found = None
    for at in reversed(range(len(lines))):
        if odd := _ODD_SPACE.match(lines[at]):
            found = at, odd.end() - 1
        elif found or at < len(lines) - 1:
            break
    return found


def _line_of_opening(above: Sequence[str], before: str) -> int | None:
    """Return the index of the line that opens the quotation mark which ``before`` only closes.

    None where ``before``, the part of the line left of the place, opens it itself.
    """
    mark = before.rstrip()[-1]
    if before.count(mark) > 1:
        return None
    opens = re.compile(rf"(?:.*[:,\[{{-])? *{mark}[^{mark}]*")
    return next((at for at in reversed(range(len(above))) if opens.fullmatch(above[at])), None)
