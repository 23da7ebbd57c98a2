"""The YAML project's test suite: what the reader takes means what the suite says it means."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from healthcoop.files import reader

SUITE = Path(__file__).parents[1] / "data" / "yaml-test-suite.json"
CASES: dict[str, dict[str, Any]] = {
    case["id"]: case for case in json.loads(SUITE.read_bytes())["cases"]
}

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


@pytest.fixture(params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name: str = request.param
    if name == "libyaml" and not reader.HAS_LIBYAML:
        pytest.skip("PyYAML has no libyaml here")
    monkeypatch.setattr(reader, "HAS_LIBYAML", name == "libyaml")
    reader._loaders.cache_clear()
    yield name
    reader._loaders.cache_clear()


def same(ours: Any, theirs: Any) -> bool:
    """Say whether data are what the suite has, but for numbers, which are text here."""
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


def variants() -> Iterator[tuple[str, bytes, list[Any] | None, bool]]:
    """Give each case's id, text, data and whether it is wrong; lists as a field's value too."""
    for ident, case in CASES.items():
        text, data, wrong = case["yaml"], case.get("json"), "error" in case
        yield ident, text.encode(), data, wrong
        if not wrong and text.startswith("- ") and "\n---" not in text and "\n..." not in text:
            below = [{"list": data[0]}] if data else None
            yield f"{ident} as a field", f"list:\n{text}".encode(), below, wrong


def test_the_suite_is_all_there() -> None:
    """A cut file would pass every other test here."""
    assert len(CASES) == 402
    assert sum("error" in case for case in CASES.values()) == 94


def test_what_the_suite_says_is_wrong_is_refused(parser: str) -> None:
    """But for what the parsers overlook, exactly as listed."""
    overlooked = {
        ident
        for ident, content, _, wrong in variants()
        if wrong and reader.read(content).data is not None
    }
    assert overlooked == OVERLOOKED_BY[parser]


def test_what_is_read_is_what_the_suite_says(parser: str) -> None:
    """No text, list or mapping comes out otherwise, and many are read."""
    read, otherwise = 0, set()
    for ident, content, data, wrong in variants():
        found = reader.read(content).data
        if found is not None and not wrong:
            read += 1
            if data is None or len(data) != 1 or not same(found, data[0]):
                otherwise.add(ident)
    assert otherwise == set(OTHERWISE)
    assert read > 75


def test_a_refusal_has_a_place_and_words(parser: str) -> None:
    """Whatever the suite thinks of."""
    for ident, content, *_ in variants():
        reading = reader.read(content)
        assert reading.data is not None or reading.problems, ident
        lines = content.decode().removeprefix("\ufeff").split("\n")
        for trouble in reading.problems:
            assert 1 <= trouble.span.line <= len(lines), ident
            assert 1 <= trouble.span.column <= len(lines[trouble.span.line - 1]) + 1, ident
            assert trouble.message.endswith("."), ident
