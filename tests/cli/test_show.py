"""``healthcoop show``: one record, its status and its links."""

import json
from pathlib import Path

import pytest
import yaml

from healthcoop.files.canonical import layout
from tests.cases import each

MINISTERS = "2020-az-tr-ministers-meet"
MEMORANDUM = "2021-az-no-digital-memorandum"


def edit(root: Path, ident: str, **changes: str) -> Path:
    """Replace texts of a record, given as ``old=new`` keywords."""
    path = root / "records" / ident[:4] / f"{ident}.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "named", [MINISTERS, "2020", f"records/2020/{MINISTERS}.yaml", "former-name-of-it"]
)
def test_record_is_found_by_id_prefix_path_or_former_id(named, mini, cli_invoke):
    path = edit(mini, MINISTERS, collection="former_ids: [former-name-of-it]\ncollection")
    (shown,) = json.loads(cli_invoke("show", named, "-f", "json").stdout)
    assert (shown["id"], shown["path"]) == (MINISTERS, path.relative_to(mini).as_posix())


def test_path_may_be_relative_to_the_current_folder(mini, cli_invoke, monkeypatch):
    monkeypatch.chdir(mini / "records" / "2020")
    assert MINISTERS in cli_invoke("show", f"./{MINISTERS}.yaml").stdout


def test_ambiguous_prefix_lists_the_ids(mini, cli_invoke):
    outcome = cli_invoke("show", "2022-", exit_code=1)
    assert "2022-az-who-country-office-visit" in outcome.stderr
    assert "2022-multi-vaccine-declaration" in outcome.stderr


def test_misspelt_id_suggests_the_nearest_and_exits_1(mini, cli_invoke):
    outcome = cli_invoke("show", "2020-az-tr-minister-meet", exit_code=1)
    assert outcome.stdout == ""
    assert f"Did you mean {MINISTERS}?" in outcome.stderr


def test_one_unknown_id_prevents_all_output(mini, cli_invoke):
    assert cli_invoke("show", MINISTERS, "nowhere", exit_code=1).stdout == ""


@each("ident", ["", "*", "%", "../../etc/passwd", "2020/", ".", "records", "\0"])
def test_invalid_id_is_not_found(ident, mini, cli_invoke):
    assert cli_invoke("show", ident, exit_code=1).stdout == ""


def test_unreadable_file_of_the_record_is_named(mini, cli_invoke):
    edit(mini, MINISTERS, topics="\ttopics")
    outcome = cli_invoke("show", MINISTERS, exit_code=1)
    assert f"records/2020/{MINISTERS}.yaml:" in outcome.stderr


def test_links_are_shown_in_both_directions(mini, cli_invoke):
    assert f"follows-up {MEMORANDUM}" in cli_invoke("show", MINISTERS).stdout
    assert f"follows-up {MINISTERS}" in cli_invoke("show", MEMORANDUM).stdout
    (shown,) = json.loads(cli_invoke("show", MINISTERS, "-f", "json").stdout)
    assert shown["linked_from"] == [{"rel": "follows-up", "record": MEMORANDUM}]


def test_link_resolves_former_ids_but_not_prefixes(mini, cli_invoke):
    edit(mini, MINISTERS, collection="former_ids: [2020-tr-az-old]\ncollection")
    edit(mini, MEMORANDUM, **{f"record: {MINISTERS}": "record: 2020-tr-az-old"})
    assert "2020-tr-az-old  The ministers of Azerbaijan" in cli_invoke("show", MEMORANDUM).stdout
    # Unlike an id on the command line, the target of a link is not a pattern or prefix.
    edit(mini, MEMORANDUM, **{"record: 2020-tr-az-old": 'record: "2020-*"'})
    assert "2020-*  no such record" in cli_invoke("show", MEMORANDUM).stdout
    edit(mini, MEMORANDUM, **{'record: "2020-*"': "record: 2020-az"})
    assert "2020-az  no such record" in cli_invoke("show", MEMORANDUM).stdout


def test_status_depends_on_the_day(mini, cli_invoke):
    ident = "2023-cu-no-agreement-on-nurses"

    def status(day):
        (shown,) = json.loads(cli_invoke("show", ident, "--today", day, "-f", "json").stdout)
        return shown["status"]["answer"]

    assert [status(day) for day in ("2023-01-31", "2023-06-01", "2024-02-01")] == [
        "no",
        "certain",
        "no",
    ]
    assert json.loads(cli_invoke("show", MINISTERS, "-f", "json").stdout)[0]["status"] is None


def test_json_of_every_record_has_the_same_keys(mini, cli_invoke):
    idents = cli_invoke("list", "--withdrawn", "include", "-f", "ids").stdout.split()
    shown = json.loads(cli_invoke("show", *idents, "-f", "json").stdout)
    assert [item["id"] for item in shown] == idents
    assert len({tuple(item) for item in shown}) == 1


def test_yaml_is_the_file_and_several_records_are_several_documents(mini, cli_invoke):
    paths = [edit(mini, ident) for ident in (MINISTERS, MEMORANDUM)]
    shown = cli_invoke("show", MINISTERS, MEMORANDUM, "-f", "yaml").stdout
    assert shown.split("---\n") == [path.read_text(encoding="utf-8") for path in paths]
    documents = list(yaml.load_all(shown, yaml.SafeLoader))
    assert [document["id"] for document in documents] == [MINISTERS, MEMORANDUM]


def test_several_records_are_written_to_one_file(mini, cli_invoke, tmp_path):
    target = tmp_path / "shown.txt"
    cli_invoke("show", MINISTERS, MEMORANDUM, "-o", target)
    assert target.read_text(encoding="utf-8") == cli_invoke("show", MINISTERS, MEMORANDUM).stdout


def test_other_unreadable_file_is_named_but_exits_0(mini, cli_invoke):
    edit(mini, MEMORANDUM, topics="\ttopics")
    outcome = cli_invoke("show", MINISTERS)
    assert MINISTERS in outcome.stdout
    assert f"{MEMORANDUM}.yaml" in outcome.stderr


@pytest.mark.parametrize("format_", ["text", "yaml", "json", "markdown", "bibtex", "csl"])
@pytest.mark.parametrize("facts", ["", "type: mou\ndate: garbage\n"])
def test_incomplete_withdrawn_record_is_shown(format_, facts, mini, cli_invoke):
    path = mini / "records" / "2023" / "2023-az-cu-bare.yaml"
    kept = 'withdrawn: {date: "2024-01-01", reason: fake}\n'
    path.write_text(f"id: {path.stem}\n{facts}{kept}", encoding="utf-8")
    assert path.stem in cli_invoke("show", path.stem, "-f", format_).stdout


def test_withdrawn_record_shows_reason_and_replacement(mini, cli_invoke):
    first_lines = cli_invoke("show", "2023-az-cu-meeting-told-twice").stdout.splitlines()[:4]
    assert f"withdrawn 2024-01-01: double (see {MINISTERS})" in first_lines


@pytest.mark.parametrize("format_", ["text", "yaml", "json", "markdown", "bibtex", "csl"])
def test_record_with_only_required_fields_is_shown(format_, mini, cli_invoke):
    data = {
        "id": "2024-az-cu-bare",
        "type": "mou",
        "date": "2024",
        "parties": [{"country": "AZ"}, {"country": "CU"}],
    }
    path = mini / "records" / "2024" / "2024-az-cu-bare.yaml"
    path.parent.mkdir()
    path.write_text(layout(data), encoding="utf-8")
    shown = cli_invoke("show", "2024-az-cu-bare", "-f", format_).stdout
    assert "2024" in shown
    assert "None" not in shown


def test_terms_that_are_not_dates_are_shown_in_words(mini, cli_invoke):
    changes = {'in_force: "2021-06-01"': "in_force: none", "P5Y": "indefinite", "automatic": "none"}
    edit(mini, MEMORANDUM, **changes)
    terms = "not yet in force; indefinite; no renewal (checked 2026-11-01)"
    assert terms in cli_invoke("show", MEMORANDUM).stdout
