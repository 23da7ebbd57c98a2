"""The workflow that a tag starts: its commands run here, but for those that need a network."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from healthcoop import Dataset, __version__

ROOT = Path(__file__).parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
TEXT = (WORKFLOWS / "release.yml").read_text(encoding="utf-8")
WORKFLOW = yaml.safe_load(TEXT)
JOBS = WORKFLOW["jobs"]
TAG = f"v{__version__}"
CITED = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
RECORDED = ("pip", "pipx", "python", "gh")
"""Programs that are not run; their arguments are noted."""


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Return a data set with the tag of this version, and one of an earlier version."""
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "x")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "x@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "repository"
    Dataset.create(folder)
    (folder / "CITATION.cff").write_text(CITED, encoding="utf-8")
    git(folder, "init", "-q")
    commit(folder, "v0.0.1")
    (record,) = (folder / "records").glob("*/*.yaml")
    text = record.read_text(encoding="utf-8")
    assert "topics: [" in text
    record.write_text(text.replace("topics: [", "topics: [vaccines, "), encoding="utf-8")
    commit(folder, TAG)
    return folder


def git(folder, *words):
    subprocess.run(["git", *words], cwd=folder, check=True)


def commit(folder, tag):
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "x")
    git(folder, "tag", tag)


@pytest.fixture
def run(repository, tmp_path):
    """Return a function that runs the commands of a job in order, and returns what they called."""
    programs, noted = tmp_path / "programs", tmp_path / "noted"
    programs.mkdir()
    script = f'exec {shlex.quote(sys.executable)} -m healthcoop "$@"'
    scripts = {name: f'echo {name} "$@" >> {shlex.quote(str(noted))}' for name in RECORDED}
    for name, text in {**scripts, "healthcoop": script}.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (programs / name).chmod(0o755)

    def run(job, tag=TAG):
        environment = {
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_REF_NAME": tag,
            "GITHUB_REPOSITORY": "o/r",
        }
        noted.write_text("")
        for step in JOBS[job]["steps"]:
            if "run" in step:
                shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
                subprocess.run(shell, cwd=repository, check=True, env=environment)
        return noted.read_text().splitlines()

    return run


on_bash = pytest.mark.skipif(os.name == "nt", reason="Windows has no bash of its own")


@pytest.mark.slow
@on_bash
def test_tag_makes_a_release_with_what_changed_since_the_last_one(run, repository):
    assert run("build") == [
        "pip install --quiet --disable-pip-version-check .[release] build>=1.2",
        "pipx run cffconvert==2.0.0 --validate -i release/CITATION.cff",
        "python -m build --outdir dist",
    ]
    files = {path.name for path in (repository / "release").iterdir()}
    assert {"SHA256SUMS", "CITATION.cff", "data.md", "records.csv"} < files
    notes = (repository / "release" / "release-notes.md").read_text(encoding="utf-8")
    assert "\n### Changed, field by field\n" in notes
    summary = (repository / "summary.md").read_text(encoding="utf-8")
    assert notes.startswith(summary)
    assert summary.endswith("## Changes since v0.0.1\n\n1 record changed.\n\n")
    (called,) = run("attach")
    assert called.startswith(f"gh release create {TAG} release/CITATION.cff release/SHA256SUMS ")
    assert files == {Path(word).name for word in called.split() if word.startswith("release/")}


@pytest.mark.slow
@on_bash
def test_first_release_has_no_earlier_one(run, repository):
    git(repository, "tag", "--delete", "v0.0.1")
    run("build")
    notes = (repository / "release" / "release-notes.md").read_text(encoding="utf-8")
    assert "Changes" not in notes
    assert (repository / "summary.md").read_text(encoding="utf-8") == notes


@on_bash
def test_tag_of_another_version_stops_it(run, repository):
    with pytest.raises(subprocess.CalledProcessError):
        run("build", tag="v99.0.0")
    assert not (repository / "release").exists()


def test_each_job_has_the_one_permission_that_it_needs():
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "build": {"contents": "read"},
        "attach": {"contents": "write"},
        "publish": {"id-token": "write"},
    }
    assert WORKFLOW[True] == {"push": {"tags": ["v*"]}}  # "on" is true in YAML 1.1
    assert "secrets" not in TEXT


def test_jobs_with_a_token_run_nothing_of_the_repository():
    for name in ("attach", "publish"):
        assert JOBS[name]["needs"] == "build"
        for step in JOBS[name]["steps"]:
            assert not step.get("uses", "").startswith("actions/checkout")
            assert step.get("run", "gh release create ").startswith("gh release create ")
    assert not [
        step for job in JOBS.values() for step in job["steps"] if "${{" in step.get("run", "")
    ]


def test_actions_have_the_versions_of_the_other_workflows():
    others = "".join(
        path.read_text(encoding="utf-8")
        for path in WORKFLOWS.glob("*.yml")
        if path.name != "release.yml"
    )
    used = {step["uses"] for job in JOBS.values() for step in job["steps"] if "uses" in step}
    assert used - {*re.findall(r"uses: (\S+)", others)} == {"pypa/gh-action-pypi-publish@v1.13.0"}
