"""Another table beside the records: what is the same, what differs, what only one side has."""

import csv
import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from healthcoop import HealthcoopError, Query
from healthcoop.cli import cli
from healthcoop.contribute.importing import mapping
from tests.cases import each

ROOT = Path(__file__).parents[2]
UK = ROOT / "docs" / "imports" / "uk-treaties.csv"
HEADING = "manyID,treatyID,Title,Begin,Signature,Force,End,Formal,url\n"


@pytest.fixture
def dataset(real):
    return real


@pytest.fixture(scope="module")
def british(real):
    """Return what the comparison with the British register reports."""
    return real.compare(UK, Query(countries="GB"), mapping="uk-treaties")


@pytest.fixture
def many(tmp_path):
    """A table in the shape of the R packages, with rows of our own making."""

    def write(*rows):
        path = tmp_path / "agreements.csv"
        path.write_text(HEADING + "".join(f"{row}\n" for row in rows))
        return path

    return write


def states(rows):
    return [row["state"] for row in rows if row["row"]]


def test_register_that_was_imported_is_found_again(british):
    of_theirs = [row for row in british if row["row"]]
    assert len(of_theirs) == 90
    found = [row for row in of_theirs if row["record"]]
    assert {row["reason"] for row in found} == {"the same identifier"}
    # Eleven rows name the United Kingdom alone, two are not about health (docs/imports/): the
    # others are records. A few names need the corrections that the import has in a table beside.
    assert states(british).count("refused") >= 11
    wolfram, contracts = (
        next(row for row in of_theirs if row["identifier"] == each) for each in ("78507", "75151")
    )
    assert {wolfram["state"], contracts["state"]} == {"theirs"}
    by_record = {row["record"]: row for row in found}
    constitution = by_record["1946-multi-who-constitution"]
    assert constitution["state"] == "differs"
    assert any(text.startswith("parties: ") for text in constitution["differences"])


def test_filters_do_not_hide_what_a_row_is(dataset, many):
    row = "A_1,X,Constitution Of The World Health Organization,22.07.1946,NA,NA,NA,1,NA"
    (found, *ours) = dataset.compare(many(row), Query(countries="XK"), mapping="manytreaties")
    assert found["record"] == "1946-multi-who-constitution"
    assert ours == []


def test_ours_are_those_between_their_dates_that_no_row_is(dataset, british):
    ours = {row["record"] for row in british if row["state"] == "ours"}
    assert not ours & {row["record"] for row in british if row["row"]}
    known = {record.id: record for record in dataset.records(Query(countries="GB"))}
    assert ours <= known.keys()
    assert all(known[ident].terms is not None or known[ident].date for ident in ours)
    assert "2003-multi-who-tobacco-convention" in ours or any("2003" in one for one in ours)
    encounters = {record.id for record in dataset.records(Query(kind="encounter"))}
    assert not ours & encounters


def test_rows_without_parties_are_found_by_title_and_date(dataset, many):
    name = "Constitution Of The World Health Organization"
    cases = [
        (
            f"A_1,X,{name} (WHO),22.07.1946,22.07.1946,07.04.1948,31.12.9999,1,NA",
            *("same", []),
        ),
        (
            f"A_2,X,{name} (WHO),1946-07-22,1946-07-22,1948-04-08,9999-12-31,1,NA",
            *("differs", ["terms.in_force: 1948-04-08, 1948-04-07"]),
        ),
        (
            f"A_3,X,{name},22.07.1946,NA,NA,01.05.1990,1,NA",
            *("differs", ["terms.ended: 1990-05-01, none"]),
        ),
        ("A_4,X,Convention On Forced Labour In Mines,28.06.1930,NA,NA,NA,1,NA", "theirs", []),
        (f"A_5,X,{name},1996,NA,NA,NA,1,NA", "theirs", []),
        ("A_6,X,A Convention,28.6,NA,NA,NA,1,NA", "refused", []),
    ]
    rows = dataset.compare(many(*(row for row, *_ in cases)), mapping="manytreaties")
    found = [(row["state"], row["differences"]) for row in rows if row["row"]]
    assert found == [(state, differences) for _, state, differences in cases]
    known = {row["record"] for row in rows if row["state"] in ("same", "differs")}
    assert known == {"1946-multi-who-constitution"}


def test_title_within_a_longer_one_is_found(dataset, many):
    amended = "Amendments To Articles 24 And 25 Of The Constitution"
    (found, *_) = dataset.compare(
        many(f"A_1,X,{amended},1986,NA,NA,NA,1,NA"), mapping="manytreaties"
    )
    assert found["record"] == "1986-multi-who-constitution-articles-24-25"


def test_two_records_that_are_equally_likely_are_named(dataset, tmp_path):
    """Brazil and Cape Verde adopted several programmes on one day."""
    (tmp_path / "rows.csv").write_text("id,title,day\n1,Executive programme,2008-06-27\n")
    (tmp_path / "rows.yaml").write_text(
        'record:\n  title: "{title}"\n  type: agreement\n  date: "{day}"\n'
        '  identifiers: [{scheme: other, value: "{id}"}]\n'
        "  parties: [{country: BR}, {country: CV}]\n"
    )
    (found, *_) = dataset.compare(tmp_path / "rows.csv", mapping=tmp_path / "rows.yaml")
    assert found["state"] == "ambiguous"
    assert "2008-br-cv-adopt-executive-programme-strengthen (" in found["reason"]
    assert "2008-br-cv-adopt-executive-programme-human (" in found["reason"]


@pytest.mark.slow
def test_perturbed_rows_are_still_found(dataset, tmp_path):
    """Other titles, days off by one, no identifiers: as another register would have them."""
    chance = random.Random(14)
    records = [
        record
        for record in dataset.records(Query(kind="instrument", lateral="bilateral"))
        if len(record.date) == len("2020-01-01")
    ]
    chosen = chance.sample(records, 100)
    path = tmp_path / "theirs.csv"
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["id", "title", "day", "one", "other"])
        for number, record in enumerate(chosen):
            moved = date.fromisoformat(record.date) + timedelta(days=number % 2)
            one, other = (dataset.vocabulary.label(side.code) for side in record.sides[:2])
            words = record.title.split()
            table.writerow(
                [f"x{number}", " ".join(words[: len(words) // 2 + 2]), moved, one, other]
            )
    described = tmp_path / "theirs.yaml"
    described.write_text(
        "dates: {day: YYYY-MM-DD}\ncountries: [one, other]\nrecord:\n"
        '  title: "{title}"\n  type: agreement\n  date: "{day}"\n'
        '  identifiers: [{scheme: other, value: "{id}"}]\n'
        '  parties: [{country: "{one}"}, {country: "{other}"}]\n'
    )
    rows = [row for row in dataset.compare(path, mapping=described) if row["row"]]
    right = [row for row, record in zip(rows, chosen, strict=True) if row["record"] == record.id]
    named = [
        row for row, record in zip(rows, chosen, strict=True) if record.id in (row["reason"] or "")
    ]
    wrong = [
        row
        for row, record in zip(rows, chosen, strict=True)
        if row["record"] and row["record"] != record.id
    ]
    assert len(right) >= 80
    assert len(right) + len(named) >= 95
    assert len(wrong) <= 2


def test_presets_are_valid_and_described():
    assert mapping.presets().keys() == {"manytreaties", "uk-treaties"}
    for name, words in mapping.presets().items():
        assert mapping.read_mapping(name).columns
        assert words.endswith((".", "..."))


def test_mapping_that_is_based_on_a_preset_has_its_sections(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text('based_on: manytreaties\nrecord:\n  notes: "{Comments}"\n')
    read = mapping.read_mapping(path)
    assert "Comments" in read.columns
    assert read.columns > mapping.read_mapping("manytreaties").columns - {"Comments"}
    path.write_text("based_on: manytreatise\nrecord: {}\n")
    with pytest.raises(HealthcoopError, match="manytreatise"):
        mapping.read_mapping(path)


@pytest.mark.slow
@pytest.mark.usefixtures("shared_cache")
@each(("words", "message"), [((), "61 same"), (("--year", "2019"), "theirs")])
def test_command_says_what_it_found(words, message):
    options = ["--mapping", "uk-treaties", "--country", "GB", *words]
    result = CliRunner().invoke(cli, ["--root", str(ROOT), "compare", str(UK), *options])
    assert result.exit_code == 0
    assert message in result.stderr


@pytest.mark.parametrize(
    ("name", "message"),
    [("uk-treaty", "unknown mapping: uk-treaty"), ("manytreaties", "the file has no column Begin")],
)
def test_mapping_that_does_not_fit_is_an_error(dataset, name, message):
    with pytest.raises(HealthcoopError, match=message):
        dataset.compare(UK, mapping=name)


def test_command_without_a_file():
    result = CliRunner().invoke(cli, ["--root", str(ROOT), "compare", "--mapping", "uk-treaties"])
    assert result.exit_code == 2
    assert "name the file to compare" in result.stderr


@pytest.mark.usefixtures("shared_cache")
def test_json_has_every_key(many):
    path = many("A_1,X,Convention On Forced Labour In Mines,28.06.1930,NA,NA,NA,1,NA")
    words = ["--root", str(ROOT), "compare", str(path), "--mapping", "manytreaties", "-f", "json"]
    result = CliRunner().invoke(cli, words)
    assert "1 theirs" in result.stderr
    (row, *_) = json.loads(result.stdout)
    assert row["state"] == "theirs"
    assert [*row] == [
        *("state", "row", "identifier", "their_title", "their_date"),
        *("record", "title", "date", "reason", "differences"),
    ]
    assert CliRunner().invoke(cli, [*words, "--exit-code"]).exit_code == 1
