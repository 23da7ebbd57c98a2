"""What YAML parsers say when they stumble, in plain words."""

from collections.abc import Mapping

_INDENT = "Check the indentation: two spaces for each level, list items under their field."
_UNCLOSED = "Close the quotation mark."
_QUOTE = "Put the text in double quotes."
_DIGITS = "Write the number of the character in hexadecimal digits: two, four or eight."
_FOLDED = ("Behind “>” or “|” at the beginning of a value the line ends.", _QUOTE)
_TAG = ("A value that begins with “!” is read as a tag.", _QUOTE)
DIRECTIVE = ("A line that begins with “%” is read as a directive.", "Remove the line.")
SYNTAX: Mapping[str, tuple[str, str]] = {
    "mapping values are not allowed": (
        "A second colon followed by a space stands in this line, or the line is indented too far.",
        "Put a text with a colon in double quotes.",
    ),
    "could not find expected ':'": (
        "This line has no colon after its field name.",
        f"Write “field: value”. {_INDENT}",
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
    "expected ',' or ']'": ("The list in square brackets does not end as it should.", "Close it."),
    "expected ',' or '}'": ("The braces do not end as they should.", "Close them."),
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


def explain(problem: str, before: str = "", after: str = "") -> tuple[str, str]:
    """Give a parser's problem as a sentence and a hint; libyaml's wording and PyYAML's own.

    ``before`` and ``after`` are what stands in the line on both sides of the place.
    """
    if before.startswith("%"):
        return DIRECTIVE
    wanted = problem.partition(", but ")[0]  # the rest quotes the file
    closed = before.rstrip().endswith(("'", '"')) and after[:1] not in ("", *"]}:")
    if closed and any(sign in wanted for sign in _OUT_OF_PLACE):
        return AFTER_QUOTE
    return next((said for sign, said in SYNTAX.items() if sign in wanted), UNKNOWN)
