"""The table of fields: a new field needs one entry, from which everything else is derived."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from healthcoop.files import vocabularies
from healthcoop.files.tree import Tree
from healthcoop.model import spec
from healthcoop.model.json_schema import record_schema, render

ROOT = Path(__file__).parents[2]


def test_schema_file_equals_the_generated_schema() -> None:
    text = render(record_schema(vocabularies.load(Tree(ROOT))))
    assert (ROOT / "schema/record.schema.json").read_text("utf-8") == text


def test_every_field_has_title_documentation_and_examples() -> None:
    fields = list(spec.FIELDS.values())
    assert [field.path for field in fields if not field.title or not field.doc.endswith(".")] == []
    leaves = [field for field in fields if field.kind not in ("part", "list")]
    assert [field.path for field in leaves if not field.examples] == []


def test_examples_of_fields_are_valid() -> None:
    from healthcoop.model.dates import DateError, parse

    wrong = []
    for path in spec.DATES:
        for example in spec.FIELDS[path].examples:
            try:
                if example not in spec.FIELDS[path].words:
                    parse(example)
            except DateError:
                wrong.append((path, example))
    schema = json.loads((ROOT / "schema/record.schema.json").read_bytes())
    jsonschema = pytest.importorskip("jsonschema")
    for path, part in _parts(schema):
        for example in part.get("examples", ()):
            whole = {**part, "definitions": schema["definitions"]}
            if not jsonschema.Draft7Validator(whole).is_valid(example):
                wrong.append((path, example))
    assert wrong == []


def _parts(schema: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    found = [(path, schema)] if isinstance(schema, dict) else []
    for name, inner in schema.items() if isinstance(schema, dict) else ():
        if name in ("properties", "items"):
            parts = inner if name == "properties" else {"[]": inner}
            for key, part in parts.items():
                found += _parts(part, f"{path}/{key}")
    return found


RECORD = """\
# yaml-language-server: $schema=../../schema/record.schema.json
id: 2022-az-cu-minister-ambassador
type: meeting
title: Azerbaijan's health minister receives the Cuban ambassador
date: "2022-10-07"
parties:
  - country: AZ
  - country: CU
topics: [health-system]
summary: >-
  The minister recalled the Cuban medical teams of 2020.
weather:
  - {sky: "no", noted: "2022-10-08", more: A zephyr blew.}
mood: >-
  They were cordial.

  Frank.
sources:
  - url: https://en.trend.az/azerbaijan/society/3654296.html
    kind: agency
    supports: [date]
collection: news-search-2026
"""


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the tool and its schemas with three more fields in the table."""
    folder = tmp_path_factory.mktemp("extended")
    for name in ("healthcoop", "docs", "schema"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "schema/accepted.yaml").unlink()
    table = folder / "healthcoop/model/record.py"
    text = table.read_text("utf-8")
    fields = """
    weather: tuple[Weather, ...] = field.several(
        "How it was.", field.part("One observation."), flow=True, optional=True
    )
    mood: str | None = field.prose("How they got on.", 3, 90, "Frank.", search=True, column=True)
"""
    part = '''
@record_part
class Weather:
    """How the weather was."""

    sky: str = field.text("Above.", 2, 9, "blue", required=True, column=True)
    noted: str | None = field.date("When.", "2022")
    more: str | None = field.text("The rest.", 1, 90, "Rain.", search=True)

'''
    class_line = "\n@record_part\nclass Record:"
    before = "\n    text_url: "
    assert text.count(class_line) == text.count(before) == 1
    text = text.replace(class_line, part + class_line).replace(before, fields + before)
    table.write_text(text, "utf-8")
    file = folder / "records/2022/2022-az-cu-minister-ambassador.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(RECORD, "utf-8")
    _run(folder, "schema", "--write")
    return folder


def _run(folder: Path, *words: str, codes: tuple[int, ...] = (0,)) -> str:
    """Run the extended tool in its data set, with a cache folder of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "healthcoop", *words],
        cwd=folder,
        env=os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(folder)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout


def test_new_field_is_parsed_and_formatted(extended: Path) -> None:
    _run(extended, "fmt", "--check")
    (shown,) = json.loads(
        _run(extended, "show", "2022-az-cu-minister-ambassador", "--format", "json")
    )
    assert shown["mood"] == "They were cordial.\nFrank."
    assert shown["weather"] == [{"sky": "no", "noted": "2022-10-08", "more": "A zephyr blew."}]


def test_new_field_is_validated(extended: Path) -> None:
    changes = {
        "HC202": ('sky: "no", ', ""),
        "HC206": ("A zephyr blew.", '""'),
        "HC203": ("mood: >-\n  They were cordial.\n\n  Frank.", "mood: [frank]"),
        "HC401": ('"2022-10-08"', '"8 October"'),
        "HC410": ('"2022-10-08"', '"1622-10-08"'),
        "HC702": ("    supports: [date]", "    supports: [date, mood, wether]"),
    }
    files = []
    for code, (right, wrong) in changes.items():
        assert right in RECORD
        files.append(extended / f"records/2022/2022-az-cu-{code.lower()}.yaml")
        text = RECORD.replace(right, wrong).replace(
            "2022-az-cu-minister-ambassador", files[-1].stem
        )
        files[-1].write_text(text, "utf-8")
    report = json.loads(_run(extended, "validate", "--format", "json", codes=(1,)))
    for file in files:
        file.unlink()
    found = {(Path(each["path"]).stem[-5:].upper(), each["code"]) for each in report["findings"]}
    found = {(file, code) for file, code in found if code != "HC905"}  # they are much alike
    assert found == {(code, code) for code in changes}


def test_new_field_is_indexed_and_listed(extended: Path) -> None:
    for word in ("zephyr", "cordial"):
        found = _run(extended, "list", "--text", word, "--format", "json", "--columns", "sky,mood")
        assert json.loads(found) == [{"sky": ["no"], "mood": "They were cordial.\nFrank."}]


@pytest.mark.slow
def test_new_field_is_documented(extended: Path) -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py"],
        cwd=extended,
        env=os.environ | {"PYTHONPATH": str(extended)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    page = (extended / "docs/fields.md").read_text("utf-8")
    assert "| **`weather[].sky`** | Sky | Above. | `blue` |" in page
    assert "| `mood` | Mood | How they got on. |" in page
    schema = json.loads((extended / "schema/record.schema.json").read_bytes())
    assert schema["properties"]["weather"]["items"]["required"] == ["sky"]
