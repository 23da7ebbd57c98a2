"""``healthcoop fmt --diff``, and what else happens to files while fmt looks at them."""

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
def laid_out(mini, cli_invoke):
    """The small data set, all in canonical layout."""
    cli_invoke("fmt")
    return mini


@pytest.fixture
def untidy(laid_out):
    """One record in another layout."""
    path = laid_out / MINISTERS
    path.write_bytes(path.read_bytes().replace(b"\ntype: meeting", b"\ntype:   'meeting'"))
    return path


def test_a_diff_shows_what_would_change_and_writes_nothing(untidy, cli_invoke):
    before = untidy.read_bytes()
    outcome = cli_invoke("fmt", "--diff", exit_code=1)
    assert outcome.stdout.startswith(f"--- a/{MINISTERS}\n+++ b/{MINISTERS}\n@@ -1,6 +1,6 @@\n")
    assert "\n-type:   'meeting'\n+type: meeting\n" in outcome.stdout
    assert "1 file would be reformatted" in outcome.stderr
    assert untidy.read_bytes() == before
    assert cli_invoke("fmt", "--diff", "--check", exit_code=1).stdout == outcome.stdout


def test_where_nothing_would_change_the_diff_is_empty(laid_out, cli_invoke):
    assert cli_invoke("fmt", "--diff").stdout == ""


def _spoil(root: Path) -> None:
    """Bring every record into another layout, each in its way."""
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


def test_git_applies_the_diff_and_comes_to_what_fmt_writes(laid_out, cli_invoke):
    """CRLF, a byte-order mark, no line break at the end, a name with spaces and quotes."""
    _spoil(laid_out)
    diff = cli_invoke("fmt", "--diff", exit_code=1).stdout
    apply = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(apply, cwd=laid_out, input=diff.encode(), check=True)
    applied = {path: path.read_bytes() for path in (laid_out / "records").rglob("*.yaml")}
    assert all(canonical.reformat(content) == content.decode() for content in applied.values())
    assert cli_invoke("fmt").stdout == ""


def test_on_a_terminal_the_diff_is_coloured_as_git_does_it_and_safe(untidy, cli_invoke):
    untidy.write_bytes(untidy.read_bytes().replace(b"\ntype:", "\n# \u202e\ntype:".encode(), 1))
    shown = cli_invoke("--color", "always", "fmt", "--diff", exit_code=1).stdout
    assert f"\x1b[1m--- a/{MINISTERS}\x1b[0m\n\x1b[1m+++ b/{MINISTERS}\x1b[0m\n" in shown
    assert re.search(r"^\x1b\[36m@@ [-+,0-9 ]+ @@\x1b\[0m$", shown, re.MULTILINE)
    assert "\x1b[31m-# \\u202e\x1b[0m\n" in shown
    assert "\x1b[31m-type:   'meeting'\x1b[0m\n" in shown
    assert "\x1b[32m+type: meeting\x1b[0m\n" in shown
    assert "\u202e" in cli_invoke("fmt", "--diff", exit_code=1).stdout  # or git would not apply it


def test_a_diff_too_large_to_make_is_said(laid_out, cli_invoke):
    path = laid_out / "records/2020/2020-az-cu-aaa.yaml"
    path.write_text(json.dumps({"x": ["y"] * 3_000}, indent=1), encoding="utf-8")
    outcome = cli_invoke("fmt", "--diff", exit_code=1)
    assert outcome.stdout == ""
    assert "aaa.yaml: too long for a diff" in outcome.stderr


def test_a_file_named_twice_is_laid_out_once(untidy, laid_out, cli_invoke):
    named = cli_invoke("fmt", untidy, untidy.parent, untidy).stdout
    assert named == f"{MINISTERS}\n"


def test_a_path_that_is_no_record_is_wrong_usage(untidy, laid_out, cli_invoke):
    before = untidy.read_bytes()
    for path in (laid_out / "schema", laid_out / "schema/topics.yaml", laid_out / "none.yaml"):
        assert path.name in cli_invoke("fmt", untidy, path, exit_code=2).stderr
    assert untidy.read_bytes() == before


def test_what_is_saved_while_fmt_runs_is_not_overwritten(untidy, laid_out, cli_invoke, monkeypatch):
    """An editor saves between fmt's look and its writing; the other files are laid out."""
    other = laid_out / "records/2020/2020-az-cu-aaa.yaml"
    other.write_bytes(untidy.read_bytes())
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


def test_a_file_that_goes_while_fmt_runs_stays_away(untidy, laid_out, cli_invoke, monkeypatch):
    other = laid_out / "records/2020/2020-az-cu-aaa.yaml"
    gone = laid_out / "records/2022/2022-az-cu-zzz.yaml"
    for path in (other, gone):
        path.write_bytes(untidy.read_bytes())
    reformat = canonical.reformat

    def reformat_while_removed(content: bytes) -> str | None:
        text = reformat(content)
        if content != text.encode():
            for path in (other, gone):
                path.unlink(missing_ok=True)
        return text

    monkeypatch.setattr(canonical, "reformat", reformat_while_removed)
    outcome = cli_invoke("fmt", exit_code=2)
    assert outcome.stdout == f"{MINISTERS}\n"
    assert "2020-az-cu-aaa.yaml: No such file" in outcome.stderr
    assert not other.exists()
    assert not gone.exists()


def test_a_file_that_cannot_be_written_is_named_and_the_others_are_laid_out(
    untidy, laid_out, cli_invoke, monkeypatch
):
    other = laid_out / "records/2020/2020-az-cu-aaa.yaml"
    other.write_bytes(untidy.read_bytes())
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target.name == other.name:
            raise OSError(30, "Read-only file system")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    outcome = cli_invoke("fmt", exit_code=2)
    assert f"cannot write {other}: Read-only file system" in outcome.stderr
    assert outcome.stdout == f"{MINISTERS}\n"
    assert other.read_bytes() != untidy.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
def test_nobody_needs_to_read_the_diff(untidy, laid_out):
    line = f'"{sys.executable}" -m healthcoop fmt --diff | true; exit ${{PIPESTATUS[0]}}'
    done = subprocess.run(["bash", "-c", line], cwd=laid_out, capture_output=True, check=False)
    assert done.returncode in (0, 1)  # the pipe may have taken all before it was closed
    assert done.stderr in (b"", b"healthcoop: 1 file would be reformatted\n")
