"""The syntax errors of YAML parsers in plain words, at the place of the likely mistake.

libyaml and PyYAML's own parser word the same error differently; both wordings are here.
"""

import re
from collections.abc import Mapping, Sequence

from healthcoop.files.punctuation import ODD_SPACES, Words, describe_line
from healthcoop.model.spec import ORDER

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
_ITEM = ("Expected another item of the list above, beginning with “- ”.", _INDENT)
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
    "did not find expected '-' indicator": _ITEM,
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
    "Keep the correct lines; delete the other version, and the lines with “<<<<<<<”, “=======” and "
    "“>>>>>>>”.",
)
_CONTINUES = (
    "The line is indented more than the field above it, so it is parsed as part of its text.",
    "Begin it in the same column as the fields beside it.",
)
_NO_HYPHEN = "There is no hyphen before this item of the list."
_OUT_OF_PLACE = (
    *("expected key", "expected '-'", "<block end>", "<document start>"),
    *("',' or ']'", "',' or '}'"),
)
_MARKER = re.compile(r"(?:<{7}|\|{7}|={7}|>{7})(?: |$)")
_NAME = re.compile(r" *(?:- +)?[A-Za-z_]+")
_FIELD = re.compile(r"( *)((?:- +)*)[A-Za-z_]+:(?: |$)")
_ITEM_LINE = re.compile(r"( *)- ")
_ONE_LINE = re.compile(r" *(?:- +)*([A-Za-z_]+): +(.*[^ ]) *")
_PART_FIELDS = frozenset().union(*(fields for part, fields in ORDER.items() if part))
_LONGEST_SHOWN = 120  # characters of a line that a hint repeats
_ODD_SPACE = re.compile(f" *[{ODD_SPACES}]")

Place = tuple[int, int]
"""A line and a column, both from 0."""


def describe(
    problem: str, lines: Sequence[str], *, place: Place, context: Place | None
) -> tuple[Place, Words]:
    """Return the place of a mistake, with a message and a hint.

    ``problem`` and ``place`` are what the parser reports of the file's ``lines``; ``context`` is
    where it began to parse what it could not finish.
    """
    for number, text in enumerate(lines):
        if _MARKER.match(text):
            return (number, 0), _CONFLICT
    # At the end of the file libyaml points behind the last line, where there is nothing to see.
    line = min(place[0], len(lines) - 1)
    before, after = lines[line][: place[1]], lines[line][place[1] :]
    if context and _is_at_context(problem, before, after):
        place, line = context, context[0]
    if odd := _find_odd_indent(problem, lines[: min(place[0], len(lines) - 1) + 1]):
        return odd, _ODD_INDENT
    if mistake := _find_in_lines(problem, lines, line, began=context[0] if context else line):
        return mistake
    column = place[1] if line == place[0] else len(lines[line])
    before = lines[line][:column]
    words = explain(problem, before, lines[line][column:])
    opened = _line_of_opening(lines[:line], before) if words is _AFTER_QUOTE else None
    if opened is not None:
        column = lines[opened].rindex(before.rstrip()[-1])
        message = f"The quotation mark opened in this line is closed only in line {line + 1}."
        line, words = opened, (message, _UNCLOSED)
    elif words is _CONTINUES and (part := _find_part_at_margin(lines, line)):
        return part
    elif words in (_MISFIT, _CONTINUES, _LIST, _ITEM):
        words = _compare_indents(lines, line) or words
    elif words[1] in (_QUOTE, _COLON, _AFTER_QUOTE[1]):
        words = words[0], _in_quotes(lines, line) or words[1]
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
    if closed and _is_out_of_place(expected):
        return _AFTER_QUOTE
    return next((words for sign, words in _MESSAGES.items() if sign in expected), UNKNOWN)


def _explain_line(expected: str, before: str, after: str) -> Words | None:
    """Return the words for a mistake that the line itself shows better than the parser's words."""
    if "mapping values" in expected and _NAME.fullmatch(before):
        return _CONTINUES
    if "cannot start any token" in expected and after:
        return f"A value cannot begin with “{after[0]}”.", _QUOTE
    nameless = after.startswith(":") and not before.strip(" -")
    if _is_out_of_place(expected) and nameless:
        return "There is no field name before this colon.", "Write “field: value”."
    return None


def _find_in_lines(
    problem: str, lines: Sequence[str], at: int, *, began: int
) -> tuple[Place, Words] | None:
    """Find a mistake in the punctuation of a line, where that is the reason for a problem.

    It is in the line ``at``, or in the one above it, which the parser joins with it, or in the one
    where the parser ``began``: it takes “-country:” for the name of a field.
    """
    above = next((n for n in reversed(range(at)) if lines[n].strip()), at)
    structural = _is_out_of_place(problem) or any(
        sign in problem for sign in ("find expected ':'", "mapping values")
    )
    for number in (at, above, began) if structural else (at,):
        any_name = number == at and "find expected ':'" in problem
        if found := describe_line(lines[number], any_name=any_name):
            return (number, found[0]), found[1]
    return None


def _is_out_of_place(problem: str) -> bool:
    return any(sign in problem for sign in _OUT_OF_PLACE)


def _compare_indents(lines: Sequence[str], at: int) -> Words | None:
    """Return the words for a line that begins in another column than its neighbours above.

    These are items for an item, else fields. None where there are none, or in the same column.
    """
    own = len(lines[at]) - len(lines[at].lstrip(" "))
    is_item = bool(_ITEM_LINE.match(lines[at]))
    open_from = len(lines[at]) + 1  # what is further right than a line below it has ended
    columns: dict[int, int] = {}
    items: dict[int, int] = {}
    for number in reversed(range(at)):
        item, field = _ITEM_LINE.match(lines[number]), _FIELD.match(lines[number])
        if item and len(item[1]) < open_from:
            items[len(item[1])] = number
        if field and len(field[1] + field[2]) < open_from:
            columns[len(field[1] + field[2])] = number
        starts = [len(match[1]) for match in (item, field) if match]
        open_from = min([open_from, *starts])
    if not is_item and own in items and (name := _name_in(lines[items[own] : at], lines[at])):
        return _NO_HYPHEN, f"Write “- {name}:”, with a hyphen and a space before it."
    columns = items if is_item else columns
    near = min(columns, key=lambda column: (abs(column - own), -column), default=own)
    if near == own:
        return None
    other = f"its neighbour in line {columns[near] + 1} {f'by {near}' if near else 'is not'}"
    hint = f"Indent it by {_spaces(near)}." if near else "Begin it in the first column."
    return f"This line is indented by {_spaces(own)}; {other}.", hint


def _name_in(item: Sequence[str], line: str) -> str | None:
    """Return the name of a line's field if the item of a list has it already."""
    names = [field[0].strip(" -:") for field in map(_FIELD.match, [*item, line]) if field]
    return names[-1] if names and names[-1] in names[:-1] else None


def _find_part_at_margin(lines: Sequence[str], at: int) -> tuple[Place, Words] | None:
    """Return the place and the words for fields of a part that begin in the first column.

    They are just above a line that is indented, as they should be.
    """
    first = at
    while first and (field := _FIELD.match(lines[first - 1])):
        name = field[0].strip(" :")
        if field[1] or field[2] or name in ORDER[""] or name not in _PART_FIELDS:
            break
        first -= 1
    if first == at:
        return None
    own = len(lines[at]) - len(lines[at].lstrip(" "))
    name = lines[first].partition(":")[0]
    below = f"lines {first + 1} to {at}" if first + 1 < at else "it"
    message = f"“{name}” is not a field of the record, but begins in the first column."
    return (first, 0), (message, f"Indent {below} by {_spaces(own)}, like line {at + 1}.")


def _spaces(number: int) -> str:
    return f"{number} space{'' if number == 1 else 's'}"


def _in_quotes(lines: Sequence[str], at: int) -> str | None:
    """Return the hint with a field's line in double quotes; None for a text of several lines."""
    match = _ONE_LINE.fullmatch(lines[at])
    following = lines[at + 1] if at + 1 < len(lines) else ""
    indent = len(lines[at]) - len(lines[at].lstrip(" "))
    if match is None or match[2][0] in "[{>|" or following.startswith(" " * (indent + 3)):
        return None
    name, text = match.groups()
    for mark in "'\"":
        text = text.removeprefix(mark).removesuffix(mark) if text.startswith(mark) else text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    written = f'{name}: "{escaped}"'
    return f"Put the text in double quotes: {written}" if len(written) <= _LONGEST_SHOWN else None


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
