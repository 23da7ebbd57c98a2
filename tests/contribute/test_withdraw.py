"""``healthcoop withdraw``: a record that no longer counts stays, marked."""

import pytest

from healthcoop import Dataset
from healthcoop.files.canonical import reformat

MEETING = "2020-az-tr-ministers-meet"
MEMORANDUM = "2021-az-no-digital-memorandum"
TWICE = "2023-az-cu-meeting-told-twice"
NURSES = "2023-cu-no-agreement-on-nurses"
PATH = f"records/2020/{MEETING}.yaml"


def test_record_is_marked_with_today_and_keeps_everything_else(data, cli_invoke):
    before = data.contents()
    outcome = cli_invoke(
        "withdraw", MEMORANDUM, "--reason", "not confirmed", "--replaced-by", NURSES
    )
    path = f"records/2021/{MEMORANDUM}.yaml"
    mark = f'withdrawn:\n  date: "2026-11-21"\n  reason: not confirmed\n  replaced_by: [{NURSES}]\n'
    expected = before[path].replace(b"notes:", mark.encode() + b"notes:")
    assert data.contents() == {**before, path: expected}
    assert reformat(expected) == expected.decode()
    assert outcome.stdout == f"{path}\n"
    assert f"{MEMORANDUM} is now withdrawn\n" in outcome.stderr
    assert MEMORANDUM not in cli_invoke("list", "-f", "ids").stdout


def test_dry_run_prints_the_diff_that_git_applies(data, cli_invoke):
    before = data.contents()
    words = ("withdraw", MEETING, "--reason", "a duplicate", "--today", "2026-12-01")
    patch = cli_invoke(*words, "--dry-run").stdout
    assert data.contents() == before
    file = data.root.parent / "patch"
    file.write_text(patch, encoding="utf-8")
    data.git("apply", str(file))
    applied = data.contents()
    data.git("checkout", "--quiet", ".")
    cli_invoke(*words)
    assert data.contents() == applied
    assert data.read(MEETING)["withdrawn"]["date"] == "2026-12-01"


def test_mentions_in_other_records_are_listed(data, cli_invoke):
    """Links to it, and withdrawn records that it should replace."""
    outcome = cli_invoke("withdraw", MEETING, "--reason", "a duplicate", "--replaced-by", NURSES)
    assert "2 mentions in other records to look at" in outcome.stderr
    assert f"records/2021/{MEMORANDUM}.yaml:34:13: HC655" in outcome.stderr
    assert f"Write {NURSES}." in outcome.stderr
    assert f"records/2023/{TWICE}.yaml:20:17: HC307" in outcome.stderr


@pytest.mark.parametrize(
    ("words", "exit_code", "message"),
    [
        ((TWICE, "--reason", "again"), 1, "is withdrawn already, since 2024-01-01: double (see "),
        ((MEETING, "--reason", "double", "--replaced-by", TWICE), 1, "is withdrawn itself, since"),
        ((MEETING, "--reason", "double", "--replaced-by", "nope"), 1, "no record nope"),
        ((MEETING, "--reason", "double", "--replaced-by", MEMORANDUM[:-1]), 1, "Did you mean"),
        ((MEETING, "--reason", "double", "--replaced-by", MEETING), 2, "replaced by itself"),
        (("nope", "--reason", "double"), 1, "no record nope"),
        ((MEETING, "--reason", "x"), 2, "at least 3 are required"),
        ((MEETING, "--reason", "x" * 301), 2, "300"),
        ((MEETING, "--reason", "a \u202e override"), 2, "right-to-left override"),
        ((MEETING, "--reason", "one\ntwo"), 2, "line"),
        ((MEETING, "--reason", "an \x1b[31m escape"), 2, "control character"),
        ((MEETING,), 2, "--reason"),
    ],
)
def test_refused_withdrawal_changes_nothing(words, exit_code, message, data, cli_invoke):
    before = data.contents()
    assert message in cli_invoke("withdraw", *words, exit_code=exit_code).stderr
    assert data.contents() == before


def test_removal_on_request_leaves_only_the_ids(data, cli_invoke):
    data.write(MEETING, former_ids=["2020-az-tr-former"])
    outcome = cli_invoke("withdraw", MEETING, "--reason", "removed")
    assert data.read(MEETING) == {
        "id": MEETING,
        "former_ids": ["2020-az-tr-former"],
        "withdrawn": {"date": "2026-11-21", "reason": "removed"},
    }
    assert "earlier git revisions still have the rest" in outcome.stderr
    assert [one.code for one in Dataset.open(data.root).check().findings if one.path == PATH] == []


def test_reason_is_text_whatever_it_looks_like(data):
    for reason in ("yes", "2024-01-01", "a: b # c", "- x", "it's “quoted”"):
        Dataset.open(data.root).withdraw(MEETING, reason=reason)
        assert data.read(MEETING)["withdrawn"]["reason"] == reason
        data.git("checkout", "--quiet", ".")
