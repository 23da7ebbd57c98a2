"""``healthcoop fmt --diff``, and files that change while fmt runs."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from healthcoop.files import canonical

MINISTERS = "records/2020/2020-az-tr-ministers-meet.yaml"


@pytest.fixture
def formatted(mini, cli_invoke):
    """The small data set, with every file in canonical layout."""
    cli_invoke("fmt")
    return mini


@pytest.fixture
def unformatted(formatted):
    """One record in another layout."""
    path = formatted / MINISTERS
    path.write_bytes(path.read_bytes().replace(b"\ntype: meeting", b"\ntype:   'meeting'"))
    return path


def test_diff_shows_the_changes_and_writes_nothing(unformatted, cli_invoke):
    before = unformatted.read_bytes()
    outcome = cli_invoke("fmt", "--diff", exit_code=1)
    assert outcome.stdout.startswith(f"--- a/{MINISTERS}\n+++ b/{MINISTERS}\n@@ -1,6 +1,6 @@\n")
    assert "\n-type:   'meeting'\n+type: meeting\n" in outcome.stdout
    assert outcome.stderr == "healthcoop: 7 files checked, 1 would be reformatted\n"
    assert unformatted.read_bytes() == before
    assert cli_invoke("fmt", "--diff", "--check", exit_code=1).stdout == outcome.stdout


def test_diff_of_formatted_files_is_empty(formatted, cli_invoke):
    assert cli_invoke("fmt", "--diff").stdout == ""


def _unformat(root: Path) -> None:
    """Write every record in another layout."""
    paths = sorted((root / "records").rglob("*.yaml"))
    for number, path in enumerate(paths):
        text = path.read_text("utf-8")
        styles = [
            text.replace("\n", "\r\n"),
            f"\ufeff{text}",
            text.rstrip("\n"),
            "\n".join(["# mine", *text.splitlines()[1:]]) + "\n\n\n",
            text.replace("\ntitle:", "\ntitle:  "),
        ]
        path.write_bytes(styles[number % len(styles)].encode())
    renamed = paths[-1].with_name('a "b" ü.yaml')
    paths[-1].rename(renamed)


def test_git_apply_of_the_diff_equals_fmt(formatted, cli_invoke):
    """CRLF, a byte-order mark, no line break at the end, a name with spaces and quotes."""
    _unformat(formatted)
    diff = cli_invoke("fmt", "--diff", exit_code=1).stdout
    apply = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(apply, cwd=formatted, input=diff.encode(), check=True)
    applied = {path: path.read_bytes() for path in (formatted / "records").rglob("*.yaml")}
    assert all(canonical.reformat(content) == content.decode() for content in applied.values())
    assert cli_invoke("fmt").stdout == ""


def test_terminal_diff_has_the_colours_of_git_and_no_control_characters(unformatted, cli_invoke):
    unformatted.write_bytes(
        unformatted.read_bytes().replace(b"\ntype:", "\n# \u202e\ntype:".encode(), 1)
    )
    shown = cli_invoke("--color", "always", "fmt", "--diff", exit_code=1).stdout
    assert f"\x1b[1m--- a/{MINISTERS}\x1b[0m\n\x1b[1m+++ b/{MINISTERS}\x1b[0m\n" in shown
    assert re.search(r"^\x1b\[36m@@ [-+,0-9 ]+ @@\x1b\[0m$", shown, re.MULTILINE)
    assert "\x1b[31m-# \\u202e\x1b[0m\n" in shown
    assert "\x1b[31m-type:   'meeting'\x1b[0m\n" in shown
    assert "\x1b[32m+type: meeting\x1b[0m\n" in shown
    piped = cli_invoke("fmt", "--diff", exit_code=1).stdout
    assert "\u202e" in piped  # git can apply it only unescaped


def test_file_too_long_for_a_diff_is_named(formatted, cli_invoke):
    path = formatted / "records/2020/2020-az-cu-aaa.yaml"
    path.write_text(json.dumps({"x": [["y"] * 900] * 4}, indent=1), encoding="utf-8")
    outcome = cli_invoke("fmt", "--diff", exit_code=1)
    assert outcome.stdout == ""
    assert "aaa.yaml: too long for a diff" in outcome.stderr


def test_file_named_twice_is_formatted_once(unformatted, formatted, cli_invoke):
    named = cli_invoke("fmt", unformatted, unformatted.parent, unformatted).stdout
    assert named == f"{MINISTERS}\n"


def test_path_that_is_not_a_record_is_wrong_usage(unformatted, formatted, cli_invoke):
    before = unformatted.read_bytes()
    for path in (formatted / "schema", formatted / "schema/topics.yaml", formatted / "none.yaml"):
        assert path.name in cli_invoke("fmt", unformatted, path, exit_code=2).stderr
    assert unformatted.read_bytes() == before


def test_file_edited_while_fmt_runs_is_not_overwritten(
    unformatted, formatted, cli_invoke, monkeypatch
):
    """An editor saves a file after fmt read it and before it writes; the others are formatted."""
    other = formatted / "records/2020/2020-az-cu-aaa.yaml"
    other.write_bytes(unformatted.read_bytes())
    reformat = canonical.reformat

    def reformat_while_edited(content: bytes) -> str | None:
        text = reformat(content)
        if content != text.encode() and other.read_bytes() == content:
            other.write_bytes(b"id:  newer\n")
        return text

    monkeypatch.setattr(canonical, "reformat", reformat_while_edited)
    outcome = cli_invoke("fmt", exit_code=2)
    assert other.read_bytes() == b"id:  newer\n"
    assert "2020-az-cu-aaa.yaml was changed meanwhile" in outcome.stderr
    assert outcome.stdout == f"{MINISTERS}\n"
    assert not [name for name in os.listdir(other.parent) if name.endswith(".new")]


def test_file_deleted_while_fmt_runs_is_not_written(
    unformatted, formatted, cli_invoke, monkeypatch
):
    other = formatted / "records/2020/2020-az-cu-aaa.yaml"
    deleted = formatted / "records/2022/2022-az-cu-zzz.yaml"
    for path in (other, deleted):
        path.write_bytes(unformatted.read_bytes())
    reformat = canonical.reformat

    def reformat_while_removed(content: bytes) -> str | None:
        text = reformat(content)
        if content != text.encode():
            for path in (other, deleted):
                path.unlink(missing_ok=True)
        return text

    monkeypatch.setattr(canonical, "reformat", reformat_while_removed)
    outcome = cli_invoke("fmt", exit_code=2)
    assert outcome.stdout == f"{MINISTERS}\n"
    assert "2020-az-cu-aaa.yaml: No such file" in outcome.stderr
    assert not other.exists()
    assert not deleted.exists()


def test_unwritable_file_is_named_and_the_others_are_formatted(
    unformatted, formatted, cli_invoke, monkeypatch
):
    other = formatted / "records/2020/2020-az-cu-aaa.yaml"
    other.write_bytes(unformatted.read_bytes())
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == other.name:
            raise OSError(30, "Read-only file system")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    outcome = cli_invoke("fmt", exit_code=2)
    assert f"cannot write {other}: Read-only file system" in outcome.stderr
    assert outcome.stdout == f"{MINISTERS}\n"
    assert other.read_bytes() != unformatted.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
def test_closed_pipe_ends_the_diff_quietly(unformatted, formatted):
    line = f'"{sys.executable}" -m healthcoop fmt --diff | true; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", line], cwd=formatted, capture_output=True, check=False)
    assert done.returncode in (0, 1)  # the pipe may have taken all before it was closed
    assert done.stderr in (b"", b"healthcoop: 7 files checked, 1 would be reformatted\n")
