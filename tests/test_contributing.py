"""The first record in CONTRIBUTING: its two examples, and the questions that lead to one."""

import re
import shutil
from pathlib import Path

import click
import pytest

from healthcoop.cli import questions
from healthcoop.cli.session import Session
from healthcoop.dataset import Dataset
from healthcoop.files import reader
from healthcoop.files.canonical import reformat
from healthcoop.terminal import prompts
from tests.conftest import ROOT

GUIDE = ROOT / "CONTRIBUTING.md"
TRANSCRIPT = re.compile(r"(?<=The questions of).*?^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIRST_COLLECTION = re.compile(
    r"(^Last\n  1 .*\n(?: {7}.*\n)*)(?:(?!Collection: ).*\n)+", re.MULTILINE
)
ANSWERS = {
    "type": "mou",
    "date": "2024-05-06",
    "party.1": "Norway",
    "party.2": "Azer",
    "country": "Norway",
    "city": "Oslo",
    "person.1": "Kari Eksempel",
    "person.1.role": "Minister of Health of Norway",
    "person.2": "Rauf Nümunəli",
    "person.2.role": "Minister of Health of Azerbaijan",
    "terms.term": "5 years",
    "signed_at": "1",
    "topics": "health-workforce, medical-education",
    "title": "Norway and Azerbaijan sign a memorandum on the training of nurses",
    "summary": "The two countries will work together on training nurses for five years.",
    "source.1.url": "https://news.example/health/1",
    "source.1.published": "2024-05-06",
    "source.1.quote": "signed a memorandum of understanding on the training of nurses",
    "id": "2024-no-az-nurses-memorandum",
}
"""What is typed; Enter for the other questions."""


def examples() -> dict[str, str]:
    """Return the example records by id."""
    blocks = re.findall("```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return {re.findall("^id: (.*)$", block, re.MULTILINE)[0]: block for block in blocks}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a data set with the first example."""
    # What is accepted of other records would be stale here.
    accepted = shutil.ignore_patterns("accepted.yaml")
    shutil.copytree(ROOT / "schema", tmp_path / "schema", ignore=accepted)
    write(tmp_path, next(iter(examples())))
    return tmp_path


def write(root: Path, ident: str) -> None:
    path = root / "records" / ident[:4] / f"{ident}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(examples()[ident].encode())


def test_examples_are_a_meeting_and_a_memorandum_valid_and_canonical(root):
    _, memorandum = examples()
    write(root, memorandum)
    with Dataset.open(root) as data:
        report = data.check()
        assert (report.records, report.findings) == (2, ())
        kinds = [data.vocabulary.kind(data.record(name).record.type) for name in examples()]
    assert kinds == ["encounter", "instrument"]
    for text in examples().values():
        assert reformat(text.encode()) == text


def test_questions_of_new_are_those_of_the_transcript(root, monkeypatch, capsys, request):
    used = []

    class Typed(prompts.Prompts):
        def __init__(self) -> None:
            pass

        def read(self, question, text):
            typed = ANSWERS.get(question.key, text)
            used.append(question.key)
            click.echo(f"{prompts.prompt_text(question, text)}{typed}".rstrip())
            return typed

    monkeypatch.setattr(prompts, "Prompts", Typed)
    monkeypatch.setenv("COLUMNS", "100")
    session = Session(root=str(root), color="never", pager=False)
    with Dataset.open(root) as data:
        interview = data.interview({})
        questions.ask(session, interview, shows=False)
        made = data.new(interview.data, write=False)
    assert not {*ANSWERS} - {*used}
    shown = f"$ healthcoop new\n{capsys.readouterr().out}"
    shown = FIRST_COLLECTION.sub(r"\1  ...\n", shown)  # others come with other data
    text = GUIDE.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        start, end = TRANSCRIPT.search(text).span(1)
        GUIDE.write_text(text[:start] + shown + text[end:], encoding="utf-8")
    assert TRANSCRIPT.search(GUIDE.read_text(encoding="utf-8"))[1] == shown
    data = reader.parse(examples()["2024-no-az-nurses-memorandum"].encode()).data
    assert reader.parse(made.text.encode()).data == data
