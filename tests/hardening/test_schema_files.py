"""An invalid schema or vocabulary file: exit 2 and a plain message from every command."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

SCHEMA = "schema/record.schema.json"
COUNTRIES = "schema/countries.json"
LISTS = [
    "schema/topics.yaml",
    "schema/types.yaml",
    "schema/organisations.yaml",
    "schema/regions.yaml",
    "schema/collections.yaml",
]

NOT_FILES: dict[str, Callable[[Path], None]] = {
    "missing": lambda path: None,
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
}
BYTES: dict[str, bytes] = {
    "nothing": b"",
    "half": b'{"a": [',
    "zeros": bytes(1000),
    "not UTF-8": b'{"a": "\xff"}',
    "a list": b"[]\n",
    "a text": b'"x"\n',
    "a number": b"1\n",
    "null": b"null\n",
    "an empty mapping": b"{}\n",
    "very deep": b"[" * 200_000,
    "very large": b'{"a": "' + b"x" * 20 * 2**20 + b'"}',
    "a number without end": b'{"a": ' + b"9" * 100_000 + b"}",
}
COMMANDS = [["validate"], ["list"], ["show", "2020"], ["summary"], ["vocab", "topics"]]


def check_plain(outcome: Any, name: str) -> None:
    """Check for one line that names the file, at most a hint, and no result."""
    assert outcome.stdout == ""
    first, *others = outcome.stderr.splitlines()
    assert first.startswith("healthcoop: ")
    assert name in first or "no data set" in first
    assert all(line.startswith("  ") for line in others)
    assert len(first) < 500


@pytest.mark.parametrize("damage", [*NOT_FILES, *BYTES])
@pytest.mark.parametrize("name", [SCHEMA, COUNTRIES, *LISTS])
def test_every_command_names_the_invalid_file(
    name: str, damage: str, data: Path, cli_invoke
) -> None:
    """Nothing is checked or answered without the files under schema/."""
    (data / name).unlink()
    if damage in BYTES:
        (data / name).write_bytes(BYTES[damage])
    else:
        NOT_FILES[damage](data / name)
    for command in COMMANDS:
        check_plain(cli_invoke(*command, exit_code=2), name)


@pytest.mark.parametrize("damage", [*NOT_FILES, *BYTES])
def test_nothing_is_written_with_an_invalid_schema(damage: str, data: Path, cli_invoke) -> None:
    """The version of the records' format is unknown."""
    path = next((data / "records").rglob("*.yaml"))
    path.write_bytes(path.read_bytes().replace(b"type: ", b"type:   "))
    before = path.read_bytes()
    (data / SCHEMA).unlink()
    if damage in BYTES:
        (data / SCHEMA).write_bytes(BYTES[damage])
    else:
        NOT_FILES[damage](data / SCHEMA)
    for command in (["fmt"], ["validate", "--fix"]):
        check_plain(cli_invoke(*command, exit_code=2), SCHEMA)
    assert path.read_bytes() == before


CHANGES: dict[str, dict[str, Any]] = {
    "no version": {"$id": "urn:x"},
    "a version beyond all numbers": {"$id": "record/" + "9" * 10_000},
    "a newer version": {"$id": "record/2"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_schema_without_a_known_version_is_refused(change: str, data: Path, cli_invoke) -> None:
    """The format of the records is unknown."""
    schema = json.loads((data / SCHEMA).read_bytes()) | CHANGES[change]
    (data / SCHEMA).write_text(json.dumps(schema), encoding="utf-8")
    for command in (["validate"], ["validate", "--fix"]):
        outcome = cli_invoke(*command, exit_code=2)
        if change == "a newer version":
            assert "Upgrade healthcoop" in outcome.stderr
        else:
            check_plain(outcome, SCHEMA)


ENTRIES: dict[str, Any] = {
    "no list": {"topics": "x"},
    "an entry of no shape": {"topics": ["x"]},
    "an entry without a code": {"topics": [{"label": "x"}]},
    "a code of no shape": {"topics": [{"code": ["x"], "label": "x"}]},
    "a code twice": {"topics": [{"code": "x", "label": "x"}, {"code": "x", "label": "y"}]},
    "a name of no shape": {"topics": [{"code": "x", "label": "x", "names": "y"}]},
    "a date that is none": {"topics": [{"code": "x", "label": "x", "from": "then"}]},
    "a code that leads nowhere": {"topics": [{"code": "x", "label": "x", "replaced_by": "z"}]},
    "a field nobody knows": {"topics": [{"code": "x", "label": "x", "lable": "y"}]},
}


@pytest.mark.parametrize("change", ENTRIES)
def test_invalid_vocabulary_entries_are_located(change: str, data: Path, cli_invoke) -> None:
    """By file and line."""
    (data / LISTS[0]).write_text(json.dumps(ENTRIES[change], indent=1), encoding="utf-8")
    for command in COMMANDS:
        check_plain(cli_invoke(*command, exit_code=2), LISTS[0])


def test_a_lone_surrogate_in_the_countries_is_refused(data: Path, cli_invoke) -> None:
    """JSON can escape one, but no file, terminal or database accepts it."""
    countries = json.loads((data / COUNTRIES).read_bytes())
    countries["countries"][0]["name"] = "\ud800"
    (data / COUNTRIES).write_text(json.dumps(countries), encoding="utf-8")
    for command in COMMANDS:
        check_plain(cli_invoke(*command, exit_code=2), COUNTRIES)
