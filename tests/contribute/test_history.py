"""``contribute.history``: the changes of a record over its revisions, field by field."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.contribute.history import Change, compare, history
from healthcoop.files.canonical import layout

RECORD: dict[str, Any] = {
    "id": "2022-az-cu-visit",
    "type": "visit",
    "title": "Azerbaijan's health minister visits Cuba",
    "date": "2022-10-07~",
    "places": [{"city": "Havana", "country": "CU"}],
    "parties": [{"country": "AZ", "bodies": ["Ministry of Health"]}, {"country": "CU"}],
    "people": [{"name": "Teymur Musayev", "party": "AZ"}],
    "topics": ["vaccines"],
    "summary": "The minister spoke of vaccines in Havana, and both sides promised to meet again.",
    "sources": [{"url": "https://example.org/news", "supports": ["parties"]}],
    "collection": "news",
}
PATH = "records/2022/2022-az-cu-visit.yaml"


class Repository:
    """A repository in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *words: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.root, check=True, capture_output=True)
        return done.stdout.decode()

    def commit(self, subject: str, content: dict[str, Any] | str, *, path: str = PATH) -> None:
        """Write a record, or any text, and commit all there is."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else layout(content)
        file.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", subject)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A Curator")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "curator@example.org")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-03-04T12:00:00Z")
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", os.devnull)
    return Repository(tmp_path)


def changes(repository: Repository, path: str = PATH) -> list[tuple[str, list[Change]]]:
    revisions = history(repository.root, path)
    assert {revision.author for revision in revisions} == {"A Curator"}
    return [(revision.note, list(revision.changes)) for revision in revisions]


def test_each_revision_has_its_changes_the_latest_first(repository: Repository) -> None:
    repository.commit("Add", RECORD)
    repository.commit("Date it", {**RECORD, "date": "2022-10-07"})
    repository.commit("Call it a meeting", {**RECORD, "date": "2022-10-07", "type": "meeting"})
    latest, middle, first = changes(repository)
    assert latest == ("", [Change("type", "visit", "meeting")])
    assert middle == ("", [Change("date", "2022-10-07~", "2022-10-07")])
    assert first[0] == "added"
    assert Change("parties.AZ.bodies.Ministry of Health", None, "Ministry of Health") in first[1]


def test_reformatting_changes_no_value(repository: Repository) -> None:
    repository.commit("Add", RECORD)
    flow = layout(RECORD).replace(
        "- {city: Havana, country: CU}", "- country: CU\n    city: Havana"
    )
    repository.commit("Reformat", flow)
    (note, found), _ = changes(repository)
    assert note.startswith("no value changed")
    assert found == []


def test_rename_is_followed_and_noted(repository: Repository) -> None:
    repository.commit("Add", RECORD)
    renamed = "records/2022/2022-az-cu-talks.yaml"
    repository.git("mv", PATH, renamed)
    repository.commit("Rename", {**RECORD, "id": "2022-az-cu-talks"}, path=renamed)
    latest, first = changes(repository, renamed)
    assert latest == (f"moved from {PATH}", [Change("id", "2022-az-cu-visit", "2022-az-cu-talks")])
    assert first[0] == "added"


def test_removed_and_restored_file(repository: Repository) -> None:
    repository.commit("Add", RECORD)
    repository.git("rm", "--quiet", PATH)
    repository.git("commit", "--quiet", "--message", "Remove")
    repository.commit("Restore", RECORD)
    restored, removed, added = changes(repository)
    assert [note for note, _ in (restored, removed, added)] == ["added", "removed", "added"]
    assert restored == added
    assert {change.field for change in removed[1]} == {change.field for change in added[1]}


@pytest.mark.parametrize("broken", ["id: [", "id: a\nid: b\n", "\x00", "", "- a list\n"])
def test_invalid_revision_is_noted_and_hides_no_change(broken: str, repository: Repository) -> None:
    repository.commit("Add", RECORD)
    repository.commit("Break", broken)
    repository.commit("Fix", {**RECORD, "type": "meeting"})
    fixed, invalid, _ = changes(repository)
    assert invalid[0].startswith("cannot be parsed: line ")
    assert invalid[1] == []
    assert fixed == ("", [Change("type", "visit", "meeting")])


def test_object_missing_from_git_is_noted(repository: Repository) -> None:
    repository.commit("Add", RECORD)
    blob = repository.git("rev-parse", f"HEAD:{PATH}").strip()
    repository.commit("Change", {**RECORD, "type": "meeting"})
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    latest, first = changes(repository)
    assert first[0].startswith("cannot be read: git failed: ")
    assert first[1] == []
    assert Change("type", None, "meeting") in latest[1]


def test_changes_of_another_branch_are_not_attributed_to_this_one(repository: Repository) -> None:
    repository.commit("Add", RECORD)
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit("Side", {**RECORD, "title": "Another title"})
    repository.git("checkout", "--quiet", "main")
    repository.commit("Main", {**RECORD, "collection": "register"})
    repository.git("merge", "--quiet", "side")
    found = {revision.subject: revision.changes for revision in history(repository.root, PATH)}
    assert [change.field for change in found["Side"]] == ["title"]
    assert [change.field for change in found["Main"]] == ["collection"]


def test_untracked_file_has_no_history(repository: Repository) -> None:
    repository.commit("Add", RECORD)
    assert history(repository.root, "records/2022/other.yaml") == []


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("parties", [{"country": "CU"}, RECORD["parties"][0]], []),
        ("topics", ["vaccines", "tuberculosis"], [("topics.tuberculosis", None, "tuberculosis")]),
        ("topics", [], [("topics.vaccines", "vaccines", None)]),
        ("online", True, [("online", None, True)]),
        (
            "people",
            [{"name": "Teymur Musayev", "party": "AZ", "signed": True}],
            [("people.Teymur Musayev.signed", None, True)],
        ),
        ("people", "nobody", [("people", str(RECORD["people"]), "nobody")]),
        (
            "links",
            [{"rel": "related", "record": "x"}, {"rel": "follows-up", "record": "x"}],
            [
                ("links.x.rel", None, "related"),
                ("links.x.record", None, "x"),
                ("links.x (2).rel", None, "follows-up"),
                ("links.x (2).record", None, "x"),
            ],
        ),
    ],
)
def test_list_items_are_matched_by_identifying_fields(
    field: str, value: object, expected: list[tuple[str, Any, Any]]
) -> None:
    assert compare(RECORD, {**RECORD, field: value}) == [Change(*each) for each in expected]


NAMES = st.sampled_from(["title", "code", "url", "note"])
TREES = st.recursive(
    st.text(max_size=3) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, TREES), st.dictionaries(NAMES, TREES))
def test_comparison_is_symmetric(one: dict[str, Any], other: dict[str, Any]) -> None:
    there = {(change.field, change.old, change.new) for change in compare(one, other)}
    back = {(change.field, change.new, change.old) for change in compare(other, one)}
    assert there == back
    assert compare(one, one) == []
