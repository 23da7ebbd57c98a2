"""``healthcoop draft``: what it prints, writes, and says on standard error."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from healthcoop.contribute.draft.calendar_words import calendar
from healthcoop.contribute.web import Page
from healthcoop.files import reader
from tests.cases import each

ARTICLE = Path(__file__).parents[1] / "data" / "draft" / "meeting.txt"
PAGE = ("--url", "https://news.example/health/1", "--publisher", "The Example")
DATED = (*PAGE, "--published", "2024-05-06")


@pytest.fixture
def root(few_records: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(few_records)
    return few_records


@pytest.fixture
def article(root: Path) -> str:
    shutil.copy(ARTICLE, root)
    return ARTICLE.name


def documents(text: str) -> list[bytes]:
    return [document.encode() for document in text.split("---\n")]


@each(("name", "options"), [("draft.yaml", ()), ("draft-explained.yaml", ("--explain",))])
def test_drafts_match_the_golden_file(name, options, article, cli_invoke, golden):
    golden(f"cli/{name}", cli_invoke("draft", article, *DATED, *options).stdout)


def test_json_has_record_gaps_evidence_and_what_is_not_drafted(article, cli_invoke, golden):
    shown = cli_invoke("draft", article, *DATED, "-f", "json").stdout
    golden("cli/draft.json", shown)
    text = ARTICLE.read_text("utf-8")
    for draft in json.loads(shown)["drafts"]:
        for each_ in draft["evidence"]:
            words = " ".join(text[each_["offset"] :].split())
            assert words.startswith(each_["snippet"])


def test_every_document_is_read_and_lacks_only_what_its_comments_name(article, cli_invoke):
    first, second = documents(cli_invoke("draft", article, *DATED, "--explain").stdout)
    for document in (first, second):
        parsed = reader.parse(document)
        assert not parsed.problems
        assert b"# to fill in: summary" in document
    assert reader.parse(second).data["links"] == [
        {"rel": "signed-at", "record": reader.parse(first).data["id"]}
    ]


def test_announced_and_recalled_events_are_not_drafted(article, cli_invoke):
    done = cli_invoke("draft", article, *DATED)
    assert "type: protocol" not in done.stdout
    assert "type: agreement" not in done.stdout
    assert "not drafted, announced: protocol" in done.stderr


def test_write_makes_a_file_for_each_record_and_shows_its_findings(article, root, cli_invoke):
    done = cli_invoke("draft", article, *DATED, "--write")
    paths = done.stdout.split()
    assert len(paths) == 2
    for path in paths:
        assert reader.parse((root / path).read_bytes()).data["collection"]
    assert "summary" in done.stderr
    assert "There is no record" not in done.stderr
    again = cli_invoke("draft", article, *DATED)
    assert again.stderr.count("may be there already") >= 2


def record_files(root: Path) -> list[Path]:
    return sorted((root / "records").rglob("*.yaml"))


def test_write_again_names_the_records_and_writes_nothing(article, root, cli_invoke):
    written = cli_invoke("draft", article, *DATED, "--write").stdout.split()
    before = record_files(root)
    again = cli_invoke("draft", article, *DATED, "--write", exit_code=1)
    assert not again.stdout
    for path in written:
        assert f"healthcoop edit {Path(path).stem}\n" in again.stderr
    assert "--force" in again.stderr
    assert record_files(root) == before
    cli_invoke("draft", article, *DATED, "--write", "--force")
    assert len(record_files(root)) == len(before) + 2


def test_write_again_links_what_is_new_to_the_record_that_is_there(article, root, cli_invoke):
    meeting, instrument = cli_invoke("draft", article, *DATED, "--write").stdout.split()
    (root / instrument).unlink()
    again = cli_invoke("draft", article, *DATED, "--write", exit_code=1)
    assert again.stdout.split() == [instrument]
    links = reader.parse((root / instrument).read_bytes()).data["links"]
    assert links == [{"rel": "signed-at", "record": Path(meeting).stem}]


def test_page_of_a_record_is_known_whatever_the_day_of_the_record(article, root, cli_invoke):
    written = cli_invoke("draft", article, *DATED, "--write").stdout.split()
    before = record_files(root)
    for path in written:
        text = (root / path).read_text("utf-8")
        (root / path).write_text(
            text.replace('date: "2024-05-06"', 'date: "2024-01-02"', 1), "utf-8"
        )
    again = cli_invoke("draft", article, *DATED, "--write", exit_code=1)
    assert not again.stdout
    assert record_files(root) == before


def test_without_a_day_nothing_is_written(root, cli_invoke):
    (root / "a.txt").write_text("The health rootsters of Norway and Cuba met recently in Oslo.")
    done = cli_invoke("draft", "a.txt", *PAGE, "--write", exit_code=1)
    assert "give --published" in done.stderr
    assert not done.stdout
    assert "# to fill in: date" in cli_invoke("draft", "a.txt", *PAGE).stdout


def test_form_without_a_day_asks_for_one(root, cli_invoke):
    (root / "a.md").write_text(
        "### Address of the page\n\nhttps://news.example/1\n\n"
        "### Which countries and organisations?\n\nNorway\nCuba\n",
        encoding="utf-8",
    )
    done = cli_invoke("draft", "--from-issue", "a.md", "--write", exit_code=1)
    assert "answer “When was it?”" in done.stderr
    assert "--published" not in done.stderr


def test_no_event_is_an_empty_result(root, cli_invoke):
    (root / "a.txt").write_text("A hospital for children opened in the north of the country today.")
    done = cli_invoke("draft", "a.txt")
    assert not done.stdout
    assert "no event" in done.stderr


def test_write_with_output_changes_no_file(article, root, cli_invoke):
    before = sorted(root.rglob("*"))
    cli_invoke("draft", article, *DATED, "--write", "-o", "a.yaml", exit_code=2)
    assert sorted(root.rglob("*")) == before


def test_language_that_has_no_table_is_named(article, cli_invoke):
    stderr = cli_invoke("draft", article, *DATED, "--language", "de").stderr
    assert "its language is de; draft can read az, en, " in stderr


def test_language_may_name_a_country(article, cli_invoke):
    shown = cli_invoke("draft", article, *DATED, "--language", "en-GB").stdout
    assert "language: en-GB" in shown
    assert shown.replace("en-GB", "en") == cli_invoke("draft", article, *DATED).stdout


def test_standard_input_is_read(article, cli_invoke):
    text = ARTICLE.read_text("utf-8")
    assert cli_invoke("draft", "-", *DATED, stdin=text).stdout == (
        cli_invoke("draft", article, *DATED).stdout
    )


@each(
    ("arguments", "message"),
    [
        (("missing.txt",), "cannot read missing.txt"),
        ((".",), "cannot read ."),
        (("meeting.txt", "--published", "6 May"), "6 May"),
        (("meeting.txt", "--collection", "nowhere"), "nowhere"),
        (("http://127.0.0.1/article",), "private network"),
        (("ftp://news.example/1",), "cannot read"),
        (("meeting.txt", "--url", "javascript:alert(1)"), "not a web address"),
        (("meeting.txt", "--write", "-f", "json"), "--write goes without"),
        (("meeting.txt", "--write", "--explain"), "--write goes without"),
        (("meeting.txt", "--force"), "--force goes with --write"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(arguments, message, article, cli_invoke):
    done = cli_invoke("draft", *arguments, exit_code=2)
    assert message in done.stderr
    assert not done.stdout


def test_address_is_fetched_and_names_the_source(root, cli_invoke, monkeypatch):
    asked = []

    def fetch(url: str) -> Page:
        asked.append(url)
        text = ARTICLE.read_text("utf-8").replace("\n\n", "</p><p>")
        page = f"<!doctype html><html><body><article><p>{text}</p></article></body></html>"
        return Page(content=page.encode(), content_type="text/html", final_url=f"{url}?final")

    monkeypatch.setattr("healthcoop.contribute.web.fetch", fetch)
    done = cli_invoke("draft", "https://news.example/2", "--published", "2024-05-06")
    assert asked == ["https://news.example/2"]
    assert "url: https://news.example/2?final" in done.stdout
    assert "type: mou" in done.stdout


@each("library", ["ahocorasick", "babel", "trafilatura"])
def test_missing_library_is_named_with_what_installs_it(library, root, cli_invoke, monkeypatch):
    (root / "page.html").write_text("<!doctype html><html><body><p>Peru</p></body></html>")
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, library, None)
        calendar.cache_clear()
        file = "page.html" if library == "trafilatura" else ARTICLE
        done = cli_invoke("draft", file, exit_code=2)
    assert "pip install 'healthcoop[contribute]'" in done.stderr
    assert not done.stdout
