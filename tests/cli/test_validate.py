"""``healthcoop validate``: an inserted error is reported at its place, other files are checked."""

import json
from pathlib import Path

import pytest

from tests.conftest import LATER

ROOT = Path(__file__).parents[2]
RECORD = "records/2022/2022-az-cu-minister-ambassador.yaml"
ELSEWHERE = "records/2022/2022-ro-cu-health-agreement.yaml"

# The text in RECORD, its replacement; the finding's line and column; whether list leaves it out
ERRORS = {
    "duplicate key": (b"type: meeting", b"type: meeting\ntype: visit", "type: visit", 1, True),
    "unknown country": (b"country: CU\n", b"country: XY\n", "country: XY", 14, False),
    "invalid day": (b'"2022-10-07"\nplaces', b'"2022-02-30"\nplaces', '"2022-02-30"', 7, True),
    "unknown field": (b"type: meeting", b"tpye: meeting", "tpye", 1, True),
    "broken link": (
        b"collection:",
        b"links:\n  - {rel: related, record: 1999-no-where}\ncollection:",
        "1999-no-where",
        28,
        False,
    ),
    "Latin-1 byte": (b"Trend News Agency", b"Trend N\xe9ws Agency", "publisher: Trend", 23, True),
    "tab": (b"  - country: CU", b"\t- country: CU", "- country: CU", 1, True),
    "alias": (b"type: meeting", b"type: *other", "*other", 7, True),
    "other id": (b"id: 2022-az", b"id: 2022-xx", "id: 2022-xx", 5, False),
}


def without(text: bytes, first: bytes, last: bytes) -> bytes:
    """Remove everything from one text up to another."""
    start, end = text.index(first), text.index(last)
    return text[:start] + text[end:]


def insert_error(root: Path, old: bytes, new: bytes) -> str:
    path = root / RECORD
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))
    return path.read_bytes().decode("utf-8", "replace")


def findings_of(cli_invoke, root: Path, **options) -> list[dict]:
    outcome = cli_invoke("--root", root, "validate", "-f", "json", **options)
    return json.loads(outcome.stdout)["findings"]


@pytest.mark.slow
def test_real_records_have_no_findings(cli_invoke):
    outcome = cli_invoke("--root", ROOT, "validate", "-f", "json", "--today", LATER)
    report = json.loads(outcome.stdout)
    assert list(report) == ["records", "errors", "warnings", "notes", "findings"]
    assert (report["errors"], report["warnings"], report["findings"]) == (0, 0, [])
    assert report["records"] == len(list((ROOT / "records").rglob("*.yaml")))


@pytest.mark.slow
@pytest.mark.parametrize("error", ERRORS)
def test_error_is_reported_at_its_place_and_other_records_are_listed(
    error, few_records, cli_invoke
):
    old, new, marked, column, left_out = ERRORS[error]
    text = insert_error(few_records, old, new)
    # A second error, in another file: one invalid file does not stop the run.
    path = few_records / ELSEWHERE
    path.write_bytes(path.read_bytes().replace(b"\ntype: ", b"\ntype: x", 1))
    found = findings_of(cli_invoke, few_records, exit_code=1)
    assert {finding["path"] for finding in found} == {RECORD, ELSEWHERE}
    here = [finding for finding in found if finding["path"] == RECORD]
    line = next(n for n, row in enumerate(text.splitlines(), 1) if marked in row)
    assert [(finding["line"], finding["column"]) for finding in here] == [(line, column)]
    path.write_bytes((ROOT / ELSEWHERE).read_bytes())

    outcome = cli_invoke(
        *("--root", few_records, "list", "-f", "ids"), exit_code=1 if left_out else 0
    )
    ids = {path.stem for path in (few_records / "records").rglob("*.yaml")}
    missing = ids - set(outcome.stdout.split())
    assert missing == ({Path(RECORD).stem} if left_out or error == "other id" else set())
    assert (RECORD in outcome.stderr) is left_out


def test_missing_sources_or_a_single_party_is_an_error(few_records, cli_invoke):
    path = few_records / RECORD
    content = path.read_bytes()
    path.write_bytes(without(content, b"sources:", b"collection:"))
    (finding,) = findings_of(cli_invoke, few_records, exit_code=1)
    assert (finding["path"], finding["line"]) == (RECORD, 1)
    assert "sources" in finding["message"]

    path.write_bytes(
        without(without(content, b"  - country: CU", b"people:"), b"  - name: C", b"  - name: R")
    )
    found = findings_of(cli_invoke, few_records, exit_code=1)
    assert "parties" in "".join(finding["pointer"] for finding in found)


@pytest.mark.parametrize("error", ["type", "date", "parties", "id"])
def test_record_without_a_basic_field_is_named_and_left_out(error, mini, cli_invoke):
    path = mini / "records" / "2022" / "2022-az-who-country-office-visit.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"\n{error}:", f"\nx{error}:"), encoding="utf-8")
    for command in (["list", "-f", "json"], ["summary"], ["stats", "years"], ["sql", "SELECT 1"]):
        outcome = cli_invoke(*command, exit_code=1)
        assert path.name in outcome.stderr
        assert path.stem not in outcome.stdout
        assert outcome.stdout


def test_json_findings_have_the_documented_keys(mini, cli_invoke):
    path = mini / "records" / "2022" / "2022-az-who-country-office-visit.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "extra: 1\n", encoding="utf-8")
    (finding,) = findings_of(cli_invoke, mini, exit_code=1)
    assert list(finding) == [
        *("path", "line", "column", "end_line", "end_column", "code", "name", "severity"),
        *("message", "hint", "pointer", "fix"),
    ]
    assert finding["fix"] is None


@pytest.fixture
def faulty(mini, monkeypatch):
    """A data set with an error in one folder and a warning in another."""
    visit = mini / "records" / "2022" / "2022-az-who-country-office-visit.yaml"
    visit.write_text(visit.read_text(encoding="utf-8") + "extra: 1\n", encoding="utf-8")
    nurses = mini / "records" / "2023" / "2023-cu-no-agreement-on-nurses.yaml"
    text = nurses.read_text(encoding="utf-8")
    nurses.write_text(text.replace("kind: press", "kind: copy"), encoding="utf-8")
    monkeypatch.chdir(mini)
    return mini


@pytest.mark.parametrize(
    ("arguments", "files", "exit_code"),
    [
        ([], 2, 1),
        (["records"], 2, 1),
        (["."], 2, 1),
        (["records/2022"], 1, 1),
        (["records/2023"], 1, 0),
        (["records/2023", "--strict"], 1, 1),
        (["records/2020"], 0, 0),
        (["--select", "HC2"], 1, 1),
        (["--select", "HC2, HC7"], 2, 1),
        (["--ignore", "HC2"], 1, 0),
    ],
)
def test_paths_and_codes_limit_the_report(arguments, files, exit_code, faulty, cli_invoke):
    outcome = cli_invoke("validate", *arguments, exit_code=exit_code)
    paths = {line.split(":")[0] for line in outcome.stdout.splitlines() if line[0] != " "}
    assert len(paths) == files
    assert "Checked 7 records" in outcome.stderr


def test_path_through_a_symbolic_link_is_accepted(faulty, cli_invoke, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(faulty, target_is_directory=True)
    outcome = cli_invoke("validate", link / "records" / "2022", exit_code=1)
    assert "2022-az-who-country-office-visit" in outcome.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere"],
        ["/"],
        ["schema"],
        ["schema/topics.yaml"],
        ["--select", "HC999x"],
        ["--select", ""],
        ["--ignore", "E501"],
    ],
)
def test_invalid_paths_and_codes_are_wrong_usage(arguments, mini, cli_invoke, monkeypatch):
    monkeypatch.chdir(mini)
    assert cli_invoke("validate", *arguments, exit_code=2).stdout == ""


def test_file_that_is_not_a_record_is_refused_and_named(mini, cli_invoke, tmp_path):
    readme = mini / "records" / "README.md"
    readme.write_text("not a record", encoding="utf-8")
    for command in ("validate", "fmt"):
        assert "README.md is neither a record" in cli_invoke(command, readme, exit_code=2).stderr


def test_path_of_accepted_yaml_selects_its_findings(faulty, cli_invoke):
    accepted = faulty / "schema" / "accepted.yaml"
    entry = "{code: HC701, record: 2021-az-no-digital-memorandum, reason: none}"
    text = accepted.read_text(encoding="utf-8")
    accepted.write_text(f"{text}  - {entry}\n", encoding="utf-8")
    lines = cli_invoke("validate", "--strict", accepted, exit_code=1).stdout.splitlines()
    assert lines[0].startswith("schema/accepted.yaml:")
    assert not any(line.startswith("records/") for line in lines)


def test_accepted_finding_is_left_out_and_a_stale_entry_is_reported(faulty, cli_invoke):
    accepted = faulty / "schema" / "accepted.yaml"
    entry = accepted.read_text(encoding="utf-8")
    entry += "  - {{code: {}, record: 2023-cu-no-agreement-on-nurses, reason: so}}\n"
    accepted.write_text(entry.format("HC703"), encoding="utf-8")
    outcome = cli_invoke("validate", exit_code=1)
    assert "2023-cu-no-agreement-on-nurses" not in outcome.stdout
    assert outcome.stderr.endswith(": 1 error. 3 findings accepted.\n")
    accepted.write_text(entry.format("HC403"), encoding="utf-8")
    assert "schema/accepted.yaml" in cli_invoke("validate", exit_code=1).stdout


def test_file_that_is_not_parsed_is_reported_whatever_is_selected(mini, cli_invoke):
    """Otherwise a check of one rule would pass a file that it could not judge."""
    path = "records/2022/2022-az-who-country-office-visit.yaml"
    (mini / path).write_text("id: [\n", encoding="utf-8")
    for options in ("--select=HC703", "--ignore=HC1", "--select=HC703 --fix", "--ignore=HC1 --fix"):
        outcome = cli_invoke("validate", *options.split(), exit_code=1)
        assert outcome.stdout.startswith(f"{path}:1:6: HC105 error"), options
    assert path not in cli_invoke("validate", "--select=HC703", "records/2023").stdout


def test_annotations_are_the_default_on_github_but_not_in_a_file(
    faulty, cli_invoke, monkeypatch, tmp_path
):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    lines = cli_invoke("validate", exit_code=1).stdout.splitlines()
    # GitHub shows only the first annotations: errors come before warnings.
    assert [line.split()[0] for line in lines] == ["::error", "::warning"]
    assert "::" not in cli_invoke("validate", "-f", "text", exit_code=1).stdout
    target = tmp_path / "findings.txt"
    cli_invoke("validate", "-o", target, exit_code=1)
    assert "::" not in target.read_text(encoding="utf-8")


def test_all_findings_are_written_to_the_job_summary_on_github(
    faulty, cli_invoke, monkeypatch, tmp_path
):
    summary = tmp_path / "summary.md"
    summary.write_text("# before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    cli_invoke("validate", "-f", "text", exit_code=1)
    assert summary.read_text(encoding="utf-8") == "# before\n"
    cli_invoke("validate", "-f", "github", exit_code=1)
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("# before\n### healthcoop validate\n")
    assert "HC201 error" in text

    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    outcome = cli_invoke("validate", "-f", "github", exit_code=1)
    assert "cannot write the job summary" in outcome.stderr
    assert "::error file=" in outcome.stdout


def test_format_option_accepts_every_format(faulty, cli_invoke):
    from healthcoop.checks.formats import FORMATS
    from healthcoop.cli.validate import command

    (option,) = [option for option in command.params if option.name == "format_"]
    assert list(option.type.choices) == list(FORMATS)
    for name in FORMATS:
        assert "HC201" in cli_invoke("validate", "-f", name, exit_code=1).stdout


@pytest.mark.parametrize("format_", ["text", "json", "github", "sarif", "junit"])
def test_run_without_a_result_leaves_no_earlier_one(format_, mini, cli_invoke, tmp_path):
    """A report of an earlier run would pass for one of these records."""
    output = tmp_path / "report"
    options = ("validate", "-f", format_)
    cli_invoke(*options, "-o", output)
    assert output.exists()
    (mini / "schema/topics.yaml").write_text("topics: x\n", encoding="utf-8")
    cli_invoke(*options, "-o", output, exit_code=2)
    assert not output.exists()
    outcome = cli_invoke(*options, exit_code=2)
    annotated = "::error title=healthcoop::schema/topics.yaml: expected a list named “topics”."
    assert outcome.stdout == (f"{annotated}\n" if format_ == "github" else "")


def test_output_is_coloured_on_a_terminal_only(faulty, cli_invoke):
    assert "\x1b[" not in cli_invoke("validate", exit_code=1).stdout
    assert "\x1b[" in cli_invoke("--color", "always", "validate", exit_code=1).stdout


def test_two_processes_report_the_same_as_one(faulty, cli_invoke):
    one = cli_invoke("validate", "--jobs", "1", exit_code=1).stdout
    assert cli_invoke("validate", "--jobs", "2", exit_code=1).stdout == one
