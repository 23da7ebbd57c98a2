"""``healthcoop fmt`` and ``healthcoop schema``: what they write, and when they do not."""

import json
import os
import re
import shutil

import pytest
import yaml

MINISTERS = "2020-az-tr-ministers-meet"


@pytest.fixture
def untidy(mini):
    """A record in another layout, with a comment."""
    path = mini / "records" / "2020" / f"{MINISTERS}.yaml"
    data = yaml.load(path.read_bytes(), yaml.SafeLoader)
    # JSON is YAML too, and about as far from the layout as it gets.
    text = json.dumps(data, ensure_ascii=False, indent=1)
    path.write_text(f"# mine\n{text} # and here\n", encoding="utf-8")
    return path


def test_fmt_brings_a_file_into_the_layout_without_changing_what_it_means(untidy, mini, cli_invoke):
    before = cli_invoke("show", MINISTERS, "-f", "json").stdout
    assert cli_invoke("fmt").stdout == f"records/2020/{MINISTERS}.yaml\n"
    assert cli_invoke("show", MINISTERS, "-f", "json").stdout == before
    laid_out = untidy.read_bytes()
    assert laid_out.startswith(b"# yaml-language-server")
    assert cli_invoke("fmt").stdout == ""
    assert untidy.read_bytes() == laid_out


def test_fmt_says_which_comments_are_lost(untidy, mini, cli_invoke):
    last = untidy.read_bytes().count(b"\n")
    assert f"comments are not kept (lines 1, {last})" in cli_invoke("fmt").stderr
    laid_out = untidy.read_bytes()
    untidy.write_bytes(laid_out.replace(b"\nid:", b"\nid:  "))
    assert "comments" not in cli_invoke("fmt").stderr  # the line for editors is there again
    untidy.write_bytes(b"\xef\xbb\xbf# x\n" + laid_out.partition(b"\n")[2])
    assert "comments are not kept (line 1)" in cli_invoke("fmt").stderr


def test_fmt_leaves_a_comment_that_may_be_text(mini, cli_invoke):
    """A “#” behind a space cuts a plain text off; laid out, the rest of it would be gone."""
    path = mini / "records" / "2020" / f"{MINISTERS}.yaml"
    cut_off = re.sub(rb"\ntitle: .*", b"\ntitle: The council holds meeting #1", path.read_bytes())
    path.write_bytes(cut_off)
    line = cut_off[: cut_off.index(b"#1")].count(b"\n") + 1
    outcome = cli_invoke("fmt", exit_code=1)
    assert (
        f"{path.name}: not reformatted: the comment in line {line} would be lost" in outcome.stderr
    )
    cli_invoke("validate", "--fix")
    assert path.read_bytes() == cut_off
    assert "HC116" in cli_invoke("validate", "--strict", exit_code=1).stdout


def test_fmt_names_a_file_that_would_grow_too_large_and_formats_the_rest(untidy, mini, cli_invoke):
    grown = mini / "records" / "2020" / "2020-az-cu-aaa.yaml"
    content = b"x: [" + b"{a: b}," * 30_000 + b"]\n"
    grown.write_bytes(content)
    outcome = cli_invoke("fmt", exit_code=1)
    assert f"records/2020/{grown.name}: not reformatted: its canonical text would" in outcome.stderr
    assert "262,144" in outcome.stderr
    assert outcome.stdout == f"records/2020/{MINISTERS}.yaml\n"
    assert grown.read_bytes() == content


def test_fmt_check_writes_nothing_and_exits_1_where_it_would(untidy, mini, cli_invoke):
    before = untidy.read_bytes()
    outcome = cli_invoke("fmt", "--check", exit_code=1)
    assert outcome.stdout == f"records/2020/{MINISTERS}.yaml\n"
    assert untidy.read_bytes() == before
    cli_invoke("fmt")
    cli_invoke("fmt", "--check")


@pytest.mark.parametrize("path", [".", "records", "records/2020", f"records/2020/{MINISTERS}.yaml"])
def test_fmt_takes_files_and_folders(path, untidy, mini, cli_invoke, monkeypatch):
    monkeypatch.chdir(mini)
    assert cli_invoke("fmt", path).stdout == f"records/2020/{MINISTERS}.yaml\n"


def test_fmt_leaves_alone_what_was_not_named(untidy, mini, cli_invoke, monkeypatch):
    monkeypatch.chdir(mini)
    assert cli_invoke("fmt", "records/2022").stdout == ""


@pytest.mark.parametrize("broken", ["bytes", "folder", "dangling"])
def test_fmt_leaves_what_it_cannot_read_and_formats_the_rest(broken, untidy, mini, cli_invoke):
    other = mini / "records" / "2020" / "2020-az-cu-aaa.yaml"
    if broken == "bytes":
        other.write_bytes(b"id: *x\n")
    elif broken == "folder":
        other.mkdir()
    else:
        other.symlink_to("nowhere")
    outcome = cli_invoke("fmt", exit_code=1)
    assert f"records/2020/{other.name}: not reformatted" in outcome.stderr
    assert outcome.stdout == f"records/2020/{MINISTERS}.yaml\n"
    assert broken != "bytes" or other.read_bytes() == b"id: *x\n"


@pytest.mark.skipif(os.name == "nt", reason="POSIX links")
def test_linked_folders_are_named_by_every_command_that_misses_what_they_hold(
    mini, tmp_path, cli_invoke
):
    for name in ("2020", "2022"):
        (mini / "records" / name).rename(tmp_path / name)
        (mini / "records" / name).symlink_to(tmp_path / name)
    for command in (["list"], ["fmt", "--check"], ["validate"]):
        outcome = cli_invoke(*command, exit_code=1)
        for name in ("records/2020", "records/2022"):
            assert name in outcome.stdout + outcome.stderr
    assert "HC304" not in outcome.stdout


def test_the_schema_is_printed_checked_and_written(mini, cli_invoke):
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


def test_the_projects_own_schema_has_the_codes_of_its_vocabularies(dataset_copy, cli_invoke):
    cli_invoke("--root", dataset_copy, "schema", "--check")


@pytest.mark.parametrize("mode", ["--check", "--write"])
@pytest.mark.parametrize("text", ["", "[]", '"text"', "{}", '{"$id": "https://x/record/2"}'])
def test_a_schema_that_is_not_ours_is_refused_not_rewritten(text, mode, mini, cli_invoke):
    path = mini / "schema" / "record.schema.json"
    path.write_text(text, encoding="utf-8")
    assert cli_invoke("schema", mode, exit_code=2).stdout == ""
    assert path.read_text(encoding="utf-8") == text


VOCABULARIES = ["countries.json"] + [
    f"{kind}.yaml" for kind in ("organisations", "regions", "topics", "types", "collections")
]


@pytest.mark.parametrize("name", VOCABULARIES)
@pytest.mark.parametrize("content", [None, b"", b"{[\x01", b"[]", b"\xff", b"countries: 5"])
def test_a_vocabulary_that_is_missing_or_broken_is_named(name, content, mini, cli_invoke):
    path = mini / "schema" / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for command in (["list"], ["validate"], ["vocab", "types"], ["stats", "years"]):
        outcome = cli_invoke(*command, exit_code=2)
        assert f"schema/{name}" in outcome.stderr
        assert outcome.stdout == ""


def test_a_root_without_a_schema_says_what_it_would_hold(mini, cli_invoke):
    (mini / "schema" / "record.schema.json").unlink()
    outcome = cli_invoke("list", exit_code=2)
    assert "schema/record.schema.json" in outcome.stderr
    shutil.rmtree(mini / "records")
    assert "records/" in cli_invoke("list", exit_code=2).stderr
