"""What YAML parsers say when they stumble, in plain words."""

from collections.abc import Mapping

_INDENT = "Check the indentation: two spaces for each level, list items under their field."
_UNCLOSED = "Close the quotation mark."
SYNTAX: Mapping[str, tuple[str, str]] = {
    "mapping values are not allowed": (
        "A second colon followed by a space stands in this line, or the line is indented too far.",
        "Put a text with a colon in double quotes.",
    ),
    "could not find expected ':'": (
        "This line has no colon after its field name.",
        f"Write “field: value”. {_INDENT}",
    ),
    "did not find expected <document start>": (
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
        "Put the text in double quotes.",
    ),
    "unexpected end of stream": ("A quotation mark is opened and never closed.", _UNCLOSED),
    "unexpected document indicator": ("A quotation mark is opened and never closed.", _UNCLOSED),
    "expected ',' or ']'": ("The list in square brackets does not end as it should.", "Close it."),
    "expected ',' or '}'": ("The braces do not end as they should.", "Close them."),
    "unknown escape character": (
        "This backslash means nothing in double quotes.",
        "Write two backslashes, or use single quotes.",
    ),
    "did not find expected hexdecimal number": (
        "The escape is not complete.",
        "Write four digits.",
    ),
    "did not find expected node content": ("A value is wanted here.", "Give a value."),
    "expected the node content": ("A value is wanted here.", "Give a value."),
}


def explain(problem: str) -> tuple[str, str]:
    """Give a parser's problem as a sentence and a hint; libyaml's wording and PyYAML's own."""
    for sign, (message, hint) in SYNTAX.items():
        if sign in problem:
            return message, hint
    return f"This is not YAML: {problem}.", _INDENT
