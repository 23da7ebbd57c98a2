"""Complete outputs, compared with golden files that a person has reviewed."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cases import each

ROOT = Path(__file__).parents[2]
WIDTHS = [20, 80, 130, 200]
RECORD = "2021-az-no-digital-memorandum"
ON_A_TERMINAL = {
    "list-80.txt": (80, "list"),
    "list-200.txt": (200, "list"),
    "show-80.txt": (80, "show", RECORD),
    "summary-80.txt": (80, "summary"),
    "pairs-80.txt": (80, "stats", "pairs", "--multilateral", "fractional"),
    "countries-80.txt": (80, "stats", "countries"),
    "years-80.txt": (80, "stats", "years", "--since", "2020"),
    "pair-80.txt": (80, "pair", "AZ", "NO"),
    "vocab-80.txt": (80, "vocab", "countries"),
}
IN_A_PIPE = {
    "list.txt": ("list",),
    "list.csv": ("list",),
    "list.tsv": ("list",),
    "list.markdown": ("list",),
    "show.txt": ("show", "2023-cu-no-agreement-on-nurses"),
    "show.markdown": ("show", "2023-cu-no-agreement-on-nurses", RECORD),
    "show.bibtex": ("show", RECORD, "2022-multi-vaccine-declaration"),
    "show.csl": ("show", RECORD, "2020-az-tr-ministers-meet"),
    "show.json": ("show", RECORD),
    "pair.txt": ("pair", "AZ", "NO"),
    "pair.markdown": ("pair", "AZ", "NO"),
    "summary.markdown": ("summary",),
    "summary.json": ("summary",),
    "pairs.csv": ("stats", "pairs"),
    "countries.csv": ("stats", "countries"),
    "years.csv": ("stats", "years", "--since", "2020"),
    "vocab.csv": ("vocab", "topics"),
}


@each("name", ON_A_TERMINAL)
def test_terminal_output_matches_the_golden_file(name, mini, terminal, golden):
    width, *arguments = ON_A_TERMINAL[name]
    golden(f"cli/{name}", terminal(*arguments, width=width))


@each("name", IN_A_PIPE)
def test_pipe_output_matches_the_golden_file(name, mini, cli_invoke, golden):
    _, _, format_ = name.partition(".")
    options = [] if format_ == "txt" else ["--format", format_]
    golden(f"cli/{name}", cli_invoke(*IN_A_PIPE[name], *options).stdout)


@pytest.mark.parametrize("format_", ["text", "github"])
def test_findings_match_the_golden_file(format_, mini, cli_invoke, golden):
    path = mini / "records" / "2020" / "2020-az-tr-ministers-meet.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("type:", "tpye:").replace("country: TR\n", "country: TRX\n")
    path.write_text(text.replace("topics: [", "topics: [nope, "), encoding="utf-8")
    outcome = cli_invoke("validate", "--format", format_, exit_code=1)
    golden(f"cli/validate-{format_}.txt", outcome.stdout)


def assert_fits(terminal, width, command):
    for line in terminal("--root", ROOT, *command, width=width).splitlines():
        # Addresses, paths and ids are never broken.
        rest = re.sub(r"\S*(https?://|records/|[0-9]{4}-[a-z])\S*", "", line)
        assert cell_len(line if rest == line else rest.rstrip()) <= width, line


@pytest.mark.usefixtures("shared_cache")
@each(
    "command",
    [
        *(("list", "--since", "2026"), ("summary",), ("stats", "pairs", "--since", "2020")),
        *(("stats", "years"), ("show", "1930-multi-anti-diphtheritic-serum")),
    ],
)
def test_real_records_fit_the_terminal(command, terminal):
    assert_fits(terminal, 80, command)


@pytest.mark.slow
@pytest.mark.usefixtures("shared_cache")
@each(
    ("widths", "command"),
    [
        ([20, 130], ("list", "--since", "2024")),
        ([20, 130], ("list", "--since", "2024", "--columns", "id,title,summary")),
        (WIDTHS, ("summary",)),
        (WIDTHS, ("stats", "pairs")),
        (WIDTHS, ("stats", "countries")),
        (WIDTHS, ("stats", "years")),
        (WIDTHS, ("vocab", "topics")),
        (WIDTHS, ("show", "1930-multi-anti-diphtheritic-serum")),
    ],
)
def test_real_records_fit_terminals_of_any_width(command, widths, terminal):
    for width in widths:
        assert_fits(terminal, width, command)
