"""``validate --changed``: what a branch did, and nothing that was there before."""

import json
import os
import subprocess
from pathlib import Path

import pytest

OLD_FAULT = "records/2022/2022-az-cu-minister-ambassador.yaml"
NEW_FAULT = "records/2022/2022-ro-cu-health-agreement.yaml"


@pytest.fixture
def repository(dataset_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's data with one old fault, in git."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.org")
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", os.devnull)
    spoil(dataset_copy, OLD_FAULT)
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Begin"]):
        subprocess.run(["git", *words], cwd=dataset_copy, check=True)
    return dataset_copy


def spoil(root: Path, path: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    (root / path).write_text(text.replace("  - country: CU", "  - country: XY"), encoding="utf-8")


def faults(outcome) -> list[tuple[str, str]]:
    report = json.loads(outcome.stdout)
    return [(each["path"], each["code"]) for each in report["findings"] if each["code"] != "HC505"]


def test_only_what_changed_is_reported(repository, cli_invoke):
    validate = ("--root", repository, "validate", "-f", "json")
    assert faults(cli_invoke(*validate, "--changed")) == []
    assert faults(cli_invoke(*validate, exit_code=1)) == [(OLD_FAULT, "HC204")]
    spoil(repository, NEW_FAULT)
    outcome = cli_invoke(*validate, "--changed", exit_code=1)
    assert faults(outcome) == [(NEW_FAULT, "HC204")]
    assert "reporting on 1 changed file\n" in outcome.stderr
    assert faults(cli_invoke(*validate, "--changed", repository / "records/2021")) == []
    assert faults(cli_invoke(*validate, "--changed-since", "HEAD", exit_code=1)) == [
        (NEW_FAULT, "HC204")
    ]


def test_a_changed_vocabulary_bears_on_every_record(repository, cli_invoke):
    topics = repository / "schema/topics.yaml"
    topics.write_text(topics.read_text(encoding="utf-8") + "# x\n", encoding="utf-8")
    outcome = cli_invoke("--root", repository, "validate", "-f", "json", "--changed", exit_code=1)
    assert faults(outcome) == [(OLD_FAULT, "HC204")]


def test_a_record_that_is_gone_is_an_error(repository, cli_invoke):
    """Until its id is a former id of another."""
    gone = repository / NEW_FAULT
    text = gone.read_text(encoding="utf-8")
    gone.unlink()
    validate = ("--root", repository, "validate", "--changed", "-f", "json")
    assert (NEW_FAULT, "HC951") in faults(cli_invoke(*validate, exit_code=1))
    renamed = text.replace("id: 2022-ro-cu-health-agreement", "id: 2022-ro-cu-agreement")
    renamed = f"{renamed.rstrip()}\nformer_ids: [2022-ro-cu-health-agreement]\n"
    gone.with_name("2022-ro-cu-agreement.yaml").write_text(renamed, encoding="utf-8")
    found = faults(cli_invoke(*validate))
    assert NEW_FAULT not in [path for path, _ in found]


def test_a_base_that_is_not_there_is_no_answer(repository, cli_invoke, monkeypatch):
    """A shallow clone; and what to do about it."""
    monkeypatch.setenv("GITHUB_BASE_REF", "main-line")
    outcome = cli_invoke("--root", repository, "validate", "--changed", exit_code=2)
    assert "main-line" in outcome.stderr
    assert "fetch-depth: 0" in outcome.stderr
    both = ("validate", "--changed", "--changed-since", "HEAD")
    assert "exclude each other" in cli_invoke("--root", repository, *both, exit_code=2).stderr


def test_a_page_is_printed_for_every_rule(cli_invoke, tmp_path, monkeypatch):
    """By code or name, in any case, and without a data set."""
    monkeypatch.chdir(tmp_path)
    listed = json.loads(cli_invoke("validate", "--list-rules", "-f", "json").stdout)
    lines = cli_invoke("validate", "--list-rules").stdout.splitlines()
    assert [line.split()[:3] for line in lines] == [
        [row["code"], row["severity"], row["name"]] for row in listed
    ]
    for row in listed:
        told = cli_invoke("validate", "--explain", row["code"]).stdout
        assert told.startswith(f"{row['code']} {row['name']} ({row['severity']})\n\n")
        assert " ".join(told.split()).find(row["summary"]) > 0
        assert cli_invoke("validate", "--explain", row["name"].upper()).stdout == told


def test_a_rule_that_is_none_gets_the_nearest(cli_invoke):
    assert "HC401" in cli_invoke("validate", "--explain", "date-frm", exit_code=2).stderr
    assert "HC40" in cli_invoke("validate", "--explain", "HC499", exit_code=2).stderr
    assert "--list-rules" in cli_invoke("validate", "--explain", "", exit_code=2).stderr
