"""The formats of a report: places, limits, and the escaping of text from records."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop import REPOSITORY, __version__
from healthcoop.checks.findings import Finding, Report, Selection, Severity
from healthcoop.checks.formats import FORMATS, as_json
from healthcoop.checks.formats.github import as_github, job_summary
from healthcoop.checks.formats.junit import as_junit
from healthcoop.checks.formats.sarif import as_sarif
from healthcoop.checks.formats.text import Style, as_text
from healthcoop.files.fixes import Fix
from healthcoop.files.visible import HIDDEN, visible
from tests.checks.rule_cases import CaseChecker
from tests.checks.rule_cases import cases as cases_of_rules

DATA = Path(__file__).parents[1] / "data"
STYLE = Style()
BEFORE = "id: x\ntitle: A meeting\n  - country: XY\ntopics: [health-system]\n"
AFTER = "id: x\ntitle: A meeting\n  - country: SY\ntopics: [health-system]\nnotes: none\n"


def fix(before: str, after: str, laid_out: str | None = None) -> Fix:
    path = "records/2022/2022-x.yaml"
    return Fix(path=path, before=before, laid_out=laid_out or before, after=after)


FIX = fix(BEFORE, AFTER)


def finding(**changes: Any) -> Finding:
    values: dict[str, Any] = {
        "path": "records/2022/2022-x.yaml",
        "line": 3,
        "column": 14,
        "end_line": 3,
        "end_column": 16,
        "code": "HC204",
        "name": "unknown-code",
        "severity": Severity.ERROR,
        "message": "Unknown country code “XY”.",
        "hint": "Did you mean “SY”?",
        "pointer": "/parties/0/country",
        "excerpt": "  - country: XY",
    }
    return Finding(**(values | changes))


def report(*findings: Finding, strict: bool = False, records: int = 7) -> Report:
    return Report(records=records, findings=findings, strict=strict)


WARNING = finding(severity=Severity.WARNING, code="HC703")
NOTE = finding(severity=Severity.NOTE, code="HC404")


def test_a_finding_that_fix_solves_is_marked() -> None:
    (first, *_) = as_text(report(finding(fixable=True)), STYLE).splitlines()
    assert first.endswith("Unknown country code “XY”. [--fix]")
    assert "[--fix]" not in as_text(report(finding()), STYLE)


def marked(excerpt: str, word: str, *, width: int = 100) -> tuple[str, str]:
    """Mark a word of a line; return the line as shown, and the part above the carets."""
    column = excerpt.index(word) + 1
    found = finding(excerpt=excerpt, column=column, end_column=column + len(word), hint="")
    _, line, carets = as_text(report(found), Style(width=width)).splitlines()
    cells = [cell for shown in re.findall(CLUSTER, line) for cell in (shown, "")[: columns(shown)]]
    start, end = carets.index("^"), carets.rindex("^") + 1
    assert set(carets[start:end]) == {"^"}
    assert max(len(cells), len(carets)) <= width
    return line.partition(" | ")[2], "".join(cells[start:end])


CLUSTER = ".[\u0300-\u036f\u200c]*"


def columns(cluster: str) -> int:
    return 2 if unicodedata.east_asian_width(cluster[0]) in "WF" else 1


def test_text_has_place_line_caret_hint_and_fix() -> None:
    """The text shows only the changed lines of the fix."""
    assert as_text(report(finding(proposal=FIX)), STYLE) == (
        "records/2022/2022-x.yaml:3:14: HC204 error Unknown country code “XY”.\n"
        "    3 |   - country: XY\n"
        "      |              ^^\n"
        "    Did you mean “SY”?\n"
        "    - |   - country: XY\n"
        "    + |   - country: SY\n"
        "    + | notes: none\n"
    )


def test_text_of_a_finding_without_an_excerpt() -> None:
    """A file that is missing or unreadable has no line to show."""
    assert as_text(report(finding(excerpt="")), STYLE) == (
        "records/2022/2022-x.yaml:3:14: HC204 error Unknown country code “XY”.\n"
        "    Did you mean “SY”?\n"
    )


@pytest.mark.parametrize(
    ("excerpt", "word"),
    [
        ("title: a word here", "word"),
        ("name: 王毅, minister", "minister"),
        ("name: 王毅, minister", "王毅"),
        ("name: Ho\u0302 Chi\u0301 Minh", "Minh"),
        ("name: Ho\u0302 Chi\u0301 Minh", "Chi\u0301"),
        ("name: \u06a9\u0627\u200c\u0646 Minh", "Minh"),
    ],
)
def test_caret_is_below_the_place_after_wide_and_combining_characters(
    excerpt: str, word: str
) -> None:
    """Wide letters take two columns, combining ones and joiners none."""
    assert marked(excerpt, word) == (excerpt, word)


def test_caret_is_below_the_place_after_escaped_characters() -> None:
    """An override, an escape character and an invalid byte are shown as escape sequences."""
    shown, over = marked("t: a\u202eb\x1b[2J\udcffword", "word")
    assert shown == r"t: a\u202eb\x1b[2J\udcffword"
    assert over == "word"
    assert marked("t: a\u202eb", "\u202e") == (r"t: a\u202eb", r"\u202e")
    # A joiner is not escaped, unless it is the problem itself.
    assert marked("t: a\u200db", "\u200d") == (r"t: a\u200db", r"\u200d")


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("before", [0, 30, 78, 90, 5_000])
@pytest.mark.parametrize("filling", ["a", "王"])
def test_a_long_line_is_clipped_around_the_place(filling: str, before: int, width: int) -> None:
    """The place is shown, and an ellipsis marks each cut."""
    line = filling * before + " word " + filling * 300_000
    shown, over = marked(line, "word", width=width)
    assert over == "word"
    assert shown.endswith("…")
    assert shown.startswith("…") or line.startswith(shown.rstrip("…"))


def test_clipped_line_fills_the_width() -> None:
    """If its end is shown, the remaining width shows what is before."""
    shown, over = marked("x" * 70 + " word", "word", width=80)
    assert over == "word"
    assert len(shown) == 80 - len("    3 | ") - 1
    assert marked("x" * 60 + " word", "word", width=80)[0] == "x" * 60 + " word"


def test_a_place_over_several_lines_is_marked_to_the_end_of_the_first() -> None:
    """An empty place, or one after the end, has one caret."""
    lines = as_text(report(finding(end_line=9, end_column=1, column=5)), STYLE).splitlines()
    assert lines[2] == "      |     ^^^^^^^^^^^"
    lines = as_text(report(finding(column=99, end_column=99)), STYLE).splitlines()
    assert lines[2] == "      | " + " " * 15 + "^"


def test_the_lines_of_a_long_fix_are_counted_not_listed() -> None:
    """Of long lines only the part that differs is shown."""
    old, new = ("".join(f"{sign}{n}\n" for n in range(20)) for sign in "ab")
    text = as_text(report(finding(proposal=fix(old, new))), STYLE)
    assert text.endswith("    - | a9\n    and 30 more lines\n")
    long = "x" * 500
    text = as_text(report(finding(proposal=fix(f"{long}old{long}", f"{long}new{long}"))), STYLE)
    assert re.search(r"- \| …x+oldx+…\n    \+ \| …x+newx+…\n$", text)


def test_text_shows_the_edit_of_a_fix_but_not_changes_of_layout() -> None:
    """A fix may change every line of an unformatted file."""
    proposal = fix("{a: x,\n b: y}\n", "a: x\nb: z\n", "a: x\nb: y\n")
    text = as_text(report(finding(proposal=proposal)), STYLE)
    assert text.endswith("?\n    - | b: y\n    + | b: z\n")


def test_text_escapes_control_characters_and_overrides() -> None:
    """Paths, messages and hints are escaped."""
    hostile = finding(path="a\x1b[2J\nb", message="\u202eevil.", hint="\x07.", excerpt="")
    text = as_text(report(hostile), STYLE)
    assert text.count("\n") == 2
    assert text.replace("\n", "").isprintable()


def test_colours_do_not_change_the_words() -> None:
    """A style that adds nothing gives the plain text."""
    roles: set[str] = set()
    whole = report(finding(proposal=FIX), WARNING, NOTE)
    text = as_text(whole, Style(paint=lambda text, role: (roles.add(role), text)[1]))
    assert text == as_text(whole, STYLE)
    assert roles == {"path", "error", "warning", "note", "hint", "old", "new"}


def test_json_has_the_documented_keys_in_order() -> None:
    """Scripts rely on every key."""
    data = json.loads(as_json(report(finding(), WARNING, NOTE), STYLE))
    assert list(data) == ["records", "errors", "warnings", "notes", "findings"]
    assert [data[key] for key in list(data)[:4]] == [7, 1, 1, 1]
    assert list(data["findings"][0]) == [
        *("path", "line", "column", "end_line", "end_column", "code", "name", "severity"),
        *("message", "hint", "pointer", "fix"),
    ]
    assert data["findings"][0]["severity"] == "error"
    assert data["findings"][0]["fix"] is None
    fixed = json.loads(as_json(report(finding(proposal=FIX)), STYLE))
    assert fixed["findings"][0]["fix"] == (
        "--- a/records/2022/2022-x.yaml\n+++ b/records/2022/2022-x.yaml\n@@ -1,4 +1,5 @@\n"
        " id: x\n title: A meeting\n-  - country: XY\n+  - country: SY\n"
        " topics: [health-system]\n+notes: none\n"
    )
    assert json.loads(as_json(report(), STYLE))["findings"] == []


def test_github_gets_workflow_commands_with_errors_first() -> None:
    """GitHub shows ten of each kind, so the most severe come first."""
    lines = as_github(report(NOTE, WARNING, finding()), STYLE).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]
    assert lines[0] == (
        "::error file=records/2022/2022-x.yaml,line=3,col=14,endLine=3,endColumn=16,"
        "title=HC204 unknown-code::Unknown country code “XY”. Did you mean “SY”?"
    )


def test_github_gets_no_place_in_a_deleted_file() -> None:
    """GitHub would not show the annotation."""
    (line,) = as_github(report(finding(code="HC951", deleted=True)), STYLE).splitlines()
    assert line.startswith("::error title=HC951 unknown-code::records/2022/2022-x.yaml: Unknown")


def test_github_gets_the_files_of_the_change_first() -> None:
    """Within the errors; an error elsewhere still comes before a warning here."""
    here = [finding(path="z.yaml"), finding(path="z.yaml", severity=Severity.WARNING)]
    whole = replace(report(WARNING, finding(), *here), changed=frozenset({"z.yaml"}))
    files = re.findall(r"::(\w+) file=([^,]*)", as_github(whole, STYLE))
    x = "records/2022/2022-x.yaml"
    assert files == [("error", "z.yaml"), ("error", x), ("warning", "z.yaml"), ("warning", x)]


def test_github_gets_no_more_annotations_than_it_shows() -> None:
    """The others are in a group of the log, and a last notice has their number."""
    many = [replace(found, line=n) for found in (NOTE, WARNING, finding()) for n in range(1, 14)]
    lines = as_github(report(*many), STYLE).splitlines()
    for kind in ("error", "warning", "notice"):
        assert sum(line.startswith(f"::{kind} ") for line in lines) == 10
    begin, end = (
        lines.index("::group::Findings without an annotation"),
        lines.index("::endgroup::"),
    )
    assert end - begin - 1 == 3 + 3 + 4
    assert lines[begin + 1].startswith("- records/2022/2022-x.yaml:11:14: HC204 error Unknown")
    assert lines[end + 1 :] == [
        "::notice title=healthcoop::10 more findings are in the log of this step and in the job's"
        " summary"
    ]


def test_file_content_or_name_cannot_be_a_github_command() -> None:
    """Percent signs, line breaks, colons and commas stay what they are."""
    hostile = finding(path="a,line=1::b%0A\n.yaml", message="100%\r\n::error::x", hint="")
    (line,) = as_github(report(hostile), STYLE).splitlines()
    assert line.startswith("::error file=a%2Cline=1%3A%3Ab%250A%0A.yaml,line=3,")
    properties, _, message = line[2:].partition("::")
    assert ":" not in properties
    assert message == r"100%25\r\n::error::x"


def test_job_summary_lists_every_finding_and_escapes_markup() -> None:
    """Errors first; pipes, tags and line breaks are text."""
    hostile = finding(message="a|b <img src=x>\n[l](u) `c` *d* @e", hint="", path="p|q.yaml")
    text = job_summary(report(WARNING, hostile))
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 4
    assert rows[2] == (
        r"| p&#124;q.yaml:3:14 | HC204 error | a&#124;b &#60;img src=x&#62;"
        r" &#91;l&#93;(u) &#96;c&#96; &#42;d&#42; @&#8203;e |  |"
    )
    assert "Checked 7 records: 1 error, 1 warning." in text
    assert "|" not in job_summary(report())


def test_job_summary_stays_below_githubs_limit() -> None:
    """It states how many findings it leaves out."""
    many = [finding(line=n, message="x王" * 1_000) for n in range(1, 400)]
    text = job_summary(report(*many))
    assert 900_000 < len(text.encode()) < 1024 * 1024
    listed = sum(line.startswith("| records/") for line in text.splitlines())
    assert f"\n{399 - listed} more do not fit here" in text


def sarif_run(whole: Report) -> dict[str, Any]:
    """Write a report and return its only run; test_sarif.py checks it against the standard."""
    log = json.loads(as_sarif(whole, STYLE).encode("utf-8"))
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_has_rule_level_place_and_fix() -> None:
    """Columns in characters, paths below the root, the pointer as a logical location."""
    run = sarif_run(report(finding(proposal=FIX), replace(WARNING, path="records/a b/ü:#.yaml")))
    assert run["columnKind"] == "unicodeCodePoints"
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("healthcoop", __version__)
    assert driver["informationUri"] == f"https://github.com/{REPOSITORY}"
    assert [rule["id"] for rule in driver["rules"]] == ["HC204", "HC703"]
    first, second = run["results"]
    for result in (first, second):
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert (first["level"], second["level"]) == ("error", "warning")
    assert first["message"]["text"] == "Unknown country code “XY”. Did you mean “SY”?"
    (location,) = first["locations"]
    place = location["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "records/2022/2022-x.yaml"
    assert place["artifactLocation"]["uriBaseId"] in run["originalUriBaseIds"]
    assert place["region"]["snippet"] == {"text": "XY"}
    assert place["contextRegion"] == {"startLine": 3, "snippet": {"text": "  - country: XY"}}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "/parties/0/country"
    other = second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert other == "records/a%20b/%C3%BC%3A%23.yaml"
    assert "fixes" not in second


def test_sarif_describes_each_rule_as_its_page_does() -> None:
    """The examples are code."""
    (rule,) = sarif_run(report(finding(code="HC603")))["tool"]["driver"]["rules"]
    assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    assert rule["shortDescription"]["text"] in rule["fullDescription"]["text"]
    assert "Fails:\n\n```yaml\n" in rule["help"]["markdown"]


TEXT = ["one", "two", "three", "four", "five"]


@pytest.mark.parametrize(
    "expected",
    [
        ["one", "zwei", "three", "four", "five"],
        ["one", "zwei", "drei", "vier", "four", "five"],
        ["one", "two", "three", "three and a half", "four", "five"],
        ["one", "two", "four", "five"],
        ["two", "three", "four"],
        ["nought", "one", "two", "three", "four", "five", "six"],
        ["five", "four", "three", "two", "one"],
    ],
)
@pytest.mark.parametrize("ending", ["\n", ""])
def test_replacements_of_a_sarif_fix_produce_the_new_text(expected: list[str], ending: str) -> None:
    """They are applied from the end of the file to its beginning."""
    old, new = "\n".join(TEXT) + ending, "\n".join(expected) + "\n"
    (result,) = sarif_run(report(finding(proposal=fix(old, new))))["results"]
    starts = [0]
    for line in TEXT:
        starts.append(starts[-1] + len(line) + 1)
    for replacement in reversed(result["fixes"][0]["artifactChanges"][0]["replacements"]):
        region = replacement["deletedRegion"]
        begin = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        old = old[:begin] + replacement["insertedContent"]["text"] + old[end:]
    assert old == new


def test_fingerprint_is_independent_of_the_line_and_unique_in_a_run() -> None:
    """Code scanning recognises a finding by it."""

    def prints(*findings: Finding) -> list[str]:
        return [
            result["partialFingerprints"]["place/v1"]
            for result in sarif_run(report(*findings))["results"]
        ]

    moved = finding(line=30, end_line=30, column=20, end_column=22)
    assert prints(finding()) == prints(moved)
    assert len(set(prints(finding(), moved, finding(pointer="/x"), finding(path="y")))) == 4


def test_sarif_messages_contain_no_links() -> None:
    """Text of a record cannot add one to a page; an EDTF set is not changed."""
    texts = [
        result["message"]["text"]
        for result in sarif_run(
            report(
                finding(message="see [x](https://example.org).", hint=""), finding(message="[a]")
            )
        )["results"]
    ]
    assert texts == [r"see \[x\](https://example.org).", "[a] Did you mean “SY”?"]


def cases(whole: Report) -> list[junitparser.TestCase]:
    """Write a report, and read it as a build server would."""
    text = as_junit(whole, STYLE).encode("utf-8")
    suites = junitparser.JUnitXml.fromroot(ElementTree.parse(BytesIO(text)).getroot())
    (suite,) = suites
    assert (suites.tests, suites.failures) == (suite.tests, suite.failures)
    assert suite.tests == len([*suite])
    assert suite.failures == sum(bool(case.result) for case in suite)
    return list(suite)


def test_junit_has_a_test_case_for_each_record_and_other_file_with_findings() -> None:
    """Errors fail the case; other findings are its output; a record without any passes."""
    whole = report(finding(), WARNING, replace(NOTE, path="schema/accepted.yaml"))
    passing = "records/2022/2022-y.yaml"
    whole = replace(whole, paths=(finding().path, passing))
    one, second, other = cases(whole)
    assert (one.name, second.name) == ("records/2022/2022-x.yaml", passing)
    assert (second.result, second.system_out) == ([], None)
    assert other.name == "schema/accepted.yaml"
    (failure,) = one.result
    assert failure.message == "Unknown country code “XY”."
    assert failure.type == "HC204 unknown-code"
    assert failure.text == as_text(report(finding()), STYLE).rstrip("\n")
    assert "HC703 warning" in one.system_out
    assert not other.result
    assert "HC404 note" in other.system_out
    assert 'tests="3" failures="1"' in as_junit(whole, STYLE)
    below = whole.narrowed(Selection(limits=[["records/2022/2022-y.yaml"]]))
    assert [case.name for case in cases(below)] == [passing]


def test_junit_case_fails_for_warnings_in_a_strict_run() -> None:
    """Notes never fail it."""
    (case,) = cases(report(WARNING, NOTE, strict=True))
    assert len(case.result) == 1
    assert "HC404 note" in case.system_out
    (case,) = cases(report(WARNING, NOTE))
    assert not case.result


@pytest.mark.parametrize("name", FORMATS)
def test_file_name_that_is_not_utf8_can_be_written(name: str) -> None:
    """os.scandir returns it with lone surrogates."""
    text = FORMATS[name](report(finding(path="records/\udcff.yaml")), STYLE)
    assert text.encode("utf-8")
    assert ("%FF" if name == "sarif" else r"\udcff") in text


HOSTILE = "::#[]> <!&\"'%\r\n\t\0\x1b\u2028\u202e\ufffe\ud800\udcffé王\u0301@-+|"
COMMANDS = ["::error::x", "\n::set-output name=a::b", "##[error]x", "]]>", "@@ -1 +1 @@"]
ANY_TEXT = st.one_of(
    st.text(st.characters(categories=None), max_size=60),
    st.text(st.sampled_from(HOSTILE), max_size=40),
    st.sampled_from(COMMANDS),
)
PLACES = st.integers(1, 200)
ANY_FINDING = st.builds(
    Finding,
    path=ANY_TEXT,
    line=PLACES,
    column=PLACES,
    end_line=PLACES,
    end_column=PLACES,
    code=st.one_of(st.sampled_from(["HC204", "HC603"]), ANY_TEXT),
    name=ANY_TEXT,
    severity=st.sampled_from(Severity),
    message=ANY_TEXT,
    hint=ANY_TEXT,
    pointer=ANY_TEXT,
    proposal=st.one_of(st.none(), st.builds(fix, ANY_TEXT, ANY_TEXT)),
    excerpt=ANY_TEXT,
)
ANY_REPORT = st.builds(
    lambda found, strict: Report(records=9, findings=tuple(sorted(found)), strict=strict),
    st.lists(ANY_FINDING, max_size=25),
    st.booleans(),
)


@given(ANY_REPORT)
def test_text_of_any_report_has_no_hidden_characters(whole: Report) -> None:
    """The JSON of the report is valid too."""
    assert not HIDDEN.search(as_text(whole, STYLE).replace("\n", ""))
    assert json.loads(as_json(whole, STYLE).encode("utf-8"))["records"] == 9


@given(ANY_REPORT)
def test_github_output_of_any_report_has_only_the_intended_commands(whole: Report) -> None:
    """The runner takes "::" after white space, or the older "##[" anywhere, for a command."""
    lines = re.split(r"[\r\n]", as_github(whole, STYLE).encode("utf-8").decode())[:-1]
    is_command = (
        r"::(error|warning|notice) (file=[^:]*,line=\d+,[^:]*,title=[^:]*|title=healthcoop)::"
    )
    commands = [line for line in lines if re.match(is_command, line)]
    ours = [line for line in lines if line.startswith(("::group::Find", "::endgroup::"))]
    others = [line for line in lines if line not in commands and line not in ours]
    assert len(ours) in (0, 2)
    assert all(line.startswith("- ") and "##[" not in line for line in others)
    more = sum("title=healthcoop::" in line for line in commands)
    assert len(commands) + len(others) - more == len(whole.findings)
    rows = job_summary(whole).encode("utf-8").decode().split("\n")[6:-1]
    assert all(len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 5 for row in rows)
    assert len(rows) == len(whole.findings)


@given(ANY_REPORT)
def test_sarif_of_any_report_has_every_finding(whole: Report) -> None:
    """Messages and paths may contain anything."""
    assert len(sarif_run(whole)["results"]) == len(whole.findings)


@given(ANY_REPORT)
def test_junit_of_any_report_has_every_message(whole: Report) -> None:
    """A message is in the test of its file."""
    by_name = {case.name: case for case in cases(whole)}
    for found in whole.findings:
        case = by_name[visible(found.path)]
        text = "".join(result.text for result in case.result) + (case.system_out or "")
        assert visible(found.message) in text


@pytest.fixture(scope="module")
def examples(case_checker: CaseChecker) -> Report:
    """The findings of every failing case as one report, each file below a folder for its case."""
    failing = [case for case in cases_of_rules() if case.expected]
    found = [
        replace(one, path=f"{case.code}/{case.name}/{one.path}")
        for case in failing
        for one in case_checker.check(case)
    ]
    return Report(records=len(failing), findings=tuple(sorted(found)))


@pytest.fixture(scope="module")
def an_example_of_each_rule(examples: Report) -> Report:
    """The first finding of each code."""
    first = {found.code: found for found in reversed(examples.findings)}
    return replace(examples, findings=tuple(sorted(first.values())))


def test_findings_of_all_cases_as_text(
    examples: Report, golden: Callable[[str, str], None]
) -> None:
    """Every message, place, hint and fix."""
    golden("validate/text.txt", as_text(examples, STYLE))


@pytest.mark.parametrize("name", ["github.txt", "sarif.json", "junit.xml"])
def test_a_finding_of_each_rule_in_each_format(
    name: str, an_example_of_each_rule: Report, golden: Callable[[str, str], None]
) -> None:
    text = FORMATS[name.partition(".")[0]](an_example_of_each_rule, STYLE)
    if name == "sarif.json":
        text = text.replace(f'"{__version__}"', '"VERSION"')
        text = re.sub(r'(?<=[\[,])(?=\{"(?:ruleId|id)":)', "\n", text)  # one line for each result
    golden(f"validate/{name}", text)


def test_job_summary_of_a_finding_of_each_rule(
    an_example_of_each_rule: Report, golden: Callable[[str, str], None]
) -> None:
    golden("validate/summary.md", job_summary(an_example_of_each_rule))
    assert sarif_run(an_example_of_each_rule)["results"]
    assert cases(an_example_of_each_rule)
