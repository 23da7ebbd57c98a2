"""Findings about two records: at which of them they are reported, and when they are shown."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_validate_changed import commit, git, repository  # noqa: F401

ROOT = Path(__file__).parents[2]
OLD = "records/2025/2025-qa-eg-health-ministers-memorandum.yaml"
COPY = "records/2025/2025-eg-qa-health-mou-cairo.yaml"  # before the other by name


@pytest.fixture
def data(few_records: Path, repository: Path) -> Path:
    """The repository with one more record in its last commit, on a new branch."""
    (few_records / OLD).parent.mkdir(exist_ok=True)
    shutil.copy(ROOT / OLD, few_records / OLD)
    commit(few_records, "Add")
    git(few_records, "switch", "-q", "-c", "mine")
    return few_records


def edit(root: Path, path: str, *, to: str = "", **changes: str) -> None:
    """Change lines of a record, named by their fields, and write it to the same or another path."""
    lines = (root / path).read_text(encoding="utf-8").splitlines(keepends=True)
    for field, value in changes.items():
        (number,) = (n for n, line in enumerate(lines) if line.startswith(f"{field}: "))
        lines[number] = f"{field}: {value}\n"
    (root / (to or path)).parent.mkdir(exist_ok=True)
    (root / (to or path)).write_text("".join(lines), encoding="utf-8")


def duplicate(root: Path) -> None:
    ident = Path(COPY).stem
    edit(root, OLD, to=COPY, id=ident, title="Egypt and Qatar sign a memorandum on health in Cairo")


@pytest.fixture
def findings(data: Path, cli_invoke_any):
    """Return a function that validates and gives code, path and message of what is of a code."""

    def run(code: str, *options: object) -> list[tuple[str, str]]:
        outcome = cli_invoke_any("--root", data, "validate", "-f", "json", *options)
        report = json.loads(outcome.stdout)
        return [
            (found["path"], found["message"])
            for found in report["findings"]
            if found["code"] == code
        ]

    return run


def test_duplicate_is_reported_at_the_changed_record(data, findings):
    duplicate(data)
    ((path, message),) = findings("HC905", "--changed")
    assert path == COPY
    assert Path(OLD).stem in message
    commit(data, "Add a copy")
    git(data, "switch", "-q", "-c", "more")
    edit(data, OLD, title="Qatar and Egypt sign")
    ((path, message),) = findings("HC905", "--changed-since", "HEAD")
    assert path == OLD
    assert Path(COPY).stem in message


def test_paths_show_a_finding_about_a_record_in_them(data, findings):
    duplicate(data)
    everywhere = findings("HC905")
    assert len(everywhere) == 1
    for path in (OLD, COPY, "records/2025"):
        assert findings("HC905", data / path) == everywhere
    assert findings("HC905", data / "records/2022") == []


def test_accepted_duplicate_stays_accepted_wherever_it_is_reported(data, findings):
    duplicate(data)
    for path in (OLD, COPY):
        entry = f"{{code: HC905, record: {Path(path).stem}, pointer: /title, reason: Two events.}}"
        text = f"accepted:\n  - {entry}\n"
        (data / "schema/accepted.yaml").write_text(text, encoding="utf-8")
        for options in ([], ["--changed"], ["--changed-since", "HEAD"]):
            assert findings("HC905", *options) == []
            assert findings("HC901", *options) == []


@pytest.mark.parametrize("copy", ["records/2023-copy.yaml", "records/2026/2023-copy.yaml"])
def test_shared_id_is_reported_at_the_misplaced_file(copy, data, findings):
    edit(data, OLD, to=copy)
    for options in ([], ["--changed"], [data / OLD]):
        ((path, message),) = findings("HC304", *options)
        assert path == copy
        assert OLD in message


def test_shared_id_is_reported_at_the_changed_file(data, findings):
    edit(data, OLD, to="records/2026/2023-copy.yaml")
    commit(data, "Add a copy")
    edit(data, OLD, title="Qatar and Egypt sign")
    ((path, message),) = findings("HC304", "--changed-since", "HEAD")
    assert (path, "2023-copy.yaml" in message) == (OLD, True)


def test_newer_record_is_the_one_whose_sources_were_read_last(data, findings):
    duplicate(data)
    for path, day in ((COPY, "2026-11-01"), (OLD, "2026-11-02")):
        text = (data / path).read_text(encoding="utf-8")
        line = f'    accessed: "{day}"\n    language: en\n'
        (data / path).write_text(text.replace("    language: en\n", line), encoding="utf-8")
    assert [path for path, _ in findings("HC905")] == [OLD]


def test_shared_identifier_is_reported_at_the_changed_record(data, findings):
    duplicate(data)
    for path in (OLD, COPY):
        edit(data, path, collection='news-search-2026\nidentifiers: [{scheme: wti, value: "5"}]')
    commit(data, "Add a copy")
    for path in (OLD, COPY):
        edit(data, path, title="Qatar and Egypt sign a memorandum")
        assert [path for path, _ in findings("HC673", "--changed-since", "HEAD")] == [path]
        git(data, "checkout", "-q", ".")


def test_finding_in_an_unchanged_record_is_shown_when_its_target_changed(data, findings):
    linking = COPY.replace("health-mou", "talks")
    ident = Path(linking).stem
    link = f"news-search-2026\nlinks: [{{rel: related, record: {Path(OLD).stem}}}]"
    edit(data, OLD, to=linking, id=ident, type="meeting", collection=link)
    commit(data, "Add talks")
    assert findings("HC655", "--changed-since", "HEAD") == []
    reason = '{date: "2026-11-21", reason: Not confirmed.}'
    edit(data, OLD, collection=f"news-search-2026\nwithdrawn: {reason}")
    assert [path for path, _ in findings("HC655", "--changed-since", "HEAD")] == [linking]


def test_other_spelling_of_a_name_is_reported_at_the_changed_record(data, findings):
    duplicate(data)
    text = (data / COPY).read_text(encoding="utf-8")
    other = text.replace("Khaled Abdel Ghaffar", "Khaled Abdel Ghafar")
    (data / COPY).write_text(other, encoding="utf-8")
    commit(data, "Add a copy")
    for path in (OLD, COPY):
        edit(data, path, title="Qatar and Egypt sign a memorandum")
        ((reported, message),) = findings("HC506", "--changed-since", "HEAD")
        assert reported == path
        mine = "Ghaffar" if path == OLD else "Ghafar"
        assert message.startswith(f"The name “Khaled Abdel {mine}” is spelt")
        git(data, "checkout", "-q", ".")
