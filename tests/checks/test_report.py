"""The report of a run, and the findings that a data set accepts."""

from dataclasses import replace
from typing import Any

import pytest

from healthcoop.checks import suppressions
from healthcoop.checks.findings import Finding, Report, Selection, Severity
from healthcoop.errors import InvalidSchema
from healthcoop.files.canonical import dump
from tests.cases import each


def finding(**changes: Any) -> Finding:
    values: dict[str, Any] = {
        "path": "records/2022/2022-x.yaml",
        "line": 3,
        "column": 7,
        "end_line": 3,
        "end_column": 9,
        "code": "HC204",
        "name": "unknown-code",
        "severity": Severity.ERROR,
        "message": "Unknown country code “XY”.",
        "hint": "Did you mean “SY”?",
        "pointer": "/parties/0/country",
    }
    return Finding(**(values | changes))


def report(*findings: Finding, strict: bool = False) -> Report:
    return Report(records=7, findings=findings, strict=strict)


WARNING = finding(severity=Severity.WARNING, code="HC703")
NOTE = finding(severity=Severity.NOTE, code="HC404")


@each(
    ("findings", "exit_code", "strict_exit_code"),
    [((), 0, 0), ((NOTE,), 0, 0), ((WARNING, NOTE), 0, 1), ((finding(), WARNING), 1, 1)],
)
def test_errors_fail_a_run_and_warnings_a_strict_one(
    findings: tuple[Finding, ...], exit_code: int, strict_exit_code: int
) -> None:
    """Notes never do."""
    assert report(*findings).exit_code == exit_code
    assert report(*findings).narrowed(Selection(), strict=True).exit_code == strict_exit_code


def test_a_report_is_narrowed_by_codes_and_paths() -> None:
    """Codes by their beginning, paths by whole names."""
    elsewhere = finding(path="records/2022-b/x.yaml")
    whole = report(finding(), WARNING, NOTE, elsewhere)
    assert whole.narrowed(Selection(select=["HC4", "HC703"])).findings == (WARNING, NOTE)
    assert whole.narrowed(Selection(ignore=["HC2"])).findings == (WARNING, NOTE)
    assert whole.narrowed(Selection(limits=[["records/2022"]])).findings == (
        finding(),
        WARNING,
        NOTE,
    )
    assert whole.narrowed(Selection(limits=[["records/2022-b/x.yaml"]])).findings == (elsewhere,)
    assert whole.narrowed(Selection(limits=[["."]])).findings == whole.findings
    assert whole.narrowed(Selection(limits=[["records/2022-b"]])).records == 7


def test_the_closing_line_names_the_command_that_fixes_some() -> None:
    """Of those that are reported, not of those that are left out."""
    found = report(finding(fixable=True), replace(WARNING, fixable=True), NOTE)
    fixes = "Checked 7 records: 1 error, 1 warning, 1 note. “healthcoop validate --fix” fixes"
    assert found.closing_line == f"{fixes} 2 of them."
    assert "--fix" not in found.narrowed(Selection(select=["HC404"])).closing_line


def test_the_closing_line_counts_each_severity() -> None:
    """A count of one is in the singular."""
    assert report().closing_line == "Checked 7 records: no problems found."
    found = report(finding(), finding(line=4), WARNING)
    assert found.closing_line == "Checked 7 records: 2 errors, 1 warning."


def test_changed_files_come_first_within_each_severity() -> None:
    """A narrowed report keeps this order."""
    elsewhere = finding(path="z.yaml")
    whole = replace(report(WARNING, finding(), elsewhere), changed=frozenset({"z.yaml"}))
    for one in (whole, whole.narrowed(Selection(ignore=["HC1"]))):
        assert one.worst_first == [elsewhere, finding(), WARNING]


ENTRY = {"code": "HC404", "record": "2022-x", "reason": "The source says so."}
JUDGED = finding(code="HC404")


def accept(*entries: dict[str, Any]) -> list[suppressions.Accepted]:
    return read({"accepted": list(entries)})


def read(data: dict[str, Any]) -> list[suppressions.Accepted]:
    return suppressions.read({suppressions.PATH: dump(data).encode()})


def test_an_accepted_finding_is_not_reported() -> None:
    """It is matched by code, record and, if the entry has one, place."""
    elsewhere, beside = (
        replace(JUDGED, path="records/2023/2023-x.yaml"),
        finding(code="HC404", pointer="/places/0"),
    )
    others = [WARNING, elsewhere, beside]
    at = {**ENTRY, "pointer": "/parties/0/country"}
    assert suppressions.remove_accepted([JUDGED, *others], accept(at)) == (others, [JUDGED])
    assert suppressions.remove_accepted([JUDGED, *others], accept(ENTRY)) == (
        others[:2],
        [JUDGED, beside],
    )


def test_invalid_files_and_deleted_ids_cannot_be_accepted() -> None:
    """The finding stays, and the entry is an error of its own at its place."""
    for code in ("HC101", "HC204", "HC951"):
        found = finding(code=code)
        kept, accepted = suppressions.remove_accepted([found], accept({**ENTRY, "code": code}))
        assert (kept[0], accepted) == (found, [])
        (entry,) = kept[1:]
        assert (entry.code, entry.severity, entry.pointer) == ("HC908", "error", "/accepted/0")
        assert (entry.path, entry.line) == ("schema/accepted.yaml", 2)


def test_what_was_accepted_is_counted_within_the_selection() -> None:
    """Otherwise a run that passes would not show that it depends on a list of exceptions."""
    whole = replace(report(), accepted=(JUDGED, WARNING))
    line = "Checked 7 records: no problems found."
    assert whole.closing_line == f"{line} 2 findings accepted."
    assert whole.narrowed(Selection(select=["HC7"])).closing_line == f"{line} 1 finding accepted."
    assert whole.exit_code == 0


def test_an_unread_file_is_reported_whatever_codes_are_selected() -> None:
    """Within the paths; what was not read has not been checked for the selected codes either."""
    unread = report(finding(code="HC101", unread=True), finding())
    assert unread.narrowed(Selection(select=["HC7"])).findings == unread.findings[:1]
    assert unread.narrowed(Selection(ignore=["HC1", "HC2"])).exit_code == 1
    assert unread.narrowed(Selection(limits=[["records/2023"]])).findings == ()


def test_an_entry_without_a_finding_is_a_warning() -> None:
    """It names the code and the record, at the place of the entry."""
    entries = accept(ENTRY, {**ENTRY, "code": "HC701"})
    (stale,), _ = suppressions.remove_accepted([JUDGED], entries)
    assert (stale.code, stale.severity, stale.pointer) == ("HC901", "warning", "/accepted/1")
    assert (stale.path, stale.message) == (
        "schema/accepted.yaml",
        "There is no finding HC701 in 2022-x to accept.",
    )
    assert (stale.line, stale.column) == (5, 5)


@each(
    ("data", "message"),
    [
        ({"accepted": "x"}, "a list named “accepted”"),
        ({"acepted": [ENTRY]}, "accepted.yaml:1:1: unknown field “acepted”"),
        ({"accepted": ["x"]}, "accepted.yaml:2:5: entry 1 must have code, record, reason"),
        ({"accepted": [ENTRY, {**ENTRY, "code": "HC999"}]}, "yaml:5:5: unknown code “HC999”"),
        ({"accepted": [ENTRY, {"code": "HC204", "record": "x"}]}, "entry 2 must have code"),
        ({"accepted": [{**ENTRY, "path": "x"}]}, "entry 1 must have code"),
        ({"accepted": [{**ENTRY, "reason": ["x"]}]}, "every value of entry 1 must be text"),
    ],
)
def test_a_malformed_list_is_refused(data: dict[str, Any], message: str) -> None:
    """A missing reason or a misspelt key makes the list invalid."""
    with pytest.raises(InvalidSchema, match=message):
        read(data)


def test_a_data_set_without_accepted_findings_needs_no_file() -> None:
    """Most have no such file."""
    assert suppressions.read({}) == []
