"""What YAML parsers say when they stumble, in plain words."""

import re
from collections.abc import Mapping, Sequence

_INDENT = "Check the indentation: two spaces for each level, list items under their field."
_UNCLOSED = "Close the quotation mark."
_QUOTE = "Put the text in double quotes."
_DIGITS = "Write the number of the character in hexadecimal digits: two, four or eight."
_FOLDED = ("Behind “>” or “|” at the beginning of a value the line ends.", _QUOTE)
_TAG = ("A value that begins with “!” is read as a tag.", _QUOTE)
DIRECTIVE = ("A line that begins with “%” is read as a directive.", "Remove the line.")
SYNTAX: Mapping[str, tuple[str, str]] = {
    "mapping values are not allowed": (
        "A second colon followed by a space stands in this line.",
        "Put a text with a colon in double quotes.",
    ),
    "could not find expected ':'": (
        "This line has no colon after its field name.",
        f"Write “field: value”, or put it in double quotes with the text above. {_INDENT}",
    ),
    "<document start>": (
        "The line stands further left than the lines above it.",
        "Fields of the record begin in the first column.",
    ),
    "did not find expected key": ("The line does not fit the lines above it.", _INDENT),
    "expected <block end>": ("The line does not fit the lines above it.", _INDENT),
    "did not find expected '-' indicator": (
        "An item of the list above is wanted here, with “- ” before it.",
        _INDENT,
    ),
    "block sequence entries are not allowed": ("A list cannot begin here.", _INDENT),
    "cannot start any token": (
        "No value can begin with this character.",
        _QUOTE,
    ),
    "mapping keys are not allowed": ("No value can begin with a question mark.", _QUOTE),
    "sequence entries are not allowed": ("A list cannot begin here.", _INDENT),
    "expected comment or line break": _FOLDED,
    "expected a comment or a line break": _FOLDED,
    "chomping or indentation indicators": _FOLDED,
    "indentation indicator": _FOLDED,
    "alphabetic or numeric character": (
        "No value can begin with “&” or “*”.",
        _QUOTE,
    ),
    "unexpected ':'": ("A colon cannot stand here.", "Put a text with a colon in double quotes."),
    "expected whitespace": _TAG,
    "expected ' '": _TAG,
    "tag": _TAG,
    "URI": _TAG,
    "expected '!'": _TAG,
    "expected '>'": _TAG,
    "UTF-8 octet": _TAG,
    "codec": _TAG,
    "unexpected end of stream": ("A quotation mark is opened and never closed.", _UNCLOSED),
    "unexpected document": ("A quotation mark is opened and never closed.", _UNCLOSED),
    "expected ',' or ']'": (
        "The list in square brackets does not end as it should.",
        "Write commas between its items, and “]” behind the last.",
    ),
    "expected ',' or '}'": (
        "What stands in braces does not end as it should.",
        "Write commas between its fields, and “}” behind the last.",
    ),
    "unknown escape character": (
        "This backslash means nothing in double quotes.",
        "Write two backslashes, or use single quotes.",
    ),
    "expected hexdecimal number": ("The escape is not complete.", _DIGITS),
    "hexadecimal numbers": ("The escape is not complete.", _DIGITS),
    "invalid Unicode character": ("The escape stands for no character.", _DIGITS),
    "did not find expected node content": ("A value is wanted here.", "Give a value."),
    "expected the node content": ("A value is wanted here.", "Give a value."),
}


AFTER_QUOTE = (
    "Text stands here behind a closing quotation mark.",
    r"Put the whole text in double quotes, and write \" for a double quote inside it.",
)
_OUT_OF_PLACE = (
    *("expected key", "expected '-'", "<block end>", "<document start>"),
    *("',' or ']'", "',' or '}'"),
)
UNKNOWN = ("This is not YAML, here or in the lines above.", f"{_QUOTE} {_INDENT}")


_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7})(?: |$)")
_MERGED = (
    "Git left a mark of a conflict here: two versions of these lines stand below each other.",
    "Keep what is right of both, and remove the lines “<<<<<<<”, “=======” and “>>>>>>>”.",
)
_TIGHT = re.compile(r" *(?:- +)?([A-Za-z_]+):([^ /].*)")
_TIGHT_HYPHEN = re.compile(r" *-([A-Za-z].*)")
_FIELD_SO_FAR = re.compile(r" *(?:- +)?[A-Za-z_]+")
_TOO_DEEP = (
    "The line stands further right than the field before it, and so goes on with its text.",
    "Begin it in the same column as the fields beside it.",
)


def begins_before(problem: str, before: str, after: str) -> bool:
    """Say whether the slip is where the parser's context began, not where it gave up.

    A quotation mark or bracket that is never closed is noticed where the next field stands, and
    a missing colon in the line below.
    """
    if "or ']'" in problem or "or '}'" in problem:
        return after.startswith(":") and bool(_FIELD_SO_FAR.fullmatch(before))
    return any(sign in problem for sign in ("find expected ':'", "end of stream", "document"))


_ODD_INDENT = re.compile(" *[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")


def odd_indent(problem: str, lines: Sequence[str]) -> tuple[int, int] | None:
    """Find the space that only looks like one at the beginning of a line, where that is the slip.

    ``lines`` are the file's down to the one where the parser stumbled; gives the index of the
    first of those just above it that are so indented, and of the space in it.
    """
    if not any(sign in problem for sign in (*_OUT_OF_PLACE, "find expected ':'")):
        return None
    found = None
    for at in reversed(range(len(lines))):
        if odd := _ODD_INDENT.match(lines[at]):
            found = at, odd.end() - 1
        elif found or at < len(lines) - 1:
            break
    return found


ODD_INDENT = (
    "The line is indented by spaces that only look like spaces, such as no-break spaces.",
    "Type them anew: two plain spaces for each level.",
)


def line_of_opening(above: Sequence[str], before: str) -> int | None:
    """Give the index of the line that opens the quotation mark which ``before`` only closes.

    None where ``before``, what stands left of the place, opens it itself.
    """
    mark = before.rstrip()[-1]
    if before.count(mark) > 1:
        return None
    opens = re.compile(rf"(?:.*[:,\[{{-])? *{mark}[^{mark}]*")
    return next((at for at in reversed(range(len(above))) if opens.fullmatch(above[at])), None)


def never_closed(line: int) -> tuple[str, str]:
    """Give the sentence and hint for a quotation mark that only ``line``, from 1, closes."""
    return f"A quotation mark opened in this line is closed only in line {line}.", _UNCLOSED


def explain(problem: str, before: str = "", after: str = "") -> tuple[str, str]:
    """Give a parser's problem as a sentence and a hint; libyaml's wording and PyYAML's own.

    ``before`` and ``after`` are what stands in the line on both sides of the place.
    """
    if before.startswith("%"):
        return DIRECTIVE
    wanted = problem.partition(", but ")[0]  # the rest quotes the file
    if said := _explain_line(wanted, before, after):
        return said
    closed = before.rstrip().endswith(("'", '"')) and after[:1] not in ("", *"]}:")
    if closed and any(sign in wanted for sign in _OUT_OF_PLACE):
        return AFTER_QUOTE
    return next((said for sign, said in SYNTAX.items() if sign in wanted), UNKNOWN)


def _explain_line(wanted: str, before: str, after: str) -> tuple[str, str] | None:
    """Name the slip where the line itself shows it, better than the parser's words do."""
    line = before + after
    if _CONFLICT.match(line):
        return _MERGED
    if "mapping values" in wanted and _FIELD_SO_FAR.fullmatch(before):
        return _TOO_DEEP
    if "cannot start any token" in wanted and after:
        return f"No value can begin with “{after[0]}”.", _QUOTE
    if "find expected ':'" in wanted and (tight := _TIGHT.fullmatch(line)):
        return "No space stands behind the colon.", f"Write “{tight[1]}: {tight[2][:40]}”."
    if any(sign in wanted for sign in _OUT_OF_PLACE):
        return _explain_place(line, before, after)
    return None


def _explain_place(line: str, before: str, after: str) -> tuple[str, str] | None:
    if tight := _TIGHT_HYPHEN.fullmatch(line):
        return "No space stands behind the hyphen.", f"Write “- {tight[1][:40]}”."
    if after.startswith(":") and not before.strip(" -"):
        return "A field name is wanted before this colon.", "Write “field: value”."
    return None
