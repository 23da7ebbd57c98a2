"""``summary`` and ``stats``: keys, order, notes on what is not counted, and documentation."""

import csv
import io
import json
import re
import shlex
from pathlib import Path

import pytest

from healthcoop.dataset import Dataset
from healthcoop.export.charts import CHARTS
from healthcoop.index.statistics import STATISTICS
from healthcoop.model.dates import parse
from healthcoop.terminal.statistics import LAYOUTS, LINES
from tests.cases import each

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "statistics.md"
EXAMPLE = re.compile(
    r"^```sh\n(healthcoop stats [^\n]+)\n```\n\n```\n(.*?)(?:^(\.\.\.)\n(.*?))?^```$", re.M | re.S
)

SUMMARY = [
    *("records", "instruments", "encounters", "countries", "organisations", "pairs"),
    *("first", "last", "by_type", "by_year", "by_country", "by_organisation", "by_topic"),
    *("by_collection", "completeness"),
]
KEYS = {
    "pairs": [
        *("a", "b", "records", "instruments", "encounters", "weight", "in_force"),
        *("first", "last", "topics", "affinity", "years_since_encounter"),
    ],
    "countries": [
        *("country", "records", "instruments", "encounters", "partners", "in_force"),
        *("first", "last"),
    ],
    "organisations": [
        *("organisation", "records", "instruments", "encounters", "partners", "in_force"),
        *("first", "last"),
    ],
    "topics": ["topic", "records", "instruments", "encounters", "countries"],
    "years": ["year", "records", "instruments", "encounters"],
    "cross": ["row", "column", "records", "instruments", "encounters"],
    "matrix": ["country", "total", "with"],
    "network": ["country", "degree", "strength", "betweenness"],
    "status": ["day", "certain", "possible", "no", "instruments"],
    "dyad-years": [
        *("year", "a", "b", "a_alpha3", "b_alpha3", "a_numeric", "b_numeric", "a_cow", "b_cow"),
        *("encounters", "signed", "in_force_certain", "in_force_possible"),
        *("searched_instruments", "searched_encounters"),
    ],
    "parties": [
        *("id", "date", "country", "organisation", "role", "level", "signed", "ratified"),
        *("acceded", "in_force", "left", "status"),
    ],
    "completeness": ["field", "of", "records", "share"],
}

POSITIONS = {"cross": ("topic", "year")}
"""The arguments of statistics that need some."""


def stats(name, *options):
    return ("stats", name, *POSITIONS.get(name, ()), *options)


def test_summary_has_the_documented_keys_and_adds_up(mini, cli_invoke):
    found = json.loads(cli_invoke("summary", "-f", "json").stdout)
    assert list(found) == SUMMARY
    assert found["records"] == found["instruments"] + found["encounters"]
    for key in ("by_type", "by_year", "by_collection"):
        assert sum(found[key].values()) == found["records"]
    assert len(found["by_country"]) == found["countries"]
    pairs = json.loads(cli_invoke("stats", "pairs", "-f", "json").stdout)
    assert len(pairs) == found["pairs"]


@each("width", [15, 40, 80])
def test_summary_never_separates_a_number_from_what_it_counts(width, mini, terminal):
    lines = terminal("summary", width=width).splitlines()
    for line in lines[: next(n for n, line in enumerate(lines) if "1985" in line)]:
        assert re.fullmatch(r"(\d+ [a-z]+)(  \d+ [a-z]+)*", line)
        assert len(line) <= width
    assert lines[0].startswith("6 records")


def test_summary_ends_with_the_coverage_of_collections(mini, cli_invoke):
    text = cli_invoke("summary", "--collection", "register").stdout
    assert text.splitlines()[-1] == "Coverage. register: Only one state's treaties are in it."


@pytest.mark.usefixtures("shared_cache")
def test_summary_in_a_pipe_is_complete(cli_invoke):
    names = Dataset.open(ROOT).vocabulary
    found = json.loads(cli_invoke("--root", ROOT, "summary", "-f", "json").stdout)
    text = cli_invoke("--root", ROOT, "summary").stdout
    rows = {line.partition("  ")[0] for line in text.splitlines()}
    assert {names.label(code) for code in found["by_country"]} <= rows
    assert {names.label(code) for code in found["by_organisation"]} <= rows
    assert {names.types[code].label for code in found["by_type"]} <= rows
    assert {names.topics[code].label for code in found["by_topic"]} <= rows
    assert not set("▁▂▃▄▅▆▇█▏▎▍▌▋▊▉") & set(text)
    assert " earlier" not in text


@each("format_", ["text", "json", "markdown"])
@each("filters", [["--year", "1800"], ["--kind", "encounter"]])
def test_summary_of_no_records_or_no_instruments(format_, filters, mini, cli_invoke):
    assert cli_invoke("summary", *filters, "-f", format_).stdout
    cli_invoke("--color", "always", "summary", *filters)


def test_commands_work_without_records(mini, cli_invoke):
    for path in (mini / "records").rglob("*.yaml"):
        path.unlink()
    assert json.loads(cli_invoke("list", "-f", "json").stdout) == []
    assert json.loads(cli_invoke("summary", "-f", "json").stdout)["records"] == 0
    for statistic in KEYS:
        assert json.loads(cli_invoke(*stats(statistic, "-f", "json")).stdout) == []
        assert cli_invoke(*stats(statistic)).stdout == ""
    for command in ("validate", "fmt", "duplicates"):  # what is not there cannot be right
        assert f"no record in {mini / 'records'}" in cli_invoke(command, exit_code=2).stderr


@each("statistic", KEYS)
def test_statistic_has_the_documented_keys_in_order(statistic, mini, cli_invoke):
    rows = json.loads(cli_invoke(*stats(statistic, "-f", "json")).stdout)
    assert rows
    assert [list(row) for row in rows] == [KEYS[statistic]] * len(rows)
    if STATISTICS[statistic].columns.get("in_force") == "in_force":
        assert {tuple(row["in_force"]) for row in rows} == {("certain", "possible")}


def test_pairs_are_sorted_by_weight_then_records_then_codes(mini, cli_invoke):
    outcome = cli_invoke("stats", "pairs", "--multilateral", "fractional", "-f", "json")
    rows = json.loads(outcome.stdout)
    order = [(-row["weight"], -row["records"], row["a"], row["b"]) for row in rows]
    assert order == sorted(order)
    assert all(row["a"] < row["b"] for row in rows)


def test_records_not_counted_are_noted_on_standard_error(mini, cli_invoke):
    outcome = cli_invoke("stats", "pairs", "-f", "json")
    assert "1 record of three countries or more" in outcome.stderr
    assert "1 record with no pair" in outcome.stderr
    counted = cli_invoke("stats", "pairs", "--multilateral", "all", "--with", "organisations")
    assert counted.stderr == "healthcoop: not counted: observers and depositaries of 1 record\n"


def test_notes_mention_parties_if_organisations_count(mini, cli_invoke):
    path = mini / "records" / "2022" / "2022-az-who-country-office-visit.yaml"
    text = path.read_text(encoding="utf-8")
    party = "  - organisation: WHO\n"
    for parties, note in (
        ("", "1 record with no pair of parties"),
        (party + "  - organisation: ECO\n", "2 records of three parties or more"),
    ):
        path.write_text(text.replace(party, parties), encoding="utf-8")
        notes = cli_invoke("stats", "pairs", "--with", "organisations", "-f", "json").stderr
        assert note in notes
        assert "countries" not in notes


def test_cross_counts_a_record_once_in_each_cell_and_in_totals(mini, cli_invoke):
    rows = json.loads(cli_invoke("stats", "cross", "country", "kind", "-f", "json").stdout)
    countries = json.loads(cli_invoke("stats", "countries", "-f", "json").stdout)
    for kind in ("instruments", "encounters"):
        assert {row["row"]: row["records"] for row in rows if row["column"] == kind[:-1]} == {
            row["country"]: row[kind] for row in countries if row[kind]
        }
    first, *lines = cli_invoke("stats", "cross", "country", "kind").stdout.splitlines()
    assert first.split() == ["All", "instrument", "encounter"]
    assert lines[0].split() == ["Azerbaijan", "4", "2", "2"]
    assert lines[-1].split() == ["All", "6", "4", "2"]  # not the sum of the rows


def test_cross_in_a_pipe_has_whole_headings_on_one_line(mini, cli_invoke):
    header, first, *_ = cli_invoke("stats", "cross", "country", "topic").stdout.splitlines()
    assert header.split("  ")[-2:] == ["Health workforce", "Digital health"]
    assert "…" not in header
    assert first.startswith("Azerbaijan")


def test_pairs_beside_those_of_the_filter_are_noted(mini, cli_invoke):
    """A declaration of more countries makes pairs that nobody asked for."""
    note = "pairs other than those of --pair are counted in these records only"
    for multilateral, is_noted in (("all", True), ("none", False)):
        given = ("--pair", "TR", "AZ", "--multilateral", multilateral)
        assert (note in cli_invoke("stats", "pairs", *given).stderr) == is_noted
    assert note not in cli_invoke("stats", "countries", "--pair", "TR", "AZ").stderr


def test_cross_of_unknown_or_equal_dimensions_is_a_usage_error(mini, cli_invoke):
    equal = cli_invoke("stats", "cross", "topic", "topic", exit_code=2)
    assert "rows and columns are both by topic" in equal.stderr
    assert "Choose two of: country, organisation," in equal.stderr
    assert (
        "'subject' is not one of"
        in cli_invoke("stats", "cross", "topic", "subject", exit_code=2).stderr
    )
    assert "COLUMNS" in cli_invoke("stats", "cross", "topic", exit_code=2).stderr


IN_FORCE = {"pairs", "countries", "organisations", "status", "dyad-years"}


@pytest.mark.parametrize("name", [name for name in KEYS if name != "cross"])
def test_filter_by_date_is_noted_where_instruments_in_force_are_counted(name, mini, cli_invoke):
    words = "in force: only of the instruments that match"
    notes = cli_invoke("stats", name, "--since", "2020", "--year", "2021").stderr
    assert (f"{words} --since 2020 --year 2021\n" in notes) == (name in IN_FORCE)
    assert words not in cli_invoke("stats", name, "--topic", "digital-health").stderr


@pytest.mark.parametrize("name", [name for name in KEYS if name != "cross"])
def test_day_on_which_instruments_in_force_are_counted_is_noted(name, mini, cli_invoke):
    arguments = ("stats", name, "--today", "2024-01-02", "--in-force-on", "2023-03-01")
    words = "in force: on 2024-01-02, not on 2023-03-01 (--today 2023-03-01 counts on it)\n"
    assert (words in cli_invoke(*arguments).stderr) == (name in IN_FORCE - {"status", "dyad-years"})
    assert "in force: on" not in cli_invoke(*arguments[:3], "2023-03-01", *arguments[4:]).stderr


def test_cross_reports_records_without_a_value_and_observers(mini, cli_invoke):
    notes = cli_invoke("stats", "cross", "organisation", "m49").stderr
    assert "not counted: 6 records with no organisation or no subregion" in notes
    assert "not counted: observers and depositaries of 1 record" in notes
    assert cli_invoke("stats", "cross", "topic", "decade").stderr == ""
    # The one depositary is an organisation.
    assert cli_invoke("stats", "cross", "country", "year").stderr == ""


def test_parties_have_a_row_for_each_side_with_what_it_states(mini, cli_invoke):
    path = next(mini.glob("records/*/2022-multi-vaccine-declaration.yaml"))
    text = path.read_text(encoding="utf-8")
    text = text.replace(
        "  - country: TR\n",
        "  - country: TR\n    bodies: [Izmir]\n    level: subnational\n    left: '2023-06-01'\n",
    )
    path.write_text(text, encoding="utf-8")

    def parties(*options):
        outcome = cli_invoke("stats", "parties", *options, "-f", "json")
        return json.loads(outcome.stdout), outcome.stderr

    rows, notes = parties("--id", "2022-multi*", "--on", "2023-01-01")
    assert notes == "healthcoop: not counted: observers and depositaries of 1 record\n"
    assert [row["country"] for row in rows] == ["AZ", "CU", "GB", "NO", "TR"]
    assert rows[-1] == {
        **dict.fromkeys(KEYS["parties"]),
        **{"id": "2022-multi-vaccine-declaration", "date": "[2022-12-22..2022-12-23]"},
        **{"country": "TR", "level": "subnational", "left": "2023-06-01", "status": "possible"},
    }
    rows, _ = parties("--id", "2022-multi*", "--on", "2024-01-01")
    assert [row["status"] for row in rows] == [*["possible"] * 4, "no"]
    rows, _ = parties("--kind", "encounter")
    assert {row["status"] for row in rows} == {None}
    assert {row["organisation"] for row in rows} == {None, "WHO"}
    shown = cli_invoke("stats", "parties", "--id", "2022-multi*", "--on", "2024-01-01").stdout
    heading, *lines = shown.splitlines()
    assert heading.split() == ["Date", "Side", "Role", "Own", "dates", "Status", "Id"]
    words = lines[-1].split()
    assert words[1:-1] == ["Türkiye", "subnational", "left", "2023-06-01", "no"]


@each(
    ("sort", "expected"),
    [
        ("records", lambda row: row["records"]),
        ("-records,-country", lambda row: (-row["records"], [-ord(c) for c in row["country"]])),
        ("-in_force_possible", lambda row: -row["in_force"]["possible"]),
    ],
)
def test_rows_are_sorted_by_columns(sort, expected, mini, cli_invoke):
    rows = json.loads(cli_invoke("stats", "countries", "-f", "json").stdout)
    found = json.loads(cli_invoke("stats", "countries", "--sort", sort, "-f", "json").stdout)
    assert found == sorted(rows, key=expected)


def test_unknown_values_are_last_in_both_orders(mini, cli_invoke):
    def met(sort):
        outcome = cli_invoke("stats", "pairs", "--sort", sort, "-f", "json")
        return [row["years_since_encounter"] for row in json.loads(outcome.stdout)]

    known = sorted(years for years in met("a") if years is not None)
    assert known
    assert None in met("a")
    assert met("years_since_encounter") == known + [None] * (len(met("a")) - len(known))
    assert met("-years_since_encounter")[: len(known)] == known[::-1]


def test_dates_are_sorted_by_their_days(mini, cli_invoke):
    rows = cli_invoke("stats", "parties", "--sort", "-date,id", "-f", "json").stdout
    dates = [row["date"] for row in json.loads(rows)]
    assert dates == sorted(dates, key=lambda text: parse(text).sort_key, reverse=True)
    assert dates != sorted(dates, reverse=True)  # one begins with a bracket


def test_limit_shows_the_first_rows_and_says_of_how_many(mini, cli_invoke):
    every = json.loads(cli_invoke("stats", "countries", "-f", "json").stdout)
    limited = cli_invoke("stats", "countries", "--limit", "2", "-f", "json")
    assert json.loads(limited.stdout) == every[:2]
    assert f"healthcoop: showing 2 of {len(every)}\n" in limited.stderr
    whole = cli_invoke("stats", "countries", "--limit", "100", "-f", "json")
    assert json.loads(whole.stdout) == every
    assert "showing" not in whole.stderr
    assert json.loads(cli_invoke("stats", "years", "--limit", "0", "-f", "json").stdout) == []


def sorted_by(statistic, columns, cli_invoke):
    """Sort a statistic by each of some of its columns; return all their names."""
    text = cli_invoke(*stats(statistic, "-f", "csv")).stdout
    header = next(csv.reader(io.StringIO(text, newline="")))
    lines = sorted(text.splitlines()[1:])
    for column in header[columns]:
        for sort in (column, f"-{column}"):
            found = cli_invoke(*stats(statistic, "--sort", sort, "-f", "csv")).stdout
            # The columns of a matrix follow the rows.
            assert statistic == "matrix" or sorted(found.splitlines()[1:]) == lines
    return header


@pytest.mark.slow
@each("statistic", KEYS)
def test_every_statistic_can_be_sorted_by_each_of_its_columns(statistic, mini, cli_invoke):
    sorted_by(statistic, slice(None), cli_invoke)


@each("statistic", KEYS)
def test_every_statistic_can_be_sorted_and_limited(statistic, mini, cli_invoke):
    header = sorted_by(statistic, slice(1), cli_invoke)
    one = cli_invoke(*stats(statistic, "--limit", "1", "-f", "csv")).stdout
    assert len(one.splitlines()) == 2
    assert cli_invoke(*stats(statistic, "--sort", header[-1], "--limit", "2")).stdout
    unknown = cli_invoke(*stats(statistic, "--sort", "nonsense"), exit_code=2)
    assert "unknown sort key: nonsense" in unknown.stderr


def test_cells_that_are_sorted_or_limited_are_a_list(mini, cli_invoke):
    shown = cli_invoke("stats", "cross", "country", "kind", "--sort", "-records", "--limit", "1")
    heading, line = shown.stdout.splitlines()
    assert heading.split() == ["Row", "Column", "Records", "Instruments", "Encounters"]
    assert line.split() == ["Norway", "instrument", "3", "3", "0"]


@each(
    "arguments",
    [
        *(["stats", name, *POSITIONS.get(name, ())] for name in KEYS),
        *(["list"], ["vocab", "topics"], ["duplicates"], ["sql", "SELECT 1"]),
    ],
)
def test_excel_gets_a_byte_order_mark(arguments, mini, cli_invoke, tmp_path):
    plain = cli_invoke(*arguments, "-f", "csv").stdout
    assert cli_invoke(*arguments, "-f", "csv", "--excel").stdout == f"\ufeff{plain}"
    file = tmp_path / "x.csv"
    cli_invoke(*arguments, "--excel", "-o", file)
    assert file.read_bytes() == b"\xef\xbb\xbf" + plain.encode()
    wrong = cli_invoke(*arguments, "--excel", "-f", "json", exit_code=2)
    assert "--excel goes with -f csv" in wrong.stderr


def test_fold_former_counts_former_states_as_their_successors(mini, cli_invoke):
    assert "GB,SUHH," in cli_invoke("stats", "pairs", "-f", "csv").stdout
    assert "GB,RU," in cli_invoke("stats", "pairs", "--fold-former", "-f", "csv").stdout


def test_today_changes_what_is_in_force(mini, cli_invoke):
    def certain(day):
        rows = cli_invoke("stats", "countries", "--today", day, "-f", "json").stdout
        return {row["country"]: row["in_force"]["certain"] for row in json.loads(rows)}["CU"]

    assert (certain("2023-06-01"), certain("2024-06-01")) == (1, 0)


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("statistic", ["pairs", "countries"])
def test_withdrawn_records_without_a_date_are_counted(statistic, width, mini, terminal):
    for path in (mini / "records").rglob("*told-twice.yaml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('"2023-03-01"', "garbage"), encoding="utf-8")
    shown = terminal("stats", statistic, "--withdrawn", "only", width=width)
    assert "Azerbaijan" in shown


@each("statistic", KEYS)
def test_csv_has_a_cell_for_each_number(statistic, mini, cli_invoke):
    rows = json.loads(cli_invoke(*stats(statistic, "-f", "json")).stdout)
    text = cli_invoke(*stats(statistic, "-f", "csv")).stdout
    cells = list(csv.DictReader(io.StringIO(text, newline="")))
    plain = [key for key, value in rows[0].items() if isinstance(value, int)]
    assert plain or statistic == "parties"
    for key in plain:
        numbers = [json.dumps(row[key]) for row in rows]  # true and false in lower case
        assert [cell[key] for cell in cells] == numbers
    if STATISTICS[statistic].columns.get("in_force") == "in_force":
        assert [cell["in_force_possible"] for cell in cells] == [
            str(row["in_force"]["possible"]) for row in rows
        ]
    assert "{" not in text


@pytest.mark.usefixtures("shared_cache")
def test_examples_of_the_page_are_up_to_date(cli_invoke, request):
    """Dots stand for the lines between the first and the last, and for topics after the third."""

    def rerun(match):
        command, head, dots, tail = match.groups()
        lines = cli_invoke("--root", ROOT, *shlex.split(command)[1:]).stdout.splitlines()
        if dots:
            first, last = head.count("\n"), len(lines) - tail.count("\n")
            lines = [*lines[:first], dots, *lines[last:]]
        rows = [re.sub(r"(,(?:[\w-]+; ){3})[^,]+", r"\1...", line) for line in lines]
        return "\n".join([f"```sh\n{command}\n```\n", "```", *rows, "```"])

    page = PAGE.read_text(encoding="utf-8")
    made, number = EXAMPLE.subn(rerun, page)
    if request.config.getoption("--update-golden"):
        PAGE.write_text(made, encoding="utf-8")
    assert number == len(STATISTICS)
    assert made == PAGE.read_text(encoding="utf-8")


def test_every_statistic_has_a_section_of_the_page():
    page = PAGE.read_text(encoding="utf-8")
    sections = dict(part.split("\n", 1) for part in page.split("\n## ")[1:])
    assert KEYS.keys() == STATISTICS.keys() <= sections.keys()
    for name in STATISTICS:
        assert f"healthcoop stats {name}" in sections[name]


def test_files_named_on_the_page_exist_and_begin_with_a_comment():
    folder = ROOT / "healthcoop" / "index" / "statistics"
    named = re.findall(r"`([a-z_]+\.sql)`", PAGE.read_text(encoding="utf-8"))
    assert {*named} <= {path.name for path in folder.glob("*.sql")}
    for path in folder.glob("*.sql"):
        assert path.read_text(encoding="utf-8").startswith("-- ")


# Treaties of 200 parties, which are left out here, have a row for each pair and year.
@pytest.mark.slow
@pytest.mark.usefixtures("shared_cache")
@each("ways", [[], ["--multilateral", "all", "--type", "meeting"], ["--fold-former"]])
def test_dyad_years_have_unique_keys_by_code_and_by_number(ways, cli_invoke):
    text = cli_invoke("--root", ROOT, "stats", "dyad-years", *ways, "-f", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for key in (("a", "b"), ("a_cow", "b_cow")):
        keys = [(row["year"], *(row[name] for name in key)) for row in rows]
        keys = [each for each in keys if all(each)]
        assert len(keys) > 100
        assert len(keys) == len(set(keys))
    assert all(row["a"] < row["b"] for row in rows)


def test_table_of_dyad_years_is_aligned(mini, cli_invoke):
    rows = json.loads(cli_invoke("stats", "dyad-years", "-f", "json").stdout)
    heading, *lines = cli_invoke("stats", "dyad-years").stdout.splitlines()
    assert " ".join(heading.split()) == "Year A B COW A COW B Enc. Signed Certain Possible Searched"
    assert len(lines) == len(rows)
    assert {len(line) for line in lines} == {len(heading)}
    for line, row in zip(lines, rows, strict=True):
        hidden = ("alpha3", "numeric", "instruments", "searched_encounters")
        shown = [value for key, value in row.items() if not key.endswith(hidden)]
        assert line.split() == [str(value) for value in shown if value is not None] + ["no"]


@each("name", STATISTICS)
def test_every_statistic_is_declared_completely(name, mini, cli_invoke):
    statistic = STATISTICS[name]
    folder = ROOT / "healthcoop" / "index" / "statistics"
    assert (folder / f"{statistic.script or name.replace('-', '_')}.sql").is_file()
    assert statistic.layout in (LINES if statistic.long else LAYOUTS)
    assert statistic.chart is None or statistic.chart in CHARTS
    help_text = cli_invoke("stats", name, "--help").stdout
    for option in statistic.options:
        assert option.flag in help_text
        assert option.help
    positions = dict(zip(("rows", "columns"), POSITIONS.get(name, ()), strict=False))
    with Dataset.open(mini) as dataset:
        rows = dataset.statistic(name, **positions)
        assert len(rows) > 0
        assert {tuple(row) for row in rows} == {tuple(statistic.columns)}
        assert rows.to_polars().columns == list(rows.columns)
        with pytest.raises(TypeError, match="there is no nonsense"):
            dataset.statistic(name, nonsense=1)
    assert cli_invoke(*stats(name)).stdout
