"""Deleted ids: every id that identified a record must still identify one."""

import pytest

from healthcoop.checks.run import deleted_ids

OLD = "records/2022/2022-az-cu-visit.yaml"
NEW = "records/2022/2022-az-cu-talks.yaml"


def reported(before: dict[str, bytes], now: dict[str, bytes], *, untouched: str = "") -> list[str]:
    paths = {*now, untouched} - {""}
    return [
        f"{one.code} {one.path} {one.message.split('“')[1].split('”')[0]}"
        for one in deleted_ids(before, now, paths=paths, changed=set(now))
    ]


def test_deleted_record_is_reported() -> None:
    assert reported({OLD: b"id: 2022-az-cu-visit\n"}, {}) == [f"HC951 {OLD} 2022-az-cu-visit"]


@pytest.mark.parametrize("deleted", [True, False])
def test_finding_states_whether_its_file_still_exists(deleted: bool) -> None:
    """GitHub shows annotations only in files that exist."""
    now = {} if deleted else {OLD: b"id: 2022-az-cu-visit\n"}
    before = {OLD: b"id: 2022-az-cu-visit\nformer_ids: [2022-a]\n"}
    found = list(deleted_ids(before, now, paths=set(now), changed=set(now)))
    assert found
    assert {finding.deleted for finding in found} == {deleted}


def test_deleted_file_that_could_not_be_parsed_is_reported_by_its_name() -> None:
    assert reported({OLD: b"id: &a x\n"}, {}) == [f"HC951 {OLD} 2022-az-cu-visit"]


@pytest.mark.parametrize(
    "now",
    [
        {NEW: b"id: 2022-az-cu-talks\nformer_ids: [2022-az-cu-visit]\n"},
        {OLD: b"id: 2022-az-cu-visit\nwithdrawn: {reason: double}\n"},
        {"records/2021/2022-az-cu-visit.yaml": b"id: 2022-az-cu-visit\n"},
    ],
    ids=["renamed", "withdrawn", "moved"],
)
def test_renamed_withdrawn_or_moved_record_is_not_reported(now: dict[str, bytes]) -> None:
    assert reported({OLD: b"id: 2022-az-cu-visit\n"}, now) == []


def test_removed_former_id_is_reported() -> None:
    """Whether its record was deleted or only changed."""
    before = {OLD: b"id: 2022-az-cu-visit\nformer_ids: [2022-a, 2022-b]\n"}
    now = {OLD: b"id: 2022-az-cu-visit\nformer_ids: [2022-b]\n"}
    assert reported(before, now) == [f"HC951 {OLD} 2022-a"]
    expected = {f"HC951 {OLD} {name}" for name in ("2022-az-cu-visit", "2022-a", "2022-b")}
    assert set(reported(before, {})) == expected


def test_id_that_an_unchanged_file_has_is_not_reported() -> None:
    """One of two files with the same id may be deleted."""
    other = "records/2022/2022-az-cu-visit.yml"
    assert reported({OLD: b"id: 2022-az-cu-visit\n"}, {}, untouched=other) == []


def test_vocabularies_have_no_ids() -> None:
    assert reported({"schema/topics.yaml": b"id: x\n"}, {}) == []
