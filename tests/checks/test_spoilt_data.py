"""The project's own data set, spoilt in one place at a time: the fault is found at its place."""

import json
from pathlib import Path

import pytest

PATH = "records/2022/2022-az-cu-minister-ambassador.yaml"
# Another record has a fault of its own in every run, so that it shows whether it was looked at.
OTHER = "records/2014/2014-tr-sd-nyala-hospital-opening.yaml"


def spoil(root: Path, path: str, old: str, new: bytes) -> tuple[int, int]:
    """Replace the first ``old`` by ``new``; give the line and column where it stood."""
    content = (root / path).read_bytes()
    before, found, after = content.partition(old.encode())
    assert found, f"{old} is not in {path}"
    (root / path).write_bytes(before + new + after)
    lines = before.decode().split("\n")
    return len(lines), len(lines[-1]) + 1


# what is wrong: the text, what stands there instead, the code, and how far in the fault begins
FAULTS: dict[str, tuple[str, bytes, str, int]] = {
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
    "a link to nowhere": (
        "collection:",
        b"links:\n  - {rel: follows-up, record: 2022-az-cu-nowhere}\ncollection:",
        "HC653",
        0,
    ),
    "a Latin-1 byte": ("Concepcion", b"Concepci\xf3n", "HC101", 8),
    "a tab": ("  - country: CU", b"\t- country: CU", "HC104", 0),
    "an alias": ("party: AZ", b"party: *az", "HC107", 7),
}
# Where the fault is not on the line of the text that was replaced.
MOVED = {"a link to nowhere": (1, len("  - {rel: follows-up, record: "))}
# The people of the party that has gone.
FOLLOWING = {"a party list of one": ["HC505"]}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_at_its_place_and_the_others_are_checked(
    name: str, dataset_copy: Path, cli_invoke
) -> None:
    """``healthcoop validate``: exit 1, this finding, and the one of another record."""
    old, new, code, offset = FAULTS[name]
    line, column = spoil(dataset_copy, PATH, old, new)
    down, along = MOVED.get(name, (0, 0))
    spoil(dataset_copy, OTHER, "collection: ", b"collection: x")
    run = cli_invoke("--root", dataset_copy, "validate", "-f", "json", exit_code=1)
    result = json.loads(run.stdout)
    found = {
        path: [one for one in result["findings"] if one["path"] == path] for path in (PATH, OTHER)
    }
    assert len(result["findings"]) == sum(map(len, found.values()))
    assert [one["code"] for one in found[OTHER]] == ["HC204"]
    assert sorted(one["code"] for one in found[PATH]) == [code, *FOLLOWING.get(name, [])]
    (finding,) = [one for one in found[PATH] if one["code"] == code]
    assert (finding["line"], finding["column"]) == (line + down, column + offset + along)
    assert result["records"] == len(list((dataset_copy / "records").rglob("*.yaml")))


def test_missing_sources_are_found_and_the_others_are_checked(
    dataset_copy: Path, cli_invoke
) -> None:
    """What is not there has no line: it is told at the beginning of the file."""
    content = (dataset_copy / PATH).read_text(encoding="utf-8")
    before, _, after = content.partition("sources:\n")
    (dataset_copy / PATH).write_text(
        before + after[after.index("collection:") :], encoding="utf-8", newline=""
    )
    run = cli_invoke("--root", dataset_copy, "validate", exit_code=1)
    assert run.stdout.startswith(f"{PATH}:1:1: HC202 error The field “sources” is missing")
    assert run.stdout.count("HC") == 1
    records = len(list((dataset_copy / "records").rglob("*.yaml")))
    assert f": Checked {records} records in" in run.stderr


def test_the_data_set_as_it_is_has_nothing_to_mend(dataset_copy: Path, cli_invoke) -> None:
    """Also in a strict run."""
    assert cli_invoke("--root", dataset_copy, "validate", "--strict").stdout == ""
    assert cli_invoke("--root", dataset_copy, "fmt", "--check").stdout == ""


def test_an_accepted_finding_of_a_real_record_no_longer_fails_the_run(
    dataset_copy: Path, cli_invoke
) -> None:
    """And its entry fails nothing until it is stale and the run is strict."""
    spoil(dataset_copy, PATH, "kind: agency", b"kind: copy")
    spoil(dataset_copy, PATH, "kind: press", b"kind: copy")
    arguments = ("--root", dataset_copy, "validate", "--strict")
    assert "HC703 warning" in cli_invoke(*arguments, exit_code=1).stdout
    entry = f"{{code: HC703, record: {Path(PATH).stem}, reason: Nothing better is left.}}"
    with (dataset_copy / "schema/accepted.yaml").open("a", encoding="utf-8") as accepted:
        accepted.write(f"  - {entry}\n")
    assert cli_invoke(*arguments).stdout == ""
    spoil(dataset_copy, PATH, "kind: copy", b"kind: agency")
    assert "HC901 warning" in cli_invoke(*arguments, exit_code=1).stdout


def test_fmt_brings_an_untidy_file_back_and_leaves_a_broken_one(
    dataset_copy: Path, cli_invoke
) -> None:
    """What cannot be read is not touched, and is said."""
    content = (dataset_copy / PATH).read_bytes()
    (dataset_copy / PATH).write_bytes(b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n"))
    broken = b"id: &x y\n"
    (dataset_copy / OTHER).write_bytes(broken)
    run = cli_invoke("--root", dataset_copy, "fmt", exit_code=1)
    assert run.stdout == f"{PATH}\n"
    assert OTHER in run.stderr
    assert (dataset_copy / PATH).read_bytes() == content
    assert (dataset_copy / OTHER).read_bytes() == broken
