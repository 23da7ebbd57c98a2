"""The guide and the README: their examples are run and their output compared."""

import contextlib
import csv
import doctest
import io
import os
import re
import shlex
import subprocess
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide.md"
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
FENCES = re.compile(r"^```(console|pycon)\n((?:\$|>>>) .*?)^```$", re.MULTILINE | re.DOTALL)
ARTICLES = re.compile(r"`(article\.txt)`.*?^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
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


@pytest.mark.parametrize(
    "page",
    [pytest.param(GUIDE, marks=pytest.mark.slow), README, CONTRIBUTING],
    ids=lambda page: page.name,
)
def test_examples_match_their_output(page, in_a_terminal, request):
    names: dict[str, object] = {}

    def rerun(match: re.Match[str]) -> str:
        kind, block = match.groups()
        new = in_a_terminal(block) if kind == "console" else in_python(block, names)
        return f"```{kind}\n{new}```"

    text = page.read_text(encoding="utf-8")
    for name, content in ARTICLES.findall(text):
        Path(name).write_text(content, encoding="utf-8")
    made = FENCES.sub(rerun, text)
    if request.config.getoption("--update-golden"):
        page.write_text(made, encoding="utf-8")
    assert made == page.read_text(encoding="utf-8")


@pytest.mark.slow  # needs R, which .ci/run installs
def test_r_reads_a_table_as_the_guide_says(in_a_terminal):
    text = GUIDE.read_text("utf-8")
    (command,) = re.findall(
        r"^```console\n(\$ healthcoop (?:(?!```).)*-o countries\.csv\n)```$", text, re.M | re.S
    )
    (block,) = re.findall(r"^```r\n(.*?)^```$", text, re.M | re.S)
    in_a_terminal(command)
    with open("countries.csv", encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    printed = (
        "cat(nrow(table), names(table), sapply(table, class), sum(is.na(table$earliest)), '\\n')\n"
        "cat(sum(as.integer(table$latest), na.rm = TRUE), '\\n')\n"
        "cat(format(table$earliest[table$country == 'NA'], '%Y'), '\\n')\n"
    )
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", block + printed],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    size, days, years = (line.split() for line in done.stdout.splitlines())
    classes = ["character", "Date", "Date", "character"]
    unknown = sum(not row["earliest"] for row in rows)
    assert size == [str(len(rows)), "id", "earliest", "latest", "country", *classes, str(unknown)]
    known = [date.fromisoformat(row["latest"]) for row in rows if row["latest"]]
    assert days == [str(sum((day - date(1970, 1, 1)).days for day in known))]
    namibia = [row["earliest"][:4] for row in rows if row["country"] == "NA"]
    assert years == namibia
    assert namibia


@pytest.mark.slow
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
