"""The project's own data set with one error inserted at a time: it is reported at its place."""

import json
from pathlib import Path

import pytest

from tests.conftest import LATER

PATH = "records/2022/2022-az-cu-minister-ambassador.yaml"
# Another record has an error of its own in every run, which shows that it is still checked.
OTHER = "records/2014/2014-tr-sd-nyala-hospital-opening.yaml"


def insert_error(root: Path, path: str, old: str, new: bytes) -> tuple[int, int]:
    """Replace the first ``old`` by ``new``; return its line and column."""
    content = (root / path).read_bytes()
    before, found, after = content.partition(old.encode())
    assert found, f"{old} is not in {path}"
    (root / path).write_bytes(before + new + after)
    lines = before.decode().split("\n")
    return len(lines), len(lines[-1]) + 1


# name: the text, its replacement, the code, and the offset of the finding in the line
ERRORS: dict[str, tuple[str, bytes, str, int]] = {
    "a duplicate key": ("topics:", b"title: Another title\ntopics:", "HC106", 0),
    "country: XY": ("country: AZ}", b"country: XY}", "HC204", 9),
    "a day that is not in the calendar": ('"2022-10-07"', b'"2022-02-30"', "HC401", 0),
    "an unknown field": ("type:", b"tpye:", "HC201", 0),
    "a party list of one": (
        "parties:\n  - country: AZ\n    bodies: [Ministry of Health]\n  - country: CU\n"
        "    bodies: [Embassy of Cuba in Azerbaijan]\n",
        b"parties:\n  - country: AZ\n",
        "HC503",
        0,
    ),
    "an id that is not the file name": ("2022-az-cu-minister-a", b"2022-az-cu-a", "HC301", 0),
    "a broken link": (
        "collection:",
        b"links:\n  - {rel: follows-up, record: 2022-az-cu-nowhere}\ncollection:",
        "HC653",
        0,
    ),
    "a Latin-1 byte": ("Concepcion", b"Concepci\xf3n", "HC101", 8),
    "a tab": ("  - country: CU", b"\t- country: CU", "HC104", 0),
    "an alias": ("party: AZ", b"party: *az", "HC107", 7),
}
# Offset in lines and columns, if the finding is not where the text was replaced.
MOVED = {"a broken link": (1, len("  - {rel: follows-up, record: "))}
# Further findings: people of the removed party.
FOLLOWING = {"a party list of one": ["HC505"]}


@pytest.mark.parametrize("name", ERRORS)
def test_error_is_reported_at_its_place_and_other_files_are_checked(
    name: str, few_records: Path, cli_invoke
) -> None:
    """``healthcoop validate`` exits with 1 and reports it and the error in the other record."""
    old, new, code, offset = ERRORS[name]
    line, column = insert_error(few_records, PATH, old, new)
    down, along = MOVED.get(name, (0, 0))
    insert_error(few_records, OTHER, "collection: ", b"collection: x")
    run = cli_invoke("--root", few_records, "validate", "-f", "json", exit_code=1)
    result = json.loads(run.stdout)
    found = {
        path: [one for one in result["findings"] if one["path"] == path] for path in (PATH, OTHER)
    }
    assert len(result["findings"]) == sum(map(len, found.values()))
    assert [one["code"] for one in found[OTHER]] == ["HC204"]
    assert sorted(one["code"] for one in found[PATH]) == [code, *FOLLOWING.get(name, [])]
    (finding,) = [one for one in found[PATH] if one["code"] == code]
    assert (finding["line"], finding["column"]) == (line + down, column + offset + along)
    assert result["records"] == len(list((few_records / "records").rglob("*.yaml")))


def test_missing_field_is_reported_and_other_files_are_checked(
    few_records: Path, cli_invoke
) -> None:
    """A missing field has no line: it is reported at the beginning of the file."""
    content = (few_records / PATH).read_text(encoding="utf-8")
    before, _, after = content.partition("sources:\n")
    (few_records / PATH).write_text(
        before + after[after.index("collection:") :], encoding="utf-8", newline=""
    )
    run = cli_invoke("--root", few_records, "validate", exit_code=1)
    assert run.stdout.startswith(f"{PATH}:1:1: HC202 error The field “sources” is missing")
    assert run.stdout.count("HC") == 1
    records = len(list((few_records / "records").rglob("*.yaml")))
    assert f": Checked {records} records in" in run.stderr


@pytest.mark.slow
def test_unchanged_data_set_has_no_findings(dataset_copy: Path, cli_invoke) -> None:
    """A strict run has none either, on a day after each record's last edit."""
    assert cli_invoke("--root", dataset_copy, "validate", "--strict", "--today", LATER).stdout == ""
    assert cli_invoke("--root", dataset_copy, "fmt", "--check").stdout == ""


def test_accepted_finding_does_not_fail_the_run(few_records: Path, cli_invoke) -> None:
    """An entry whose finding is gone fails a strict run."""
    insert_error(few_records, PATH, "kind: agency", b"kind: copy")
    insert_error(few_records, PATH, "kind: press", b"kind: copy")
    arguments = ("--root", few_records, "validate", "--strict")
    assert "HC703 warning" in cli_invoke(*arguments, exit_code=1).stdout
    entry = f"{{code: HC703, record: {Path(PATH).stem}, reason: Nothing better is left.}}"
    accepted = few_records / "schema/accepted.yaml"
    accepted.write_text(f"accepted:\n  - {entry}\n", encoding="utf-8")
    assert cli_invoke(*arguments).stdout == ""
    insert_error(few_records, PATH, "kind: copy", b"kind: agency")
    assert "HC901 warning" in cli_invoke(*arguments, exit_code=1).stdout


def test_fmt_reformats_a_file_and_leaves_an_invalid_one(few_records: Path, cli_invoke) -> None:
    """A file that cannot be parsed is not changed, but named."""
    content = (few_records / PATH).read_bytes()
    (few_records / PATH).write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    invalid = b"id: &x y\n"
    (few_records / OTHER).write_bytes(invalid)
    run = cli_invoke("--root", few_records, "fmt", exit_code=1)
    assert run.stdout == f"{PATH}\n"
    assert OTHER in run.stderr
    assert (few_records / PATH).read_bytes() == content
    assert (few_records / OTHER).read_bytes() == invalid
