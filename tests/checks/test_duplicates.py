"""Likely duplicates, tested on pairs of records that curators judged."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.checks import duplicates
from healthcoop.checks.duplicates import find
from healthcoop.checks.registry import Corpus
from healthcoop.checks.rules.data_set import likely_duplicate
from healthcoop.checks.summaries import summarise
from healthcoop.dataset import Dataset
from healthcoop.files import reader
from healthcoop.model import dates
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
    ("kz-in-mou-2011", "in-kz-agreement-2011-04-16"),
]
UNLINKED = [
    # Two events of the same sides on days that may be the same: reported until they are linked.
    ("in-cu-ayush-mou-2018-06-22", "in-cu-biotech-loi-2018-06-22"),
    ("sa-id-hhc-mou-2025-02", "sa-id-nahdlatul-mou-2025-02"),
    ("am-ru-forum-3-2017", "am-ru-skvortsova-2017-09-26"),
    ("ir-sa-meeting-2025-10-16", "ir-sa-meeting-2025-10-28"),
    ("np-in-ayurveda-mou-2025-06", "np-in-framework-2025-06"),
    ("az-kz-musayev-alnazarova-2025-04", "az-kz-musayev-duisenova-2025-04"),
]
TWO_EVENTS = [
    ("cn-kr-mou-2023-12-03", "cn-jp-kr-mou-2023-12-03"),
    ("az-kz-musayev-bektenov-2025-04", "az-kz-musayev-duisenova-2025-04"),
    ("az-kz-musayev-alnazarova-2025-04", "az-kz-musayev-bektenov-2025-04"),
    ("ge-tr-mou-2025-10-21", "ge-tr-kobakhidze-memisoglu-2025-10"),
    ("uz-who-bca-2020-02", "kz-who-agreement-2020-2021"),
    ("kz-who-agreement-2020-2021", "kz-who-mamin-kluge-2020-02"),
]

Pair = tuple[IndexedRecord, IndexedRecord]

KIND = Dataset(ROOT).vocabulary.kind


def indexed(ident: str, data: Mapping[str, Any]) -> IndexedRecord:
    record = {"id": ident, "topics": ["health-system"], "sources": [], **data}
    return IndexedRecord(record, f"records/{ident}.yaml", KIND(record["type"]))


def judged_pairs(name: str) -> dict[str, Pair]:
    data = reader.parse((JUDGED / "pairs" / name).read_bytes()).data
    assert data
    return {
        key: (indexed(f"{key}-one", pair["one"]), indexed(f"{key}-other", pair["other"]))
        for key, pair in data.items()
    }


WRITTEN_TWICE = judged_pairs("one-event.yaml")
DIFFERENT = judged_pairs("two-events.yaml")
REPORTED_UNTIL_LINKED = ["az-kz-two-hosts", "cn-er-two-texts", "ir-om-approximate-days"]


def found_pairs(*records: IndexedRecord, **options: Any) -> list[duplicates.DuplicatePair]:
    pairs, left_out = find(records, **options)
    assert left_out == 0
    return pairs


@pytest.fixture(scope="module")
def judged() -> dict[str, IndexedRecord]:
    """The judged records by id."""
    found = {}
    for path in sorted(JUDGED.glob("*.yaml")):
        data = reader.parse(path.read_bytes()).data
        assert data, path
        found[path.stem] = indexed(path.stem, data)
    return found


def ids(pairs: list[duplicates.DuplicatePair]) -> set[frozenset[str]]:
    return {frozenset((pair.one.record.id, pair.other.record.id)) for pair in pairs}


def test_every_judged_record_is_in_a_judged_pair(judged: dict[str, IndexedRecord]) -> None:
    pairs = (*ONE_EVENT, *UNLINKED, *TWO_EVENTS)
    assert {ident for pair in pairs for ident in pair} == set(judged)


def test_pairs_judged_as_one_event_are_found(judged: dict[str, IndexedRecord]) -> None:
    """Recall is 9 of 9; precision 9 of 15 before the others are linked."""
    assert ids(found_pairs(*judged.values())) == {
        frozenset(pair) for pair in (*ONE_EVENT, *UNLINKED)
    }


@pytest.mark.parametrize("pair", ONE_EVENT, ids=" ".join)
def test_one_event_scores_well_above_the_threshold(
    pair: tuple[str, str], judged: dict[str, IndexedRecord]
) -> None:
    (found,) = found_pairs(*(judged[ident] for ident in pair))
    assert found.score >= duplicates.THRESHOLD + 0.05


@pytest.mark.parametrize("pair", TWO_EVENTS, ids=" ".join)
def test_two_events_score_well_below_the_threshold(
    pair: tuple[str, str], judged: dict[str, IndexedRecord]
) -> None:
    pairs = found_pairs(*(judged[ident] for ident in pair), threshold=duplicates.THRESHOLD - 0.05)
    assert pairs == []


def test_event_that_two_people_wrote_is_found() -> None:
    """Recall is 23 of 23."""
    assert [key for key, pair in WRITTEN_TWICE.items() if not found_pairs(*pair)] == []


def test_different_events_are_not_reported() -> None:
    """Precision on both files is 23 of 26: three pairs are reported until they are linked."""
    reported = [key for key, pair in DIFFERENT.items() if found_pairs(*pair)]
    assert sorted(reported) == REPORTED_UNTIL_LINKED
    others = [pair for key, pair in DIFFERENT.items() if key not in reported]
    assert not any(found_pairs(*pair, threshold=duplicates.THRESHOLD - 0.05) for pair in others)


@pytest.mark.parametrize("key", REPORTED_UNTIL_LINKED)
def test_different_events_are_not_reported_once_linked(key: str) -> None:
    one, other = DIFFERENT[key]
    assert found_pairs(one, linked(other, ("related", one.record.id)), threshold=0) == []


DAYS = st.dates(date(2020, 1, 1), date(2020, 12, 31)).map(date.isoformat)
DATES = DAYS | DAYS.map("{}~".format) | DAYS.map(lambda day: day[:7]) | st.just("2020")
ANYTHING = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["mou", "agreement", "action-plan", "declaration", "treaty"]),
        "title": st.text("abcdefg ", min_size=10),
        "date": DATES,
        "parties": st.permutations(["AZ", "CU"]).flatmap(
            lambda codes: st.tuples(
                *(
                    st.fixed_dictionaries(
                        {"country": st.just(code)},
                        optional={"bodies": st.lists(st.text("xyz ", min_size=3), max_size=2)},
                    )
                    for code in codes
                )
            ).map(list)
        ),
        "people": st.lists(
            st.fixed_dictionaries(
                {"name": st.text("ABC ", min_size=3), "party": st.sampled_from(["AZ", "CU"])}
            ),
            max_size=3,
        ),
        "places": st.lists(st.fixed_dictionaries({"city": st.sampled_from(["Baku", "Havana"])})),
        "summary": st.text("hijklm ", min_size=20),
    }
)


@given(one=ANYTHING, other=ANYTHING)
def test_same_sides_kind_and_days_are_always_found(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    days = [dates.widen(dates.parse(data["date"])) for data in (one, other)]
    may_be_same = days[0][0] <= days[1][1] and days[1][0] <= days[0][1]  # type: ignore[operator]
    if may_be_same:
        assert found_pairs(indexed("one", one), indexed("other", other))


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ([("wti", "5")], [("wti", "6")], False),
        ([("wti", "5")], [("wti", "5")], True),
        ([("wti", "5")], [("unts", "6")], True),
        ([("wti", "5"), ("unts", "1")], [("wti", "5"), ("unts", "2")], True),
        ([("wti", "5")], [], True),
    ],
)
def test_different_identifiers_of_one_scheme_are_two_events(
    one: list[tuple[str, str]], other: list[tuple[str, str]], found: bool
) -> None:
    pair = [
        indexed(
            record.record.id,
            {
                **record.data,
                "identifiers": [
                    {"scheme": scheme, "value": value} for scheme, value in identifiers
                ],
            },
        )
        for record, identifiers in zip(WRITTEN_TWICE["eg-qa-memorandum"], (one, other), strict=True)
    ]
    assert bool(found_pairs(*pair)) is found


def linked(listed: IndexedRecord, *links: tuple[str, str]) -> IndexedRecord:
    return replace(
        listed, data={**listed.data, "links": [{"rel": rel, "record": to} for rel, to in links]}
    )


@pytest.mark.parametrize(("one", "other"), ONE_EVENT)
def test_linked_records_are_never_reported(
    one: str, other: str, judged: dict[str, IndexedRecord]
) -> None:
    first, second = judged[one], judged[other]
    assert found_pairs(*[linked(first, ("related", other)), second], threshold=0) == []
    assert found_pairs(*[first, linked(second, ("related", one))], threshold=0) == []
    both = [linked(item, ("part-of", "a-third")) for item in (first, second)]
    assert found_pairs(*both, threshold=0) == []
    # Links to a third record by different relations do not count.
    apart = [linked(first, ("related", "a-third")), linked(second, ("follows-up", "a-third"))]
    assert found_pairs(*apart, threshold=0)


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
    assert ids(found_pairs(listed, other)) == {frozenset((listed.record.id, "the-same"))}


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
    assert ids(found_pairs(listed, *single_party)) == {frozenset(("one", "other"))}


def test_people_without_party_or_letters_in_their_name_are_ignored(
    judged: dict[str, IndexedRecord],
) -> None:
    listed = judged["ua-pl-mou-2024-03-28"]
    people: list[dict[str, Any]] = [{"name": "..."}, {"name": "A Person"}]
    other = IndexedRecord(
        {**listed.data, "id": "the-same", "people": people}, "the-same.yaml", listed.kind
    )
    assert found_pairs(listed, other)


@pytest.mark.parametrize("count", [500, pytest.param(2000, marks=pytest.mark.slow)])
def test_few_of_all_possible_pairs_are_compared(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the two million pairs of 2,000 records, fewer than one per ten records."""
    words = reader.parse((ROOT / "tests" / "bench" / "words.yaml").read_bytes()).data
    assert words
    made = Generator(Dataset(ROOT).vocabulary, words, seed=1).records(count)
    compared = []
    compare = duplicates._compare
    monkeypatch.setattr(
        duplicates, "_compare", lambda *pair: compared.append(pair) or compare(*pair)
    )
    find(indexed(data["id"], data) for data in made)
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


def similar(number: int) -> list[IndexedRecord]:
    """Return records of the same sides in the same year."""
    data = {**WRITTEN_TWICE["eg-qa-memorandum"][0].data, "date": "2025"}
    return [indexed(f"{n:04}", {**data, "id": f"{n:04}"}) for n in range(number)]


def test_number_of_compared_and_returned_pairs_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 1,225 pairs, 100 are compared and 10 returned; the others are counted."""
    compared: list[object] = []
    compare = duplicates._compare
    monkeypatch.setattr(
        duplicates, "_compare", lambda *pair: compared.append(pair) or compare(*pair)
    )
    monkeypatch.setattr(duplicates, "_MAX_COMPARED", 100)
    monkeypatch.setattr(duplicates, "_MAX_FOUND", 10)
    pairs, left_out = find(similar(50))
    assert (len(pairs), len(compared), left_out) == (10, 100, 1215)


def test_many_similar_records_do_not_hide_other_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "_MAX_EXAMINED", 40)
    pairs, left_out = find([*similar(50), *WRITTEN_TWICE["cu-ro-agreement"]])
    assert (len(pairs), left_out) == (40, 0)
    assert frozenset(("cu-ro-agreement-one", "cu-ro-agreement-other")) in ids(pairs)


def test_paths_limit_what_is_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pairs of the record named are found among many more than are examined."""
    monkeypatch.setattr(duplicates, "_MAX_EXAMINED", 49)
    for number in (0, 25, 49):
        pairs, left_out = find(similar(50), paths=[f"records/{number:04}.yaml"])
        assert (len(pairs), left_out) == (49, 0)
        assert all(f"{number:04}" in pair for pair in ids(pairs))


def test_changed_record_is_reported_among_very_many_similar_ones() -> None:
    records = {record.path: record for record in similar(400)}
    vocabulary = Dataset(ROOT).vocabulary
    entries = [summarise(vocabulary, path, record.data) for path, record in records.items()]
    changed = "records/0399.yaml"
    corpus = Corpus(entries, changed=frozenset({changed}), read=lambda entry: records[entry.path])
    assert changed in [path for path, _ in likely_duplicate(corpus)]


@pytest.mark.parametrize(("date", "found"), [("2019-06-14", True), ("2019", False)])
def test_records_of_different_sides_need_dates_that_are_not_vague(date: str, found: bool) -> None:
    three, two = WRITTEN_TWICE["bg-gr-ro-ministers"]
    other = indexed("other", {**two.data, "id": "other", "date": date})
    assert bool(found_pairs(three, other, threshold=0)) is found
