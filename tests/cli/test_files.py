"""``healthcoop fmt`` and ``healthcoop schema``: which files they write or leave unchanged."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml

MINISTERS = "2020-az-tr-ministers-meet"


@pytest.fixture
def unformatted(mini):
    """A record in another layout, with a comment."""
    path = mini / "records" / "2020" / f"{MINISTERS}.yaml"
    data = yaml.load(path.read_bytes(), yaml.SafeLoader)
    # JSON is valid YAML, and very different from the canonical layout.
    text = json.dumps(data, ensure_ascii=False, indent=1)
    path.write_text(f"# mine\n{text} # and here\n", encoding="utf-8")
    return path


def test_fmt_reformats_a_file_without_changing_its_data(unformatted, mini, cli_invoke):
    before = cli_invoke("show", MINISTERS, "-f", "json").stdout
    assert cli_invoke("fmt").stdout == f"records/2020/{MINISTERS}.yaml\n"
    assert cli_invoke("show", MINISTERS, "-f", "json").stdout == before
    formatted = unformatted.read_bytes()
    assert formatted.startswith(b"# yaml-language-server")
    assert cli_invoke("fmt").stdout == ""
    assert unformatted.read_bytes() == formatted


def test_fmt_names_the_comments_that_are_lost(unformatted, mini, cli_invoke):
    last = unformatted.read_bytes().count(b"\n")
    printed = cli_invoke("fmt").stderr
    assert "comments are not kept; move them to “notes:” (git has the file as last" in printed
    assert ".yaml:1: # mine\n" in printed
    assert f".yaml:{last}: # and here\n" in printed
    formatted = unformatted.read_bytes()
    unformatted.write_bytes(formatted.replace(b"\nid:", b"\nid:  "))
    assert "comments" not in cli_invoke("fmt").stderr  # the first line, for editors, is kept
    unformatted.write_bytes(b"\xef\xbb\xbf# x\n" + formatted.partition(b"\n")[2])
    assert ".yaml:1: # x\n" in cli_invoke("fmt").stderr


def test_fmt_refuses_a_comment_that_may_be_text(mini, cli_invoke):
    """A “#” after a space ends an unquoted text; formatting would remove the rest."""
    path = mini / "records" / "2020" / f"{MINISTERS}.yaml"
    truncated = re.sub(rb"\ntitle: .*", b"\ntitle: The council holds meeting #1", path.read_bytes())
    path.write_bytes(truncated)
    line = truncated[: truncated.index(b"#1")].count(b"\n") + 1
    outcome = cli_invoke("fmt", exit_code=1)
    assert (
        f"{path.name}: not reformatted: the comment in line {line} would be lost" in outcome.stderr
    )
    cli_invoke("validate", "--fix")
    assert path.read_bytes() == truncated
    assert "HC116" in cli_invoke("validate", "--strict", exit_code=1).stdout


def test_fmt_names_a_file_too_large_when_formatted_and_formats_the_rest(
    unformatted, mini, cli_invoke
):
    too_large = mini / "records" / "2020" / "2020-az-cu-aaa.yaml"
    deep = b"{a: " * 28 + b"[" + b"{c: d}," * 900 + b"]" + b"}" * 28
    content = b"".join(b"%c: %b\n" % (name, deep) for name in b"uvwxyz")
    too_large.write_bytes(content)
    outcome = cli_invoke("fmt", exit_code=1)
    assert (
        f"records/2020/{too_large.name}: not reformatted: its canonical text would"
        in outcome.stderr
    )
    assert "262,144" in outcome.stderr
    assert outcome.stdout == f"records/2020/{MINISTERS}.yaml\n"
    assert too_large.read_bytes() == content


def test_fmt_check_writes_nothing_and_exits_1_for_unformatted_files(unformatted, mini, cli_invoke):
    before = unformatted.read_bytes()
    outcome = cli_invoke("fmt", "--check", exit_code=1)
    assert outcome.stdout == f"records/2020/{MINISTERS}.yaml\n"
    assert unformatted.read_bytes() == before
    cli_invoke("fmt")
    cli_invoke("fmt", "--check")


@pytest.mark.parametrize("path", [".", "records", "records/2020", f"records/2020/{MINISTERS}.yaml"])
def test_fmt_takes_files_and_folders(path, unformatted, mini, cli_invoke, monkeypatch):
    monkeypatch.chdir(mini)
    assert cli_invoke("fmt", path).stdout == f"records/2020/{MINISTERS}.yaml\n"


def test_fmt_formats_only_the_named_paths(unformatted, mini, cli_invoke, monkeypatch):
    monkeypatch.chdir(mini)
    assert cli_invoke("fmt", "records/2022").stdout == ""


@pytest.mark.parametrize("kind", ["bytes", "folder", "dangling"])
def test_fmt_names_an_unreadable_file_and_formats_the_rest(kind, unformatted, mini, cli_invoke):
    other = mini / "records" / "2020" / "2020-az-cu-aaa.yaml"
    if kind == "bytes":
        other.write_bytes(b"id: *x\n")
    elif kind == "folder":
        other.mkdir()
    else:
        other.symlink_to("nowhere")
    outcome = cli_invoke("fmt", exit_code=1)
    assert f"records/2020/{other.name}: not reformatted" in outcome.stderr
    assert outcome.stdout == f"records/2020/{MINISTERS}.yaml\n"
    assert kind != "bytes" or other.read_bytes() == b"id: *x\n"


@pytest.mark.skipif(os.name == "nt", reason="POSIX links")
def test_every_command_names_linked_folders_that_it_does_not_read(mini, tmp_path, cli_invoke):
    for name in ("2020", "2022"):
        (mini / "records" / name).rename(tmp_path / name)
        (mini / "records" / name).symlink_to(tmp_path / name)
    for command in (["list"], ["fmt", "--check"], ["validate"]):
        outcome = cli_invoke(*command, exit_code=1)
        for name in ("records/2020", "records/2022"):
            assert name in outcome.stdout + outcome.stderr
    assert "HC304" not in outcome.stdout


def test_schema_is_printed_checked_and_written(mini, cli_invoke):
    path = mini / "schema" / "record.schema.json"
    cli_invoke("schema", "--check")
    path.write_text('{"$id": "record/1"}', encoding="utf-8")
    outcome = cli_invoke("schema", "--check", exit_code=1)
    assert "outdated; run healthcoop schema --write" in outcome.stderr
    before = path.read_bytes()
    printed = cli_invoke("schema").stdout
    assert path.read_bytes() == before
    cli_invoke("schema", "--write")
    assert path.read_text(encoding="utf-8") == printed
    cli_invoke("schema", "--check")
    codes = json.loads(printed)["definitions"]["country"]["enum"]
    assert codes == ["AZ", "CU", "GB", "NO", "RU", "TR", "SUHH"]


def test_own_schema_file_is_up_to_date(cli_invoke):
    cli_invoke("--root", Path(__file__).parents[2], "schema", "--check")


@pytest.mark.parametrize("mode", ["--check", "--write"])
@pytest.mark.parametrize("text", ["", "[]", '"text"', "{}", '{"$id": "https://x/record/2"}'])
def test_schema_file_without_a_known_version_is_not_overwritten(text, mode, mini, cli_invoke):
    path = mini / "schema" / "record.schema.json"
    path.write_text(text, encoding="utf-8")
    assert cli_invoke("schema", mode, exit_code=2).stdout == ""
    assert path.read_text(encoding="utf-8") == text


VOCABULARIES = ["countries.json"] + [
    f"{kind}.yaml" for kind in ("organisations", "regions", "topics", "types", "collections")
]


@pytest.mark.parametrize("name", VOCABULARIES)
@pytest.mark.parametrize("content", [None, b"", b"{[\x01", b"[]", b"\xff", b"countries: 5"])
@pytest.mark.parametrize(
    "commands",
    [
        [["list"]],
        pytest.param(
            [["validate"], ["vocab", "types"], ["stats", "years"]], marks=pytest.mark.slow
        ),
    ],
    ids=["list", "others"],
)
def test_missing_or_invalid_vocabulary_is_named(commands, name, content, mini, cli_invoke):
    path = mini / "schema" / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for command in commands:
        outcome = cli_invoke(*command, exit_code=2)
        assert f"schema/{name}" in outcome.stderr
        assert outcome.stdout == ""


def test_error_on_a_root_without_a_schema_names_what_is_missing(mini, cli_invoke):
    (mini / "schema" / "record.schema.json").unlink()
    outcome = cli_invoke("list", exit_code=2)
    assert "schema/record.schema.json" in outcome.stderr
    shutil.rmtree(mini / "records")
    assert "records/" in cli_invoke("list", exit_code=2).stderr
