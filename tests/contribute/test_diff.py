"""``healthcoop diff``: what differs between two states of a data set."""

import json
import re
import subprocess
from typing import Any

import pytest
from markdown_it import MarkdownIt

from healthcoop import Dataset
from healthcoop.contribute.diff import DataSetDiff
from healthcoop.contribute.diff_markdown import MOST, as_markdown
from healthcoop.files import comparison, git
from tests.contribute.conftest import DataRepository

MEETING = "2020-az-tr-ministers-meet"
MEMORANDUM = "2021-az-no-digital-memorandum"
VISIT = "2022-az-who-country-office-visit"
DECLARATION = "2022-multi-vaccine-declaration"
TWICE = "2023-az-cu-meeting-told-twice"
NURSES = "2023-cu-no-agreement-on-nurses"
OLDEST = "1985-gb-suhh-health-agreement"

HOSTILE: dict[str, Any] = {
    "id": "2024-az-tr-visit",
    "type": "visit",
    "title": "@octocat closes #1 | <img src=x> [here](javascript:alert(1)) \u202e`x`\n# big",
    "date": "2024-05-01",
    "parties": [{"country": "AZ", "bodies": ["@org/team"]}, {"country": "TR"}, "TR", {"x": ["y"]}],
    "people": [{"name": "www.evil.example", "role": "**Minister**", "party": "AZ"}],
    "topics": ["vaccines", "digital-health"],
    "summary": "</details> GH-1 http://evil.example :tada:",
    "sources": [
        {"url": "https://news.example/a>)b?c=1&d=2", "publisher": "News ](x)", "kind": "press"},
        {"url": "javascript:alert(1)", "publisher": "Click"},
        {"url": "https://github.com/a/b/issues/1"},
    ],
    "collection": "news",
}


def compared(repository: DataRepository, *revisions: str) -> DataSetDiff:
    return Dataset.open(repository.root).diff(*revisions)


def statuses(diff: DataSetDiff) -> dict[str, str]:
    return {record.id: record.status for record in diff.records}


@pytest.fixture
def edited(data: DataRepository) -> DataRepository:
    """One difference of each kind, not committed."""
    data.write(HOSTILE["id"], **HOSTILE)
    withdrawn = {"date": "2026-11-21", "reason": "the same event", "replaced_by": [MEETING]}
    data.write(DECLARATION, withdrawn=withdrawn)
    new = "2021-az-no-memorandum"
    data.file(MEMORANDUM).rename(data.file(new))
    data.write(new, id=new, former_ids=[MEMORANDUM], date="2021-05-11")
    data.file(VISIT).unlink()
    data.write(MEETING, former_ids=[VISIT])
    data.file(OLDEST).unlink()
    data.write(NURSES, topics=["workforce", "vaccines"])
    data.file(TWICE).write_text("id: [\n", encoding="utf-8")
    topics = data.root / "schema/topics.yaml"
    text = topics.read_text(encoding="utf-8").replace("Health workforce", "Nurses")
    topics.write_text(f"{text}  - code: ageing\n    label: Ageing\n", encoding="utf-8")
    (data.root / "schema/notes.txt").write_text("x", encoding="utf-8")
    return data


def masked(shown: str) -> str:
    """Replace the commit hashes, which change with every byte of the data set."""
    return re.sub(r"\b[0-9a-f]{10}([0-9a-f]{30})?\b", "0123456789", shown)


@pytest.mark.parametrize("format_", ["text", "markdown", "json"])
def test_every_kind_of_difference_in_each_format(format_, edited, cli_invoke, golden):
    outcome = cli_invoke("diff", "-f", format_)
    golden(f"diff/diff.{format_}", masked(outcome.stdout))
    assert masked(outcome.stderr).startswith("healthcoop: main (0123456789) compared with the work")


def test_terminal_output_is_coloured(edited, cli_invoke):
    shown = cli_invoke("--color", "always", "diff").stdout
    assert "\x1b[1;31m1 record deleted\x1b[0m" in shown
    assert "\x1b[32m" in shown
    assert "\u202e" not in shown


def test_states_that_are_equal_are_empty(data, cli_invoke):
    outcome = cli_invoke("diff", "--exit-code")
    assert outcome.stdout == ""
    assert "No record changed" in outcome.stderr
    found = json.loads(cli_invoke("diff", "main", "mine", "-f", "json").stdout)
    assert {name: value for name, value in found.items() if value} == {
        "old": {"name": found["old"]["name"], "commit": data.git("rev-parse", "main").strip()},
        "new": {"name": found["new"]["name"], "commit": data.git("rev-parse", "mine").strip()},
    }


def test_exit_code_reports_a_difference(edited, cli_invoke):
    cli_invoke("diff", "--exit-code", exit_code=1)
    cli_invoke("diff", exit_code=0)


def test_two_revisions_are_compared_whatever_is_on_disk(edited):
    edited.commit()
    forward = compared(edited, "main", "HEAD")
    edited.git("checkout", "--quiet", "main")
    assert compared(edited, "main", "mine").to_data()["records"] == forward.to_data()["records"]
    backward = statuses(compared(edited, "mine", "main"))
    assert backward == {
        HOSTILE["id"]: "deleted",
        DECLARATION: "changed",
        MEMORANDUM: "renamed",
        VISIT: "added",
        MEETING: "changed",
        OLDEST: "added",
        NURSES: "changed",
        TWICE: "added",
    }


def test_one_revision_is_compared_with_the_files_on_disk(data):
    """And not with the merge base, as ``git diff`` does it."""
    data.write(NURSES, topics=["vaccines"])
    data.commit()
    data.git("checkout", "--quiet", "main")
    data.write(MEETING, topics=["vaccines"])
    assert statuses(compared(data, "mine")) == {MEETING: "changed", NURSES: "changed"}
    data.git("checkout", "--quiet", "--force", "mine")
    assert statuses(compared(data)) == {NURSES: "changed"}


def test_record_whose_only_change_is_its_id_is_renamed_and_its_old_id_lost(data):
    new = "2020-az-tr-talks"
    data.file(MEETING).rename(data.file(new))
    data.write(new, id=new)
    (record,) = compared(data).records
    assert (record.status, record.former_id, record.lost_ids) == ("renamed", MEETING, (MEETING,))


def test_links_that_follow_a_new_id_are_no_changed_records(data):
    data.write(NURSES, links=[{"rel": "related", "record": MEETING}])
    data.commit()
    Dataset.open(data.root).rename(MEETING, "2020-az-tr-talks")
    data.write(NURSES, topics=["vaccines"])
    found = compared(data, "HEAD")
    assert statuses(found) == {"2020-az-tr-talks": "renamed", NURSES: "changed"}
    assert found.followed == (
        f"records/2021/{MEMORANDUM}.yaml",
        f"records/2023/{TWICE}.yaml",
    )


def test_other_changes_of_a_withdrawn_record_are_shown_but_nothing_removed(data, cli_invoke):
    Dataset.open(data.root).withdraw(MEETING, reason="double")
    data.write(MEETING, topics=["digital-health"], title="A title that was slipped in")
    Dataset.open(data.root).withdraw(MEMORANDUM, reason="removed")
    for format_ in ("text", "markdown"):
        shown = cli_invoke("diff", "-f", format_).stdout
        assert "slipped in" in shown
        assert "digital-health" in shown
        assert "Nordmann" not in shown


def test_file_that_moved_keeps_its_record(data):
    moved = data.root / "records/2021" / data.file(MEETING).name
    data.file(MEETING).rename(moved)
    (record,) = compared(data).records
    assert (record.status, record.id, record.former_id) == ("renamed", MEETING, MEETING)
    assert record.former_path == f"records/2020/{MEETING}.yaml"
    assert record.lost_ids == ()
    assert record.changes == []


def test_removed_former_id_is_lost(data):
    data.write(MEETING, former_ids=["2020-az-tr-old", "2020-az-tr-older"])
    data.commit()
    data.write(MEETING, former_ids=["2020-az-tr-older"])
    (record,) = compared(data, "HEAD").records
    assert (record.status, record.lost_ids) == ("changed", ("2020-az-tr-old",))


def test_reformatted_file_has_no_changed_record(data):
    text = data.file(MEETING).read_text(encoding="utf-8")
    data.file(MEETING).write_text(text.replace("date: ", "date:   "), encoding="utf-8")
    found = compared(data)
    assert found.records == ()
    assert found.reformatted == (f"records/2020/{MEETING}.yaml",)


def test_line_ends_of_windows_are_no_difference(data):
    content = data.file(MEETING).read_bytes()
    data.file(MEETING).write_bytes(content.replace(b"\n", b"\r\n"))
    assert not compared(data)


@pytest.mark.parametrize("state", ["earlier", "later"])
def test_file_that_cannot_be_parsed_is_named_with_its_state(state, data):
    good = data.file(MEETING).read_bytes()
    bad = good + b"title: again\n"
    data.file(MEETING).write_bytes(bad if state == "earlier" else good)
    topics = data.root / "schema/topics.yaml"
    kept = topics.read_bytes()
    topics.write_bytes(b"topics: [\n" if state == "earlier" else kept)
    data.git("commit", "--quiet", "--all", "--allow-empty", "--message", "x")
    data.file(MEETING).write_bytes(good if state == "earlier" else bad)
    topics.write_bytes(kept if state == "earlier" else b"topics: [\n")
    found = compared(data, "HEAD")
    names = {"earlier": found.old.name, "later": "the working tree"}
    assert {(file.path, file.revision) for file in found.unread} == {
        (f"records/2020/{MEETING}.yaml", names[state]),
        ("schema/topics.yaml", names[state]),
    }
    assert [record.status for record in found.records] == (["added"] * (state == "earlier"))


def test_link_in_place_of_a_record_is_not_followed(data):
    secret = data.root.parent / "secret.yaml"
    secret.write_text("id: secret\n", encoding="utf-8")
    data.file(MEETING).unlink()
    data.file(MEETING).symlink_to(secret)
    found = compared(data)
    assert [(file.path, "link" in file.problem) for file in found.unread] == [
        (f"records/2020/{MEETING}.yaml", True)
    ]
    assert "secret" not in json.dumps(found.to_data())


def test_object_above_the_limit_is_not_read(data):
    data.file(MEETING).write_bytes(b"#" * 300_000)
    data.commit()
    (file,) = compared(data, "main", "HEAD").unread
    assert "262,144 bytes" in file.problem


def test_files_that_differ_too_much_are_refused(data, monkeypatch, cli_invoke):
    monkeypatch.setattr("healthcoop.contribute.diff._MAX_BYTES", 100)
    data.file(MEETING).unlink()
    outcome = cli_invoke("diff", exit_code=2)
    assert "nearer to each other" in outcome.stderr


def test_contents_are_read_from_git_a_few_at_a_time(edited, monkeypatch):
    edited.commit()
    whole = compared(edited, "main", "HEAD").to_data()
    calls = []
    run = git.run
    monkeypatch.setattr(comparison, "_AT_ONCE", 2)
    monkeypatch.setattr(
        git, "run", lambda *words, **more: calls.append(words[1]) or run(*words, **more)
    )
    assert compared(edited, "main", "HEAD").to_data() == whole
    assert calls.count("cat-file") > 4


@pytest.mark.parametrize(("name", "width"), [("_MAX_FILES", 10), ("_MAX_DEPTH", 1)])
def test_commit_with_more_than_a_data_set_has_is_refused(
    name, width, data, monkeypatch, cli_invoke
):
    """A few trees that contain each other several times are millions of paths."""
    tree = data.git("rev-parse", "HEAD:records").strip()
    for _ in range(5):
        entries = "".join(f"040000 tree {tree}\td{number}\n" for number in range(width))
        tree = made(data, "mktree", entries)
    top = made(data, "mktree", f"040000 tree {tree}\trecords\n")
    bomb = data.git("commit-tree", "-m", "bomb", top).strip()
    monkeypatch.setattr(comparison, name, 5 * width)
    outcome = cli_invoke("diff", "HEAD", bomb, exit_code=2)
    assert f"{bomb[:10]} has more than " in outcome.stderr


def made(data: DataRepository, word: str, stdin: str) -> str:
    words = ["git", word]
    done = subprocess.run(
        words, cwd=data.root, input=stdin.encode(), check=True, capture_output=True
    )
    return done.stdout.decode().strip()


def test_unknown_revisions_are_refused(data, cli_invoke):
    assert "unknown revision “nope”" in cli_invoke("diff", "nope", exit_code=2).stderr
    assert "main mine" in cli_invoke("diff", "main..mine", exit_code=2).stderr
    assert "at most two" in cli_invoke("diff", "a", "b", "c", exit_code=2).stderr
    assert "unknown revision" in cli_invoke("diff", "--", "--output=x", exit_code=2).stderr
    data.git("switch", "--quiet", "main")
    assert "you are on main itself" in cli_invoke("diff", exit_code=2).stderr


def test_first_commit_is_compared_with_nothing(data, cli_invoke):
    data.git("checkout", "--quiet", "--orphan", "empty")
    assert {record.status for record in compared(data).records} == {"added"}


def elements(markdown: str) -> set[str]:
    return set(
        re.findall(r"<([a-z0-9]+)", MarkdownIt("commonmark").enable("table").render(markdown))
    )


def test_markdown_shows_no_text_of_a_stranger_as_markup(edited):
    written = as_markdown(compared(edited), None)
    html = MarkdownIt("commonmark").enable("table").render(written)
    assert elements(written) <= {
        *("h3", "h4", "p", "ul", "li", "strong", "br", "a"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert re.findall('href="([^"]*)', html) == ["https://news.example/a%3E)b?c=1&amp;d=2"]
    shown = re.sub("<[^>]*>", "", html)
    assert not re.search(r"@\w|#\d|GH-\d|https?://|:tada:|www\.", shown)


def test_markdown_is_within_the_limit_and_says_what_it_leaves_out(data):
    for number in range(200):
        ident = f"2024-az-tr-visit-{number}"
        data.write(ident, **{**HOSTILE, "id": ident, "summary": "\U0001f3e5<" * 400})
    data.write(NURSES, topics=["vaccines"])
    found = compared(data)
    written = as_markdown(found, None, findings="\U0001f3e5" * 8_000)
    assert MOST - 5_000 < len(written.encode("utf-16-le")) // 2 <= MOST
    left = re.search(r"Left out for want of room: (\d+) under “Added”\.", written)
    assert left
    assert written.count("2024-az-tr-visit-") == 200 - int(left[1])
    assert NURSES in written


def test_findings_follow_in_the_same_comment(edited, cli_invoke):
    outcome = cli_invoke("diff", "-f", "markdown", "--findings")
    first, _, findings = outcome.stdout.partition("\n### healthcoop validate\n")
    assert first.startswith("### 1 record added, 1 withdrawn")
    assert f"records/1985/{OLDEST}.yaml" in findings
    assert "HC951 error" in findings
    assert len(outcome.stdout) <= MOST
    assert "--findings goes with" in cli_invoke("diff", "--findings", exit_code=2).stderr


def test_invalid_vocabularies_do_not_stop_the_comparison(data, cli_invoke):
    (data.root / "schema/countries.json").write_text("{", encoding="utf-8")
    outcome = cli_invoke("diff", "-f", "markdown")
    assert "schema/countries.json" in outcome.stdout


def test_folder_outside_git_is_an_error(data, cli_invoke, tmp_path):
    (data.root / ".git").rename(tmp_path / "git")
    assert "git failed" in cli_invoke("diff", "HEAD", exit_code=2).stderr


def test_patch_of_a_submodule_is_refused(data, cli_invoke):
    inner = data.root / "records/2024"
    inner.mkdir()
    subprocess.run(["git", "init", "--quiet"], cwd=inner, check=True)
    (inner / "x.yaml").write_text("id: x\n", encoding="utf-8")
    for words in (["add", "."], ["commit", "--quiet", "--message", "x"]):
        subprocess.run(["git", *words], cwd=inner, check=True, capture_output=True)
    data.commit()
    assert "is a submodule" in cli_invoke("diff", "main", "HEAD", exit_code=2).stderr
