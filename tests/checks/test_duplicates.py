"""Likely duplicates, tested on pairs of records that curators judged."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.checks import duplicates
from healthcoop.checks.duplicates import find
from healthcoop.dataset import Dataset
from healthcoop.files import reader
from healthcoop.model.columns import IndexedRecord
from tests.bench.generate import Generator

ROOT = Path(__file__).parents[2]
JUDGED = ROOT / "tests" / "data" / "duplicates"

ONE_EVENT = [
    ("by-ba-srpska-agreement-2024", "republika-srpska-belarus-2024"),
    ("ua-pl-mou-2024-03-28", "ukraine-poland-mou-2024"),
    ("cu-gh-agreement-2021-07-07", "cuba-ghana-agreement-2021"),
    ("eg-gr-mou-2023-09-13", "greece-egypt-mou-2023"),
    ("ru-mz-zm-zw-experts-2023-11", "russia-southern-africa-visit-2023"),
    ("tm-kr-ovezov-seoul-2024-03", "kr-tm-meeting-2024-03"),
    ("ir-iq-einollahi-hasnawi-2022-12", "ir-iq-joint-committee-2022-12"),
    ("cu-mx-portal-alcocer-2024-04", "cuba-mexico-visit-2024"),
]
MISSED = [
    # Only a year, and a row of a list: two texts of 2011 may well be two events.
    ("kz-in-mou-2011", "in-kz-agreement-2011-04-16"),
]
TWO_EVENTS = [
    ("cn-kr-mou-2023-12-03", "cn-jp-kr-mou-2023-12-03"),
    ("in-cu-ayush-mou-2018-06-22", "in-cu-biotech-loi-2018-06-22"),
    ("sa-id-hhc-mou-2025-02", "sa-id-nahdlatul-mou-2025-02"),
    ("am-ru-forum-3-2017", "am-ru-skvortsova-2017-09-26"),
    ("ir-sa-meeting-2025-10-16", "ir-sa-meeting-2025-10-28"),
    ("np-in-ayurveda-mou-2025-06", "np-in-framework-2025-06"),
    ("az-kz-musayev-alnazarova-2025-04", "az-kz-musayev-duisenova-2025-04"),
    ("az-kz-musayev-bektenov-2025-04", "az-kz-musayev-duisenova-2025-04"),
    ("az-kz-musayev-alnazarova-2025-04", "az-kz-musayev-bektenov-2025-04"),
    ("ge-tr-mou-2025-10-21", "ge-tr-kobakhidze-memisoglu-2025-10"),
    ("uz-who-bca-2020-02", "kz-who-agreement-2020-2021"),
    ("kz-who-agreement-2020-2021", "kz-who-mamin-kluge-2020-02"),
]


@pytest.fixture(scope="module")
def kind() -> Callable[[str], str]:
    return Dataset(ROOT).vocabulary.kind


@pytest.fixture(scope="module")
def judged(kind: Callable[[str], str]) -> dict[str, IndexedRecord]:
    """The judged records by id."""
    found = {}
    for path in sorted(JUDGED.glob("*.yaml")):
        data = reader.parse(path.read_bytes()).data
        assert data, path
        found[path.stem] = IndexedRecord(data, path.name, kind(data["type"]))
    return found


def ids(pairs: list[duplicates.DuplicatePair]) -> set[frozenset[str]]:
    return {frozenset((pair.one.record.id, pair.other.record.id)) for pair in pairs}


def test_every_judged_record_is_in_a_judged_pair(judged: dict[str, IndexedRecord]) -> None:
    assert {ident for pair in (*ONE_EVENT, *MISSED, *TWO_EVENTS) for ident in pair} == set(judged)


def test_pairs_judged_as_one_event_are_found(
    judged: dict[str, IndexedRecord],
) -> None:
    """Precision is 8 of 8, recall 8 of 9."""
    assert ids(find(judged.values())) == {frozenset(pair) for pair in ONE_EVENT}


@pytest.mark.parametrize("pair", ONE_EVENT, ids=" ".join)
def test_one_event_scores_well_above_the_threshold(
    pair: tuple[str, str], judged: dict[str, IndexedRecord]
) -> None:
    (found,) = find([judged[ident] for ident in pair])
    assert found.score >= duplicates.THRESHOLD + 0.05


@pytest.mark.parametrize("pair", TWO_EVENTS, ids=" ".join)
def test_two_events_score_well_below_the_threshold(
    pair: tuple[str, str], judged: dict[str, IndexedRecord]
) -> None:
    assert find([judged[ident] for ident in pair], threshold=duplicates.THRESHOLD - 0.05) == []


def linked(listed: IndexedRecord, *links: tuple[str, str]) -> IndexedRecord:
    return replace(
        listed, data={**listed.data, "links": [{"rel": rel, "record": to} for rel, to in links]}
    )


@pytest.mark.parametrize(("one", "other"), ONE_EVENT)
def test_linked_records_are_never_reported(
    one: str, other: str, judged: dict[str, IndexedRecord]
) -> None:
    first, second = judged[one], judged[other]
    assert find([linked(first, ("related", other)), second], threshold=0) == []
    assert find([first, linked(second, ("related", one))], threshold=0) == []
    both = [linked(item, ("part-of", "a-third")) for item in (first, second)]
    assert find(both, threshold=0) == []
    # Links to a third record by different relations do not count.
    apart = [linked(first, ("related", "a-third")), linked(second, ("follows-up", "a-third"))]
    assert find(apart, threshold=0)


@given(order=st.randoms(use_true_random=False))
def test_order_of_records_does_not_matter(
    order: random.Random, judged: dict[str, IndexedRecord]
) -> None:
    shuffled = list(judged.values())
    order.shuffle(shuffled)
    assert find(shuffled, threshold=0) == find(judged.values(), threshold=0)


@pytest.mark.parametrize("change", [{}, {"date": "[..2026-11-21]"}, {"date": "20XX"}])
def test_a_copy_is_found_even_if_its_day_is_unknown(
    change: dict[str, str], judged: dict[str, IndexedRecord]
) -> None:
    listed = judged["ua-pl-mou-2024-03-28"]
    other = IndexedRecord({**listed.data, "id": "the-same", **change}, "the-same.yaml", listed.kind)
    assert ids(find([listed, other])) == {frozenset((listed.record.id, "the-same"))}


def test_records_of_a_single_party_are_compared(
    judged: dict[str, IndexedRecord],
) -> None:
    listed = judged["uz-who-bca-2020-02"]
    single_party = [
        IndexedRecord(
            {**listed.data, "id": ident, "parties": [{"organisation": "WHO"}], "people": []},
            f"{ident}.yaml",
            listed.kind,
        )
        for ident in ("one", "other")
    ]
    assert ids(find([listed, *single_party])) == {frozenset(("one", "other"))}


def test_people_without_party_or_letters_in_their_name_are_ignored(
    judged: dict[str, IndexedRecord],
) -> None:
    listed = judged["ua-pl-mou-2024-03-28"]
    people: list[dict[str, Any]] = [{"name": "..."}, {"name": "A Person"}]
    other = IndexedRecord(
        {**listed.data, "id": "the-same", "people": people}, "the-same.yaml", listed.kind
    )
    assert find([listed, other])


@pytest.mark.parametrize("count", [500, 2000])
def test_few_of_all_possible_pairs_are_compared(
    count: int, kind: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the two million pairs of 2,000 records, fewer than one per ten records."""
    words = reader.parse((ROOT / "tests" / "bench" / "words.yaml").read_bytes()).data
    assert words
    made = Generator(Dataset(ROOT).vocabulary, words, seed=1).records(count)
    records = [IndexedRecord(data, f"{data['id']}.yaml", kind(data["type"])) for data in made]
    compared = []
    compare = duplicates._compare
    monkeypatch.setattr(
        duplicates, "_compare", lambda *pair: compared.append(pair) or compare(*pair)
    )
    find(records)
    assert len(compared) < count / 10


def test_number_of_comparisons_grows_linearly_with_the_years(
    judged: dict[str, IndexedRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[object] = []
    compare = duplicates._compare
    monkeypatch.setattr(
        duplicates, "_compare", lambda *pair: compared.append(pair) or compare(*pair)
    )
    counts = []
    for years in (10, 40):
        compared.clear()
        find(
            IndexedRecord(
                {**judged[ident].data, "id": f"{year}-{ident}", "date": f"{year}-03-28~"},
                f"{year}-{ident}.yaml",
                "instrument",
            )
            for year in range(1950, 1950 + years)
            for ident in ("ua-pl-mou-2024-03-28", "ukraine-poland-mou-2024")
        )
        counts.append(len(compared))
    assert counts == [10, 40]
