"""Where the data set is found, the current day, and where results are written."""

import shutil
from datetime import date
from pathlib import Path

import pytest

import healthcoop
import healthcoop.dataset.base
from healthcoop import Dataset, HealthcoopError, Query

MINISTERS = "2020-az-tr-ministers-meet"


@pytest.fixture
def two(mini, tmp_path, monkeypatch):
    """Return two data sets, the second with one record; $HEALTHCOOP_ROOT is not set."""
    monkeypatch.delenv("HEALTHCOOP_ROOT")
    other = tmp_path / "other"
    shutil.copytree(mini / "schema", other / "schema")
    (other / "records" / "2020").mkdir(parents=True)
    shutil.copy(mini / "records" / "2020" / f"{MINISTERS}.yaml", other / "records" / "2020")
    return mini, other


def number(cli_invoke, *options) -> int:
    return len(cli_invoke(*options, "list", "-f", "ids").stdout.split())


def test_root_option_overrides_environment_and_current_folder(two, cli_invoke, monkeypatch):
    many, one = two
    monkeypatch.chdir(many / "records" / "2022")
    assert number(cli_invoke) == 6
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(one))
    assert number(cli_invoke) == 1
    assert number(cli_invoke, "--root", many) == 6


@pytest.mark.parametrize("command", [["list"], ["validate"], ["fmt"], ["schema"]])
def test_missing_data_set_is_an_error(command, cli_invoke, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    outcome = cli_invoke(*command, exit_code=2)
    assert "no data set here" in outcome.stderr
    assert "--root" in outcome.stderr
    assert str(tmp_path / "x") in cli_invoke("--root", tmp_path / "x", *command, exit_code=2).stderr


def test_snapshot_is_used_without_a_data_set_and_never_written(
    mini, cli_invoke, tmp_path, monkeypatch
):
    monkeypatch.delenv("HEALTHCOOP_ROOT")
    monkeypatch.setattr(healthcoop.dataset.base, "SNAPSHOT", mini)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    path = mini / "records" / "2020" / f"{MINISTERS}.yaml"
    path.write_bytes(path.read_bytes().replace(b"type: meeting", b"type:   meeting"))
    before = {path: path.read_bytes() for path in mini.rglob("*") if path.is_file()}
    outcome = cli_invoke("stats", "pairs", "-f", "csv")
    assert outcome.stdout.count("\n") == 5
    assert outcome.stderr.count("snapshot") == 1
    for command in (["fmt"], ["fmt", "--check"], ["schema", "--write"]):
        assert "no data set here" in cli_invoke(*command, exit_code=2).stderr
    assert {path: path.read_bytes() for path in mini.rglob("*") if path.is_file()} == before
    assert list((tmp_path / "empty").iterdir()) == []


def test_today_option_overrides_environment(mini, cli_invoke, monkeypatch):
    def reads_in_force(*options):
        return "certain on" in cli_invoke("show", "2023-cu", *options).stdout

    monkeypatch.setenv("HEALTHCOOP_TODAY", "2023-03-01")
    assert reads_in_force()
    assert not reads_in_force("--today", "2025-01-01")


@pytest.mark.parametrize("day", ["yesterday", "2022", "2022-02-30", "2022-01-01/2022-01-02"])
def test_invalid_day_is_wrong_usage(day, mini, cli_invoke, monkeypatch):
    cli_invoke("list", "--today", day, exit_code=2)
    cli_invoke("list", "--in-force-on", day, exit_code=2)
    monkeypatch.setenv("HEALTHCOOP_TODAY", day)
    for command in (["list"], ["validate"]):
        assert "Traceback" not in cli_invoke(*command, exit_code=2).stderr


@pytest.mark.parametrize("format_", ["table", "json", "csv", "yaml", "ids"])
def test_output_file_has_the_text_of_a_pipe(format_, mini, cli_invoke, tmp_path):
    target = tmp_path / "out"
    outcome = cli_invoke("--color", "always", "list", "-f", format_, "-o", target)
    assert (outcome.stdout, outcome.stderr) == ("", "")
    assert target.read_bytes().decode() == cli_invoke("list", "-f", format_).stdout
    assert [path.name for path in tmp_path.iterdir() if path.name != "mini"] == ["out"]


def test_dash_is_standard_output(mini, cli_invoke, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert (
        cli_invoke("list", "-f", "ids", "-o", "-").stdout == cli_invoke("list", "-f", "ids").stdout
    )
    assert not Path("-").exists()


@pytest.mark.parametrize("target", [".", "missing/out", "", "x" * 300, "/dev/full"])
def test_unwritable_file_is_named_and_exits_2(target, mini, cli_invoke, tmp_path, monkeypatch):
    if target == "/dev/full" and not Path(target).exists():
        pytest.skip("this system has no /dev/full")
    monkeypatch.chdir(tmp_path)
    outcome = cli_invoke("list", "-o", target, exit_code=2)
    assert f"cannot write {target}" in outcome.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["list", "--country", "nowhere"],
        ["show", "nothing"],
        ["sql", "SELECT nothing"],
        # The error comes after the first rows: the old file must not change.
        [
            "sql",
            "SELECT abs(CASE id WHEN '2023-cu-no-agreement-on-nurses' THEN"
            " -9223372036854775808 END) FROM records ORDER BY id",
            "-f",
            "csv",
        ],
    ],
)
def test_failing_command_keeps_the_old_file(arguments, mini, cli_invoke, tmp_path):
    target = tmp_path / "out"
    target.write_text("before", encoding="utf-8")
    cli_invoke(*arguments, "-o", target, exit_code=1 if arguments[0] == "show" else 2)
    assert target.read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir() if path.name != "mini"] == ["out"]


def test_dataset_returns_records_by_query(mini):
    with Dataset.open(mini, today=date(2023, 3, 1)) as dataset:
        assert [record.id for record in dataset.records(Query(types=("mou",)))] == [
            "2021-az-no-digital-memorandum"
        ]
        assert len(list(dataset.records())) == 6
        assert not dataset.is_snapshot
    assert Dataset.open(mini, today=date(2026, 11, 21)).check().exit_code == 0


def test_closed_data_set_reopens_its_index(mini):
    dataset = Dataset.open(mini)
    first = dataset.index
    dataset.close()
    dataset.close()
    assert dataset.index is not first
    assert len(list(dataset.records())) == 6
    dataset.close()


def test_missing_data_set_raises_healthcoop_error(tmp_path):
    with pytest.raises(HealthcoopError, match="no data set"):
        Dataset.open(tmp_path)


def test_package_exports_exactly_its_names():
    for name in healthcoop.__all__:
        assert getattr(healthcoop, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = healthcoop.nonsense


def test_status_is_no_once_another_instrument_supersedes_it(mini):
    newer = mini / "records" / "2023" / "2023-cu-no-agreement-on-nurses.yaml"
    text = newer.read_text(encoding="utf-8")
    link = "links:\n  - {rel: supersedes, record: 2021-az-no-digital-memorandum}\nsources:"

    def answer():
        with Dataset.open(mini, today=date(2023, 6, 1)) as dataset:
            details = dataset.record("2021-az-no")
            assert dataset.record(MINISTERS).status is None
            return details.status.answer

    assert answer() == "certain"
    newer.write_text(text.replace("sources:", link, 1), encoding="utf-8")
    assert answer() == "no"
