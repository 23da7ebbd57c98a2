"""The guide and the README: their examples are run and their output compared."""

import contextlib
import doctest
import io
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide.md"
README = ROOT / "README.md"
FENCES = re.compile(r"^```(console|pycon)\n((?:\$|>>>) .*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^\$ healthcoop .*\n(?:> .*\n)*", re.MULTILINE)
pytestmark = pytest.mark.usefixtures("shared_cache")
PICTURE = "azerbaijan-partners.svg"


class AnyCode:
    """Equal to every exit code: an example may show an error."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int)

    __hash__ = None


@pytest.fixture
def in_a_terminal(cli_invoke, monkeypatch, tmp_path):
    """Return a function that runs the commands of a console block and returns all output."""
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(ROOT))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)

    def rerun(block: str) -> str:
        text = ""
        for command in COMMANDS.findall(block):
            arguments = shlex.split(command.replace("\n> ", "\n"))[2:]
            outcome = cli_invoke("--color", "always", *arguments, exit_code=AnyCode())
            shown = re.sub(r"\x1b\[[0-9;]*m", "", outcome.stderr + outcome.stdout)
            text += command + "".join(f"{row.rstrip()}\n" for row in shown.splitlines())
        return text

    return rerun


def in_python(block: str, names: dict[str, object]) -> str:
    """Run the statements of an interactive session; return them with their output."""
    text = ""
    for example in doctest.DocTestParser().get_examples(block):
        first, *more = example.source.splitlines()
        text += "".join(f"{line}\n" for line in (f">>> {first}", *(f"... {row}" for row in more)))
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(example.source, "guide", "single"), names)
        text += printed.getvalue()
    return text


@pytest.mark.parametrize("page", [GUIDE, README], ids=lambda page: page.name)
def test_examples_match_their_output(page, in_a_terminal, request):
    names: dict[str, object] = {}

    def rerun(match: re.Match[str]) -> str:
        kind, block = match.groups()
        new = in_a_terminal(block) if kind == "console" else in_python(block, names)
        return f"```{kind}\n{new}```"

    text = page.read_text(encoding="utf-8")
    made = FENCES.sub(rerun, text)
    if request.config.getoption("--update-golden"):
        page.write_text(made, encoding="utf-8")
    assert made == page.read_text(encoding="utf-8")


def test_guide_picture_is_drawn_by_its_command(in_a_terminal, request):
    (command,) = re.findall(rf"^\$ .*--chart {PICTURE}\n", GUIDE.read_text("utf-8"), re.MULTILINE)
    in_a_terminal(command)
    if request.config.getoption("--update-golden"):
        (GUIDE.parent / "images" / PICTURE).write_bytes(Path(PICTURE).read_bytes())
    assert Path(PICTURE).stat().st_size > 10_000


def test_worked_example_has_five_commands():
    (section,) = re.findall(
        r"^## From a question.*?(?=^## )", GUIDE.read_text("utf-8"), re.M | re.S
    )
    assert len(re.findall(r"^\$ healthcoop ", section, re.MULTILINE)) == 5
