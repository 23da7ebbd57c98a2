"""``--output``: the ending of the file's name selects the format, unless ``-f`` does."""

import subprocess

import pytest

from tests.cases import each

RECORD = "2021-az-no-digital-memorandum"
TABLES = {
    **{"csv": "csv", "tsv": "tsv", "json": "json", "jsonl": "jsonl", "md": "markdown"},
    **{"yaml": "yaml", "yml": "yaml", "txt": "table"},
}
PAGES = {"txt": "text", "json": "json", "md": "markdown"}
COMMANDS = [
    (["list"], {**TABLES, "ids": "ids", "CSV": "csv"}),
    (["stats", "pairs"], TABLES),
    (["stats", "years"], TABLES),
    (["sql", "SELECT id, date FROM records"], TABLES),
    (["sql", "--schema"], TABLES),
    (["vocab", "types"], TABLES),
    (["duplicates"], TABLES),
    (["summary"], PAGES),
    (["pair", "AZ", "NO"], {**PAGES, "html": "html"}),
    (["show", RECORD], {**PAGES, "yaml": "yaml", "bib": "bibtex"}),
    (["history", RECORD], {"txt": "text", "json": "json"}),
    (["validate"], {"txt": "text", "json": "json", "sarif": "sarif", "xml": "junit"}),
]
QUICK = ("list", "pair", "show")


@pytest.fixture
def in_git(mini):
    """Return the small data set in a git repository with one empty commit."""
    author = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    for words in (["init"], [*author, "commit", "--allow-empty", "--message", "Start"]):
        subprocess.run(["git", *words], cwd=mini, check=True, capture_output=True)
    return mini


@pytest.mark.parametrize(
    ("command", "endings"),
    [
        pytest.param(*case, id=case[0][0], marks=[] if case[0][0] in QUICK else [pytest.mark.slow])
        for case in COMMANDS
    ],
)
def test_ending_selects_the_format(command, endings, in_git, cli_invoke, tmp_path):
    for ending, format_ in endings.items():
        by_ending, by_option = tmp_path / f"out.v2.{ending}", tmp_path / "out"
        cli_invoke(*command, "-o", by_ending)
        cli_invoke(*command, "-o", by_option, "-f", format_)
        assert by_ending.read_bytes() == by_option.read_bytes(), ending


@pytest.mark.parametrize("name", ["out", ".hidden", "out.", "folder.csv/out"])
def test_name_without_an_ending_gets_the_default_format(name, mini, cli_invoke, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    cli_invoke("list", "-o", tmp_path / name)
    assert (tmp_path / name).read_text("utf-8") == cli_invoke("list").stdout


def test_format_option_overrides_the_ending(mini, cli_invoke, tmp_path):
    expected = cli_invoke("list", "-f", "jsonl").stdout
    for name, options in (("a.csv", ["-f", "jsonl", "-o"]), ("b.nonsense", ["-fjsonl", "-o"])):
        cli_invoke("list", *options, tmp_path / name)
        assert (tmp_path / name).read_text("utf-8") == expected
    cli_invoke("list", "-o", tmp_path / "c.csv", "-f", "table")
    assert (tmp_path / "c.csv").read_text("utf-8") == cli_invoke("list").stdout


@each(
    ("command", "ending", "choice"),
    [
        (["list"], "docx", ".csv, .ids, .json, .jsonl, .md, .tsv, .txt, .yaml, .yml"),
        (["summary"], "csv", ".json, .md, .txt"),
        (["summary"], "xlsx", ".json, .md, .txt"),  # no CSV either
        (["stats", "network"], "gv", ".csv, .json, .jsonl, .md, .tsv, .txt, .yaml, .yml"),
        (["show", RECORD], "csl", ".bib, .json, .md, .txt, .yaml, .yml"),
        (["validate"], "md", ".json, .sarif, .txt, .xml"),
    ],
)
def test_unknown_ending_is_an_error_with_the_list(command, ending, choice, mini, cli_invoke):
    target = mini / f"out.{ending}"
    stderr = cli_invoke(*command, "-o", target, exit_code=2).stderr
    assert f"unknown file ending: .{ending}\n  Choose from {choice}, or use -f." in stderr
    assert not target.exists()


def test_excel_is_answered_with_csv(mini, cli_invoke):
    stderr = cli_invoke("list", "-o", "x.xlsx", exit_code=2).stderr
    assert "Excel reads .csv, with --excel." in stderr


@each("command", [["vocab", "types", "zzz"], ["duplicates"], ["stats", "pairs", "--year", "1700"]])
def test_empty_result_replaces_the_old_file(command, mini, cli_invoke):
    target = mini / "out.txt"
    target.write_text("before", encoding="utf-8")
    cli_invoke(*command, "-o", target)
    assert target.read_text("utf-8") == ""


def test_ending_of_a_picture_is_referred_to_its_option(mini, cli_invoke):
    refer = "--chart FILE.svg draws a picture."
    assert refer in cli_invoke("stats", "pairs", "-o", "out.svg", exit_code=2).stderr
    assert refer not in cli_invoke("stats", "parties", "-o", "out.svg", exit_code=2).stderr
