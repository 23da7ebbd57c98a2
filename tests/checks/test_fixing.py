"""What mends itself: the edits that findings carry, their diffs, and ``validate --fix``."""

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from healthcoop.checks import engine, finding_builder, fixing
from healthcoop.checks.engine import CheckContext
from healthcoop.checks.findings import Finding, Report
from healthcoop.checks.fixing import FixedFile, mend
from healthcoop.files import reader
from healthcoop.files.canonical import layout
from healthcoop.files.edits import Edit, Remove, Rename, Replace

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
Look = Callable[[Mapping[str, bytes]], Report]


@pytest.fixture
def look(context: CheckContext) -> Look:
    return lambda files: engine.check(files, context, jobs=1)


def with_other(text: str) -> dict[str, bytes]:
    path = "records/2021/2021-az-who-visit.yaml"
    other = layout(OTHER).replace("country office", "visit").replace("Q42", "Q43")
    return {path: other.encode(), PATH: text.encode()}


def spoilt(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1
    return TEXT.replace(old, new, 1)


# What stands in the record, what a hand wrote instead; all of it comes back unasked.
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
def test_what_leaves_no_doubt_is_mended_unasked(kind: str, look: Look) -> None:
    """The file is then what it was before a hand spoilt it, byte for byte."""
    old, new = SAFE[kind]
    files = {PATH: spoilt(old, new).encode()}
    assert look(files).findings
    (mended,) = mend(files, look, lay_out=[])
    assert mended.after == TEXT
    assert mended.before == files[PATH]
    assert mended.edits >= 1
    assert mend({PATH: mended.after.encode()}, look, lay_out=[PATH]) == []


def test_former_codes_and_ids_give_way_to_the_new(look: Look) -> None:
    """A code in a party, the same in a person, and an id in a link."""
    text = TEXT.replace("- country: AZ", "- country: ZR").replace("party: AZ", "party: ZAR")
    text += "links:\n  - {rel: related, record: 2021-old}\n"
    (mended,) = mend(with_other(text), look, lay_out=[])
    data = reader.parse(mended.after.encode()).data
    assert data is not None
    assert data["parties"][0]["country"] == data["people"][0]["party"] == "CD"
    assert data["links"] == [{"rel": "related", "record": "2021-az-who-visit"}]


# What is only likely: shown, and never made unasked.
LIKELY: dict[str, tuple[str, str, Edit]] = {
    "misspelt field": ("title:", "titel:", Rename(("titel",), "title")),
    "country's name": (
        "country: AZ}",
        "country: Azerbaijan}",
        Replace(("places", 0, "country"), "AZ"),
    ),
    "organisation among the countries": (
        "organisation: WHO",
        "country: WHO",
        Rename(("parties", 1, "country"), "organisation"),
    ),
    "misspelt type": ("type: agreement", "type: agreemnt", Replace(("type",), "agreement")),
    "id unlike the file's name": (
        "2022-az-who-agreement",
        "2022-az-who",
        Replace(("id",), "2022-az-who-agreement"),
    ),
    "address without its scheme": (
        "https://example.org/news",
        "www.example.org/news",
        Replace(("sources", 0, "url"), "https://www.example.org/news"),
    ),
    "time of day": ('"2022-10-07"', "2022-10-07T10:00", Replace(("date",), "2022-10-07")),
    "signing of several days": (
        '"2022-10-07"',
        "2022-10-06/2022-10-07",
        Replace(("date",), "[2022-10-06..2022-10-07]"),
    ),
    "day without source": (
        "supports: [date, parties]",
        "supports: [parties]",
        Replace(("date",), "2022-10-07~"),
    ),
    "misspelt support": (
        "[date, parties]",
        "[date, partys]",
        Replace(("sources", 0, "supports", 1), "parties"),
    ),
    "empty list": ("topics:", "outcomes: []\ntopics:", Remove(("outcomes",))),
    "empty field": ("topics:", "notes:\ntopics:", Remove(("notes",))),
    "line break in a title": ("on a country", "\n\n  on a country", None),  # type: ignore[dict-item]
}


@pytest.mark.parametrize("kind", LIKELY)
def test_what_is_only_likely_is_shown_as_a_diff_and_left(kind: str, look: Look) -> None:
    """Somebody who knows the source decides."""
    old, new, edit = LIKELY[kind]
    files = {PATH: spoilt(old, new).encode()}
    (finding,) = [one for one in look(files).findings if one.edits]
    assert edit is None or finding.edits == (edit,)
    assert finding.fix is not None
    assert finding.fix.startswith(f"--- a/{PATH}\n+++ b/{PATH}\n@@ ")
    assert not finding.safe
    assert mend(files, look, lay_out=[]) == []


@pytest.mark.parametrize("ending", ["\n", "\r\n", ""])
def test_git_applies_the_fix_of_a_finding(ending: str, look: Look, tmp_path: Path) -> None:
    """And the finding is then gone."""
    text = spoilt("country: AZ}", "country: az}").rstrip("\n")
    text = text.replace("\n", ending or "\n") + ending
    (finding,) = look({PATH: text.encode()}).findings
    assert finding.fix is not None
    path = tmp_path / PATH
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode())
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, input=finding.fix.encode(), cwd=tmp_path, check=True)
    assert path.read_bytes() == text.replace("country: az}", "country: AZ}").encode()
    assert look({PATH: path.read_bytes()}).findings == ()


def excerpts(content: bytes, look: Look) -> Iterator[tuple[Finding, str]]:
    for finding in look({PATH: content}).findings:
        line = content.decode("utf-8-sig", "replace").split("\n")[finding.line - 1]
        yield finding, line.removesuffix("\r")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    "fault", [b"x: 1\n", b"title: again\n", b"t\xe4g: y\n", b"a\tb\n", b"links: [{rel: related}]\n"]
)
def test_an_excerpt_is_the_line_of_the_finding(fault: bytes, mark: bytes, look: Look) -> None:
    """Of schema, rules and reader alike; columns count in it."""
    found = list(excerpts(mark + fault + TEXT.encode(), look))
    assert found
    for finding, line in found:
        assert finding.excerpt == line


def test_an_excerpt_of_an_endless_line_is_cut_or_left_out(look: Look) -> None:
    """A hundred findings in one line would else repeat a file a hundred times."""
    fields = ", ".join(f"{'x' * 40}{number}: y" for number in range(100))
    found = look({PATH: f"{{{fields}}}\n".encode()}).findings
    assert {len(one.excerpt) for one in found} == {0, 2000}
    assert all(len(one.excerpt) >= one.column for one in found if one.excerpt)


def test_no_more_diffs_are_made_than_somebody_reads(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file full of slips, or a large one, is told of and not mended line by line."""
    monkeypatch.setattr(finding_builder, "_DIFFS", 3)
    text = TEXT.replace("[vaccines", "[Vaccines, Nutrition, Mental-Health, Pharmaceuticals, Aids")
    found = [one for one in look({PATH: text.encode()}).findings if one.edits]
    assert len(found) > 3
    assert sum(one.fix is not None for one in found) == 3
    monkeypatch.setattr(finding_builder, "_DIFFED_BYTES", 100)
    assert all(one.fix is None for one in look({PATH: text.encode()}).findings)


def test_a_file_that_changes_while_it_is_looked_at_is_edited_by_what_it_says_now(
    look: Look,
) -> None:
    """What was found in the old content is not done to the new."""
    files = {PATH: spoilt("[vaccines", "[vaccines, vaccines").encode()}
    looks: list[int] = []

    def disturbed(seen: Mapping[str, bytes]) -> Report:
        report = look(seen)
        if not looks:
            files[PATH] = TEXT.encode()
        looks.append(1)
        return report

    assert mend(files, disturbed, lay_out=[]) == []


def test_a_file_that_cannot_be_read_is_left(look: Look) -> None:
    """Neither edited nor laid out."""
    files = {PATH: b"type: Agreement\ntype: x\n", "records/2022/gone.yaml": b"a: &b c\n"}
    assert mend(files, look, lay_out=[*files]) == []


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """A data set with a sound record, one that only needs laying out, and one full of faults."""
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    (tmp_path / "schema/accepted.yaml").write_text("accepted: []\n", encoding="utf-8")
    text = TEXT + "links:\n  - {rel: related, record: 2021-old}\n"
    for old, new in SAFE.values():
        text = text.replace(old, new, 1) if text.count(old) else text
    for path, content in with_other(text).items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def test_validate_fix_mends_everything_at_once_and_then_nothing(dataset: Path, cli_invoke) -> None:  # type: ignore[no-untyped-def]
    """What remains is the record as it was meant, byte for byte; the other is not touched."""
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


def test_paths_and_codes_limit_what_is_mended(dataset: Path, cli_invoke) -> None:  # type: ignore[no-untyped-def]
    """And with --select nothing is laid out that was not mended."""
    content = (dataset / PATH).read_bytes()
    folder = dataset / "records/2021"
    for limits in ([folder], ["--select", "HC3"]):
        cli_invoke("--root", dataset, "validate", "--fix", *limits, exit_code=0)
        assert (dataset / PATH).read_bytes() == content
    cli_invoke("--root", dataset, "validate", "--fix", "--select", "HC653")
    mended = (dataset / PATH).read_text(encoding="utf-8")
    assert "record: 2021-az-who-visit" in mended
    assert "country: az" in mended


def test_an_accepted_finding_is_not_mended(dataset: Path, cli_invoke) -> None:  # type: ignore[no-untyped-def]
    """Somebody looked at it, and gave a reason."""
    entry = "{code: HC653, record: 2022-az-who-agreement, reason: so}"
    (dataset / "schema/accepted.yaml").write_text(f"accepted:\n  - {entry}\n", encoding="utf-8")
    cli_invoke("--root", dataset, "validate", "--fix", "--select", "HC653")
    assert "record: 2021-old" in (dataset / PATH).read_text(encoding="utf-8")


def test_a_file_saved_by_somebody_else_meanwhile_is_left_and_named(  # type: ignore[no-untyped-def]
    dataset: Path, cli_invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their work is not lost."""
    theirs = TEXT.encode() + b"notes: Somebody else was here.\n"

    def meanwhile(*args: Any, **options: Any) -> list[FixedFile]:
        mended = mend(*args, **options)
        (dataset / PATH).write_bytes(theirs)
        return mended

    monkeypatch.setattr(fixing, "mend", meanwhile)
    outcome = cli_invoke("--root", dataset, "validate", "--fix", "--ignore", "HC8,HC9")
    assert "changed meanwhile" in outcome.stderr
    assert (dataset / PATH).read_bytes() == theirs


def test_the_snapshot_of_the_package_is_not_mended(  # type: ignore[no-untyped-def]
    dataset: Path, cli_invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read-only."""
    monkeypatch.setattr("healthcoop.dataset.SNAPSHOT", dataset)
    content = (dataset / PATH).read_bytes()
    assert "snapshot" in cli_invoke("--root", dataset, "validate", "--fix", exit_code=2).stderr
    assert (dataset / PATH).read_bytes() == content


@pytest.mark.parametrize(
    ("old", "new", "removed"),
    [
        ('date: "2022-10-07"', "date: ~", False),
        ("url: https://example.org/news", "url:", False),
        ("publisher: Trend", "publisher:", True),
    ],
)
def test_an_empty_line_is_offered_for_removal_where_the_record_can_do_without(
    look: Look, old: str, new: str, removed: bool
) -> None:
    """Without its date the record would be refused again."""
    text = TEXT.replace("    kind: agency\n", "    kind: agency\n    publisher: Trend\n")
    (finding,) = look({PATH: text.replace(old, new).encode()}).findings
    assert finding.code == "HC110"
    assert bool(finding.fix) is removed
    assert ("remove" in finding.hint) is removed


SUPPORTS = "[date, type, places, parties, people]"


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("[date, parties]", "[dates, parties]", ["HC702"]),
        ("[date, parties]", "[date, parties, partys]", ["HC702"]),
        ("places:", "place:", ["HC201"]),
    ],
    ids=["a day's support misspelt", "named already", "the field itself misspelt"],
)
def test_one_slip_is_told_once_and_its_diff_spoils_nothing(
    look: Look, old: str, new: str, codes: list[str]
) -> None:
    """What was told of a slip's consequences as well led to wrong edits elsewhere."""
    text = spoilt(old, new).replace("[date, parties]", SUPPORTS)
    found = look({PATH: text.encode()}).findings
    assert [finding.code for finding in found] == codes
    (finding,) = found
    offered = [edit.value for edit in finding.edits if isinstance(edit, Replace)]
    assert "2022-10-07~" not in offered
    assert "parties" not in offered


def test_missing_fields_are_told_in_the_records_order(look: Look) -> None:
    """As they are filled in."""
    found = look({PATH: b"id: 2022-az-who-agreement\ntype: agreement\n"}).findings
    missing = [one.message.split("“")[1].split("”")[0] for one in found if one.code == "HC202"]
    assert missing == [name for name in AGREEMENT if name in missing]
    assert len(missing) > 5
