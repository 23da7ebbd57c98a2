"""SARIF output checked by the reference tool: the rules of the standard and of GitHub's uploads."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from healthcoop.checks.findings import Finding, Report, Severity
from healthcoop.checks.formats.sarif import as_sarif
from healthcoop.checks.formats.text import Style

pytestmark = pytest.mark.slow

Validate = Callable[[dict[str, str]], list[str]]

GOLDEN = Path(__file__).parents[1] / "data" / "golden" / "validate" / "sarif.json"
ERROR = Finding(
    path="records/2022/2022-x.yaml",
    line=3,
    column=14,
    end_line=3,
    end_column=16,
    code="HC204",
    name="unknown-code",
    severity=Severity.ERROR,
    message="A message.",
    hint="A hint.",
    pointer="/parties/0/country",
)
HOSTILE = [
    replace(ERROR, path="records/a b/ü:#?%[x].yaml"),
    replace(ERROR, path="records/\udcff.yaml"),
    replace(ERROR, message="{0} [text](http://a/b) \x1b[31m <b> {1}", hint="%s\n\n# heading"),
    replace(ERROR, pointer="", line=1, column=1, end_line=1, end_column=1),
    replace(ERROR, severity=Severity.NOTE, code="HC404", name="first-of-january"),
]


@pytest.fixture(scope="module")
def validate(
    npm_package: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Validate:
    """Return a function that checks SARIF texts by name and returns what the tool reports."""
    tool = npm_package("@microsoft/sarif-multitool-linux") / "Sarif.Multitool"
    tool.chmod(0o755)

    def run(logs: dict[str, str]) -> list[str]:
        folder = tmp_path_factory.mktemp("sarif")
        for name, text in logs.items():
            (folder / f"{name}.sarif").write_text(text, "utf-8")
        names = [f"{name}.sarif" for name in logs]
        options = ["--rule-kind", "Sarif;Ghas", "--output", "report.json"]
        done = subprocess.run(
            [tool, "validate", *names, *options],
            check=False,
            cwd=folder,
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
            capture_output=True,
            text=True,
        )
        assert "Analysis completed" in done.stdout, done.stdout + done.stderr
        (result,) = json.loads((folder / "report.json").read_text("utf-8-sig"))["runs"]
        return [f"{found['ruleId']}: {found['message']}" for found in result["results"]]

    return run


def test_reference_tool_accepts_reports(
    validate: Callable[[dict[str, str]], list[str]],
) -> None:
    """The reports have every rule, hostile texts and paths, or no findings."""
    hostile = Report(records=7, findings=tuple(HOSTILE))
    logs = {
        "rules": GOLDEN.read_text("utf-8"),
        "hostile": as_sarif(hostile, Style()).encode("utf-8", "backslashreplace").decode(),
        "empty": as_sarif(Report(records=0, findings=()), Style()),
    }
    assert validate(logs) == []


def test_reference_tool_reports_an_error(validate: Validate) -> None:
    """This shows that the test above can fail."""
    log = json.loads(as_sarif(Report(records=7, findings=(ERROR,)), Style()))
    del log["runs"][0]["results"][0]["message"]
    assert validate({"spoiled": json.dumps(log)})
