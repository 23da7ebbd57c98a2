"""Every statistic equals a second, naive computation from the records, on random data sets.

The random records are multilateral, of former states, of organisations, withdrawn, linked, or have
partial dates, dates of single parties, or a party named twice.
"""

import json
from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from healthcoop.files.canonical import layout
from healthcoop.index import statistics
from healthcoop.index.query import Query
from healthcoop.index.records import select
from healthcoop.index.sql import run_sql
from healthcoop.index.statistics.cross import DIMENSIONS
from healthcoop.model.dates import parse
from healthcoop.model.record import Record
from healthcoop.model.spec import FILLED, of_instruments
from healthcoop.model.status import in_force, span
from healthcoop.model.succession import Instrument, bounds
from tests.naive.in_force import sides

from .conftest import COUNTRIES, VOCABULARIES

DAY = date(2021, 6, 1)
ORGANISATIONS = ("WHO", "ECO")
KINDS = {"mou": "instrument", "agreement": "instrument", "meeting": "encounter"}
FOLDS = {"SUHH": "RU", "DDDE": "DE", "XSOZ": "DE"}
ENDS = {"SUHH": 2020, "XSOZ": 2018}
STARTS = {"RU": 2020, "TR": 2018, "CSHH": 2021}
NUMBERS = {
    "SUHH": [{"number": "365", "until": "2019"}],
    "RU": [{"number": "365", "from": "2020"}],
    "DE": [{"number": "255", "until": "2017"}, {"number": "260", "from": "2019"}],
    "TR": [{"number": "640"}],
}
SCOPE = {
    **{"complete": True, "kinds": ["instrument"], "from": "2017", "until": "2020-12"},
    **{"countries": ["AZ", "RU", "DE"], "organisations": ["ECO"]},
}
REGIONS = [
    *VOCABULARIES["regions"],
    {
        "code": "151",
        "label": "Eastern Europe",
        "kind": "m49-subregion",
        "members": [{"country": "RU"}, {"country": "DE"}],
    },
    {
        "code": "145",
        "label": "Western Asia",
        "kind": "m49-subregion",
        "members": [{"country": "AZ"}],
    },
    {"code": "150", "label": "Europe", "kind": "m49-region", "members": [{"country": "DE"}]},
]
CODES = ("AZ", "TR", "GB", "SUHH", "RU", "DDDE", "DE", "XSOZ", "CSHH", *ORGANISATIONS)


def counts_of(index, name, query, *, day=DAY, **options):
    return statistics.run(index, name, query, day=day, **options)


def rows_of(index, name, query, **options):
    return counts_of(index, name, query, **options).rows


def party(code, own):
    return {"organisation" if code in ORGANISATIONS else "country": code, **own}


PARTIES = st.lists(
    st.builds(
        party,
        st.sampled_from(CODES),
        st.sampled_from(
            [
                *({}, {}, {}, {"in_force": "2021-02"}, {"left": "2021-03"}, {"acceded": "2022"}),
                *({"role": "observer"}, {"role": "depositary"}, {"role": "host"}),
                *({"signed": "2021-02~"}, {"ratified": "2019", "acceded": "unknown"}),
                *({"acceded": "unknown"}, {"ratified": "none", "in_force": "[..2018-03]"}),
            ]
        ),
    ),
    min_size=1,
    max_size=4,
)
SOURCES = st.lists(
    st.sampled_from(
        [{"url": "https://a.org/1"}, {"url": "https://a.org/2", "archived": "https://b.org/2"}]
    ),
    min_size=1,
    max_size=3,
)
LINKS = st.lists(
    st.fixed_dictionaries(
        {
            "rel": st.sampled_from(["terminates", "supersedes", "renews", "amends"]),
            "record": st.sampled_from(["2020-0", "2020-1", "2020-9"]),
        }
    ),
    max_size=1,
)
DATES = ("2020", "2020-05", "2020-05-17", "2019-12-31~", "[2019-12-30..2020-01-02]", "2021-05-30")
DATES += ("[..2021-03-01]", "202X", "2018/..", "/2016", "2023-XX-XX")
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "type": st.sampled_from(sorted(KINDS)),
            "date": st.sampled_from(DATES),
            "parties": PARTIES,
            "topics": st.lists(
                st.sampled_from(["vaccines", "workforce", "covid-19"]), min_size=1, max_size=3
            ),
            "sources": SOURCES,
        },
        optional={
            "terms": st.sampled_from(
                [
                    {"in_force": "2020-06", "ended": "none", "checked": "2024"},
                    {"in_force": "2017", "ended": "2020-07-01"},
                    {"ended": "2020"},
                ]
            ),
            "links": LINKS,
            "withdrawn": st.just({"date": "2023", "reason": "wrong"}),
            "collection": st.just("register"),
            "text_url": st.just("https://a.org/b"),
        },
    ),
    max_size=8,
)


@dataclass
class Naive:
    """The selected records, and the effects of the links of all records."""

    records: list[Record]
    links: dict

    @classmethod
    def of(cls, everything, withdrawn):
        records = [
            record
            for record in everything
            if withdrawn == "include" or bool(record.withdrawn) == (withdrawn == "only")
        ]
        instruments = {
            record.id: record for record in everything if KINDS[record.type] == "instrument"
        }
        links = [
            (record.id, link.rel, link.record if link.record in instruments else None)
            for record in instruments.values()
            for link in record.links
            if not record.withdrawn
        ]
        return cls(
            sorted(records, key=lambda record: (parse(record.date).sort_key, record.id)),
            bounds({key: Instrument.of(record) for key, record in instruments.items()}, links),
        )

    def answer(self, record, day, code=None):
        if KINDS[record.type] != "instrument":
            return "no"
        return in_force(record, day, party=code, links=self.links.get(record.id)).answer

    def between(self, record, sides, day):
        """Return the better of the answers between any party of one side and any of the other."""
        found = {
            frozenset((self.answer(record, day, one), self.answer(record, day, other)))
            for one, other in product(*sides)
        }
        if {"certain"} in found:
            return "certain"
        return "no" if all("no" in answers for answers in found) else "possible"


def codes_of(record, *, organisations, fold_former, **_):
    """Return the sides that count: the codes in the file, by what they count as."""
    found = defaultdict(set)
    for side in sides(record):
        if side.country:
            found[FOLDS.get(side.code, side.code) if fold_former else side.code].add(side.code)
        elif organisations:
            found[side.code].add(side.code)
    return found


def joined(record, side):
    """Return the date from which a side belongs to a record; None where it is not known."""
    own = (side.signed, side.acceded, side.ratified, side.in_force)
    own = [parse(text) for text in own if text not in (None, "unknown", "none")]
    if own:
        return min(own, key=lambda day: day.sort_key)
    return None if side.acceded == "unknown" else parse(record.date)


def together(record, one, other):
    """Return since when both are sides, and the first year of rows; the parties are as counted."""
    found = []
    for pair in product(*([s for s in sides(record) if s.code in codes] for codes in (one, other))):
        days = [joined(record, side) for side in pair]
        years = [day.year if day else parse(record.date).year for day in days]
        since = max(*years, *(STARTS.get(side.code, 0) for side in pair))
        day = max(days, key=lambda day: day.sort_key) if all(days) else None
        found.append((day is None, day.sort_key if day else (), since, day))
    *_, since, day = min(found, key=lambda each: each[:3])
    return day, since


def counts_in(pair, day, since):
    """Return the year in which a record counts for a pair, if any."""
    last = min(DAY.year, *(ENDS.get(code, 9999) for code in pair))
    return day.year if day and day.year == since <= last else None


def first_and_last(days):
    """Return the texts of the first and last of the dates of records in order."""
    known = sorted((day for day in days if day), key=lambda day: day.sort_key)
    return {"first": known[0].text if known else None, "last": known[-1].text if known else None}


def countries_of(record):
    return {side.country for side in sides(record) if side.country}


def organisations_of(record):
    return {side.organisation for side in sides(record) if side.organisation}


def made(record, pairing):
    """Return the pairs of one record, and its number of parties."""
    members = set(codes_of(record, **pairing))
    countries = members - set(ORGANISATIONS)
    size = len(members)
    if pairing["multilateral"] == "none":
        members = countries if len(countries) == 2 else members
        if len(members) != 2:
            return [], size
    return [*combinations(sorted(members), 2)], len(members)


def grouped(naive, pairing):
    """Return the records of each pair with their shares, and the number not counted by reason."""
    groups, left_out = defaultdict(list), Counter()
    for record in naive.records:
        others = {party for party in record.parties if party not in sides(record)}
        left_out["not_sides"] += any(pairing["organisations"] or one.country for one in others)
        pairs, size = made(record, pairing)
        if not pairs:
            left_out["multilateral" if size > 2 else "too_few"] += 1
        for pair in pairs:
            share = 1 / (size - 1) if pairing["multilateral"] == "fractional" else 1
            groups[pair].append((record, share))
    return groups, left_out


def counted(records):
    kinds = Counter(KINDS[record.type] for record in records)
    return {
        "records": len(records),
        "instruments": kinds["instrument"],
        "encounters": kinds["encounter"],
    }


def force(answers):
    number = Counter(answers)
    return {"certain": number["certain"], "possible": number["certain"] + number["possible"]}


def naive_pairs(naive, pairing, minimum):
    groups, _ = grouped(naive, pairing)
    weights = {pair: sum(share for _, share in group) for pair, group in groups.items()}
    strength = strengths(weights)
    rows = []
    for (a, b), group in groups.items():
        members = [record for record, _ in group]
        if len(members) < minimum:
            continue
        topics = Counter(topic for record in members for topic in record.topics)
        met = [
            day
            for record in members
            if KINDS[record.type] == "encounter" and (day := parse(record.date).sort_key[0]) <= DAY
        ]
        who = [codes_of(record, **pairing) for record in members]
        row = {
            "a": a,
            "b": b,
            **counted(members),
            "weight": pytest.approx(weights[a, b], abs=1e-4),
            "in_force": force(
                naive.between(record, (codes[a], codes[b]), DAY)
                for record, codes in zip(members, who, strict=True)
            ),
            **first_and_last(
                together(record, codes[a], codes[b])[0]
                for record, codes in zip(members, who, strict=True)
            ),
            "topics": sorted(topics, key=lambda topic: (-topics[topic], topic)),
            "affinity": pytest.approx(
                weights[a, b] * 2 * sum(weights.values()) / (strength[a] * strength[b]), abs=1e-4
            ),
            "years_since_encounter": pytest.approx(
                round((DAY - max(met)).days / 365.2425, 1), abs=1e-6
            )
            if met
            else None,
        }
        order = (-round(weights[a, b], 4), -len(members), a, b)
        rows.append((order, row))
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


def strengths(weights):
    strength = Counter()
    for pair, weight in weights.items():
        for code in pair:
            strength[code] += weight
    return strength


def naive_members(naive, kind):
    organisations = kind == "organisation"
    pairing = {"multilateral": "none", "organisations": organisations, "fold_former": False}
    partners = defaultdict(set)
    groups = defaultdict(list)
    for record in naive.records:
        for a, b in made(record, pairing)[0]:
            partners[a].add(b)
            partners[b].add(a)
        for code in organisations_of(record) if organisations else countries_of(record):
            groups[code].append(record)
    rows = [
        {
            kind: code,
            **counted(members),
            "partners": len(partners[code]),
            "in_force": force(naive.answer(record, DAY, code) for record in members),
            **first_and_last(together(record, {code}, {code})[0] for record in members),
        }
        for code, members in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row["records"], row[kind]))


def naive_topics(naive):
    rows = [
        {
            "topic": topic,
            **counted(members := [each for each in naive.records if topic in each.topics]),
            "countries": len({code for record in members for code in countries_of(record)}),
        }
        for topic in {topic for record in naive.records for topic in record.topics}
    ]
    return sorted(rows, key=lambda row: (-row["records"], row["topic"]))


def traits(record, dimension):
    """Return the values of a record in a dimension."""
    year = parse(record.date).year
    countries = countries_of(record)
    if dimension in ("region", "m49"):
        day = parse(record.date).sort_key[0].isoformat()
        return {
            region["code"]
            for region in REGIONS
            for member in region["members"]
            if (region.get("kind") == "m49-subregion") == (dimension == "m49")
            and region.get("kind") != "m49-region"
            and member["country"] in {FOLDS.get(code, code) for code in countries}
            and member.get("from", "") <= day
            and day[:7] <= member.get("until", "9")
        }
    return {
        "country": countries,
        "organisation": organisations_of(record),
        "topic": {*record.topics},
        "type": {record.type},
        "kind": {KINDS[record.type]},
        "year": {str(year)},
        "decade": {str(year)[:3] + "X"},
        "collection": {record.collection},
        "lateral": lateral(len(countries), bool(organisations_of(record))),
    }[dimension]


def lateral(countries, organisation):
    if countries < 2:
        return {"organisation"} if organisation else set()
    return {"bilateral" if countries == 2 else "multilateral"}


def naive_cross(naive, rows, columns):
    """Return the cells, the totals of rows and columns, and the total."""
    cells, totals = defaultdict(list), (defaultdict(list), defaultdict(list), [])
    for record in naive.records:
        values = traits(record, rows), traits(record, columns)
        for cell in product(*values):
            cells[cell].append(record)
        if all(values):
            totals[2].append(record)
            for total, own in zip(totals, values, strict=False):
                for value in own:
                    total[value].append(record)

    def ordered(total, dimension):
        in_time = dimension in ("year", "decade")
        return sorted(total, key=lambda value: (not in_time and -len(total[value]), value))

    first, second = ordered(totals[0], rows), ordered(totals[1], columns)
    return (
        [
            {"row": one, "column": other, **counted(cells[one, other])}
            for one, other in product(first, second)
            if cells[one, other]
        ],
        {value: len(totals[0][value]) for value in first},
        {value: len(totals[1][value]) for value in second},
        len(totals[2]),
    )


def naive_parties(naive, day):
    return [
        {
            "id": record.id,
            "date": record.date,
            "country": side.country,
            "organisation": side.organisation,
            **{name: getattr(side, name) for name in ("role", "level", "signed", "ratified")},
            **{name: getattr(side, name) for name in ("acceded", "in_force", "left")},
            "status": naive.answer(record, day, side.code)
            if KINDS[record.type] == "instrument"
            else None,
        }
        for record in naive.records
        for side in sides(record)
    ]


def naive_matrix(naive, pairing, top):
    shared = {pair: len(group) for pair, group in grouped(naive, pairing)[0].items()}
    total = Counter(
        code
        for record in naive.records
        for code in {code for pair in made(record, pairing)[0] for code in pair}
    )
    codes = sorted(total, key=lambda code: (-total[code], code))[:top]
    return [
        {
            "country": one,
            "total": total[one],
            "with": {
                other: shared.get((min(one, other), max(one, other)), 0)
                for other in codes
                if other != one
            },
        }
        for one in codes
    ]


def naive_betweenness(pairs):
    """Count shortest paths from each node to each by breadth first; through whom they lead."""
    near = defaultdict(set)
    for a, b in pairs:
        near[a].add(b)
        near[b].add(a)

    def paths(start):
        distance, number, queue = {start: 0}, Counter({start: 1}), deque([start])
        while queue:
            node = queue.popleft()
            for other in near[node]:
                if other not in distance:
                    distance[other] = distance[node] + 1
                    queue.append(other)
                if distance[other] == distance[node] + 1:
                    number[other] += number[node]
        return distance, number

    ways = {node: paths(node) for node in near}
    others = (len(near) - 1) * (len(near) - 2) / 2
    found = {}
    for node in near:
        share = 0.0
        for one, other in combinations(sorted(near.keys() - {node}), 2):
            distance, number = ways[one]
            if node in distance and other in distance:
                there, onward = ways[node]
                if distance[node] + there[other] == distance[other]:
                    share += number[node] * onward[other] / number[other]
        found[node] = share / others if others else 0.0
    return found


def naive_network(naive, pairing):
    groups = grouped(naive, pairing)[0]
    weights = {pair: sum(share for _, share in group) for pair, group in groups.items()}
    strength = strengths(weights)
    degree = Counter(code for pair in weights for code in pair)
    between = naive_betweenness(weights)
    return [
        {
            "country": code,
            "degree": degree[code],
            "strength": pytest.approx(strength[code], abs=1e-4),
            "betweenness": pytest.approx(between[code], abs=1e-6),
        }
        for code in sorted(
            strength, key=lambda code: (-round(strength[code], 4), -degree[code], code)
        )
    ]


def naive_status(naive, days):
    instruments = [record for record in naive.records if KINDS[record.type] == "instrument"]
    rows = []
    for day in days:
        begun = [
            record
            for record in instruments
            if parse(record.date).sort_key[0] <= day
            or (span(record).possible_from or date.min) <= day
        ]
        held = force(naive.answer(record, day) for record in begun)
        rows.append(
            {
                "day": day.isoformat(),
                **held,
                "no": len(begun) - held["possible"],
                "instruments": len(begun),
            }
        )
    return rows


def cow(code, year, *, fold_former, **_):
    """Return the COW number; folded states that share a number in turn have it throughout."""
    for other in (code, *(["SUHH"] if fold_former and code == "RU" else [])):
        for held in NUMBERS.get(other, ()):
            if int(held.get("from", 0)) <= year <= int(held.get("until", 9999)):
                return held["number"]
    return None


def searched(pair, year, kind, *, fold_former, **_):
    """Return whether the one complete collection has all of either side's in a year."""
    until = min(date(year, 12, 31), DAY)
    if not (kind in SCOPE["kinds"] and year >= 2017 and until <= date(2020, 12, 31)):
        return False

    def listed(code):
        codes = {code}
        if fold_former:
            codes |= {former for former, successor in FOLDS.items() if successor == code}
            codes = {one for one in codes if STARTS.get(one, 0) <= year <= ENDS.get(one, 9999)} or {
                code
            }
        return codes <= {*SCOPE["countries"], *SCOPE["organisations"]}

    return any(map(listed, pair))


def naive_dyad_years(naive, pairing):
    alpha3 = {entry["code"]: entry.get("alpha3") for entry in COUNTRIES}
    rows = []
    for (a, b), group in sorted(grouped(naive, pairing)[0].items()):
        records, first = [], 9999
        for record, _ in group:
            codes = codes_of(record, **pairing)
            day, since = together(record, codes[a], codes[b])
            records.append((record, counts_in((a, b), day, since)))
            first = min(first, since)
        last = min(DAY.year, ENDS.get(a, 9999), ENDS.get(b, 9999))
        for year in range(first, last + 1):
            day = min(date(year, 12, 31), DAY)
            number = counted([record for record, own in records if own == year])
            held = force(
                naive.between(record, (codes[a], codes[b]), day)
                for record, _ in group
                for codes in [codes_of(record, **pairing)]
            )
            rows.append(
                {
                    **{"year": year, "a": a, "b": b},
                    **{"a_alpha3": alpha3.get(a), "b_alpha3": alpha3.get(b)},
                    **{"a_numeric": None, "b_numeric": None},
                    **{"a_cow": cow(a, year, **pairing), "b_cow": cow(b, year, **pairing)},
                    "encounters": number["encounters"],
                    "signed": number["instruments"],
                    "in_force_certain": held["certain"],
                    "in_force_possible": held["possible"],
                    "searched_instruments": searched((a, b), year, "instrument", **pairing),
                    "searched_encounters": searched((a, b), year, "encounter", **pairing),
                }
            )
    return rows


def naive_completeness(records):
    def has(record, name):
        part, _, term = name.partition(".")
        value = getattr(record, part)
        return getattr(value, term) is not None if term and value else bool(value) and not term

    rows = []
    for name in FILLED:
        could = [
            record
            for record in records
            if KINDS[record.type] == "instrument" or not of_instruments(name)
        ]
        rows.append((name, len(could), sum(has(record, name) for record in could)))
    sources = [source for record in records for source in record.sources]
    rows.append(("sources", len(records), len(sources)))
    archived = sum(source.archived is not None for source in sources)
    rows.append(("sources.archived", len(sources), archived))
    return [
        {"field": name, "of": of, "records": number, "share": round(number / of, 4) if of else None}
        for name, of, number in rows
    ]


def naive_summary(records):
    def tally(values):
        numbers = Counter(value for record in records for value in set(values(record)))
        return dict(sorted(numbers.items(), key=lambda item: (-item[1], item[0])))

    return {
        "by_type": tally(lambda record: [record.type]),
        "by_year": dict(sorted(tally(lambda record: [str(parse(record.date).year)]).items())),
        "by_country": tally(countries_of),
        "by_organisation": tally(organisations_of),
        "by_topic": tally(lambda record: record.topics),
        "by_collection": tally(lambda record: [record.collection]),
    }


def in_order(pairs):
    return [
        (key, list(value.items()) if isinstance(value, dict) else value) for key, value in pairs
    ]


@pytest.fixture
def built(new_data):
    """Return a function that writes records and opens their index."""

    def build(fields):
        data = new_data()
        countries = [
            {
                **entry,
                **({"until": str(ENDS[code])} if (code := entry["code"]) in ENDS else {}),
                **({"from": str(STARTS[code])} if code in STARTS else {}),
                **({"cow": NUMBERS[code]} if code in NUMBERS else {}),
            }
            for entry in COUNTRIES
        ]
        path = data.root / "schema" / "countries.json"
        path.write_text(json.dumps({"countries": countries}), encoding="utf-8")
        news, register = VOCABULARIES["collections"]
        collections = layout({"collections": [news, {**register, "scope": SCOPE}]})
        (data.root / "schema" / "collections.yaml").write_text(collections, encoding="utf-8")
        regions = layout({"regions": REGIONS})
        (data.root / "schema" / "regions.yaml").write_text(regions, encoding="utf-8")
        for number, each in enumerate(fields):
            data.write(f"2020-{number}", **each)
        return data.in_memory()

    return build


SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
WITHDRAWN = st.sampled_from(["exclude", "include", "only"])
PAIRING = st.fixed_dictionaries(
    {
        "multilateral": st.sampled_from(["none", "all", "fractional"]),
        "organisations": st.booleans(),
        "fold_former": st.booleans(),
    }
)


def everything(index, fields):
    records = [item.record for item in select(index, Query(withdrawn="include"))]
    assert len(records) == len(fields)
    return records


@SETTINGS
@given(fields=RECORDS, withdrawn=WITHDRAWN, pairing=PAIRING, number=st.integers(1, 3))
def test_statistics_of_pairs_equal_the_naive_computation(
    built, *, fields, withdrawn, pairing, number
):
    query = Query(withdrawn=withdrawn)
    with built(fields) as index:
        naive = Naive.of(everything(index, fields), withdrawn)
        left_out = grouped(naive, pairing)[1]
        later = 0
        for record in naive.records:
            codes, made_pairs = codes_of(record, **pairing), made(record, pairing)[0]
            years = [
                counts_in((a, b), *together(record, codes[a], codes[b])) for a, b in made_pairs
            ]
            later += bool(made_pairs) and not any(years)
        pairs = counts_of(index, "pairs", query, day=DAY, minimum=number, **pairing)
        matrix = counts_of(index, "matrix", query, top=number, **pairing)
        network = counts_of(index, "network", query, **pairing)
        dyads = counts_of(index, "dyad-years", query, day=DAY, **pairing)
        for found in (pairs, matrix, network, dyads):
            assert found.left_out["multilateral"] == left_out["multilateral"]
            assert found.left_out["too_few"] == left_out["too_few"]
            assert found.left_out["not_sides"] == left_out["not_sides"]
        assert pairs.rows == naive_pairs(naive, pairing, number)
        assert matrix.rows == naive_matrix(naive, pairing, number)
        assert network.rows == naive_network(naive, pairing)
        assert [*dyads.rows] == naive_dyad_years(naive, pairing)
        assert dyads.left_out["later"] == later


@SETTINGS
@given(fields=RECORDS, withdrawn=WITHDRAWN)
def test_statistics_of_records_equal_the_naive_computation(built, *, fields, withdrawn):
    query = Query(withdrawn=withdrawn)
    with built(fields) as index:
        naive = Naive.of(everything(index, fields), withdrawn)
        records = naive.records
        assert rows_of(index, "countries", query) == naive_members(naive, "country")
        assert rows_of(index, "organisations", query) == naive_members(naive, "organisation")
        assert rows_of(index, "topics", query) == naive_topics(naive)
        assert rows_of(index, "parties", query) == naive_parties(naive, DAY)
        day = date(2019, 5, 5)
        assert rows_of(index, "parties", query, on=day) == naive_parties(naive, day)
        by_year = Counter(parse(record.date).year for record in records)
        years = rows_of(index, "years", query)
        assert [row["year"] for row in years] == (
            list(range(min(by_year), max(by_year) + 1)) if by_year else []
        )
        assert {row["year"]: row["records"] for row in years if row["records"]} == dict(by_year)
        started = [
            parse(record.date).year for record in records if KINDS[record.type] == "instrument"
        ]
        ends = [date(year, 12, 31) for year in range(min(started, default=DAY.year), DAY.year)]
        assert rows_of(index, "status", query) == naive_status(
            naive, [*ends, DAY] if started else []
        )
        days = [date(2019, 5, 5), date(2030, 1, 1)]
        assert rows_of(index, "status", query, day=DAY, days=days) == naive_status(naive, days)
        assert rows_of(index, "completeness", query) == (
            naive_completeness(records) if records else []
        )
        assert rows_of(index, "completeness", query, by_year=True) == [
            {"year": year, **row}
            for year in sorted(by_year)
            for row in naive_completeness(
                [record for record in records if parse(record.date).year == year]
            )
        ]


@SETTINGS
@given(
    fields=RECORDS,
    withdrawn=WITHDRAWN,
    axes=st.lists(st.sampled_from(sorted(DIMENSIONS)), min_size=2, max_size=2, unique=True),
)
def test_cross_equals_the_naive_computation(built, *, fields, withdrawn, axes):
    rows, columns = axes
    with built(fields) as index:
        naive = Naive.of(everything(index, fields), withdrawn)
        found = counts_of(index, "cross", Query(withdrawn=withdrawn), rows=rows, columns=columns)
        cells, of_rows, of_columns, records = naive_cross(naive, rows, columns)
        assert [*found.rows] == cells
        assert [*found.rows.rows.records.items()] == [*of_rows.items()]
        assert [*found.rows.columns.records.items()] == [*of_columns.items()]
        assert found.rows.records == records
        assert found.left_out["without"] == len(naive.records) - records
        counting = {"country", "region", "m49", "organisation", "lateral"} & {*axes}
        assert found.left_out["not_sides"] == sum(
            any(
                "lateral" in axes
                or (party.country and counting - {"organisation"})
                or (party.organisation and "organisation" in axes)
                for party in record.parties
                if party not in sides(record)
            )
            for record in naive.records
        )


@SETTINGS
@given(fields=RECORDS, withdrawn=WITHDRAWN)
def test_summary_equals_the_naive_computation(built, *, fields, withdrawn):
    query = Query(withdrawn=withdrawn)
    with built(fields) as index:
        records = Naive.of(everything(index, fields), withdrawn).records
        summary = statistics.summary(index, query, day=DAY)
        expected = naive_summary(records)
        assert in_order((name, summary[name]) for name in expected) == in_order(expected.items())
        assert summary["records"] == len(records)
        assert summary["first"] == (records[0].date if records else None)
        assert summary["last"] == (records[-1].date if records else None)
        assert summary["countries"] == len(expected["by_country"])
        assert summary["pairs"] == len(
            {tuple(sorted(countries_of(r))) for r in records if len(countries_of(r)) == 2}
        )


@SETTINGS
@given(fields=RECORDS, day=st.dates(date(2015, 1, 1), date(2024, 1, 1)))
def test_sql_views_agree_with_list_and_statistics(built, *, fields, day):
    with built(fields) as index:

        def views(statement):
            return sorted(run_sql(index, statement, {"day": day.isoformat()})[1])

        def listed(**filters):
            return sorted((item.record.id,) for item in select(index, Query(**filters)))

        assert views(
            "SELECT year, count(*), sum(kind = 'instrument') FROM records"
            " WHERE NOT withdrawn GROUP BY year"
        ) == [
            (row["year"], row["records"], row["instruments"])
            for row in rows_of(index, "years", Query())
            if row["records"]
        ]
        assert views(
            "SELECT code, count(DISTINCT record) FROM topics WHERE NOT withdrawn GROUP BY code"
        ) == sorted((row["topic"], row["records"]) for row in rows_of(index, "topics", Query()))
        assert views(
            "SELECT code, count(DISTINCT record) FROM parties"
            " WHERE NOT withdrawn AND side AND kind = 'country' GROUP BY code"
        ) == sorted(
            (row["country"], row["records"]) for row in rows_of(index, "countries", Query())
        )
        assert views(
            "SELECT a.code, b.code, count(DISTINCT id) FROM records"
            " JOIN parties AS a ON a.record = id AND a.kind = 'country' AND a.side"
            " JOIN parties AS b ON b.record = id AND b.kind = 'country' AND b.side"
            " WHERE a.code < b.code AND lateral = 'bilateral' AND NOT records.withdrawn"
            " GROUP BY a.code, b.code"
        ) == sorted(
            (row["a"], row["b"], row["records"])
            for row in rows_of(index, "pairs", Query(), day=DAY)
        )
        counted = "SELECT id FROM records WHERE NOT withdrawn AND "
        assert views(
            f"{counted} kind = 'instrument' AND coalesce(possible_from, '') <= :day"
            " AND coalesce(possible_until, '9999') >= :day"
        ) == listed(in_force_on=day)
        assert views(f"{counted} :day BETWEEN certain_from AND certain_until") == listed(
            in_force_on=day, certainty="certain"
        )
        assert views(f"{counted} coalesce(latest, '9999') >= :day") == listed(since=str(day))
        assert views(f"{counted} coalesce(earliest, '') <= :day") == listed(until=str(day))
