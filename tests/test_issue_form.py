"""The issue form for people without git: the form, ``draft --from-issue``, and the workflow.

The scripts of the workflow are run as on GitHub, with a ``gh`` that records how it was called.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from healthcoop import Dataset
from healthcoop.contribute.diff_markdown import MOST
from healthcoop.contribute.draft.comment import as_markdown
from healthcoop.contribute.draft.issue_form import LABELS, UNSURE
from healthcoop.files import reader
from tests.cases import each

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / ".github" / "ISSUE_TEMPLATE"
FORM = yaml.safe_load((TEMPLATES / "1-propose-a-record.yml").read_text(encoding="utf-8"))
FIELDS = {field["id"]: field for field in FORM["body"] if "id" in field}
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/issue.yml").read_text(encoding="utf-8"))
ISSUE = ROOT / "tests" / "data" / "draft" / "issue.md"

PAGE = (
    "NAIROBI, 8 May 2024. Kenya and Uganda signed a memorandum of understanding on malaria control"
    " in Nairobi on Tuesday 7 May 2024. It was signed by Kenyan Health Minister Ann Example and"
    " Ugandan Health Minister John Sample."
)


def submitted(answers: Mapping[str, str]) -> bytes:
    """Return the body of an issue as GitHub writes it."""
    parts = []
    for name, field in FIELDS.items():
        answer = answers.get(name, "_No response_")
        if field["attributes"].get("render") and name in answers:
            answer = f"```{field['attributes']['render']}\n{answer}\n```"
        if field["type"] == "checkboxes":
            options = [option["label"] for option in field["attributes"]["options"]]
            answer = "\n".join(f"- [X] {option}" for option in options)
        parts.append(f"### {field['attributes']['label']}\n\n{answer}\n")
    return "\n".join(parts).replace("\n", "\r\n").encode()


def test_labels_of_the_form_are_those_that_are_read():
    assert {name: field["attributes"]["label"] for name, field in FIELDS.items()} == LABELS
    required = {name for name, field in FIELDS.items() if field.get("validations")}
    assert required == {"url", "sides"}


def test_the_form_offers_every_type(few_records):
    with Dataset.open(few_records) as data:
        labels = {term.label for term in data.vocabulary.types.values()}
    options = FIELDS["type"]["attributes"]["options"]
    assert len(options) == len(set(options))
    assert {*options} == labels | {UNSURE}


@each("path", sorted(TEMPLATES.glob("[0-9]*.yml")))
def test_forms_are_as_github_wants_them(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= form.keys()
    assert len(form["description"]) < 200
    for field in form["body"]:
        assert field["type"] in {"markdown", "input", "textarea", "dropdown", "checkboxes"}
        attributes = field["attributes"]
        assert attributes.get("value") if field["type"] == "markdown" else attributes.get("label")
        assert not (attributes.get("render") and field["type"] != "textarea")


@each(("ending", "format_"), [("yaml", "yaml"), ("md", "markdown")])
def test_record_of_a_form_matches_the_golden_file(ending, format_, few_records, cli_invoke, golden):
    done = cli_invoke("--root", few_records, "draft", "--from-issue", ISSUE, "-f", format_)
    golden(f"cli/draft-issue.{ending}", done.stdout)


@pytest.fixture
def draft(few_records):
    with Dataset.open(few_records) as data:
        yield lambda body: data.draft(body, from_issue=True)


def test_the_form_goes_first_and_the_page_fills_gaps(draft):
    answers = {
        "url": "https://health.gov.example/1\nhttps://news.example/2",
        "sides": "Kenya: State Department of Health\nUganda",
        "place": "Entebbe, Uganda",
        "text": PAGE,
    }
    body = submitted(answers)
    (proposal,) = draft(body).proposals
    data = proposal.data
    assert (data["type"], data["date"], data["topics"]) == ("mou", "2024-05-07", ["malaria"])
    assert data["places"] == [{"city": "Entebbe", "country": "UG"}]
    assert data["parties"][0]["bodies"] == ["State Department of Health"]
    assert [person["signed"] for person in data["people"]] == [True, True]
    assert [source["url"] for source in data["sources"]] == answers["url"].split("\n")
    assert "quote" in data["sources"][0]
    assert "quote" not in data["sources"][1]
    assert [gap.field for gap in proposal.gaps] == [
        "“What happened?”",
        "sources.kind",
        "sources.publisher",
    ]
    text = body.decode().replace("\r\n", "\n")
    for found in proposal.evidence:
        assert " ".join(text[found.offset :].split()).startswith(found.snippet)


def test_a_page_about_other_sides_adds_nothing(draft):
    answers = {"url": "https://a.example/1", "sides": "Cuba\nPeru", "type": "Meeting", "text": PAGE}
    (proposal,) = draft(submitted(answers)).proposals
    assert not {"date", "people", "places"} & proposal.data.keys()
    assert {"“When was it?”", "“What happened?”"} <= {gap.field for gap in proposal.gaps}


def test_what_is_not_understood_is_named_and_left_out(draft):
    answers = {
        "url": "javascript:alert(1)",
        "sides": "Azerbajan\nCuba",
        "date": "07/10/2022",
        "type": UNSURE,
        "people": "Ana Sol, Minister",
    }
    (proposal,) = draft(submitted(answers)).proposals
    assert not {"date", "type", "sources", "id"} & proposal.data.keys()
    reasons = {gap.field: gap.reason for gap in proposal.gaps}
    assert "Did you mean Azerbaijan?" in reasons["“Which countries and organisations?”"]
    assert {"“Address of the page”", "“When was it?”", "“What was it?”"} <= reasons.keys()
    assert "Ana Sol" in reasons["“Which people?”"]


@each("kind", ["Meeting", "Memorandum of understanding", "Visit"])
def test_a_person_without_a_side_is_named_and_not_in_the_title(kind, few_records, cli_invoke):
    answers = {
        **{"url": "https://a.example/1", "type": kind, "date": "2024-05-07"},
        **{"sides": "Kenya\nUganda", "place": "Nairobi, Kenya"},
        "people": "Martha Reyes\nThe ministers of health\nAnn Example, Minister of Health of Kenya",
    }
    path = few_records / "people.md"
    path.write_bytes(submitted(answers))
    done = cli_invoke("--root", few_records, "draft", "--from-issue", path, "-f", "markdown")
    assert "the side of Martha Reyes is not clear" in done.stdout
    assert "the side of The ministers of health is not clear" in done.stdout
    (title,) = re.findall("^title: .*", done.stdout, re.MULTILINE)
    assert "Kenya" in title
    assert "Reyes" not in title


def test_topics_are_read_from_free_words(draft):
    answers = {"url": "https://a.example/1", "sides": "Cuba\nPeru", "type": "Meeting"}
    (proposal,) = draft(
        submitted({**answers, "topics": "fight against malaria; Vaccines"})
    ).proposals
    assert proposal.data["topics"] == ["malaria", "vaccines"]
    (proposal,) = draft(submitted({**answers, "topics": "Malaria, chess"})).proposals
    assert proposal.data["topics"] == ["malaria"]
    reasons = {gap.field: gap.reason for gap in proposal.gaps}
    assert reasons["“What was it about?”"] == (
        "“chess” is none of the topics: a curator will choose"
    )
    (proposal,) = draft(submitted(answers)).proposals
    reasons = {gap.field: gap.reason for gap in proposal.gaps}
    assert reasons["“What was it about?”"].endswith("a curator will choose")


@each("body", [b"", b"# Something else", b"\xff\xfe", b"x" * 300_000])
def test_another_text_is_refused(body, draft, few_records, cli_invoke):
    path = few_records / "other.md"
    path.write_bytes(body)
    done = cli_invoke("--root", few_records, "draft", "--from-issue", path, exit_code=2)
    assert done.stdout == ""
    assert "the issue is" in done.stderr or "not a submitted form" in done.stderr


def test_issue_excludes_an_address_and_facts_of_a_page(cli_invoke, few_records):
    for words in (("https://a.example/1",), (ISSUE, "--publisher", "x")):
        cli_invoke("--root", few_records, "draft", "--from-issue", *words, exit_code=2)


HOSTILE = st.text(
    st.sampled_from("`\n#*@<>[]:—,()\u202e\x00\x1b😀a1") | st.characters(exclude_categories=["Cs"])
)


@given(answers=st.dictionaries(st.sampled_from([*FIELDS]), HOSTILE))
def test_whatever_is_answered_the_proposal_can_be_read(answers, real):
    body = submitted({"url": "https://a.example", "sides": "Cuba", **answers})
    drafts = real.draft(body, from_issue=True)
    for text in drafts.as_yaml(explained=True):
        assert not reader.parse(text.encode()).problems
    as_markdown(drafts, [()])


@pytest.mark.slow
@each("answer", ["Cuba, " * 1500, "(" * 10_000, "a,\n" * 3000, "`" * 10_000])
def test_long_answers_take_bounded_time(answer, real):
    began = time.process_time()
    answers = dict.fromkeys(("url", "sides", "people", "place", "date", "summary"), answer)
    real.draft(submitted(answers), from_issue=True)
    assert time.process_time() - began < 20


def script(job: str, name: str) -> str:
    (found,) = (step["run"] for step in WORKFLOW["jobs"][job]["steps"] if step.get("name") == name)
    return found


needs_bash = pytest.mark.skipif(
    os.name == "nt" or not shutil.which("jq"), reason="the runners have bash and jq"
)


@pytest.mark.slow
@needs_bash
def test_workflow_answers_an_issue_whatever_its_text(few_records, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    calls = tmp_path / "calls"
    for name, line in {
        "healthcoop": f'exec {shlex.quote(sys.executable)} -m healthcoop "$@"',
        "gh": f'printf "%s\\n" "$@" > {shlex.quote(str(calls))}',
    }.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    body = ISSUE.read_text(encoding="utf-8").replace("Baku\n", "$(touch owned) `touch owned`\n")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"issue": {"number": 12, "body": body}}), encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "o/r",
        "RUNNER_TEMP": str(tmp_path),
        "NUMBER": "12",
    }
    for folder, words in (
        (few_records, script("draft", "Propose a record")),
        (tmp_path, script("comment", "Post the comment")),
    ):
        subprocess.run(
            ["bash", "-eo", "pipefail", "-c", words], cwd=folder, env=environment, check=True
        )
    comment = (tmp_path / "comment.md").read_text(encoding="utf-8")
    assert comment.startswith("### Proposed record")
    assert "unknown place: &#36;(touch owned)" in comment
    assert not [*tmp_path.rglob("owned")]
    words = calls.read_text(encoding="utf-8").split()
    assert words[:3] == ["issue", "comment", "12"]
    assert {"--edit-last", "--create-if-none"} < {*words}
    report = script("comment", "Report the failure")
    subprocess.run(["bash", "-e", "-c", report], cwd=tmp_path, env=environment, check=True)
    reported = calls.read_text(encoding="utf-8")
    assert reported.split()[:3] == ["issue", "comment", "12"]
    assert "could not be read" in reported


def test_a_failure_of_the_draft_is_reported_in_a_comment():
    """The comment's job runs when the other failed, with no artifact to download."""
    job = WORKFLOW["jobs"]["comment"]
    assert job["if"] == "${{ !cancelled() && needs.draft.result != 'skipped' }}"
    download, post, report = job["steps"]
    assert download["continue-on-error"] is True
    assert post["if"] == f"steps.{download['id']}.outcome == 'success'"
    assert report["if"] == f"steps.{download['id']}.outcome != 'success'"


def test_only_the_job_that_runs_no_code_of_ours_can_write():
    assert WORKFLOW["permissions"] == {}
    jobs = WORKFLOW["jobs"]
    assert jobs["draft"]["permissions"] == {"contents": "read"}
    assert jobs["comment"]["permissions"] == {"issues": "write"}
    assert "record" in FORM["labels"]
    assert "'record'" in jobs["draft"]["if"]
    for step in jobs["comment"]["steps"]:
        assert step.get("uses", "").startswith("actions/download-artifact@") or step[
            "run"
        ].startswith("gh ")
    scripts = [step.get("run", "") for job in jobs.values() for step in job["steps"]]
    assert not [each_ for each_ in scripts if "${{" in each_]


def test_comment_fits_into_githubs_limit(few_records, cli_invoke, tmp_path):
    (tmp_path / "i.md").write_bytes(
        submitted({"url": "https://a.example", "sides": "Cuba\nPeru", "summary": "word " * 13_500})
    )
    done = cli_invoke(
        "--root", few_records, "draft", "--from-issue", tmp_path / "i.md", "-f", "markdown"
    )
    assert len(done.stdout) <= MOST
    assert "too long for a comment" in done.stdout
