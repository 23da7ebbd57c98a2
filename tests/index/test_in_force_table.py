"""The decision table of docs/statistics.md is what model and index answer, row by row."""

import re
from datetime import date
from itertools import product
from pathlib import Path

import pytest
import yaml

from healthcoop.index.link_effects import bounds_of
from healthcoop.index.query import Query
from healthcoop.index.records import get, select
from healthcoop.model.status import in_force

PAGE = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text(encoding="utf-8")
SIGNS = {"no": "-", "possible": "?", "certain": "+"}


def table(heading):
    """Return the rows of the table with this first heading, as mappings from headings."""
    lines = PAGE.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()
    names = [heading, *(cell.strip() for cell in lines[0].strip().strip("|").split("|"))]
    cells = ([cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:])
    return [dict(zip(names, row, strict=True)) for row in cells]


TERMS = {row["terms"]: yaml.safe_load(row["in the record"]) for row in table("terms")}
LINKS = {row["link"]: row for row in table("link")}
PARTIES = yaml.safe_load(re.search(r"`(\[\{country.*?\])`", PAGE, re.DOTALL).group(1))
TWO = [
    {"country": "AZ"},
    *(one for one in PARTIES if one.get("country") == "GB" or "organisation" in one),
]
COUNTRIES = [party["country"] for party in PARTIES if "country" in party]
ROWS = table("terms and link")
LINKED = ("checked", "ended", "lapses", "renewable")
"""The terms that the table combines with every link."""
DAYS = [date(int(year), 7, 1) for year in re.search(r"1 July of ([0-9,\s]+):", PAGE)[1].split(",")]
COLUMNS = {
    "whole": (None,),
    "AZ": ("AZ",),
    "TR": ("TR",),
    "GB": ("GB",),
    "US": ("US",),
    "CU": ("CU",),
    "AZ and GB": ("AZ", "GB"),
    "of AZ and GB alone": (None,),
}


def ident(number, columns):
    return f"2000-{number}-two" if columns == "of AZ and GB alone" else f"2000-{number}-all"


def write(data, number, row):
    """Write the instrument of a row, with all sides and with two, and the other record."""
    terms, link = row["terms and link"].split(", ", 1)
    for column in ("whole", "of AZ and GB alone"):
        name = ident(number, column)
        parties = PARTIES if column == "whole" else TWO
        fields = {"type": "mou", "date": "2000-01-01", "parties": parties}
        fields["terms"] = TERMS[terms] or None
        if LINKS[link]["the other record"]:
            other = yaml.safe_load(LINKS[link]["the other record"])
            codes = other.pop("parties", COUNTRIES)
            other["parties"] = [{"country": code} for code in codes]
            rel = LINKS[link]["relation"]
            if LINKS[link]["from"] == "it":
                fields["links"] = [{"rel": rel, "record": f"{name}-other"}]
            else:
                other["links"] = [{"rel": rel, "record": name}]
            data.write(f"{name}-other", type="mou", **other)
        data.write(name, **fields)


@pytest.fixture
def index(data):
    for number, row in enumerate(ROWS):
        write(data, number, row)
    with data.in_memory() as opened:
        yield opened


def test_table_has_every_kind_of_terms_and_of_links():
    none, *links = LINKS
    expected = [f"{terms}, {none}" for terms in TERMS]
    expected += [f"{terms}, {link}" for terms, link in product(LINKED, links)]
    assert [row["terms and link"] for row in ROWS] == expected


def answer(record, day, party, bounds):
    return SIGNS[in_force(record, day, party=party, links=bounds).answer]


def test_model_agrees_with_the_table(index):
    for number, row in enumerate(ROWS):
        found = {}
        for column, codes in COLUMNS.items():
            listed = get(index, ident(number, column))
            bounds = bounds_of(index, listed.path)
            found[column] = "".join(
                min((answer(listed.record, day, code, bounds) for code in codes), key="-?+".index)
                for day in DAYS
            )
        assert {**row, **found} == row


def test_index_agrees_with_the_table(index):
    signs = {(number, column): "" for number in range(len(ROWS)) for column in COLUMNS}
    for day in DAYS:
        for column, codes in COLUMNS.items():
            filters = {"countries": codes} if codes != (None,) else {}
            filters = {"pairs": (codes,)} if len(codes) == 2 else filters
            possible, certain = (
                {
                    item.data["id"]
                    for item in select(
                        index, Query(in_force_on=day, certainty=certainty, **filters)
                    )
                }
                for certainty in ("possible", "certain")
            )
            for number in range(len(ROWS)):
                name = ident(number, column)
                sign = "+" if name in certain else "?" if name in possible else "-"
                signs[number, column] += sign
    for number, row in enumerate(ROWS):
        assert {**row, **{column: signs[number, column] for column in COLUMNS}} == row
