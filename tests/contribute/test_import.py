"""``import``: rows become records of a collection, once, and nothing else changes."""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthcoop.checks.findings import Severity
from healthcoop.dataset import Dataset
from healthcoop.errors import HealthcoopError
from healthcoop.index.query import Query
from tests.cases import each
from tests.conftest import ROOT, Invoke

MAPPING = """
collection: uk-treaties-online-2026
dates: {signed: DD/MM/YYYY, ended: DD/MM/YYYY}
lists: {parties: ";", topics: ";"}
leave_out:
  - {column: subject, values: [TRADE], reason: Not about health.}
record:
  type: "{type}"
  title: "{title}"
  date: "{signed}"
  parties:
    - {names: parties}
  topics: ["{topics}"]
  summary: "{summary}"
  terms: {ended: "{ended}"}
  identifiers: [{scheme: register, value: "{id}"}]
  links: [{rel: supersedes, record: "{replaces}"}]
  sources:
    - url: "https://example.org/{id}"
      kind: database
      publisher: A register
      supports: [date, parties, terms.ended]
"""
ROW = {
    "id": "1",
    "subject": "HEALTH",
    "type": "agreement",
    "title": "Romania and Cuba agree on vaccines",
    "signed": "21/07/1997",
    "ended": "",
    "parties": "ROUMANIA; CUBA",
    "topics": "vaccines",
    "summary": "The two countries are to make vaccines together and to share what they learn.",
    "replaces": "",
}


@pytest.fixture
def root(few_records: Path) -> Path:
    """Return a data set of four records, with a mapping file beside it."""
    (few_records.parent / "m.yaml").write_text(MAPPING, encoding="utf-8")
    return few_records


def table(root: Path, *changes: dict[str, str]) -> Path:
    """Write a table with a row for each change of ROW, and return its path."""
    path = root.parent / "rows.csv"
    text = io.StringIO()
    writer = csv.DictWriter(text, ROW)
    writer.writeheader()
    writer.writerows({**ROW, "id": f"{number}", **row} for number, row in enumerate(changes, 1))
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def run(root: Path, path: Path, **options: Any) -> list[dict[str, Any]]:
    """Import a table and return the report."""
    settings = {"collection": "uk-treaties-online-2026", "mapping": root.parent / "m.yaml"}
    with Dataset.open(root) as dataset:
        return [dict(row) for row in dataset.import_rows(path, **{**settings, **options})]


def outcomes(rows: list[dict[str, Any]]) -> list[str]:
    """Return what became of the rows."""
    return [row["outcome"] for row in rows]


def files(root: Path) -> dict[str, bytes]:
    """Return all record files."""
    return {
        str(path): path.read_bytes() for path in (root / "records").rglob("*") if path.is_file()
    }


def test_a_row_becomes_a_valid_record(root: Path) -> None:
    """In canonical layout, with an id, and without findings."""
    (row,) = run(root, table(root, {"ended": "01/02/2003"}))
    assert row == {
        "row": 2,
        "identifier": "1",
        "outcome": "added",
        "record": "1997-ro-cu-vaccines",
        "reason": None,
    }
    text = (root / "records/1997/1997-ro-cu-vaccines.yaml").read_text(encoding="utf-8")
    assert text == (
        """\
# yaml-language-server: $schema=../../schema/record.schema.json
id: 1997-ro-cu-vaccines
type: agreement
title: Romania and Cuba agree on vaccines
date: "1997-07-21"
parties:
  - country: RO
  - country: CU
topics: [vaccines]
summary: >-
  The two countries are to make vaccines together and to share what they learn.
terms:
  ended: "2003-02-01"
identifiers:
  - scheme: register
    value: "1"
sources:
  - url: https://example.org/1
    kind: database
    publisher: A register
    supports: [date, parties, terms.ended]
collection: uk-treaties-online-2026
"""
    )
    with Dataset.open(root) as dataset:
        assert dataset.check().findings == ()


def test_refused_rows_do_not_stop_the_others(root: Path) -> None:
    """Each has its reason; the records of the others are written."""
    path = table(
        root,
        {},
        {"parties": "CUBA"},
        {"parties": "CUBA; Ruritania"},
        {"signed": "1997"},
        {"signed": ""},
        {"title": "Short"},
        {"id": "1"},
        {"id": ""},
        {"type": "pact", "signed": "22/07/1997"},
        {"replaces": "1990-none", "signed": "23/07/1997"},
        {"subject": "TRADE"},
    )
    path.write_bytes(path.read_bytes() + b"12,ragged\r\n")
    rows = run(root, path)
    assert outcomes(rows) == [
        *("added", "refused", "refused", "added", "refused", "refused", "refused", "refused"),
        *("refused", "refused", "left-out", "refused"),
    ]
    reasons = [row["reason"] or "" for row in rows]
    wanted = [
        *("", "CU is its only party", "unknown party: Ruritania", "", "date", "HC206 length"),
        *("row 2 has the same identifier", "it has no identifier", "HC204 unknown-code"),
        *("HC653 link-resolves", "Not about health.", "it has 2 cells, the heading 10"),
    ]
    assert [
        reason for reason, part in zip(reasons, wanted, strict=True) if part not in reason
    ] == []
    assert len(files(root)) == 6


def test_the_same_import_again_changes_nothing(root: Path) -> None:
    """Records are found again by their identifiers, even under another title."""
    path = table(root, {}, {"signed": "22/07/1997"})
    assert outcomes(run(root, path)) == ["added", "added"]
    before = files(root)
    assert outcomes(run(root, path)) == ["unchanged", "unchanged"]
    assert files(root) == before


def test_differences_are_reported_and_overwritten_only_on_request(root: Path) -> None:
    """A curator's edits stay."""
    run(root, table(root, {}))
    path = root / "records/1997/1997-ro-cu-vaccines.yaml"
    text = path.read_text(encoding="utf-8").replace("on vaccines", "on making vaccines")
    text = text.replace("  - country: RO\n  - country: CU", "  - country: CU\n  - country: RO")
    path.write_text(text + "notes: >-\n  A curator added this note.\n", encoding="utf-8")
    changed = table(root, {"signed": "22/07/1997"})
    (row,) = run(root, changed)
    assert (row["outcome"], row["reason"]) == ("differs", "title, date")
    assert path.read_text(encoding="utf-8").count("on making vaccines") == 1
    (row,) = run(root, changed, update=["date", "topics"], write=False)
    assert (row["outcome"], row["reason"]) == ("updated", "date; differs in title")
    (row,) = run(root, changed, update=["date", "topics"])
    new = path.read_text(encoding="utf-8")
    assert new == (text + "notes: >-\n  A curator added this note.\n").replace("07-21", "07-22")
    (row,) = run(root, changed, update=["date", "topics"])
    assert (row["outcome"], row["reason"]) == ("differs", "title")
    (row,) = run(root, table(root, {"topics": "none"}), update=["topics"])
    assert (row["outcome"], row["record"]) == ("refused", None)
    assert path.read_text(encoding="utf-8") == new


def test_a_dry_run_reports_the_same_and_writes_nothing(root: Path) -> None:
    """So that an import can be looked at first."""
    path = table(root, {}, {"parties": "CUBA"})
    before = files(root)
    dry = run(root, path, write=False)
    assert files(root) == before
    assert dry == run(root, path)


def test_a_withdrawn_record_stays_withdrawn(root: Path) -> None:
    """A row does not bring it back."""
    path = table(root, {})
    run(root, path)
    record = root / "records/1997/1997-ro-cu-vaccines.yaml"
    text = record.read_text(encoding="utf-8")
    withdrawn = 'withdrawn:\n  date: "2026-11-20"\n  reason: It was a draft.\n'
    record.write_text(text + withdrawn, encoding="utf-8")
    (row,) = run(root, path, update=["title"])
    assert (row["outcome"], row["reason"]) == ("left-out", "its record is withdrawn")


DUPLICATE = {
    "title": "Romania and Cuba sign an agreement on health",
    "signed": "20/09/2022",
    "summary": "Cooperation in health between the two countries, among them their ministries.",
}


def test_a_likely_duplicate_is_named_or_merged(root: Path) -> None:
    """With --merge a row is a source of the record that is there, and found there again.

    It supports nothing that the record does not have.
    """
    mapping = root.parent / "m.yaml"
    supports = "supports: [date, parties, text_url]"
    address = '\nrecord:\n  text_url: "https://example.org/{id}.pdf"\n'
    text = MAPPING.replace("supports: [date, parties, terms.ended]", supports)
    mapping.write_text(text.replace("\nrecord:\n", address), encoding="utf-8")
    known = root / "records/2022/2022-ro-cu-health-agreement.yaml"
    day = json.loads(json.dumps(known.read_text(encoding="utf-8"))).split('date: "')[1][:10]
    signed = "/".join(reversed(day.split("-")))
    path = table(root, {**DUPLICATE, "signed": signed})
    before = files(root)
    (row,) = run(root, path, write=False)
    assert row["outcome"] == "added"
    assert "may be the same event as 2022-ro-cu-health-agreement" in row["reason"]
    (row,) = run(root, path, merge=True)
    assert (row["outcome"], row["record"]) == ("merged", "2022-ro-cu-health-agreement")
    text = known.read_text(encoding="utf-8")
    assert text.count("url: https://example.org/1\n") == 1
    assert text.count("- scheme: register") == 1
    assert "    supports: [date, parties]\n" in text.split("url: https://example.org/1\n")[1]
    assert files(root).keys() == before.keys()
    for merge in (True, False):
        (row,) = run(root, path, merge=merge)
        assert (row["outcome"], row["record"]) == ("unchanged", "2022-ro-cu-health-agreement")
    assert known.read_text(encoding="utf-8") == text
    with Dataset.open(root) as dataset:
        assert [str(found.severity) for found in dataset.check().findings] == []


def test_without_a_mapping_a_line_is_a_record(root: Path) -> None:
    """What ``export jsonl`` writes can be read; other shapes are refused."""
    record = {
        "type": "agreement",
        "title": "Romania and Cuba agree on vaccines",
        "date": "1997-07-21",
        "parties": [{"country": "RO"}, {"country": "CU"}],
        "topics": ["vaccines"],
        "summary": ROW["summary"],
        "identifiers": [{"scheme": "register", "value": "1"}],
        "sources": [{"url": "https://example.org/1", "supports": ["date"]}],
        "collection": "of-another-data-set",
    }
    deep: Any = "x"
    for _ in range(60):
        deep = [deep]
    lines = [
        record,
        {**record, "id": "1997-ro-cu-other", "identifiers": []},
        {**record, "id": "../../x", "identifiers": []},
        {**record, "identifiers": [{"scheme": "register", "value": "3"}], "date": 1997},
        {**record, "identifiers": [{"scheme": "register", "value": "4"}], "parties": {"a": 1}},
        {"title": "x"},
        {**record, "identifiers": [], "id": "1997-ro-cu-date", "date": "May 1997"},
        {**record, "identifiers": [], "id": "1997-ro-cu-half", "title": "Half \ud800 a letter"},
        {**record, "identifiers": [], "id": "1997-ro-cu-long", "summary": "x" * 300_000},
        {**record, "identifiers": [], "id": "1997-ro-cu-deep", "outcomes": deep},
        {**record, "identifiers": [], "id": ["x"]},
    ]
    path = root.parent / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    rows = run(root, path, mapping=None)
    assert outcomes(rows) == ["added", *["refused"] * 10]
    assert rows[0]["record"] == "1997-ro-cu-vaccines"
    assert rows[3]["reason"] == "date: 1997 is not text"
    assert outcomes(run(root, path, mapping=None))[0] == "unchanged"


@each(
    ("options", "message"),
    [
        ({"collection": "news"}, "unknown collection: news"),
        ({"collection": "news-search-2026"}, "the mapping is for the collection uk-treaties"),
        ({"update": ["titel"]}, "unknown field: titel"),
        ({"update": ["id"]}, "unknown field: id"),
        ({"mapping": None}, "a table needs a mapping"),
    ],
)
def test_a_request_that_does_not_fit_is_an_error(
    root: Path, options: dict[str, Any], message: str
) -> None:
    """Nothing is read or written."""
    with pytest.raises(HealthcoopError, match=message):
        run(root, table(root, {}), **options)


def test_nothing_is_imported_beside_an_unreadable_record(root: Path) -> None:
    """A row may be that record's."""
    (root / "records/2022/2022-ro-cu-health-agreement.yaml").write_text("id: [\n", encoding="utf-8")
    with pytest.raises(HealthcoopError, match="1 record cannot be read"):
        run(root, table(root, {}))


CELLS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=12)


@settings(max_examples=settings.default.max_examples // 2)
@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "id": st.sampled_from(["1", "2", "3", "", "=4", "ü"]),
                "signed": st.sampled_from(
                    ["01/02/1999", "31/12/1900", "1999-02", "32/01/1999", ""]
                ),
                "title": CELLS | st.just("Romania and Cuba agree on "),
                "parties": st.sampled_from(["CUBA; ROMANIA", "Cuba;France;Chad", "CUBA", "?"]),
                "summary": CELLS | st.just(ROW["summary"]),
                "ended": st.sampled_from(["", "01/01/2020", "x"]),
            },
        ),
        max_size=6,
    )
)
def test_any_table_is_imported_once(changes: list[dict[str, str]]) -> None:
    """A second import changes nothing, and what was written is valid."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "data"
        shutil.copytree(ROOT / "schema", root / "schema")
        (root / "schema" / "accepted.yaml").write_text("accepted: []\n", encoding="utf-8")
        (root / "records" / "2022").mkdir(parents=True)
        ident = "2022-ro-cu-health-agreement"
        shutil.copy(ROOT / "records" / "2022" / f"{ident}.yaml", root / "records" / "2022")
        (root.parent / "m.yaml").write_text(MAPPING, encoding="utf-8")
        path = table(root, *changes)
        first = run(root, path)
        before = files(root)
        again = run(root, path)
        assert files(root) == before
        assert len(first) == len(again)
        for one, other in zip(first, again, strict=True):
            assert other["outcome"] == {"added": "unchanged"}.get(one["outcome"], one["outcome"])
        with Dataset.open(root) as dataset:
            found = dataset.check().findings
        assert [finding for finding in found if finding.severity is Severity.ERROR] == []


def test_the_command(root: Path, cli_invoke: Invoke, golden: Callable[[str, str], None]) -> None:
    """The table has what needs a look, other formats have all rows; refused rows exit with 1."""
    path = table(root, {}, {"parties": "CUBA; Ruritania"}, {"subject": "TRADE"})
    arguments = ["--root", root, "import", path, "--collection", "uk-treaties-online-2026"]
    arguments += ["--mapping", root.parent / "m.yaml"]
    dry = cli_invoke(*arguments, "--dry-run", "-f", "csv", exit_code=1)
    shown = cli_invoke(*arguments, exit_code=1)
    golden("import/rows.csv", dry.stdout)
    golden("import/table.txt", f"{shown.stdout}\n{dry.stderr}{shown.stderr}")
    path = table(root, {})
    assert "1 row: 1 unchanged" in cli_invoke(*arguments).stderr
    missing = cli_invoke(*arguments[:-1], "none.yaml", exit_code=2)
    assert "cannot read none.yaml" in missing.stderr


def lacking(root: Path, collection: str) -> None:
    """Remove the records of a collection, so that an import can add them."""
    for path in (root / "records").rglob("*.yaml"):
        if f"\ncollection: {collection}\n" in path.read_text(encoding="utf-8"):
            path.unlink()


@pytest.mark.slow
def test_the_register_of_the_united_kingdom_is_a_plain_mapping(dataset_copy: Path) -> None:
    """The records of the collection come from the register's own rows, but for curators' edits."""
    collection = "uk-treaties-online-2026"
    arguments = {
        "collection": collection,
        "mapping": ROOT / "docs/imports/uk-treaties.yaml",
        "write": False,
    }
    there = run(dataset_copy, ROOT / "docs/imports/uk-treaties.csv", **arguments)
    assert outcomes(there).count("refused") == 11
    assert {row["reason"] for row in there if row["outcome"] == "refused"} == {
        "GB is its only party"
    }
    differing = {row["record"] for row in there if row["outcome"] not in ("unchanged", "refused")}
    # Nine have the days of the United Nations' register too, five a page of the Council of Europe.
    assert len(differing) == 18
    assert {name for name in differing if "constitution" not in (name or "")} == {
        None,
        "1946-multi-public-health-office-protocol",
        "1930-multi-anti-diphtheritic-serum",
        "1962-multi-blood-grouping-reagents",
        "1962-multi-war-disabled-vouchers",
        "1964-multi-european-pharmacopoeia",
        "1964-nz-gb-ws-south-pacific-health-service",
        "1967-gb-pl-health-services-convention",
        "1982-multi-blood-grouping-reagents-protocol",
        "1982-multi-substances-human-origin-protocol",
    }
    lacking(dataset_copy, collection)
    new = run(dataset_copy, ROOT / "docs/imports/uk-treaties.csv", **arguments)
    assert outcomes(new).count("added") == 77


def concordia(root: Path, file: str, collection: str, **options: Any) -> list[dict[str, Any]]:
    """Import a table of Brazil's register; return the rows that became no new or same record."""
    name = "br-concordia-newer" if file == "br-concordia-newer" else "br-concordia"
    mapping = ROOT / f"docs/imports/{name}.yaml"
    table = ROOT / f"docs/imports/{file}.csv"
    rows = run(root, table, collection=collection, mapping=mapping, **options)
    return [row for row in rows if row["outcome"] not in ("added", "unchanged")]


@pytest.mark.slow
def test_the_register_of_brazil_is_a_plain_mapping(few_records: Path) -> None:
    """States of an act become terms, links wait for what they name, and the records are valid."""
    tagged, supplements = "br-concordia-2023", "br-concordia-supplements-2026"
    left_out = [("6493", "left-out"), ("6914", "left-out")]
    for waiting in ([("4564", "refused"), ("4611", "refused")], []):
        rows = concordia(few_records, "br-concordia", tagged)
        assert [(row["identifier"], row["outcome"]) for row in rows] == sorted(waiting + left_out)
        assert concordia(few_records, "br-concordia-supplements", supplements) == []
    assert concordia(few_records, "br-concordia-newer", supplements) == []
    with Dataset.open(few_records) as dataset:
        assert not dataset.check().findings
        terms = {
            indexed.record.identifiers[0].value: dict(indexed.data.get("terms", {}))
            for indexed in dataset.records(Query(collections=(tagged, supplements))).indexed()
        }
    assert len(terms) == 374
    assert terms["380"] == {"in_force": "1928-11-15", "ended": "none", "checked": "2023-05-14"}
    assert terms["692"] == {
        "in_force": "1944-01-01",
        "ended": "[1960-08-04..2023-05-14]",
        "end_reason": "terminated",
    }
    assert terms["818"] == {"ended": "[..2023-05-14]", "end_reason": "expired"}
    assert terms["3816"] == {"in_force": "none", "checked": "2023-05-14"}


@pytest.mark.slow
def test_the_records_of_the_register_of_brazil_are_its_rows() -> None:
    """The real records come from the tables, but for three that also have other sources."""
    rows = concordia(ROOT, "br-concordia", "br-concordia-2023", write=False)
    assert [(row["identifier"], row["outcome"]) for row in rows] == [
        ("640", "differs"),
        ("4117", "differs"),
        ("4463", "differs"),
        ("6493", "left-out"),
        ("6914", "left-out"),
    ]
    for name in ("br-concordia-supplements", "br-concordia-newer"):
        assert concordia(ROOT, name, "br-concordia-supplements-2026", write=False) == []


@pytest.mark.slow
def test_the_records_of_the_partial_registers_are_their_rows() -> None:
    """Rows without a day are left out; rows that were records before stand in their collection."""
    seen: dict[str, list[tuple[str, str]]] = {}
    for name in ("bg-gazette", "it-salute", "pt-gazette"):
        rows = run(
            ROOT,
            ROOT / f"docs/imports/{name}.csv",
            collection=f"{name}-2026",
            mapping=ROOT / f"docs/imports/{name}.yaml",
            merge=True,
            write=False,
        )
        own = [row for row in rows if row["outcome"] == "unchanged" and not row["reason"]]
        seen[name] = [(row["identifier"], row["outcome"]) for row in rows if row not in own]
    assert seen == {
        "bg-gazette": [
            ("-12311547", "left-out"),
            ("-12304382", "left-out"),
            ("1061440000", "left-out"),
            ("-12271608", "differs"),  # a further source
            ("130537", "left-out"),
            ("60559", "unchanged"),
            ("86689", "unchanged"),
        ],
        "it-salute": [("Cina, piano di azione 2024-2026", "unchanged")],
        "pt-gazette": [],
    }
