"""``validate --fix``: which edits are made, the diffs of findings, and how often files are read."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from healthcoop.checks import engine, finding_builder
from healthcoop.checks.engine import CheckContext, Checked
from healthcoop.checks.findings import Finding, Selection
from healthcoop.checks.fixing import FixedFile, FixScope
from healthcoop.files import atomic, reader
from healthcoop.files.canonical import layout

ROOT = Path(__file__).parents[2]
PATH = "records/2022/2022-az-who-agreement.yaml"
AGREEMENT: dict[str, Any] = {
    "id": "2022-az-who-agreement",
    "type": "agreement",
    "title": "Azerbaijan and the World Health Organization agree on a country office",
    "date": "2022-10-07",
    "places": [{"city": "Baku", "country": "AZ"}],
    "parties": [{"country": "AZ"}, {"organisation": "WHO", "bodies": ["Regional Office"]}],
    "people": [{"name": "Teymur Musayev", "role": "Minister of Health", "party": "AZ"}],
    "topics": ["vaccines", "health-workforce"],
    "summary": "The two sides agreed on the work of the office in the capital.",
    "terms": {"term": "P5Y", "renewal": "automatic"},
    "identifiers": [{"scheme": "wikidata", "value": "Q42"}],
    "sources": [
        {
            "url": "https://example.org/news",
            "kind": "agency",
            "language": "en",
            "supports": ["date", "parties"],
        }
    ],
    "collection": "news-search-2026",
}
OTHER = {**AGREEMENT, "id": "2021-az-who-visit", "date": "2021-10-07", "former_ids": ["2021-old"]}
TEXT = layout(AGREEMENT)
Check = Callable[[Mapping[str, bytes]], Checked]
Fix = Callable[..., tuple[FixedFile, ...]]


@pytest.fixture
def check(context: CheckContext) -> Check:
    return lambda files: engine.check(files, context, jobs=1)


@pytest.fixture
def fix(context: CheckContext) -> Fix:
    def fixed(files: Mapping[str, bytes], *, reformat: bool = False) -> tuple[FixedFile, ...]:
        scope = FixScope(selection=Selection(), reformat=reformat)
        return engine.check(files, context, scope=scope, jobs=1).fixed

    return fixed


def with_other(text: str) -> dict[str, bytes]:
    path = "records/2021/2021-az-who-visit.yaml"
    other = layout(OTHER).replace("country office", "visit").replace("Q42", "Q43")
    return {path: other.encode(), PATH: text.encode()}


def with_error(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1
    return TEXT.replace(old, new, 1)


# A text of the record and a mistake in its place; --fix restores the text.
SAFE = {
    "country in lower case": ("country: AZ}", "country: az}"),
    "party in lower case": ("- country: AZ", "- country: az"),
    "organisation in lower case": ("organisation: WHO", "organisation: who"),
    "person's party by its name": ("party: AZ", "party: Azerbaijan"),
    "person's party in lower case": ("party: AZ", "party: az"),
    "topic in upper case": ("[vaccines,", "[Vaccines,"),
    "topic with an underscore": ("health-workforce", "health_workforce"),
    "type with a capital": ("type: agreement", "type: Agreement"),
    "kind with a capital": ("kind: agency", "kind: AGENCY"),
    "language in upper case": ("language: en", "language: EN"),
    "scheme in upper case": ("scheme: wikidata", "scheme: Wikidata"),
    "duration in lower case": ("P5Y", "p5y"),
    "address with its scheme in upper case": ("https://", "HTTPS://"),
    "field with a capital": ("title:", "Title:"),
    "supports in upper case": ("supports: [date,", "supports: [Date,"),
    "one text for a list": ("[Regional Office]", "Regional Office"),
    "date without hyphens": ('"2022-10-07"', '"20221007"'),
    "date with dashes": ('"2022-10-07"', "2022–10–07"),
    "date in curly quotation marks": ('"2022-10-07"', "“2022-10-07”"),
    "date with its day of the week": ('"2022-10-07"', "Friday, October 7, 2022"),
    "duration in words": ("term: P5Y", "term: 5 years"),
    "language by its name": ("language: en", "language: English"),
    "date in words": ('"2022-10-07"', "7 October 2022"),
    "doubled topic": ("health-workforce]", "health-workforce, vaccines]"),
    "topic doubled in another case": ("health-workforce]", "health-workforce, Vaccines]"),
    "doubled party": ("- country: AZ\n", "- country: AZ\n  - country: AZ\n"),
    "line break at the end of a text": ("title: ", "title: |\n  "),
}


@pytest.mark.parametrize("kind", SAFE)
def test_safe_edits_are_made(kind: str, check: Check, fix: Fix) -> None:
    """They restore the original file, byte for byte."""
    old, new = SAFE[kind]
    files = {PATH: with_error(old, new).encode()}
    assert check(files).findings
    (file,) = fix(files)
    assert file.after == TEXT
    assert file.before == files[PATH]
    assert file.edits >= 1
    assert fix({PATH: file.after.encode()}, reformat=True) == ()


def test_former_codes_and_ids_are_replaced_by_current_ones(fix: Fix) -> None:
    """A code in a party, the same in a person, and an id in a link."""
    text = TEXT.replace("- country: AZ", "- country: ZR").replace("party: AZ", "party: ZAR")
    text += "links:\n  - {rel: related, record: 2021-old}\n"
    (file,) = fix(with_other(text))
    data = reader.parse(file.after.encode()).data
    assert data is not None
    assert data["parties"][0]["country"] == data["people"][0]["party"] == "CD"
    assert data["links"] == [{"rel": "related", "record": "2021-az-who-visit"}]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every content that is parsed, whether in canonical layout or by YAML."""
    contents: list[bytes] = []

    def counted(parse: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
        return lambda content: (contents.append(content), parse(content))[1]

    monkeypatch.setattr(reader, "parse", counted(reader.parse))
    return contents


FIXABLE = {
    "nothing to fix": TEXT,
    "one fix": with_error(*SAFE["country in lower case"]),
    "a fix uncovers another": with_error(*SAFE["topic doubled in another case"]),
    "layout only": TEXT.replace("{city: Baku, country: AZ}", "{ city: Baku, country: AZ }"),
    "a fix for another record": TEXT + "links:\n  - {rel: related, record: 2021-old}\n",
    "both": with_error(*SAFE["topic doubled in another case"])
    + "links:\n  - {rel: related, record: 2021-old}\n",
}


@pytest.mark.parametrize("kind", FIXABLE)
def test_a_file_is_parsed_twice_at_most(kind: str, fix: Fix, parsed: list[bytes]) -> None:
    """Once before the edits, and once before it is written."""
    text = FIXABLE[kind]
    files = with_other(text)
    fixed = fix(files, reformat=True)
    assert bool(fixed) is (text != TEXT)
    of_other = parsed.count(files["records/2021/2021-az-who-visit.yaml"])
    assert len(parsed) - of_other <= 2
    assert of_other == 1


# Likely fixes, which are proposed but not made by --fix, each with the line of the diff.
LIKELY = {
    "misspelt field": ("title:", "titel:", "+title: Azerbaijan"),
    "country's name": ("country: AZ}", "country: Azerbaijan}", "+  - {city: Baku, country: AZ}"),
    "organisation among the countries": ("organisation: WHO", "country: WHO", "organisation: WHO"),
    "misspelt type": ("type: agreement", "type: agreemnt", "+type: agreement"),
    "id unlike the file's name": (
        "2022-az-who-agreement",
        "2022-az-who",
        "+id: 2022-az-who-agreement",
    ),
    "address without its scheme": (
        "https://example.org/news",
        "www.example.org/news",
        "+  - url: https://www.example.org/news",
    ),
    "time of day": ('"2022-10-07"', "2022-10-07T10:00", '+date: "2022-10-07"'),
    "signing of several days": (
        '"2022-10-07"',
        '"2022-10-06/2022-10-07"',
        '+date: "[2022-10-06..2022-10-07]"',
    ),
    "day without source": (
        "supports: [date, parties]",
        "supports: [parties]",
        '+date: "2022-10-07~"',
    ),
    "misspelt support": ("[date, parties]", "[date, partys]", "+    supports: [date, parties]"),
    "empty list": ("topics:", "outcomes: []\ntopics:", "-outcomes: []"),
    "line break in a title": ("on a country", "\n\n  on a country", "on a country office"),
}


@pytest.mark.parametrize("kind", LIKELY)
def test_likely_fix_is_proposed_and_not_made(kind: str, check: Check, fix: Fix) -> None:
    """A person who knows the source decides."""
    old, new, line = LIKELY[kind]
    files = {PATH: with_error(old, new).encode()}
    (finding,) = [one for one in check(files).findings if one.fix]
    assert finding.fix
    assert finding.fix.startswith(f"--- a/{PATH}\n+++ b/{PATH}\n@@ ")
    assert line in finding.fix
    assert fix(files) == ()


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_git_applies_the_fix_of_a_finding(ending: str, check: Check, tmp_path: Path) -> None:
    """The finding is then fixed, and the file is in canonical layout."""
    text = with_error("country: AZ}", "country: az}").rstrip("\n")
    text = text.replace("\n", ending or "\n") + ending
    (finding,) = check({PATH: text.encode()}).findings
    assert finding.fix is not None
    path = tmp_path / PATH
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode())
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=finding.fix.encode(), cwd=tmp_path, check=True)
    assert path.read_text(encoding="utf-8") == TEXT


def test_no_fix_is_proposed_where_a_comment_may_be_text(check: Check, fix: Fix) -> None:
    """The canonical layout would lose it."""
    text = with_error("title: ", "title: Room #1 ").replace("country: AZ}", "country: az}")
    found = check({PATH: text.encode()}).findings
    assert {one.code for one in found} >= {"HC116", "HC204"}
    assert not any(one.fix for one in found)
    assert fix({PATH: text.encode()}, reformat=True) == ()


def test_findings_are_marked_exactly_if_fix_solves_them(check: Check, fix: Fix) -> None:
    """What only a person can decide is not, and nothing in a file that cannot be rewritten."""
    text = with_error("country: AZ}", "country: az}").replace("language: en", "language: Inglish")
    marks = {one.code: one.fixable for one in check({PATH: text.encode()}).findings}
    assert marks == {"HC204": True, "HC205": False}
    (file,) = fix({PATH: text.encode()})
    assert {one.code for one in check({PATH: file.after.encode()}).findings} == {"HC205"}
    commented = text.replace("title: ", "title: Room #1 ")
    assert not any(one.fixable for one in check({PATH: commented.encode()}).findings)


def test_fix_names_what_it_leaves_and_why(dataset: Path, cli_invoke) -> None:  # type: ignore[no-untyped-def]
    """A file that would lose text, and suggestions that may change what a record means."""
    text = with_error("title: ", "title: Room #1 ").replace("country: AZ}", "country: az}")
    (dataset / PATH).write_text(text, encoding="utf-8")
    outcome = cli_invoke("--root", dataset, "validate", "--fix", exit_code=1)
    assert f"{PATH}: not fixed: the comment in line" in outcome.stderr
    assert (dataset / PATH).read_text(encoding="utf-8") == text
    suggested = with_error("url: https://example.org", "url: www.example.org")
    (dataset / PATH).write_text(suggested, encoding="utf-8")
    outcome = cli_invoke("--root", dataset, "validate", "--fix", exit_code=1)
    assert "1 suggestion not applied that may change a meaning" in outcome.stderr


def excerpts(content: bytes, check: Check) -> Iterator[tuple[Finding, str]]:
    for finding in check({PATH: content}).findings:
        line = content.decode("utf-8-sig", "replace").split("\n")[finding.line - 1]
        yield finding, line.removesuffix("\r")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    "error", [b"x: 1\n", b"title: again\n", b"t\xe4g: y\n", b"a\tb\n", b"links: [{rel: related}]\n"]
)
def test_an_excerpt_is_the_line_of_the_finding(error: bytes, mark: bytes, check: Check) -> None:
    """Of schema, rules and reader alike; columns count in it."""
    found = list(excerpts(mark + error + TEXT.encode(), check))
    assert found
    for finding, line in found:
        assert finding.excerpt == line


def test_the_excerpt_of_a_very_long_line_is_cut_or_empty(check: Check) -> None:
    """A hundred findings in one line would repeat a file a hundred times."""
    fields = ", ".join(f"{'x' * 40}{number}: y" for number in range(100))
    found = check({PATH: f"{{{fields}}}\n".encode()}).findings
    assert {len(one.excerpt) for one in found} == {0, 2000}
    assert all(len(one.excerpt) >= one.column for one in found if one.excerpt)


def test_a_file_has_a_limited_number_of_fixes(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large file gets fewer."""
    monkeypatch.setattr(finding_builder, "_MAX_FIXES", 3)
    text = TEXT.replace("[vaccines", "[Vaccines, Nutrition, Mental-Health, Pharmaceuticals, Aids")
    found = check({PATH: text.encode()}).findings
    assert len(found) > 3
    assert sum(one.fix is not None for one in found) == 3
    monkeypatch.setattr(finding_builder, "_MAX_FIX_BYTES", 100)
    assert all(one.fix is None for one in check({PATH: text.encode()}).findings)


def test_a_file_that_cannot_be_parsed_is_left(fix: Fix) -> None:
    """It is neither edited nor reformatted."""
    files = {PATH: b"type: Agreement\ntype: x\n", "records/2022/gone.yaml": b"a: &b c\n"}
    assert fix(files, reformat=True) == ()


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A data set with a valid record, an unformatted one, and one with many errors."""
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    (tmp_path / "schema/accepted.yaml").write_text("accepted: []\n", encoding="utf-8")
    text = TEXT + "links:\n  - {rel: related, record: 2021-old}\n"
    for old, new in SAFE.values():
        text = text.replace(old, new, 1) if text.count(old) else text
    for path, content in with_other(text).items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def test_second_run_of_fix_changes_nothing(dataset: Path, cli_invoke) -> None:  # type: ignore[no-untyped-def]
    """The first run restores the original record, and does not change the valid one."""
    before = {path: path.stat().st_ino for path in dataset.rglob("*") if path.is_file()}
    links = [{"rel": "related", "record": "2021-az-who-visit"}]
    outcome = cli_invoke("--root", dataset, "validate", "--fix", "--ignore", "HC8,HC9")
    assert f"{PATH}: " in outcome.stderr
    assert (dataset / PATH).read_text(encoding="utf-8") == layout({**AGREEMENT, "links": links})
    touched = {path for path, inode in before.items() if path.stat().st_ino != inode}
    assert touched == {dataset / PATH}
    assert {path for path in dataset.rglob("*") if path.is_file()} == set(before)
    again = cli_invoke("--root", dataset, "validate", "--fix", "--ignore", "HC8,HC9")
    assert "0 files written" in again.stderr


def test_the_report_after_fix_is_that_of_the_files_written(dataset: Path, cli_invoke) -> None:  # type: ignore[no-untyped-def]
    """The written files are not read again."""
    text = (dataset / PATH).read_text(encoding="utf-8")
    (dataset / PATH).write_text(text.replace("renewal: ", "renewel: "), encoding="utf-8")
    arguments = ("--root", dataset, "validate", "-f", "json")
    fixed = cli_invoke(*arguments, "--fix", exit_code=1)
    assert cli_invoke(*arguments, exit_code=1).stdout == fixed.stdout


def test_paths_and_codes_limit_what_is_fixed(dataset: Path, cli_invoke) -> None:  # type: ignore[no-untyped-def]
    """A run with --select reformats only the files that it edits."""
    content = (dataset / PATH).read_bytes()
    folder = dataset / "records/2021"
    for limits, exit_code in (([folder], 1), (["--select", "HC3"], 0)):  # 1: about two records
        cli_invoke("--root", dataset, "validate", "--fix", *limits, exit_code=exit_code)
        assert (dataset / PATH).read_bytes() == content
    cli_invoke("--root", dataset, "validate", "--fix", "--select", "HC653")
    text = (dataset / PATH).read_text(encoding="utf-8")
    assert "record: 2021-az-who-visit" in text
    assert "country: az" in text


def test_an_accepted_finding_is_not_fixed(dataset: Path, cli_invoke) -> None:  # type: ignore[no-untyped-def]
    """A curator checked it and gave a reason."""
    entry = "{code: HC653, record: 2022-az-who-agreement, reason: so}"
    (dataset / "schema/accepted.yaml").write_text(f"accepted:\n  - {entry}\n", encoding="utf-8")
    cli_invoke("--root", dataset, "validate", "--fix", "--select", "HC653")
    assert "record: 2021-old" in (dataset / PATH).read_text(encoding="utf-8")


def test_a_file_that_changes_meanwhile_is_left_and_named(  # type: ignore[no-untyped-def]
    dataset: Path, cli_invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other program's version is kept, and the report is about it."""
    theirs = TEXT.encode() + b"notes: Somebody else was here.\n"
    write_text = atomic.write_text

    def meanwhile(*args: Any, **options: Any) -> None:
        (dataset / PATH).write_bytes(theirs)
        write_text(*args, **options)

    monkeypatch.setattr(atomic, "write_text", meanwhile)
    outcome = cli_invoke("--root", dataset, "validate", "--fix", "--ignore", "HC8,HC9")
    assert "was changed meanwhile" in outcome.stderr
    assert "0 edits made, 0 files written" in outcome.stderr
    assert (dataset / PATH).read_bytes() == theirs


def test_the_snapshot_of_the_package_is_not_changed(  # type: ignore[no-untyped-def]
    dataset: Path, cli_invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read-only."""
    monkeypatch.setattr("healthcoop.dataset.base.SNAPSHOT", dataset)
    content = (dataset / PATH).read_bytes()
    assert "snapshot" in cli_invoke("--root", dataset, "validate", "--fix", exit_code=2).stderr
    assert (dataset / PATH).read_bytes() == content


@pytest.mark.parametrize(
    ("old", "new", "optional"),
    [
        ('date: "2022-10-07"', "date: ~", False),
        ("url: https://example.org/news", "url:", False),
        ("publisher: Trend", "publisher:", True),
    ],
)
def test_the_hint_on_an_empty_line_offers_removal_of_an_optional_field(
    check: Check, old: str, new: str, optional: bool
) -> None:
    """Removing a required field would be another error."""
    text = TEXT.replace("    kind: agency\n", "    kind: agency\n    publisher: Trend\n")
    (finding,) = check({PATH: text.replace(old, new).encode()}).findings
    assert finding.code == "HC110"
    assert ("remove" in finding.hint) is optional


SUPPORTS = "[date, type, places, parties, people]"


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("[date, parties]", "[dates, parties]", ["HC702"]),
        ("[date, parties]", "[date, parties, partys]", ["HC702"]),
        ("places:", "place:", ["HC201"]),
    ],
    ids=["misspelt in supports", "already in supports", "misspelt field"],
)
def test_misspelt_name_is_reported_once_and_its_fix_changes_nothing_else(
    check: Check, old: str, new: str, codes: list[str]
) -> None:
    """Findings about its consequences would propose wrong edits elsewhere."""
    text = with_error(old, new).replace("[date, parties]", SUPPORTS)
    found = check({PATH: text.encode()}).findings
    assert [finding.code for finding in found] == codes
    (finding,) = found
    assert "2022-10-07~" not in (finding.fix or "")
    assert "partys, parties" not in (finding.fix or "")


def test_missing_fields_are_reported_in_the_records_order(check: Check) -> None:
    """This is the order in which people write them."""
    found = check({PATH: b"id: 2022-az-who-agreement\ntype: agreement\n"}).findings
    missing = [one.message.split("“")[1].split("”")[0] for one in found if one.code == "HC202"]
    assert missing == [name for name in AGREEMENT if name in missing]
    assert len(missing) > 5
