"""Completion, as the shells that are installed ask for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cases import each

ROOT = Path(__file__).parents[2]
SCRIPTS = {
    "bash": (
        'eval "$(healthcoop completion bash)"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1));'
        ' _healthcoop_completion healthcoop; printf "%s\\n" "${COMPREPLY[@]}"'
    ),
    # Functions in the place of those that only exist while a person types.
    "zsh": (
        "compdef() { }; _describe() { printf '%s\\n' ${completions_with_descriptions%%:*} };"
        " compadd() { printf '%s\\n' $completions };"
        ' eval "$(healthcoop completion zsh)"; words=("$@"); CURRENT=$#; _healthcoop_completion'
    ),
    "fish": (
        "healthcoop completion fish | source; set -l line (string join ' ' -- $argv);"
        ' for each in (complete --do-complete "$line"); string split -f1 -- \\t $each; end'
    ),
}
SHELLS = [shell for shell in SCRIPTS if shutil.which(shell)]
MINISTERS = "2020-az-tr-ministers-meet"


def complete(shell: str, *words: str, **settings: str) -> list[str]:
    """Return what a shell offers for the last word; it must not print an error."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    arguments = [] if shell == "fish" else ["completing"]
    done = subprocess.run(
        [shell, "-c", SCRIPTS[shell], *arguments, "healthcoop", *words],
        capture_output=True,
        check=False,
        env={**os.environ, "PATH": path, **settings},
        encoding="utf-8",
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.skipif(os.name != "posix", reason="shells of POSIX")
def test_bash_completes_a_value(mini):
    assert complete("bash", "list", "--country", "NO") == ["NO"]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="shells of POSIX")
@each("shell", SHELLS)
def test_shell_completes_commands_and_values(shell, mini):
    assert complete(shell, "su") == ["summary"]
    assert "--country" in complete(shell, "list", "--c")
    assert complete(shell, "list", "--country", "NO") == ["NO"]
    assert complete(shell, "show", "2020-az") == [MINISTERS]
    assert complete(shell, "list", "--columns", "id,dat") == ["id,date"]
    assert complete(shell, "--root", "/nowhere", "list", "--country", "A") == []


@pytest.fixture
def offered(mini, cli_invoke, monkeypatch):
    """Return a function that completes the last of some words, in this process."""

    def offer(*words: str) -> list[str]:
        with monkeypatch.context() as patch:
            patch.setenv("_HEALTHCOOP_COMPLETE", "bash_complete")
            patch.setenv("COMP_WORDS", " ".join(["healthcoop", *words]))
            patch.setenv("COMP_CWORD", str(len(words)))
            outcome = cli_invoke()
        assert outcome.stderr == ""
        return [line.removeprefix("plain,") for line in outcome.stdout.split()]

    return offer


@each(
    ("words", "expected"),
    [
        (["list", "--country", "azer"], ["AZ"]),
        (["list", "--country", "AZ"], ["AZ"]),
        (["list", "--country", "türkiy"], ["TR"]),
        (["summary", "--not-country", "turkiy"], ["TR"]),
        (["pair", "AZ", "norw"], ["NO"]),
        (["list", "--pair", "AZ", "world"], ["WHO"]),
        (["stats", "pairs", "--topic", "vacc"], ["vaccines"]),
        (["list", "--type", "mo"], ["mou"]),
        (["list", "--region", "EU"], ["EUR"]),
        (["list", "--id", "2020-"], [MINISTERS]),
        (["history", "2020-"], [MINISTERS]),
        (["list", "--sort", "ty"], ["type"]),
        (["list", "--sort", "id,-da"], ["id,-date"]),
        (["list", "--columns", "zzz"], []),
        (["stats", "pairs", "--sort", "aff"], ["affinity"]),
        (["stats", "countries", "--sort", "records,-in_force_c"], ["records,-in_force_certain"]),
        (["stats", "completeness", "--sort", "y"], []),
        (["stats", "completeness", "--by", "year", "--sort", "y"], ["year"]),
        (["stats", "matrix", "--sort", "t"], ["total"]),
        (["list", "--kind", "i"], ["instrument"]),
        (["completion", "z"], ["zsh"]),
        (["list", "--person", "a"], []),
    ],
)
def test_values_come_from_the_data_set(words, expected, offered):
    assert offered(*words) == expected


@pytest.mark.slow
@pytest.mark.usefixtures("shared_cache")
@each("text", ["uni", "Uni", "UNITED", "az", "cote-d", "tür", "people", ""])
def test_several_values_begin_with_what_was_typed_and_are_accepted(
    text, offered, cli_invoke, monkeypatch
):
    monkeypatch.setenv("HEALTHCOOP_ROOT", str(ROOT))
    values = offered("list", "--country", text)
    assert values
    if len(values) > 1:
        assert all(value.lower().startswith(text.lower()) for value in values)
    for value in values[:9]:
        cli_invoke("list", "--country", value, "--limit", 1)


@pytest.mark.parametrize("damage", ["no data set", "invalid vocabulary", "no vocabulary"])
def test_data_set_that_cannot_be_read_completes_nothing(damage, mini, offered, monkeypatch):
    if damage == "no data set":
        monkeypatch.setenv("HEALTHCOOP_ROOT", str(mini / "nothing"))
        assert offered("show", "20") == []
    elif damage == "invalid vocabulary":
        (mini / "schema" / "topics.yaml").write_text("topics: [", encoding="utf-8")
    else:
        (mini / "schema" / "topics.yaml").unlink()
    assert offered("list", "--topic", "v") == []


@pytest.mark.skipif(os.name != "posix", reason="names of files in POSIX")
def test_file_name_that_a_shell_would_run_is_not_completed(mini, offered):
    """A shell inserts a value as it is, and the next press of Enter runs it."""
    names = ["a;touch${IFS}x", "b$(id)", "c`id`", "d\nplain,2020-e", "f*", "g\x1b[31m", "h i", "j'"]
    for name in names:
        (mini / "records" / "2020" / f"2020-{name}.yaml").touch()
    assert offered("show", "2020-") == [MINISTERS]


def test_help_and_guide_name_the_line_that_installs_it(cli_invoke):
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    line = "echo 'eval \"$(healthcoop completion bash)\"' >> ~/.bashrc"
    assert line in guide
    assert line in cli_invoke("completion", "--help").stdout
