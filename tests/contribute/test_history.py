"""``contribute.history``: the changes of a record over its revisions, field by field."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.contribute.history import Change, RecordHistory, compare, history
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
    revisions = history(repository.root, path).revisions
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
    found = {
        revision.subject: revision.changes for revision in history(repository.root, PATH).revisions
    }
    assert [change.field for change in found["Side"]] == ["title"]
    assert [change.field for change in found["Main"]] == ["collection"]


def test_untracked_file_has_no_history(repository: Repository) -> None:
    repository.commit("Add", RECORD)
    assert history(repository.root, "records/2022/other.yaml") == RecordHistory(())


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


def clone(repository: Repository, *options: str) -> Path:
    """Clone over the protocol, with which the clone may be shallow or partial."""
    repository.git("config", "uploadpack.allowFilter", "true")
    target = repository.root.parent / f"{repository.root.name}-clone"
    address = repository.root.as_uri()
    repository.git("clone", "--quiet", *options, address, str(target))
    return target


def test_shallow_clone_does_not_attribute_a_record_to_its_first_commit(
    repository: Repository,
) -> None:
    repository.commit("Add it", RECORD)
    repository.commit("Add another", RECORD, path="records/2022/other.yaml")
    repository.commit("Change it", {**RECORD, "type": "meeting"})
    found = history(clone(repository, "--depth", "2"), PATH)
    assert [each.subject for each in found.revisions] == ["Change it"]
    assert found.revisions[0].changes == (Change("type", "visit", "meeting"),)
    assert "git fetch --unshallow" in found.missing


def test_shallow_clone_with_the_whole_history_of_a_record_is_complete(
    repository: Repository,
) -> None:
    repository.commit("Begin", RECORD, path="records/2022/other.yaml")
    repository.commit("Add it", RECORD)
    found = history(clone(repository, "--depth", "1"), PATH)
    assert found.revisions == ()
    assert found.missing
    repository.commit("Change it", {**RECORD, "type": "meeting"})
    repository.commit("Change the other", {**RECORD, "type": "meeting"}, path="records/2022/o.yaml")
    deeper = repository.root.parent / "deeper"
    repository.git("clone", "--quiet", "--depth", "3", repository.root.as_uri(), str(deeper))
    found = history(deeper, "records/2022/o.yaml")
    assert [each.note for each in found.revisions] == ["added"]
    assert found.missing == ""


def test_partial_clone_names_the_revisions_that_it_cannot_compare(repository: Repository) -> None:
    repository.commit("Add it", RECORD)
    repository.commit("Change it", {**RECORD, "type": "meeting"})
    repository.commit("Change it again", {**RECORD, "type": "call"})
    partial = clone(repository, "--filter=blob:none")
    found = history(partial, PATH)
    assert found.revisions[0].subject == "Change it again"
    assert {each.note for each in found.revisions} == {
        "its content, or that before it, is not in this clone"
    }
    assert not any(each.changes for each in found.revisions)
    assert f"git log -p --follow -- {PATH}" in found.missing
    subprocess.run(
        ["git", "log", "-p", "--follow", "--", PATH], cwd=partial, check=True, capture_output=True
    )
    assert history(partial, PATH) == history(repository.root, PATH)
