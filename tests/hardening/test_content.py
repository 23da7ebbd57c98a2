"""Harmful contents of a record: each is a finding, in bounded time and memory."""

from pathlib import Path

import pytest

from healthcoop.files import reader
from healthcoop.files.canonical import reformat

from .conftest import Run

pytestmark = pytest.mark.slow

MEGABYTES = 100

BOMBS = {
    "a text of 100 MB": b"x" * 2**20,
    "100 MB of brackets": b"[" * 2**20,
    "100 MB of zeros": b"\0" * 2**20,
    "as much as is read, nested": b"a: " + b"[" * 262_000,
    "as much as is read, in rows of items": b"- " * 131_000,
    "as much as is read, of empty lists": b"a: [" + b"[]," * 87_000 + b"]",
    "as much as is read, of fields": b"".join(b"f%d: x\n" % n for n in range(25_000)),
    "as much as is read, of doubled fields": b"a: b\n" * 52_000,
    "as much as is read, of one-letter items": b"topics:\n" + b"- x\n" * 65_000,
    "as much as is read, of parties": b"parties:\n" + b"- {country: XX}\n" * 16_000,
    "as much as is read, of quotation marks": b'a: "' + b'\\"' * 130_000 + b'"',
    "as much as is read, of spaces": b"a: x" + b" " * 262_000,
    "as much as is read, of empty lines": b"summary: >-\n  x" + b"\n" * 262_000 + b"  y\n",
    "as much as is read, of indentation": b"a:\n" + b" " * 262_000 + b"b: c\n",
    "as much as is read, of one name": b"x" * 262_000 + b": y\n",
    "as much as is read, of comments": b"id: x\n" + b"# x\n" * 65_000,
    "as much as is read, in a list on one line": b"topics: [" + b"vaccines, " * 26_000 + b"x]\n",
    "a billion laughs": b"a: &a [x, x, x, x, x, x, x, x, x]\n"
    + b"".join(
        b"%c: &%c [%s]\n" % (two, two, b", ".join([b"*%c" % one] * 9))
        for one, two in zip(b"abcdefgh", b"bcdefghi", strict=True)
    ),
    "a mapping that holds itself": b"a: &a\n  b: *a\n",
    "merges of merges": b"a: &a {b: c}\nd:\n" + b"  <<: *a\n" * 20_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_finding_of_every_command(name: str, data: Path, run: Run) -> None:
    """Within the limits of ``run``; the other records are still read."""
    path = data / "records" / "2020" / "2020-bomb.yaml"
    times = MEGABYTES if "100 MB" in name else 1
    with path.open("wb") as file:
        for _ in range(times):
            file.write(BOMBS[name])
    ran = run("validate", "-f", "json")
    assert ran.exit_code == 1
    assert '"path": "records/2020/2020-bomb.yaml"' in ran.stdout
    ran = run("list", "-f", "ids")
    assert ran.exit_code == 1
    assert len(ran.stdout.split()) == 6
    assert "2020-bomb.yaml" in ran.stderr
    assert run("fmt", "--check").exit_code == 1
    assert path.stat().st_size == len(BOMBS[name]) * times


NOT_UTF8 = {
    "Latin-1": ("title: caf\xe9 au lait".encode("latin-1"), "Windows-1252"),
    "a quotation mark of Windows": (b"title: the \x93so-called\x94", "Windows-1252"),
    "overlong": (b"title: \xc0\xaf", "type it again"),
    "overlong, of three bytes": (b"title: \xe0\x80\xaf", "type it again"),
    "half a surrogate pair": (b"title: \xed\xa0\x80", "type it again"),
    "a surrogate pair, as CESU-8 has it": (b"title: \xed\xa0\xbd\xed\xb8\x80", "type it again"),
    "beyond the last character": (b"title: \xf4\x90\x80\x80", "type it again"),
    "five bytes": (b"title: \xf8\x88\x80\x80\x80", "type it again"),
    "six bytes": (b"title: \xfc\x84\x80\x80\x80\x80", "type it again"),
    "cut off at the end": ("title: caf\u20ac".encode()[:-1], "truncated"),
    "cut off in the middle": (b"title: \xe2\x82 x", "type it again"),
    "a continuation alone": (b"title: x\x80 y", "Windows-1252"),
    "UTF-16 with a mark": ("title: caf\u00e9".encode("utf-16"), "Save the file as UTF-8."),
    "UTF-16-LE": ("title: caf\u00e9".encode("utf-16-le"), "Save the file as UTF-8."),
    "UTF-16-BE": ("title: caf\u00e9".encode("utf-16-be"), "Save the file as UTF-8."),
    "UTF-32 with a mark": ("title: x".encode("utf-32"), "Save the file as UTF-8."),
    "UTF-32-LE": ("title: x".encode("utf-32-le"), "Save the file as UTF-8."),
    "UTF-32-BE": ("title: x".encode("utf-32-be"), "Save the file as UTF-8."),
}


@pytest.mark.parametrize("name", NOT_UTF8)
def test_other_encodings_are_named(name: str) -> None:
    """The hint says how to save the file as UTF-8."""
    content, hint = NOT_UTF8[name]
    (problem,) = reader.parse(content).problems
    assert problem.code == "HC101"
    assert hint in problem.hint
    assert name[:6] in problem.message or not name.startswith("UTF-")


def test_a_nul_in_a_utf8_file_is_not_utf16() -> None:
    """A single zero byte is not an encoding."""
    assert [problem.code for problem in reader.parse(b"a: b\nc: \0").problems] == ["HC103"]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_byte_order_mark_and_windows_line_ends_are_accepted(
    mark: str, end: str, data: Path
) -> None:
    """No finding; fmt removes them."""
    path = next((data / "records").rglob("*.yaml"))
    content = path.read_bytes()
    changed = (mark + content.decode().replace("\n", end)).encode()
    assert reader.parse(changed) == reader.parse(content)
    assert (reformat(changed) or "").encode() == content


HOSTILE = {
    "a colour that we never use": "\x1b[35;5m",
    "a window's title": "\x1b]0;owned\x07",
    "a cleared screen": "\x1b[2J",
    "one byte for the same": "\x9b31m",
    "a return": "\r",
    "a backspace": "\x08",
    "a bidirectional override": "\u202e",
    "a bidirectional isolate": "\u2066",
}


@pytest.mark.parametrize("escaped", [False, True], ids=["as it is", "escaped"])
@pytest.mark.parametrize("name", HOSTILE)
def test_control_sequences_in_a_title_never_reach_the_terminal(
    name: str, escaped: bool, data: Path, cli_invoke_whatever
) -> None:
    """On a terminal and in a pipe, for every command."""
    hostile = HOSTILE[name]
    written = "".join(f"\\u{ord(character):04x}" for character in hostile) if escaped else hostile
    path = next((data / "records" / "2020").glob("*.yaml"))
    lines = path.read_bytes().decode().split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("title: "))
    lines[at] = f'title: "Ministers {written}meet in Baku"'
    path.write_bytes("\n".join(lines).encode())
    shown = []
    for color in ("auto", "always"):
        for command in (
            *(["list"], ["list", "-f", "markdown"], ["show", path.stem], ["validate"]),
            *(["validate", "-f", "github"], ["summary"], ["fmt", "--check"], ["list", "-f", "ids"]),
        ):
            outcome = cli_invoke_whatever("--color", color, *command)
            shown.append(outcome.stdout + outcome.stderr)
    for text in shown:
        assert hostile not in text.replace("\r\n", "\n")
        assert "owned\x07" not in text
