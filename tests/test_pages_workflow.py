"""The workflow that publishes the site: its commands run here, those that need a network do not."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
TEXT = (WORKFLOWS / "pages.yml").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load(TEXT)
JOBS = WORKFLOW["jobs"]
STEPS = JOBS["build"]["steps"]
PAGES_ACTIONS = {
    "actions/configure-pages@v5",
    "actions/upload-pages-artifact@v4",
    "actions/deploy-pages@v4",
}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no bash of its own")
def test_commands_build_the_site_that_is_uploaded(few_records, tmp_path):
    programs = tmp_path / "programs"
    programs.mkdir()
    own = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m healthcoop "$@"\n'
    for name, script in {"healthcoop": own, "pip": "#!/bin/sh\n"}.items():
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "BASE_URL": "https://o.github.io/r",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_REF_NAME": "trunk",
    }
    for step in STEPS:
        if "run" in step:
            run = step["run"].replace(" site build ", " site build --pyodide none ")
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", run]
            subprocess.run(shell, cwd=few_records, check=True, env=environment)
    (uploaded,) = (step["with"]["path"] for step in STEPS if "upload" in step.get("uses", ""))
    site = few_records / uploaded
    page = (site / "records" / "2022-az-cu-minister-ambassador.html").read_text(encoding="utf-8")
    assert 'href="https://o.github.io/r/records/2022-az-cu-minister-ambassador.html"' in page
    assert "https://github.com/o/r/edit/trunk/records/2022/" in page
    assert (site / "sitemap.xml").is_file()


def test_each_job_has_the_least_permissions():
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "build": {"contents": "read", "pages": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    assert WORKFLOW[True] == {"push": {"branches": ["main"]}, "workflow_dispatch": None}
    assert "secrets" not in TEXT


def test_job_that_publishes_runs_nothing_of_the_repository():
    assert [step["uses"] for step in JOBS["deploy"]["steps"]] == ["actions/deploy-pages@v4"]
    assert not [step for step in STEPS if "${{" in step.get("run", "")]


def test_history_of_every_record_is_there():
    assert STEPS[0]["with"] == {"fetch-depth": 0, "persist-credentials": False}


def test_actions_have_the_versions_of_the_other_workflows():
    others = "".join(
        path.read_text(encoding="utf-8")
        for path in WORKFLOWS.glob("*.yml")
        if path.name != "pages.yml"
    )
    used = {step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step}
    assert used - {*re.findall(r"uses: (\S+)", others)} == PAGES_ACTIONS
