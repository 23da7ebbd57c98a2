"""Charts as data: what they show, state, and never load."""

import csv
import io
import json
import math
import operator
import re
import struct
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path

import altair
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.dataset import Dataset
from healthcoop.export.charts import CHARTS, About
from healthcoop.export.charts.frame import (
    KIND_COLORS,
    LAND,
    NARROW,
    WIDE,
    quantity,
    ramp,
    scale,
    ticks,
    unique_labels,
)
from healthcoop.export.charts.layout import labels, springs
from healthcoop.export.charts.rendering import renderer
from healthcoop.index.query import FILTERS, Query, describe
from healthcoop.index.statistics import STATISTICS
from healthcoop.index.statistics.cross import Cells, Margin

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("shared_cache")
HOSTILE = "</script><script>alert(1)</script>\u202etxt.exe"
COUNTED = {"records": 3, "instruments": 1, "encounters": 2}
DRAWN = [name for name, statistic in STATISTICS.items() if statistic.chart]


CELLS = Cells(
    [{"row": "vaccines", "column": year, **COUNTED} for year in ("2020", "2023")],
    (Margin("topic", {"vaccines": 6}), Margin("year", {"2020": 3, "2023": 3})),
    records=6,
)


def draw(statistic, rows, about, *, edges=()):
    return CHARTS[STATISTICS[statistic].chart](rows, replace(about, edges=edges, cells=CELLS))


@pytest.fixture(scope="module")
def about():
    names = Dataset(ROOT).vocabulary
    return About(names=names, records=9, day=date(2026, 11, 21), collections=("news-search-2026",))


PAIRS = [
    {"a": "AZ", "b": "XK", "weight": 3, **COUNTED},
    {"a": "AZ", "b": "TV", "weight": 1, **COUNTED},
]
ROWS = {
    "pairs": PAIRS,
    "countries": [{"country": code, **COUNTED} for code in ("AZ", "XK", "TV", "SUHH")],
    "organisations": [{"organisation": "WHO", **COUNTED}],
    "topics": [{"topic": "vaccines", **COUNTED}],
    "years": [{"year": 2020, **COUNTED}, {"year": 2021, **COUNTED}],
    "cross": CELLS,
    "matrix": [
        {"country": "AZ", "total": 3, "with": {"AZ": None, "XK": 3}},
        {"country": "XK", "total": 3, "with": {"AZ": 3, "XK": None}},
    ],
    "network": [{"country": code, "strength": 3} for code in ("AZ", "XK", "TV")],
    "status": [
        {"day": f"{year}-12-31", "certain": 1, "possible": 3, "no": 2, "instruments": 5}
        for year in range(2015, 2025)
    ],
    "completeness": [
        {"field": "places", "of": 4, "records": 2, "share": 0.5},
        {"field": "sources", "of": 4, "records": 7, "share": 1.75},
    ],
}


def drawn(statistic, about, rows=None):
    return draw(statistic, ROWS[statistic] if rows is None else rows, about, edges=PAIRS)


def values(spec):
    """Yield every value in a specification that is not a mapping or a list."""
    if isinstance(spec, dict):
        spec = list(spec.values())
    if isinstance(spec, list):
        for part in spec:
            yield from values(part)
    else:
        yield spec


@pytest.mark.slow
@pytest.mark.parametrize("statistic", DRAWN)
def test_chart_is_valid_vega_lite_without_urls(statistic, about):
    chart = drawn(statistic, about)
    altair.Chart.from_dict(chart.spec, validate=True)
    assert not [text for text in values(chart.spec) if isinstance(text, str) and "://" in text]


@pytest.mark.parametrize("statistic", DRAWN)
def test_chart_of_no_records_says_so_and_its_table_is_empty(statistic, about):
    chart = draw(statistic, [], about)
    assert "No records match: nothing to draw." in values(chart.spec)
    assert chart.columns
    assert chart.rows == []


def test_chart_data_equals_the_counts(cli_invoke, tmp_path):
    def ask(statistic, *options):
        file = tmp_path / f"{statistic}.csv"
        found = cli_invoke(
            *("--root", ROOT, "stats", statistic, "-f", "json", "--since", "2020", *options),
            *("--chart-data", file),
        )
        return json.loads(found.stdout), [*csv.DictReader(io.StringIO(file.read_text("utf-8")))]

    for statistic in ("years", "topics", "organisations"):
        rows, table = ask(statistic)
        numbers = Counter()
        for row in table:
            numbers[row["kind"].lower()] += int(row["records"])
        assert numbers == Counter(
            {kind: sum(row[kind] for row in rows) for kind in ("instruments", "encounters")}
        )
    rows, table = ask("pairs", "--country", "AZ")
    partners = {row["country"]: row["records"] for row in table if row["records"]}
    assert partners == {
        code: str(row["records"]) for row in rows for code in (row["a"], row["b"]) if code != "AZ"
    }
    rows, table = ask("matrix")
    assert {(row["a"], row["b"], int(row["records"])) for row in table} == {
        (row["country"], code, number)
        for row in rows
        for code, number in row["with"].items()
        if number and code != row["country"]
    }
    rows, table = ask("cross", "topic", "year")
    assert [(row["row"], row["column"], int(row["records"])) for row in table] == [
        (row["row"], row["column"], row["records"]) for row in rows
    ]
    rows, table = ask("status")
    shown = Counter()
    for row in table:
        shown[row["day"]] += int(row["instruments"])
    assert shown == Counter({row["day"]: row["possible"] + row["no"] for row in rows})


@pytest.mark.slow
def test_picture_of_some_rows_says_so_and_keeps_the_order_of_time(cli_invoke, tmp_path):
    for statistic, column in (("years", "year"), ("status", "day")):
        file = tmp_path / f"{statistic}.csv"
        options = ("--sort", f"-{column}", "--limit", "5", "--chart-data", file)
        cli_invoke("--root", ROOT, "stats", statistic, *options)
        shown = [row[column] for row in csv.DictReader(io.StringIO(file.read_text("utf-8")))]
        assert shown == sorted(shown)
        assert len({*shown}) == 5
    picture = tmp_path / "x.svg"
    options = ("--sort", "-records", "--limit", "5", "--chart", picture)
    outcome = cli_invoke("--root", ROOT, "stats", "cross", "topic", "type", *options)
    (note,) = re.findall(r"showing (5 of \d+)", outcome.stderr)
    assert f"Showing {note}." in re.sub(r"<[^>]+>", " ", picture.read_text("utf-8"))


def test_years_without_records_keep_their_place_in_a_table(about):
    chart = drawn("cross", about)
    assert chart.spec["encoding"]["x"]["scale"]["domain"] == ["2020", "2021", "2022", "2023"]
    assert chart.spec["title"]["text"] == ["Records by topic and year"]


def test_every_country_is_on_the_map(about):
    codes = [code for code, term in about.names.countries.items() if term.kind != "former"]
    chart = drawn("countries", about, [{"country": code, **COUNTED} for code in codes])
    shapes = {
        shape.get("id")
        for shape in chart.spec["datasets"]["world"]["objects"]["countries"]["geometries"]
    }
    dots = {dot["country"] for dot in chart.spec["layer"][1]["data"]["values"]}
    # Two claims to a part of Antarctica that ISO 3166 once gave codes.
    assert set(codes) - shapes - dots == {"BQAQ", "NQAQ"}
    assert {"XK", "TV", "VA", "GI", "SG", "MT"} <= dots
    assert "XK" in shapes


def test_a_partner_with_many_records_is_circled_where_one_with_few_is_not(about):
    """Fiji has 18,398 square kilometres and Slovenia 20,198: each a pixel of the map."""

    def circled(**numbers):
        rows = [{"a": "IN", "b": code, **COUNTED, "records": n} for code, n in numbers.items()]
        chart = drawn("pairs", replace(about, focus="IN"), rows)
        return {dot["country"] for dot in chart.spec["layer"][1]["data"]["values"]}

    assert circled(FJ=4, SI=1, BR=2, SG=1) == {"FJ", "SG"}
    assert circled(FJ=1, SI=4, BR=4) == {"SI"}
    assert circled(FJ=1) == {"FJ"}


def test_party_that_is_not_on_the_map_is_named_above_it(about):
    subtitle = " ".join(drawn("countries", about).spec["title"]["subtitle"])
    assert "Not on the map: Soviet Union (3)." in subtitle


def test_caption_knows_every_filter(about):
    """A chart of a filtered query never says that it shows all records."""
    values = {"in_force_on": "2020-01-01", "pairs": [("AZ", "TR")], "loose": True}
    for name, entry in FILTERS.items():
        value = entry.choices[-1] if entry.choices else values.get(name, "2020")
        others = (
            dict.fromkeys(entry.goes_with[:1], values.get(entry.goes_with[0], "2020"))
            if entry.goes_with
            else {}
        )
        without = describe(Query(**others), about.names)
        value = "certain" if name == "certainty" else value
        caption = describe(Query(**others, **{name: value}), about.names)
        chart = drawn("years", replace(about, filters=caption))
        subtitle = " ".join(chart.spec["title"]["subtitle"])
        assert caption != without, name
        assert caption in subtitle, name
        assert "All records" not in subtitle, name


@pytest.mark.slow
@pytest.mark.libraries
def test_number_in_the_caption_is_that_of_the_counted_records(cli_invoke, tmp_path):
    file = tmp_path / "pairs.svg"
    options = ("--country", "AZ", "--since", "2020")
    outcome = cli_invoke("--root", ROOT, "stats", "pairs", *options, "--chart", file)
    with Dataset.open(ROOT) as dataset:
        table = dataset.pairs(Query(country="AZ", since=2020))
        matching = len(dataset.records(Query(country="AZ", since=2020)))
    left_out = table.left_out["multilateral"] + table.left_out["too_few"]
    assert 0 < left_out < matching
    text = re.sub(r"<[^>]+>", " ", file.read_text(encoding="utf-8"))
    assert f"n = {matching - left_out} records" in " ".join(text.split())
    assert "not counted" in outcome.stderr


def test_caption_has_filters_number_of_records_and_coverage(about):
    query = Query(countries=("AZ",), since="2020", kind="instrument", texts=("vaccine",))
    caption = describe(query, about.names)
    assert caption == "Azerbaijan; instruments only; text “vaccine”; since 2020"
    subtitle = " ".join(drawn("years", about).spec["title"]["subtitle"])
    assert "n = 9 records" in subtitle
    assert "news-search-2026" in subtitle


def test_pairs_of_one_country_are_a_map_and_other_pairs_are_bars(about):
    about_az = About(names=about.names, records=9, day=about.day, focus="AZ")
    assert {row["country"] for row in drawn("pairs", about_az).rows} == {"AZ", "XK", "TV"}
    assert {row["pair"] for row in drawn("pairs", about).rows} == {
        "Azerbaijan – Kosovo",
        "Azerbaijan – Tuvalu",
    }


def test_equal_names_get_their_code_and_invisible_characters_are_escaped():
    assert unique_labels({"A": "Congo", "B": "Congo", "C": "x\u202ey"}) == {
        "A": "Congo (A)",
        "B": "Congo (B)",
        "C": "x\\u202ey",
    }


@given(st.lists(st.integers(1, 200_000), min_size=1))
def test_every_number_is_in_the_range_of_its_class(numbers):
    classes = scale(numbers)
    assert len(classes.labels) == len(set(classes.colors)) <= 6
    for number in numbers:
        low, _, high = classes.labels[classes.place(number)].replace(",", "").partition("–")
        assert int(low) <= number <= int(high or low)


def test_classes_of_skewed_numbers_are_balanced():
    skewed = [max(1, round(20_000 / rank**1.1)) for rank in range(1, 250)]
    for numbers in (skewed, skewed[:30], [-(-number // 10) for number in skewed]):
        classes = scale(numbers)
        often = Counter(map(classes.place, numbers))
        assert len(often) >= 4
        assert max(often.values()) < 0.75 * len(numbers)


def test_dense_network_shows_its_heaviest_lines_and_says_so(about):
    codes = [*about.names.countries][:20]
    edges = [
        {"a": one, "b": other, "weight": 1000 - n, **COUNTED}
        for n, (one, other) in enumerate(combinations(codes, 2))
    ]
    rows = [{"country": code, "strength": 9} for code in codes]
    chart = draw("network", rows, about, edges=edges)
    lines = [row for row in chart.rows if row["b"]]
    assert [row["weight"] for row in lines] == [*range(1000, 900, -1)]
    assert "The 100 thickest of 190 lines." in " ".join(chart.spec["title"]["subtitle"])


def test_network_leaves_out_countries_without_a_line_and_says_how_many(about):
    codes = [*about.names.countries][:5]
    edges = [{"a": one, "b": codes[2], "weight": 1, **COUNTED} for one in codes[:2]]
    rows = [{"country": code, "strength": 9} for code in codes]
    chart = draw("network", rows, about, edges=edges)
    assert [row["a"] for row in chart.rows if not row["b"]] == codes[:3]
    caption = " ".join(chart.spec["title"]["subtitle"])
    assert "3 of 5 countries, with most records. 2 more, without a line to these, are" in caption


def test_network_layout_is_deterministic_and_labels_do_not_overlap():
    nodes = [f"n{n}" for n in range(30)]
    edges = {(nodes[n], nodes[n * 7 % 30]): 1.0 for n in range(1, 30) if n != n * 7 % 30}
    places = springs(nodes, edges)
    assert places == springs(nodes, edges)
    assert all(0 <= value <= 1 for place in places.values() for value in place)
    spots = {node: (x * 600, y * 450) for node, (x, y) in places.items()}
    found = labels(
        {node: node for node in nodes}, spots, dict.fromkeys(nodes, 4.0), edges=edges, size=9
    )
    anchors = [anchor for anchor, _ in found.values()]
    close = [
        (one, other)
        for n, one in enumerate(anchors)
        for other in anchors[n + 1 :]
        if abs(one[0] - other[0]) < 6 and abs(one[1] - other[1]) < 6
    ]
    assert not close


@pytest.fixture(scope="module")
def files(about):
    """Return one chart in the three formats; the renderer takes a second to start."""
    hostile = About(names=about.names, records=9, day=about.day, filters=f"text “{HOSTILE}”")
    spec = drawn("pairs", hostile).spec
    return {ending: renderer(f"x.{ending}")(spec) for ending in ("svg", "png", "html")} | {
        "again": renderer("x.SVG")(spec)
    }


@pytest.mark.slow
@pytest.mark.libraries
def test_svg_is_valid_complete_and_reproducible(files):
    tree = ET.fromstring(files["svg"])
    words = " ".join(tree.itertext())
    assert "Azerbaijan – Kosovo" in words
    assert "\\u202etxt.exe" in words
    assert float(tree.get("width")) == NARROW
    assert set(re.findall(rb'="(https?:[^"]*)"', files["svg"])) == {
        b"http://www.w3.org/2000/svg",
        b"http://www.w3.org/1999/xlink",
    }
    assert files["again"] == files["svg"]


@pytest.mark.slow
@pytest.mark.libraries
def test_png_has_300_dpi_and_the_width_of_a_paper_column(files):
    assert files["png"].startswith(b"\x89PNG\r\n\x1a\n")
    size = struct.unpack(">II", files["png"][16:24])
    tree = ET.fromstring(files["svg"])
    inches = [float(tree.get(side)) / 96 for side in ("width", "height")]
    assert [dots / 300 for dots in size] == pytest.approx(inches, abs=0.01)
    assert inches[0] * 25.4 == pytest.approx(85, abs=0.5)
    at = files["png"].index(b"pHYs") + 4
    per_metre = struct.unpack(">IIB", files["png"][at : at + 9])
    assert per_metre == (11811, 11811, 1)


@pytest.mark.slow
@pytest.mark.libraries
def test_html_page_has_tooltips_and_neither_scripts_nor_external_content(files):
    page = files["html"].decode()
    assert HOSTILE.partition("\u202e")[0] not in page
    assert not re.search(r"<script|src=|href=| on\w+=", page)
    assert "default-src 'none'" in page
    drawing = page[page.index("<svg") : page.index("</svg>") + len("</svg>")]
    texts = [mark.text for mark in ET.fromstring(drawing).iter("{http://www.w3.org/2000/svg}title")]
    assert len(texts) == 4
    assert {*texts} == {
        f"Azerbaijan – {other}, {kind}: {number}"
        for other in ("Kosovo", "Tuvalu")
        for kind, number in (("Instruments", 1), ("Encounters", 2))
    }
    assert drawing.count("<path") == files["svg"].count(b"<path")


@pytest.mark.parametrize("name", ["x.gif", "x", "svg"])
def test_unknown_file_ending_is_an_error_that_lists_the_endings(cli_invoke, tmp_path, name):
    found = cli_invoke("--root", ROOT, "stats", "years", "--chart", tmp_path / name, exit_code=2)
    assert ".svg, .png or .html" in found.stderr
    assert not [*tmp_path.iterdir()]


def test_missing_library_is_an_error_with_the_extra_to_install(cli_invoke, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    target = tmp_path / "x.svg"
    found = cli_invoke("--root", ROOT, "stats", "years", "--chart", target, exit_code=2)
    assert "healthcoop[charts]" in found.stderr
    assert not target.exists()


def test_every_chart_belongs_to_a_statistic():
    assert {STATISTICS[name].chart for name in DRAWN} == set(CHARTS)


SVG = "{http://www.w3.org/2000/svg}"


def words(element, x=0.0, y=0.0, turned=False):
    """Yield each line of text of an SVG, its element, position, and whether it is vertical."""
    for shift in re.findall(r"translate\(([^)]*)\)", element.get("transform", "")):
        dx, dy = (float(number) for number in shift.split(","))
        x, y = x + dx, y + dy
    turned = turned or "rotate(" in element.get("transform", "")
    if element.tag == f"{SVG}text":
        for line in element.itertext():
            yield line, element, x, y, turned
        return
    for child in element:
        yield from words(child, x, y, turned)


PICTURES = [
    *((statistic,) for statistic in DRAWN if statistic != "cross"),
    ("cross", "m49", "decade"),
    ("cross", "year", "region"),
    ("cross", "country", "topic"),
    ("cross", "topic", "year"),
    ("pairs", "--country", "AZ", "--with", "organisations"),
    ("matrix", "--with", "organisations", "--multilateral", "all"),
    ("matrix", "--top", "45"),
    ("network", "--multilateral", "fractional", "--with", "organisations"),
    ("network", "--id", "2026-az-gb-*"),
    ("status", *(f"--on=20{year}-01-01" for year in range(10, 26))),
    ("completeness", "--by", "year"),
]


@pytest.mark.slow
@pytest.mark.parametrize("options", PICTURES, ids=" ".join)
def test_text_of_a_chart_is_inside_it_and_legible(options, cli_invoke, tmp_path):
    file = tmp_path / "x.svg"
    cli_invoke("--root", ROOT, "stats", *options, "--chart", file)
    tree = ET.parse(file).getroot()
    width, height = float(tree.get("width")), float(tree.get("height"))
    wide = "45" in options or options in (("cross", "country", "topic"), ("cross", "topic", "year"))
    assert width == (WIDE if wide else NARROW)
    for line, element, x, y, turned in words(tree):
        size = float(element.get("font-size").removesuffix("px"))
        assert size * 72 / 96 >= 6
        assert "…" not in line or "(" in line
        long = 0.45 * size * len(line)
        before = {"middle": long / 2, "end": long}.get(element.get("text-anchor"), 0)
        start, end = (y + before, y + before - long) if turned else (x - before, x - before + long)
        # What letters are wide is an estimate.
        assert min(start, end) >= -8, line
        assert max(start, end) <= (height if turned else width) + 8, line


@pytest.mark.slow
@pytest.mark.parametrize("statistic", ["years", "matrix", "organisations", "network"])
def test_chart_has_a_mark_for_each_row(statistic, cli_invoke, tmp_path):
    picture, table = tmp_path / "x.svg", tmp_path / "x.csv"
    cli_invoke(
        *("--root", ROOT, "stats", statistic, "--since", "2020", "--chart", picture),
        *("--chart-data", table),
    )
    rows = [*csv.DictReader(io.StringIO(table.read_text("utf-8")))]
    texts = [mark.get("aria-label") for mark in ET.parse(picture).iter() if mark.get("aria-label")]
    marks = [text for text in texts if re.search(r": [\d.]+$", text)]
    assert len(rows) > 5
    assert len(marks) == len(rows)


@given(st.integers(-3000, 3000), st.integers(0, 10**7))
def test_ticks_are_round_integers_within_bounds(first, span):
    found = ticks(first, first + span)
    assert all(first <= tick <= first + span for tick in found)
    steps = {two - one for one, two in pairwise(found)}
    assert len(steps) <= 1
    assert 1 <= len(found) <= 8 or (span and not found)


@given(st.floats(0, 10**7))
def test_axis_of_numbers_starts_at_zero_and_ends_at_a_tick_above_the_greatest(most):
    axis = quantity("n", "N", most)
    assert axis["scale"]["domain"] == [0, axis["axis"]["values"][-1]]
    assert axis["axis"]["values"][0] == 0
    assert most <= axis["axis"]["values"][-1] <= max(1, 2 * most + 1)


def lightness_and_colour(color, vision):
    """Return CIE L*a*b* of a colour as a kind of colour vision perceives it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (byte / 255 for byte in bytes.fromhex(color[1:]))
    ]

    def through(matrix, light):
        return [sum(map(operator.mul, row, light)) for row in matrix]

    white = (0.9505, 1, 1.089)
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    seen = [min(1, max(0, part)) for part in through(vision, linear)]
    x, y, z = (
        math.cbrt(part) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in map(operator.truediv, through(to_xyz, seen), white)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


# Machado, Oliveira and Fernandes 2009, doi 10.1109/TVCG.2009.113, severity 1; and a grey print.
VISIONS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
    "grey": ((0.2126, 0.7152, 0.0722),) * 3,
}


@pytest.mark.parametrize("vision", VISIONS)
def test_colours_differ_for_every_kind_of_colour_vision_and_darken(vision):
    for number in range(1, 7):
        classes = [lightness_and_colour(one, VISIONS[vision]) for one in (LAND, *ramp(number))]
        assert all(one[0] > two[0] + 5 for one, two in pairwise(classes))
        assert all(math.dist(one, two) > 10 for one, two in combinations(classes, 2))
    kinds = [lightness_and_colour(one, VISIONS[vision]) for one in KIND_COLORS.values()]
    assert math.dist(*kinds) > 20


def test_years_without_records_keep_their_place_on_axes(about):
    rows = [
        {"year": year, "field": "places", "of": 4, "records": 2, "share": 0.5}
        for year in (1950, 2020)
    ]
    chart = drawn("completeness", about, rows)
    assert chart.spec["encoding"]["x"]["scale"]["domain"] == [*range(1950, 2021)]
    days = [
        day | {"day": f"{year}-12-31"}
        for day, year in zip(ROWS["status"], (1950, 2020), strict=False)
    ]
    axis = drawn("status", about, days).spec["encoding"]["x"]
    assert axis["type"] == "quantitative"
    assert axis["axis"]["values"] == [1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020]
    rows = [
        day | {"day": f"{year}-01-01"}
        for day, year in zip(ROWS["status"], (1950, 2020), strict=False)
    ]
    assert drawn("status", about, rows).spec["encoding"]["x"]["field"] == "day"


def test_chart_with_organisations_does_not_call_them_countries(about):
    rows = [
        {"country": "AZ", "total": 3, "strength": 3, "with": {"AZ": None, "WHO": 3}},
        {"country": "WHO", "total": 3, "strength": 3, "with": {"AZ": 3, "WHO": None}},
    ]
    edges = [{"a": "AZ", "b": "WHO", "weight": 3, **COUNTED}]
    for statistic in ("matrix", "network"):
        title = draw(statistic, rows, about, edges=edges).spec["title"]
        assert "countries and organisations" in " ".join([*title["text"], *title["subtitle"]])


@pytest.mark.slow
@pytest.mark.libraries
def test_caption_states_what_is_not_counted_once_without_options(cli_invoke, tmp_path):
    file = tmp_path / "x.svg"
    cli_invoke("--root", ROOT, "stats", "matrix", "--chart", file)
    above = " ".join(line for line, *_ in words(ET.parse(file).getroot()))
    assert above.count("Not counted: ") == 1
    assert "of three countries or more; " in above
    assert "--" not in above


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("years", "--chart", ""), ".svg, .png or .html"),
        (("years", "--chart-data", "-"), "--chart-data needs the name of a file"),
        (("years", "--chart-data", ""), "--chart-data needs the name of a file"),
        (("dyad-years", "--chart", "x.svg"), "stats dyad-years has no picture"),
        (("dyad-years", "--chart-data", "x.csv"), "stats dyad-years has no picture"),
    ],
)
def test_invalid_chart_options_fail_before_counting(
    options, message, cli_invoke, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    found = cli_invoke("--root", ROOT, "stats", *options, exit_code=2)
    assert message in found.stderr
    assert "not counted" not in found.stderr
    assert found.stdout == ""
    assert not [*tmp_path.iterdir()]


@pytest.mark.slow
@pytest.mark.libraries
def test_chart_replaces_a_file_and_the_table(cli_invoke, tmp_path):
    file = tmp_path / "x.svg"
    file.write_text("before")
    found = cli_invoke("--root", ROOT, "stats", "topics", "--country", "AZ", "--chart", file)
    assert found.stdout == ""
    assert file.read_text("utf-8").startswith("<svg")
    assert [*tmp_path.iterdir()] == [file]
