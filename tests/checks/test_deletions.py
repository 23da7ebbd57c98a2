"""An id that led to a record goes on leading somewhere."""

import pytest

from healthcoop.checks.deletions import deleted_ids

OLD = "records/2022/2022-az-cu-visit.yaml"
NEW = "records/2022/2022-az-cu-talks.yaml"


def found(before: dict[str, bytes], now: dict[str, bytes], *, untouched: str = "") -> list[str]:
    paths = {*now, untouched} - {""}
    return [
        f"{one.code} {one.path} {one.message.split('“')[1].split('”')[0]}"
        for one in deleted_ids(before, now, paths=paths, changed=set(now))
    ]


def test_a_record_that_is_gone_is_found() -> None:
    assert found({OLD: b"id: 2022-az-cu-visit\n"}, {}) == [f"HC951 {OLD} 2022-az-cu-visit"]


@pytest.mark.parametrize("gone", [True, False])
def test_a_finding_says_whether_its_file_is_gone(gone: bool) -> None:
    """An annotation can stand only in a file that is there."""
    now = {} if gone else {OLD: b"id: 2022-az-cu-visit\n"}
    before = {OLD: b"id: 2022-az-cu-visit\nformer_ids: [2022-a]\n"}
    found = list(deleted_ids(before, now, paths=set(now), changed=set(now)))
    assert found
    assert {finding.gone for finding in found} == {gone}


def test_a_file_that_could_not_be_read_answered_to_its_name() -> None:
    assert found({OLD: b"id: &a x\n"}, {}) == [f"HC951 {OLD} 2022-az-cu-visit"]


@pytest.mark.parametrize(
    "now",
    [
        {NEW: b"id: 2022-az-cu-talks\nformer_ids: [2022-az-cu-visit]\n"},
        {OLD: b"id: 2022-az-cu-visit\nwithdrawn: {reason: double}\n"},
        {"records/2021/2022-az-cu-visit.yaml": b"id: 2022-az-cu-visit\n"},
    ],
    ids=["renamed", "withdrawn", "moved"],
)
def test_a_record_that_was_renamed_withdrawn_or_moved_is_not(now: dict[str, bytes]) -> None:
    assert found({OLD: b"id: 2022-az-cu-visit\n"}, now) == []


def test_a_former_id_that_is_dropped_is_found() -> None:
    """Of a record that is gone, or that is there as it was."""
    before = {OLD: b"id: 2022-az-cu-visit\nformer_ids: [2022-a, 2022-b]\n"}
    now = {OLD: b"id: 2022-az-cu-visit\nformer_ids: [2022-b]\n"}
    assert found(before, now) == [f"HC951 {OLD} 2022-a"]
    gone = {f"HC951 {OLD} {name}" for name in ("2022-az-cu-visit", "2022-a", "2022-b")}
    assert set(found(before, {})) == gone


def test_an_id_that_an_untouched_file_has_is_there() -> None:
    """As where one of two files of one id is taken away."""
    other = "records/2022/2022-az-cu-visit.yml"
    assert found({OLD: b"id: 2022-az-cu-visit\n"}, {}, untouched=other) == []


def test_vocabularies_have_no_ids() -> None:
    assert found({"schema/topics.yaml": b"id: x\n"}, {}) == []
