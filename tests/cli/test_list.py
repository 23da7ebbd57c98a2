"""``healthcoop list``: filters, columns, order, formats."""

import csv
import io
import json
import shlex
from pathlib import Path

import pytest
import yaml

from healthcoop.index.records import SORTS
from tests.cases import each

ROOT = Path(__file__).parents[2]
KEYS = [
    *("id", "date", "earliest", "latest", "type", "kind", "title", "countries", "organisations"),
    *("topics", "places", "path"),
]
ALL = [
    "1985-gb-suhh-health-agreement",
    "2020-az-tr-ministers-meet",
    "2021-az-no-digital-memorandum",
    "2022-az-who-country-office-visit",
    "2022-multi-vaccine-declaration",
    "2023-cu-no-agreement-on-nurses",
]
OLD, MINISTERS, MEMORANDUM, VISIT, DECLARATION, NURSES = ALL
FILTERS = {
    "--country TR": [MINISTERS, DECLARATION],
    "--country TR --country SUHH": [OLD, MINISTERS, DECLARATION],
    "--country WHO": [VISIT, DECLARATION],
    "--country TR --country turkey --country tur": [MINISTERS, DECLARATION],
    "--pair TR AZ": [MINISTERS, DECLARATION],
    "--pair AZ WHO": [VISIT, DECLARATION],
    "--pair AZ WHO --pair GB SUHH": [OLD, VISIT, DECLARATION],
    "--type mou --type visit": [MEMORANDUM, VISIT],
    "--type MEMORANDUM_OF_UNDERSTANDING": [MEMORANDUM],
    "--kind encounter": [MINISTERS, VISIT],
    "--topic immunisation": [MINISTERS, VISIT, DECLARATION],
    "--region EUR --kind instrument": [MEMORANDUM, DECLARATION, NURSES],
    "--person shiraliyev": [MINISTERS],
    "--person Şirəliyev": [MINISTERS],
    "--text saglik": [MINISTERS],
    "--text vaccines --text registers": [MINISTERS, MEMORANDUM, VISIT, DECLARATION],
    "--text nurses -cuba": [MINISTERS, VISIT],
    "saglik": [MINISTERS],
    "vaccines registers": [],
    "vaccines OR registers": [MINISTERS, MEMORANDUM, VISIT, DECLARATION],
    "vaccines --country TR": [MINISTERS, DECLARATION],
    "saglik --text registers": [MINISTERS, MEMORANDUM],
    "--not-country AZ": [OLD, NURSES],
    "--not-country AZ --not-country Cuba": [OLD],
    "--country TR --not-country WHO": [MINISTERS],
    "--level national --country TR": [MINISTERS, DECLARATION],
    "--level subnational": [],
    "--until 1985-05": [],
    "--until 1985-05 --loose": [OLD],
    "--until 1984-05 --loose": [],
    "--since 2022-12": [DECLARATION, NURSES],
    "--until 1985": [OLD],
    "--year 2022-12-23": [DECLARATION],
    "--year 1985 --year 2023": [OLD, NURSES],
    "--place oslo": [MEMORANDUM],
    "--lateral organisation": [VISIT],
    "--lateral multilateral": [DECLARATION],
    "--in-force-on 1990-01-01": [OLD],
    "--in-force-on 2023-03-01": [OLD, MEMORANDUM, DECLARATION, NURSES],
    "--in-force-on 2023-03-01 --certainty certain": [MEMORANDUM, NURSES],
    "--source register.example": [OLD],
    "--collection register": [OLD],
    "--id 2022-*": [VISIT, DECLARATION],
    "--withdrawn only": ["2023-az-cu-meeting-told-twice"],
    "--country CU --withdrawn include": [DECLARATION, NURSES, "2023-az-cu-meeting-told-twice"],
    "--country CU --year 1999": [],
}


@each("filters", FILTERS)
def test_filter_selects_records_by_date(filters, mini, cli_invoke):
    given = filters.replace("nurses -cuba", "nurses_-cuba").split()
    words = [word.replace("_", " ") for word in given]
    assert cli_invoke("list", *words, "--format", "ids").stdout.split() == FILTERS[filters]


@pytest.mark.usefixtures("shared_cache")
def test_any_name_of_a_country_selects_the_same_records(cli_invoke):
    found = {
        cli_invoke("--root", ROOT, "list", "--country", name, "-f", "ids").stdout
        for name in ("Azerbaijan", "AZ", "aze", "AZERBAIJAN")
    }
    assert len(found) == 1
    assert all("az" in ident or "multi" in ident for ident in found.pop().split())


def test_misspelt_country_suggests_the_nearest(mini, cli_invoke):
    outcome = cli_invoke("list", "--country", "Azerbajan", exit_code=2)
    assert outcome.stdout == ""
    assert "Azerbajan" in outcome.stderr
    assert "Did you mean Azerbaijan?" in outcome.stderr


@pytest.mark.usefixtures("shared_cache")
@each(
    ("options", "repeated"),
    [
        (["--country", "IN,BD"], "--country IN --country BD"),
        (["--country", "India, Sri Lanka"], "--country India --country 'Sri Lanka'"),
        (["--topic", "vaccines,research"], "--topic vaccines --topic research"),
    ],
)
def test_list_of_names_is_answered_with_the_option_repeated(options, repeated, cli_invoke):
    outcome = cli_invoke("--root", ROOT, "list", *options, exit_code=2)
    assert f"Repeat the option for each name: {repeated}\n" in outcome.stderr
    cli_invoke("--root", ROOT, "list", *shlex.split(repeated))


def test_list_with_an_unknown_name_is_not_split(mini, cli_invoke):
    assert "Repeat" not in cli_invoke("list", "--country", "IN,QQ", exit_code=2).stderr


@pytest.mark.usefixtures("shared_cache")
@each(
    ("command", "taken"),
    [
        (["list", "--country", "Korea"], "South Korea (KR), not North Korea (KP)"),
        (["list", "--pair", "Sudan", "CU"], "Sudan (SD), not South Sudan (SS)"),
        (["pair", "CU", "Congo"], "Congo (CG), not DR Congo (CD)"),
    ],
)
def test_name_of_two_countries_is_answered_with_the_one_taken(command, taken, cli_invoke):
    assert f"is taken for {taken}\n" in cli_invoke("--root", ROOT, *command).stderr


@pytest.mark.usefixtures("shared_cache")
@each("name", ["KR", "South Korea", "Guinea", "Niger", "Azerbaijan"])
def test_name_of_one_country_needs_no_note(name, cli_invoke):
    assert "taken for" not in cli_invoke("--root", ROOT, "list", "--country", name).stderr


@pytest.mark.usefixtures("shared_cache")
@each(
    ("words", "answer"),
    [
        (["countries", "United Nations"], "United Nations is in organisations: UN"),
        (["topics", "vacines"], "Did you mean vaccines?"),
        (["organisations", "qqq"], "without a text, all are listed"),
    ],
)
def test_vocab_without_a_match_says_what_may_be_meant(words, answer, cli_invoke):
    outcome = cli_invoke("--root", ROOT, "vocab", *words)
    assert outcome.stdout == ""
    assert answer in outcome.stderr


@each(
    ("arguments", "hint"),
    [
        (("list", "--country", "Africa"), "Africa is a region: --region Africa"),
        (("list", "--pair", "AZ", "central asia"), "Central Asia is a region: --region 'central"),
        (("dyad-years",), "Did you mean stats dyad-years?"),
        (("pairs",), "Did you mean pair or stats pairs?"),
        (("list", "--color", "always"), "before the command: healthcoop --color ... list"),
        (("stats", "pairs", "--no-pager"), "healthcoop --no-pager stats pairs"),
        (("list", "--colour", "always"), "No such option"),
    ],
)
@pytest.mark.usefixtures("shared_cache")
def test_mistake_is_answered_with_what_to_write(arguments, hint, cli_invoke):
    assert hint in cli_invoke("--root", ROOT, *arguments, exit_code=2).stderr


def test_sort_help_lists_the_keys(mini, cli_invoke):
    shown = json.loads(cli_invoke("list", "--sort", "help", "-f", "json").stdout)
    assert [row["key"] for row in shown] == [*SORTS]
    assert all(row["meaning"] for row in shown)


@each(
    ("option", "value"),
    [
        ("--topic", "vacines"),
        ("--type", "meating"),
        ("--region", "European Regin"),
        ("--collection", "newz"),
        ("--columns", "id,tittle"),
        ("--sort", "datte"),
    ],
)
def test_misspelt_name_suggests_the_nearest(option, value, mini, cli_invoke):
    outcome = cli_invoke("list", option, value, exit_code=2)
    assert "Did you mean" in outcome.stderr


@each(
    ("option", "value"),
    [
        *((option, value) for option in ("id", "person", "place", "source") for value in ("", " ")),
        ("person", "\u0301"),
        ("since", "../2001"),
        ("since", "[..2001]"),
        ("until", "2001/.."),
        ("until", "2001/"),
        ("in-force-on", ""),
    ],
)
def test_filter_without_effect_is_refused(option, value, mini, cli_invoke):
    outcome = cli_invoke("list", f"--{option}", value, exit_code=2)
    assert outcome.stdout == ""
    assert outcome.stderr


def test_bound_may_be_an_open_interval(mini, cli_invoke):
    later = cli_invoke("list", "--since", "2022-12/..", "-f", "ids").stdout
    assert later.split() == [DECLARATION, NURSES]
    assert cli_invoke("list", "--until", "../1985", "-f", "ids").stdout.split() == [OLD]


def test_unknown_column_lists_all_columns(mini, cli_invoke):
    outcome = cli_invoke("list", "--columns", "zzz", exit_code=2)
    assert "Did you mean" not in outcome.stderr
    assert "id, date, earliest" in outcome.stderr


def test_json_has_the_documented_keys_in_order(mini, cli_invoke):
    found = json.loads(cli_invoke("list", "-f", "json").stdout)
    assert [item["id"] for item in found] == ALL
    assert [list(item) for item in found] == [KEYS] * len(ALL)
    memorandum = found[2]
    assert memorandum["countries"] == ["AZ", "NO"]
    assert memorandum["organisations"] == []
    assert memorandum["places"] == ["Oslo, NO"]
    assert memorandum["path"] == f"records/2021/{MEMORANDUM}.yaml"
    assert memorandum["kind"] == "instrument"
    assert (found[0]["earliest"], found[0]["latest"]) == ("1985-06-01", "1985-06-30")


def test_all_formats_have_the_same_data(mini, cli_invoke):
    def read(format_):
        return cli_invoke("list", "--columns", ",".join([*KEYS, "online", "term"]), "-f", format_)

    found = json.loads(read("json").stdout)
    assert [json.loads(line) for line in read("jsonl").stdout.splitlines()] == found
    as_text = [
        {
            key: str(value).lower() if isinstance(value, bool) else value or ""
            for key, value in item.items()
        }
        for item in found
    ]
    assert yaml.load(read("yaml").stdout, yaml.SafeLoader) == found
    flat = [
        {key: "; ".join(value) if isinstance(value, list) else value for key, value in item.items()}
        for item in as_text
    ]
    # What a spreadsheet would run has a quote before it.
    flat[-1]["title"] = f"'{flat[-1]['title']}"
    assert list(csv.DictReader(io.StringIO(read("csv").stdout, newline=""))) == flat
    # What only moves the cursor or turns the line is spelt out where there are no quotes.
    flat[-1]["title"] = flat[-1]["title"].replace("\u202e", r"\u202e")
    assert list(csv.DictReader(io.StringIO(read("tsv").stdout), delimiter="\t")) == flat


def test_columns_option_ignores_blanks(mini, cli_invoke):
    outcome = cli_invoke("list", "--columns", "title, id", "--limit", "1", "-f", "json")
    assert [list(item) for item in json.loads(outcome.stdout)] == [["title", "id"]]


def test_minus_sorts_descending_and_ties_use_the_next_key(mini, cli_invoke):
    outcome = cli_invoke("list", "--sort", "type,-date", "-f", "ids")
    assert outcome.stdout.split() == [NURSES, OLD, DECLARATION, MINISTERS, MEMORANDUM, VISIT]


@each(("limit", "number"), [("0", 0), ("2", 2), ("9" * 30, 6)])
def test_limit_bounds_the_number_of_records(limit, number, mini, cli_invoke):
    assert cli_invoke("list", "--limit", limit, "-f", "ids").stdout.split() == ALL[:number]


@each(
    ("format_", "text"),
    [("json", "[]\n"), ("jsonl", ""), ("yaml", "[]\n"), ("ids", ""), ("table", "")],
)
def test_empty_result_is_well_formed_and_exits_0(format_, text, mini, cli_invoke):
    outcome = cli_invoke("list", "--year", "1800", "-f", format_)
    note = "healthcoop: no record matches; without --year 1800: 6 records\n"
    assert (outcome.stdout, outcome.stderr) == (text, note)


def test_empty_csv_has_a_heading(mini, cli_invoke):
    assert cli_invoke("list", "--year", "1800", "-f", "csv").stdout == ",".join(KEYS) + "\r\n"


def test_terminal_output_notes_the_number_of_records(mini, cli_invoke):
    for arguments, message in (
        (["--limit", "2"], "2 of 6 records, oldest first"),
        (["--limit", "2", "--sort", "-date"], "2 of 6 records, newest first"),
        (["--limit", "2", "--sort", "-title,date"], "2 of 6 records, by title, the last first"),
        (["--limit", "1", "--country", "TR"], "1 of 2 that fit (6 records), oldest first"),
        (["--limit", "2", "--country", "TR"], "2 of 6 records\n"),
        (["--country", "TR"], "2 of 6 records\n"),
        (["--withdrawn", "include"], "7 of 7 records"),
    ):
        outcome = cli_invoke("--color", "always", "list", *arguments)
        assert message in outcome.stderr
        assert message not in outcome.stdout


def test_columns_help_lists_every_column(mini, cli_invoke):
    shown = cli_invoke("list", "--columns", "help").stdout
    rows = json.loads(cli_invoke("list", "--columns", "help", "-f", "json").stdout)
    assert [row["column"] for row in rows[:4]] == KEYS[:4]
    assert {"renewal", "funding", "extended_to"} <= {row["column"] for row in rows}
    assert all(f"{row['column']} " in shown and row["meaning"] in shown for row in rows)


def test_status_is_shown_with_in_force_on_and_only_in_the_table(mini, cli_invoke):
    on = ("--in-force-on", "2023-03-01")
    heading, *rows = cli_invoke("list", *on).stdout.splitlines()
    assert heading.endswith("Status")
    (nurses,) = (row for row in rows if NURSES in row)
    assert nurses.endswith("certain")
    assert "Status" not in cli_invoke("list").stdout
    assert list(json.loads(cli_invoke("list", *on, "-f", "json").stdout)[0]) == KEYS


def test_topics_have_names_in_tables_and_codes_elsewhere(mini, cli_invoke):
    label = "Digital health"
    for arguments in ((), ("--columns", "topics")):
        table = cli_invoke("list", "--topic", "digital-health", *arguments).stdout
        assert label in table
        data = cli_invoke("list", "--topic", "digital-health", *arguments, "-f", "csv").stdout
        assert label not in data
        assert "digital-health" in data


@each(
    ("command", "note"),
    [
        (
            ["list", "--topic", "vaccines", "--year", "1999"],
            "no record matches; without --year 1999: 3",
        ),
        (
            ["summary", "--country", "CU", "--country", "NO", "--year", "1999"],
            "without --year 1999: 3",
        ),
        (["stats", "pairs", "--pair", "AZ", "SUHH"], "without --pair AZ SUHH: 6 records"),
        (
            ["list", "--since", "1990", "--until", "1991"],
            "no record matches; without --since 1990: 1 record; without --until 1991: 5",
        ),
        (
            ["list", "--until", "1700", "--loose"],
            "no record matches; without --until 1700: 6 records\n",
        ),
        (["list", "--text", "zebra", "--year", "1999"], "no record matches\n"),
        (["list", "two words"], "without --text 'two words': 6 records"),
    ],
)
def test_an_empty_selection_names_the_filter_that_emptied_it(command, note, mini, cli_invoke):
    assert note in cli_invoke(*command).stderr


def test_countries_in_no_region_are_noted(mini, cli_invoke):
    assert cli_invoke("list", "--region", "EUR", "--kind", "encounter").stderr == ""
    outcome = cli_invoke("list", "--region", "EUR", "-f", "ids")
    assert (
        outcome.stderr
        == "healthcoop: not searched by region: CU GB SUHH are in no WHO region (3 records)\n"
    )


@each(
    ("arguments", "message"),
    [
        (
            ["--since", "2020", "--until", "2010"],
            "--since 2020 and --until 2010 exclude each other",
        ),
        (["--kind", "instrument", "--type", "meeting"], "--kind instrument and --type meeting"),
        (["--loose"], "--loose goes with --since or --until or --year"),
        (["OR"], "no words on one side of OR"),
        (["--place", "%"], "no word to search for"),
    ],
)
def test_contradictory_filters_are_wrong_usage(arguments, message, mini, cli_invoke):
    outcome = cli_invoke("list", *arguments, exit_code=2)
    assert outcome.stdout == ""
    assert message in outcome.stderr


def test_unquoted_no_stays_norway_in_every_command(mini, cli_invoke):
    path = mini / "records" / "2023" / f"{NURSES}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('country: "NO"', "country: NO"), encoding="utf-8")
    (listed,) = json.loads(
        cli_invoke("list", "--country", "Norge", "--id", NURSES, "-f", "json").stdout
    )
    (shown,) = json.loads(cli_invoke("show", NURSES, "-f", "json").stdout)
    assert listed["countries"] == ["CU", "NO"]
    assert shown["parties"][1]["country"] == "NO"
    cli_invoke("fmt", path)
    assert yaml.load(path.read_bytes(), yaml.SafeLoader)["parties"][1] == {"country": "NO"}
    assert path.read_text(encoding="utf-8") == text
    assert json.loads(cli_invoke("show", NURSES, "-f", "json").stdout) == [shown]


def test_columns_option_applies_to_tables(mini, cli_invoke):
    outcome = cli_invoke("list", "--columns", "id,countries,online", "--limit", "1")
    heading, line = outcome.stdout.splitlines()
    assert heading.split() == ["Id", "Countries", "Online"]
    assert line.split() == [OLD, "GB,", "SUHH", "false"]


@pytest.mark.parametrize("columns", [[], ["--columns", "id,date"]])
def test_long_table_has_one_heading(columns, mini, cli_invoke, monkeypatch):
    monkeypatch.setattr("healthcoop.terminal.tables._BATCH", 2)
    lines = cli_invoke("list", *columns).stdout.splitlines()
    assert [next(ident for ident in ALL if ident in line) for line in lines[1:]] == ALL
    assert lines[0].split()[0] in ("Date", "Id")
