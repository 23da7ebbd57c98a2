"""``healthcoop new``: by options, and by questions on a terminal."""

import json
import os
import shlex
import sys
from pathlib import Path

import pytest

from healthcoop.files import reader
from tests.cases import each
from tests.cli.terminals import Run, on_terminal

MEETING = (
    *("--type", "meeting", "--date", "2023-05-04", "--party", "Azerbaijan", "--party", "CU"),
    *("--topic", "vaccines", "--title", "The health ministers of both countries meet in Havana"),
    *("--summary", "They spoke of the vaccines that Cuba makes and of training."),
    *("--source-url", "https://example.org/1", "--source-supports", "date,type,parties"),
)
ENTER = b"\r"
STOP = b"\x03"


@pytest.fixture
def few(few_records: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(few_records)
    return few_records


def record(root: Path, output: str) -> dict:
    """Return the data of the record whose path is in the output."""
    (path,) = (line for line in output.split() if line.startswith("records/20"))
    data = reader.parse((root / path).read_bytes()).data
    assert data is not None
    return data


def talk(root: Path, *turns: tuple[str, bytes], arguments: tuple[str, ...] = ()) -> Run:
    """Answer questions; each turn is a part of the prompt and what is typed."""
    return on_terminal(
        *(root, "new", *arguments),
        width=100,
        dialogue=[(text, keys if keys in (STOP, ENTER) else keys + ENTER) for text, keys in turns],
        PROMPT_TOOLKIT_NO_CPR="1",
    )


def test_options_make_a_record_without_a_terminal(few, cli_invoke):
    more = """--body Cuba 'Ministry of Public Health' --person AZ 'Teymur Musayev' ''
        --country Cuba --city Havana --host CU --source-archived https://example.org/copy
        --identifier unts 12345 --outcome 'training of nurses'
        --link related 2021-az-who-foreign-minister-office"""
    done = cli_invoke("new", *MEETING, *shlex.split(more))
    data = record(few, done.stdout)
    assert done.stdout == f"records/2023/{data['id']}.yaml\n"
    assert data == {
        "id": "2023-az-cu-ministers-both-countries-havana",
        "type": "meeting",
        "title": "The health ministers of both countries meet in Havana",
        "date": "2023-05-04",
        "places": [{"city": "Havana", "country": "CU"}],
        "parties": [
            {"country": "AZ"},
            {"country": "CU", "bodies": ["Ministry of Public Health"], "role": "host"},
        ],
        "people": [{"name": "Teymur Musayev", "party": "AZ"}],
        "topics": ["vaccines"],
        "summary": "They spoke of the vaccines that Cuba makes and of training.",
        "outcomes": ["training of nurses"],
        "identifiers": [{"scheme": "unts", "value": "12345"}],
        "links": [{"rel": "related", "record": "2021-az-who-foreign-minister-office"}],
        "sources": [
            {
                "url": "https://example.org/1",
                "accessed": "2026-11-21",
                "archived": "https://example.org/copy",
                "supports": ["date", "type", "parties"],
            }
        ],
        "collection": "news-search-2026",
    }
    cli_invoke("validate", "--strict")


def test_missing_options_are_named_one_by_one(few, cli_invoke):
    stderr = cli_invoke("new", "--type", "meeting", "--party", "AZ", exit_code=2).stderr
    assert stderr.splitlines() == [
        f"healthcoop: {name} is missing"
        for name in (
            "--date",
            "a second --party",
            "--topic",
            "--title",
            "--summary",
            "--source-url",
        )
    ]


@each(
    ("arguments", "message"),
    [
        (["--date", "foo"], "--date: “foo” is not a date. As in 2022-10-07"),
        (["--signer", "AZ", "Teymur Musayev", ""], "--signer does not apply here"),
        (["--date", "7 October 2022"], "--date: “7 October 2022” has the month in words. Write"),
        (
            ["--party", "Cubba"],
            "--party: Unknown country or organisation: Cubba. Did you mean",
        ),
        (["--party", "CU"], "--party: CU"),
        (["--topic", "vacines"], "--topic: Unknown topic: vacines. Did you mean vaccines?"),
        (["--term", "5 years"], "--term does not apply here"),
        (["--official-title", "Memorandum"], "--official-title does not apply here"),
        (["--body", "GE", "Ministry"], "--body does not apply here"),
        (["--body", "Cubba", "Ministry"], "unknown country or organisation: Cubba"),
        (["--person", "TR", "Ayşe Demir", ""], "--person: Unknown side: TR. Choose from AZ, CU."),
        (["--id", "../../x"], "--id: “../../x” is not a valid “id”."),
        (["--summary", "\x1b[31m"], "--summary: "),
        (["--collection", "mine"], "--collection: Unknown collection: mine."),
    ],
)
def test_invalid_options_are_explained_and_nothing_is_written(arguments, message, few, cli_invoke):
    before = sorted(few.rglob("*.yaml"))
    stderr = cli_invoke("new", *MEETING, *arguments, exit_code=2).stderr
    assert message in stderr
    assert len(stderr.splitlines()) <= 2
    assert sorted(few.rglob("*.yaml")) == before


def test_record_with_errors_is_not_written(few, cli_invoke):
    options = [text for text in MEETING if text not in ("--source-supports", "date,type,parties")]
    done = cli_invoke("new", *options, exit_code=1)
    assert "HC405 error" in done.stderr
    assert "was not written" in done.stderr
    assert not (few / "records" / "2023").exists()
    done = cli_invoke("new", *options, "--dry-run", exit_code=1)
    assert done.stdout.startswith("# yaml-language-server")


def test_bytes_that_are_no_text_are_visible_in_the_record(few, cli_invoke):
    done = cli_invoke("new", *MEETING, "--title", "Ministers meet\udcff today", "--dry-run")
    data = reader.parse(done.stdout.encode()).data
    assert data is not None
    assert data["title"] == "Ministers meet\\udcff today"


def test_dry_run_prints_the_record_and_names_a_likely_duplicate(few, cli_invoke):
    done = cli_invoke("new", *MEETING, "--date", "2022-10-07", "--dry-run")
    assert reader.parse(done.stdout.encode()).data is not None
    assert "may be the same event as 2022-az-cu-minister-ambassador" in done.stderr
    assert len([*few.glob("records/2022/*")]) == 2


def test_existing_record_is_never_overwritten(few, cli_invoke):
    done = cli_invoke("new", *MEETING, "--id", "2022-az-cu-minister-ambassador", exit_code=2)
    assert "--id: There is a record 2022-az-cu-minister-ambassador already." in done.stderr


def test_instrument_by_options(few, cli_invoke):
    more = """--type mou --signer CU 'José Portal' 'Minister of Public Health of Cuba'
        --person AZ 'Teymur Musayev' ''
        --term '18 months' --in-force none --renewal automatic --notice P6M
        --official-title 'Memorandum of Understanding' --official-language English
        --link signed-at 2022-az-cu-minister-ambassador --text-url https://example.org/text"""
    done = cli_invoke("new", *MEETING, *shlex.split(more))
    data = record(few, done.stdout)
    assert data["terms"] == {
        **{"in_force": "none", "term": "P18M", "renewal": "automatic", "notice": "P6M"},
        "checked": "2026-11-21",
    }
    assert [person.get("signed") for person in data["people"]] == [None, True]
    assert data["official_title"] == {"text": "Memorandum of Understanding", "language": "en"}
    assert data["links"] == [{"rel": "signed-at", "record": "2022-az-cu-minister-ambassador"}]
    assert data["text_url"] == "https://example.org/text"


def test_several_sources_by_options(few, cli_invoke):
    """The second text of a field of sources is that of the second page."""
    more = """--source-url https://example.org/2 --source-url https://example.org/3
        --source-title '' --source-title 'The second page' --source-kind press"""
    data = record(few, cli_invoke("new", *MEETING, *shlex.split(more)).stdout)
    facts = [{**source, "accessed": ""} for source in data["sources"]]
    assert [source["url"][-1] for source in facts] == ["1", "2", "3"]
    assert [source.get("title") for source in facts] == [None, "The second page", None]
    assert [source.get("kind") for source in facts] == ["press", None, None]


def test_more_of_a_source_than_sources_is_wrong_usage(few, cli_invoke):
    done = cli_invoke("new", *MEETING, "--source-title", "A b", "--source-title", "", exit_code=2)
    assert "--source-title is given more often than --source-url" in done.stderr


def test_answers_without_a_question_are_checked_before_the_first_question(few, cli_invoke):
    done = cli_invoke(
        "new",
        "--source-url",
        "https://a.example/1",
        "--source-title",
        "X",
        "--identifier",
        "unts",
        "x",
        exit_code=2,
    )
    assert "--source-title: " in done.stderr
    assert "--identifier: " in done.stderr
    assert "is missing" not in done.stderr


def test_help_explains_dates_once(cli_invoke):
    assert cli_invoke("new", "--help").stdout.count("uncertain") == 1


def test_meeting_by_questions(few):
    """Names complete, a mistake is explained at once, “<” goes back, the record is shown."""
    done = talk(
        few,
        ("What happened", b"meeting"),
        ("took place, like", b"4 May 2023"),
        ("2022-10: 2023-05-04", ENTER),
        ("First country", b"azer\t"),
        ("Second country", b"Cubba"),
        ("Did you mean Cuba?…took part: Cuba", ENTER),
        ("Another one", ENTER),
        ("by video", ENTER),
        ("host?", b"Cuba"),
        ("[CU]", ENTER),
        ("City", b"Havan"),
        ("Azerbaijan?", b"<"),
        ("City", b"\x15Havana"),
        ("Azerbaijan?", b"Ministry of Health"),
        ("Cuba?", ENTER),
        ("took part?", b"Teymur Musayev"),
        ("which side", ENTER),
        ("Office", ENTER),
        ("Who else", ENTER),
        ("Topics", b"vaccines"),
        ("meet in Havana", ENTER),
        ("Summary", b"Short"),
        ("at least 20…Summary", b"\x15They spoke of the vaccines that Cuba makes."),
        ("promised", ENTER),
        ("Web address", b"https://en.trend.az/1"),
        ("[Trend News Agency]", ENTER),
        ("[agency]", ENTER),
        ("published", ENTER),
        ("language", ENTER),
        ("copied exactly", b"met the minister in Havana"),
        ("date, type", ENTER),
        ("Another page", ENTER),
        ("[news-search-2026]", ENTER),
        ("Anything else", ENTER),
        ("its id", ENTER),
        ("Is it right?", b"y"),
    )
    assert done.exit_code == 0, done.output
    (path,) = (few / "records" / "2023").iterdir()
    data = reader.parse(path.read_bytes()).data
    assert data == {
        "id": "2023-az-cu-havana-vaccines-immunisation",
        "type": "meeting",
        "title": "Azerbaijan and Cuba meet in Havana on vaccines and immunisation",
        "date": "2023-05-04",
        "places": [{"city": "Havana", "country": "CU"}],
        "parties": [
            {"country": "AZ", "bodies": ["Ministry of Health"]},
            {"country": "CU", "role": "host"},
        ],
        "people": [
            {
                "name": "Teymur Musayev",
                "role": "Minister of Health of Azerbaijan",
                "party": "AZ",
            }
        ],
        "topics": ["vaccines"],
        "summary": "They spoke of the vaccines that Cuba makes.",
        "sources": [
            {
                "url": "https://en.trend.az/1",
                "kind": "agency",
                "publisher": "Trend News Agency",
                "accessed": "2026-11-21",
                "language": "en",
                "quote": "met the minister in Havana",
                "supports": ["date", "type", "places", "parties", "people"],
            }
        ],
        "collection": "news-search-2026",
    }
    assert "not a clone of a git repository" in done.output


@pytest.mark.slow
def test_marks_after_what_stands_in_the_line_are_commands(few):
    """“?” explains and “<” goes back after a prefilled or refused text; a date may have a mark."""
    done = talk(
        few,
        ("What happened", b"meeting"),
        ("took place, like", b"2019-09-14"),
        ("First country", b"<"),
        ("2022-10: 2019-09-14", b"?"),
        ("If you know only the month…2022-10: 2019-09-14", b"\x152019-09-14?"),
        ("= 14 September 2019, uncertain…First country", b"Indonesa"),
        ("Did you mean Indonesia?…took part: Indonesia", b"\x15Indonesa?"),
        ("A name, a part of it…took part: Indonesia", b"\x15ID"),
        ("Second country", b"<"),
        ("took part: ID", b"<"),
        ("2022-10: 2019-09-14?", b"<"),
        ("What happened", STOP),
    )
    assert done.exit_code == 130, done.output
    (kept,) = Path(os.environ["XDG_STATE_HOME"]).rglob("*.json")
    assert json.loads(kept.read_bytes())["answers"] == {}


@pytest.mark.slow
def test_answer_with_a_warning_is_kept_and_can_be_changed(few):
    arguments = [text for text in MEETING if text not in ("--title", MEETING[11])]
    done = talk(
        few,
        *((text, ENTER) for text in ("by video", "host?", "Country", "Azerbaijan?", "Cuba?")),
        ("took part?", ENTER),
        ("Ctrl-U clears it", b"\x15The health ministers of both countries meet."),
        ("full stop…Your answer is kept; “<” changes it…promised", b"<"),
        ("countries meet.", STOP),
        arguments=tuple(arguments),
    )
    assert done.exit_code == 130, done.output


@pytest.mark.slow
def test_memorandum_is_asked_for_signers_and_terms_and_a_stop_loses_nothing(few):
    start = (
        ("What happened", b"mou"),
        ("was signed, like", b"2022-10-07"),
        ("First country", b"AZ"),
        ("Second country", b"CU"),
        ("Another one", ENTER),
        ("Country where it was signed", b"az"),
        ("City", b"Baku"),
        ("Azerbaijan?", ENTER),
        ("Cuba?", ENTER),
    )
    done = talk(few, *start, ("Who signed it?", b"Teymur"[:6]), ("which side", STOP))
    assert done.exit_code == 130
    assert "goes on with your answers" in done.output
    done = talk(
        few,
        ("mou, 2022-10-07, AZ, CU", b"y"),
        ("which side", b"<"),
        ("Teymur", b" Musayev"),
        ("which side", ENTER),
        ("Office", ENTER),
        ("Who else", ENTER),
        ("2022-az-cu-minister-ambassador", b"1"),
        ("full title", ENTER),
        ("enter into force", b"unknown"),
        ("how long", b"5 years"),
        ("end of that time", b"auto"),
        ("address of its text", ENTER),
        ("Topics", b"<"),
        ("address of its text", STOP),
    )
    assert done.exit_code == 130
    (kept,) = Path(os.environ["XDG_STATE_HOME"]).rglob("*.json")
    answers = json.loads(kept.read_bytes())["answers"]
    assert answers["signed_at"] == "2022-az-cu-minister-ambassador"
    assert (answers["terms.in_force"], answers["terms.term"]) == ("unknown", "P5Y")
    assert answers["terms.renewal"] == "automatic"
    assert answers["person.1"] == "Teymur Musayev"
    assert "text_url" not in answers
    assert not (few / "records" / "2022" / "2022-az-cu-memorandum.yaml").exists()


@pytest.mark.slow
def test_likely_duplicate_is_shown_as_soon_as_sides_and_date_are_known(few):
    done = talk(
        few,
        ("Is it one of these?", b"1"),
        ("Embassy of Cuba…healthcoop edit 2022-az-cu-minister-ambassador…event:", b"no"),
        ("by video", STOP),
        arguments=("--type", "meeting", "--date", "2022-10-07", "--party", "AZ", "--party", "CU"),
    )
    assert done.exit_code == 130
    assert "What happened" not in done.output


def test_answers_given_by_options_are_not_asked_again_and_not_kept_without_questions(
    few, cli_invoke
):
    cli_invoke("new", *MEETING)
    assert not [*Path(os.environ["XDG_STATE_HOME"]).rglob("*.json")]


@pytest.mark.slow
def test_questions_need_prompt_toolkit_and_options_do_not(few, cli_invoke, monkeypatch):
    monkeypatch.setitem(sys.modules, "prompt_toolkit", None)
    monkeypatch.delitem(sys.modules, "healthcoop.terminal.prompts", raising=False)
    cli_invoke("new", *MEETING)
    (few / "sitecustomize.py").write_text("import sys; sys.modules['prompt_toolkit'] = None\n")
    done = on_terminal(few, "new", PYTHONPATH=str(few))
    assert done.exit_code == 2
    assert "needs prompt_toolkit" in done.output
    assert "pip install 'healthcoop[contribute]'" in done.output
