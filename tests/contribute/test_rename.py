"""``healthcoop rename``: the file moves, and everything that names the record follows."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from healthcoop import Dataset
from healthcoop.errors import HealthcoopError, InvalidData
from healthcoop.files import atomic
from healthcoop.files.canonical import layout
from tests.cli.conftest import MINI, mini_schema
from tests.contribute.conftest import DataRepository

MEETING = "2020-az-tr-ministers-meet"
MEMORANDUM = "2021-az-no-digital-memorandum"
TWICE = "2023-az-cu-meeting-told-twice"
NURSES = "2023-cu-no-agreement-on-nurses"
NEW = "2019-az-tr-talks"


def moved(contents: dict[str, bytes]) -> dict[str, bytes]:
    """Return what the data set should contain after MEETING was renamed to NEW."""
    old, new = MEETING.encode(), NEW.encode()
    expected = {name: text.replace(old, new) for name, text in contents.items()}
    own = expected.pop(f"records/2020/{MEETING}.yaml")
    expected[f"records/2019/{NEW}.yaml"] = own + b"former_ids: [" + old + b"]\n"
    return expected


def test_links_replacements_and_accepted_findings_follow(data, cli_invoke):
    accepted = data.root / "schema/accepted.yaml"
    text = accepted.read_text(encoding="utf-8").replace(NURSES, MEETING, 1)
    accepted.write_text(text, encoding="utf-8")
    before = data.contents()
    outcome = cli_invoke("rename", MEETING, NEW)
    assert data.contents() == moved(before)
    assert outcome.stdout.splitlines() == [
        f"records/2019/{NEW}.yaml",
        f"records/2021/{MEMORANDUM}.yaml",
        f"records/2023/{TWICE}.yaml",
        "schema/accepted.yaml",
    ]
    assert f"{MEETING} is now {NEW}\n" in outcome.stderr
    assert "3 links in 3 other files changed too" in outcome.stderr


def test_id_of_a_record_that_was_never_committed_is_not_kept(data, cli_invoke):
    own = data.read(MEMORANDUM)
    data.write("2021-az-no-slip", **{**own, "id": "2021-az-no-slip"})
    outcome = cli_invoke("rename", "2021-az-no-slip", "2021-az-no-other")
    assert data.read("2021-az-no-other") == {**own, "id": "2021-az-no-other"}
    assert "2021-az-no-slip was never committed: it does not become a former id" in outcome.stderr
    data.commit()
    outcome = cli_invoke("rename", "2021-az-no-other", "2021-az-no-third")
    assert data.read("2021-az-no-third")["former_ids"] == ["2021-az-no-other"]
    assert "never committed" not in outcome.stderr
    shutil.rmtree(data.root / ".git")  # whether it was committed is not known
    cli_invoke("rename", "2021-az-no-third", "2021-az-no-last")
    former = ["2021-az-no-other", "2021-az-no-third"]
    assert data.read("2021-az-no-last")["former_ids"] == former


def test_paths_are_printed_as_the_current_folder_sees_them(data, cli_invoke, monkeypatch):
    monkeypatch.chdir(data.root / "records" / "2021")
    for path in cli_invoke("rename", MEETING, NEW).stdout.splitlines():
        assert Path(path).is_file()
    printed = cli_invoke("withdraw", MEMORANDUM, "--reason", "not confirmed").stdout
    assert printed == f"{MEMORANDUM}.yaml\n"


def test_dry_run_prints_the_diff_that_git_applies(data, cli_invoke):
    before = data.contents()
    patch = cli_invoke("rename", "--dry-run", MEETING, NEW).stdout
    assert data.contents() == before
    file = data.root.parent / "patch"
    file.write_text(patch, encoding="utf-8")
    data.git("apply", str(file))
    assert data.contents() == moved(before)


def test_old_id_still_leads_to_the_record_and_nothing_is_invalid(data, cli_invoke):
    cli_invoke("rename", MEETING, NEW)
    assert cli_invoke("show", MEETING, "-f", "yaml").stdout.splitlines()[1] == f"id: {NEW}"
    cli_invoke("validate", "--changed", "--select", "HC3,HC65,HC951")


def test_record_can_take_back_a_former_id(data):
    with Dataset.open(data.root) as dataset:
        dataset.rename(MEETING, NEW)
        dataset.rename(NEW, MEETING)
        assert dataset.record(NEW).record.id == MEETING
    assert data.read(MEETING)["former_ids"] == [NEW]
    assert data.read(MEMORANDUM)["links"][0]["record"] == MEETING


def test_record_is_named_by_its_whole_id_or_its_path(data, cli_invoke):
    data.write(MEETING, former_ids=["2020-az-tr-former"])
    for name in (MEETING[:-1], "2020-az-tr-former"):
        outcome = cli_invoke("rename", name, NEW, exit_code=1)
        assert f"Did you mean {MEETING}?" in outcome.stderr
    assert "no record nope" in cli_invoke("rename", "nope", NEW, exit_code=1).stderr
    cli_invoke("rename", "--dry-run", f"records/2020/{MEETING}.yaml", NEW)


@pytest.mark.parametrize(
    ("new", "message"),
    [
        *(
            (name, "invalid id")
            for name in ("2020-AZ", "20-az", "2020-az-", "../2020-a", "", "a" * 120)
        ),
        (MEMORANDUM, f"is taken: it is the id of records/2021/{MEMORANDUM}.yaml"),
        ("2021-az-no-once", f"is taken: it is a former id of records/2021/{MEMORANDUM}.yaml"),
        (MEETING, "is taken"),
        ("2022-broken", "is taken: no record 2022-broken: its file cannot be read"),
    ],
)
def test_id_that_is_invalid_or_taken_is_refused(new, message, data, cli_invoke):
    data.write(MEMORANDUM, former_ids=["2021-az-no-once"])
    (data.root / "records/2022/2022-broken.yaml").write_text("id: [\n", encoding="utf-8")
    before = data.contents()
    assert message in cli_invoke("rename", MEETING, new, exit_code=2).stderr
    assert data.contents() == before


def test_file_that_cannot_be_parsed_and_names_the_record_is_refused(data, cli_invoke):
    broken = data.file(TWICE)
    broken.write_bytes(broken.read_bytes() + b"id: again\n")
    before = data.contents()
    outcome = cli_invoke("rename", MEETING, NEW, exit_code=1)
    assert f"records/2023/{TWICE}.yaml names {MEETING} and cannot be parsed" in outcome.stderr
    assert data.contents() == before
    broken.write_text("id: [\n", encoding="utf-8")
    cli_invoke("rename", MEETING, NEW)


def test_second_record_with_the_id_is_refused(data, cli_invoke):
    (data.root / "records/2021" / f"{MEETING}.yaml").write_bytes(data.file(MEETING).read_bytes())
    assert f"has the id {MEETING} too" in cli_invoke("rename", MEETING, NEW, exit_code=1).stderr


def test_prose_that_names_the_record_is_listed_and_left(data, cli_invoke):
    data.write(NURSES, notes=f"Compare {MEETING}, and {MEETING}-again.")
    outcome = cli_invoke("rename", MEETING, NEW)
    assert f"records/2023/{NURSES}.yaml names {MEETING} in its text" in outcome.stderr
    assert data.read(NURSES)["notes"] == f"Compare {MEETING}, and {MEETING}-again."
    assert outcome.stderr.count("in its text") == 1


def test_longer_ids_that_begin_with_the_id_are_others(data):
    longer = f"{MEETING}-again"
    data.write(longer, **{**data.read(MEETING), "id": longer})
    data.write(NURSES, links=[{"rel": "related", "record": longer}])
    Dataset.open(data.root).rename(MEETING, NEW)
    assert data.read(NURSES)["links"][0]["record"] == longer
    assert data.read(longer)["id"] == longer


class Full(HealthcoopError):
    """The disk is full."""


@pytest.mark.parametrize("error", [Full("full"), KeyboardInterrupt()])
@pytest.mark.parametrize("failing", range(4))
def test_files_are_as_before_where_one_cannot_be_written(failing, error, data, monkeypatch):
    """The third write fails, or the rename after all of them (the last)."""
    before = data.contents()
    dataset = Dataset.open(data.root)
    dataset.rename(MEETING, NEW, write=False)
    real, calls = atomic.write_text, []

    def write(*arguments, **options):
        calls.append(arguments)
        if len(calls) == failing + 1:
            raise error
        real(*arguments, **options)

    def move(source: Path, target: Path) -> None:
        raise error

    monkeypatch.setattr(atomic, "write_text", write)
    if failing == 3:
        monkeypatch.setattr(atomic, "move", move)
    with pytest.raises(type(error)):
        dataset.rename(MEETING, NEW)
    assert data.contents() == before


def test_file_in_the_way_is_not_replaced(data, monkeypatch):
    before = data.contents()
    dataset = Dataset.open(data.root)
    _ = dataset.index
    target = data.root / "records/2019" / f"{NEW}.yaml"
    target.parent.mkdir()
    target.write_text("id: other\n", encoding="utf-8")
    with pytest.raises(HealthcoopError, match="already exists"):
        dataset.rename(MEETING, NEW)
    assert data.contents() == {**before, f"records/2019/{NEW}.yaml": b"id: other\n"}


def test_folder_that_is_a_link_is_not_written_through(data):
    elsewhere = data.root.parent / "elsewhere"
    elsewhere.mkdir()
    (data.root / "records/2019").symlink_to(elsewhere)
    before = data.contents()
    with pytest.raises(HealthcoopError, match="records/2019 cannot be read"):
        Dataset.open(data.root).rename(MEETING, NEW)
    assert data.contents() == before
    assert not [*elsewhere.iterdir()]


def test_file_that_somebody_else_changes_meanwhile_is_not_overwritten(data, monkeypatch):
    other = data.file(MEMORANDUM)
    real = atomic.write_text

    def write(path, chunks, **options):
        if Path(path) == other:
            other.write_bytes(other.read_bytes() + b"# more\n")
        real(path, chunks, **options)

    monkeypatch.setattr(atomic, "write_text", write)
    before = data.contents()
    with pytest.raises(atomic.FileChanged):
        Dataset.open(data.root).rename(MEETING, NEW)
    name = f"records/2021/{MEMORANDUM}.yaml"
    assert data.contents() == {**before, name: before[name] + b"# more\n"}


def test_layout_that_cannot_be_edited_changes_no_file(data):
    data.file(MEETING).write_text('{"id": "2020-az-tr-ministers-meet", notes: x}', encoding="utf-8")
    before = data.contents()
    with pytest.raises((HealthcoopError, InvalidData)):
        Dataset.open(data.root).rename(MEETING, NEW)
    assert data.contents() == before


IDS = (MEETING, MEMORANDUM, NURSES, "2022-multi-vaccine-declaration")
STYLES = ("{}", '"{}"', "'{}'", "{} # a remark", ">-\n      {}")


@settings(max_examples=settings.default.max_examples // 2)
@given(
    st.sampled_from(IDS),
    st.lists(st.sampled_from(["2020-a-b", "2019-b", MEETING, "2020-a"]), min_size=1, max_size=3),
    st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(STYLES)), max_size=4),
)
def test_links_keep_their_meaning_through_several_renamings(ident, names, links):
    """Whatever else happens to an id, each link leads to the record that it led to."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "data"
        shutil.copytree(MINI, root)
        (root / "schema/record.schema.json").write_text(mini_schema(), encoding="utf-8")
        data = DataRepository(root)
        record = {**data.read("1985-gb-suhh-health-agreement"), "id": "2024-az-no-plan"}
        text = layout(record)
        if links:
            lines = [f"  - rel: related\n    record: {style.format(to)}\n" for to, style in links]
            text += "links:\n" + "".join(lines)
        data.file("2024-az-no-plan").parent.mkdir()
        data.file("2024-az-no-plan").write_text(text, encoding="utf-8")
        title = data.read(ident)["title"]
        titles = {to: data.read(to)["title"] for to, _ in links}
        with Dataset.open(root) as dataset:
            errors = {
                (one.code, one.path) for one in dataset.check().findings if one.severity == "error"
            }
            current = ident
            for name in names:
                taken = {*IDS, current} - {ident}
                if name not in taken and name != current:
                    dataset.rename(current, name)
                    current = name
            assert dataset.record(ident).record.title == title
            known = data.read("2024-az-no-plan").get("links", [])
            found = [dataset.record(link["record"]).record for link in known]
            assert [one.title for one in found] == [titles[to] for to, _ in links]
            assert [one.id for one in found] == [link["record"] for link in known]
            after = {
                (one.code, one.path) for one in dataset.check().findings if one.severity == "error"
            }
            assert {code for code, _ in after} <= {code for code, _ in errors}
