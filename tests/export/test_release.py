"""Releases: every format, checksums, how to cite them, and what changed; the workflow for a tag."""

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from datetime import date

import pytest
import yaml

from healthcoop import Dataset, HealthcoopError
from healthcoop.dataset import base
from healthcoop.export.exporters import EXPORTERS
from tests.export.test_export import ROOT, dataset, root  # noqa: F401 - fixtures

CITED = yaml.load((ROOT / "CITATION.cff").read_text(encoding="utf-8"), yaml.BaseLoader)
ADDED = "2024-az-tr-nurses-meeting"
CHANGED = "2021-az-no-digital-memorandum"
WITHDRAWN = "2020-az-tr-ministers-meet"
RENAMED, NEW_ID = "1985-gb-suhh-health-agreement", "1985-gb-suhh-agreement-on-health"
DELETED = "2022-az-who-country-office-visit"
REST = {"CITATION.cff", "data.md", "release-notes.md", "SHA256SUMS"}


def git(folder, *words, day="2026-05-06T12:00:00Z"):
    dated = {**os.environ, "GIT_COMMITTER_DATE": day}
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *words]
    subprocess.run(command, cwd=folder, check=True, env=dated)


@pytest.fixture
def changed(root):
    """Return a data set with a tag v0.3.0, and since then a record of each kind of change."""
    git(root, "tag", "v0.3.0")
    (old,) = root.glob(f"records/*/{CHANGED}.yaml")
    text = old.read_text(encoding="utf-8")
    new = root / "records" / "2024" / f"{ADDED}.yaml"
    new.parent.mkdir()
    copied = re.sub("\ntitle: .*", '\ntitle: "<b>@all</b> #1"', text.replace(CHANGED, ADDED))
    new.write_text(copied, encoding="utf-8")
    old.write_text(text.replace("topics: [", "topics: [workforce, ", 1))
    with Dataset.open(root, today=date(2026, 5, 6)) as opened:
        opened.withdraw(WITHDRAWN, reason="It never took place.", replaced_by=[CHANGED])
        opened.rename(RENAMED, NEW_ID)
    (gone,) = root.glob(f"records/*/{DELETED}.yaml")
    gone.unlink()
    topics = root / "schema" / "topics.yaml"
    named = topics.read_text(encoding="utf-8").replace("label: Vaccines", "label: Immunisation")
    topics.write_text(named, encoding="utf-8")
    git(root, "add", ".")
    git(root, "commit", "-qm", "Edit")
    return root


def test_release_has_every_format_and_the_checksums_are_right(cli_invoke, root, tmp_path):
    folder = tmp_path / "out"
    outcome = cli_invoke("--root", root, "release", folder)
    assert "(version 0.3.0, commit " in outcome.stderr
    sums = dict(
        reversed(line.split("  "))
        for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    )
    names = {*sums}
    assert names == {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    notes = (folder / "release-notes.md").read_text(encoding="utf-8")
    for exporter in EXPORTERS.values():
        assert notes.count(exporter.doc.partition("`")[0][:40]) == 1
    assert len(names - REST) >= len(EXPORTERS)
    assert {"records.csv", "records.json", "records-parquet.zip", "records-datapackage.zip"} < names
    assert "6 records: 4 instruments and 2 encounters; countries: 6, organisations: 1." in notes


@pytest.mark.slow
def test_same_commit_gives_the_same_bytes_on_another_day(root, tmp_path, monkeypatch):
    states = []
    for day in ("2026-11-21", "2027-01-02"):
        monkeypatch.setenv("HEALTHCOOP_TODAY", day)
        with Dataset.open(root) as opened:
            files = opened.release(tmp_path / day)
        assert sorted(files) == sorted((tmp_path / day).iterdir())
        states.append({path.name: path.read_bytes() for path in files})
    assert states[0] == states[1]


def test_archive_of_a_folder_format_has_its_files(root, tmp_path):
    with Dataset.open(root) as opened:
        opened.release(tmp_path / "out")
        opened.export("datapackage", output=tmp_path / "one")
    with zipfile.ZipFile(tmp_path / "out" / "records-datapackage.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
        assert {entry.date_time for entry in archive.infolist()} == {(2026, 3, 4, 0, 0, 0)}
    assert packed == {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}


@pytest.mark.slow
def test_commit_of_a_day_that_no_archive_can_have(root, tmp_path):
    git(root, "commit", "-q", "--amend", "-m", "x", day="1971-02-03T12:00:00Z")
    with Dataset.open(root) as opened:
        opened.release(tmp_path / "out")
    cited = (tmp_path / "out" / "CITATION.cff").read_text(encoding="utf-8")
    assert 'date-released: "1971-02-03"' in cited
    with zipfile.ZipFile(tmp_path / "out" / "records-datapackage.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_notes_name_every_record_that_changed(cli_invoke, changed, tmp_path):
    cli_invoke("--root", changed, "release", tmp_path / "out", "--since", "v0.3.0")
    notes = (tmp_path / "out" / "release-notes.md").read_text(encoding="utf-8")
    _, heading, changes = notes.partition("## Changes since v0.3.0\n")
    assert heading
    assert changes.startswith(
        "\n1 record added, 1 withdrawn, 1 renamed, 1 deleted, 1 changed,"
        " 1 vocabulary entry changed.\n"
    )
    added, withdrawn, renamed, deleted, fields, entries = (
        part.split("\n## ")[0] for part in changes.split("\n### ")[1:]
    )
    assert ADDED in added
    assert "<b>" not in added
    assert "@all" not in added
    assert WITHDRAWN in withdrawn
    assert f": It never took place. (replaced by {CHANGED})" in withdrawn
    assert f"({CHANGED})" in fields
    assert "| topics | " in fields
    assert "workforce" in fields
    assert renamed.endswith(f"({NEW_ID}), formerly {RENAMED}\n")
    assert f"({DELETED})" in deleted
    assert "**vaccines** changed in schema/topics.yaml\n" in entries
    assert "| label | Vaccines | Immunisation |" in entries


def test_release_without_an_earlier_one_names_no_changes(root, tmp_path):
    with Dataset.open(root) as opened:
        opened.release(tmp_path / "out")
    assert "Changes" not in (tmp_path / "out" / "release-notes.md").read_text(encoding="utf-8")


def test_citation_file_has_the_version_the_day_and_the_commit(dataset, tmp_path):
    dataset.release(tmp_path / "out")
    path = tmp_path / "out" / "CITATION.cff"
    cited = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    assert (cited["version"], cited["date-released"]) == ("0.3.0", "2026-03-04")
    assert cited["commit"] == dataset.provenance.revision
    assert cited["authors"][0] == {"family-names": "Okafor", "given-names": "Ada"}


def test_descriptor_describes_each_collection_and_cites(dataset, tmp_path):
    dataset.release(tmp_path / "out")
    text = (tmp_path / "out" / "data.md").read_text(encoding="utf-8")
    assert text.startswith("# A small data set\n\nCite as: Okafor, Ada; The Institute (2026).")
    assert "- **Not in it**: Only one state's treaties are in it." in text
    for term in dataset.vocabulary.types.values():
        assert term.definition in text


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "CITATION.cff").unlink(), "needs CITATION.cff with a version"),
        (lambda folder: shutil.rmtree(folder / ".git"), "needs a commit of the records"),
        (lambda folder: (folder / "schema/x").write_text(""), "differ from the last commit"),
    ],
    ids=["no version", "no commit", "changed files"],
)
def test_release_that_would_not_be_what_it_says_is_refused(damage, message, root, tmp_path):
    damage(root)
    with Dataset.open(root) as opened, pytest.raises(HealthcoopError, match=message):
        opened.release(tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["mini"]


def test_release_without_a_record_that_cannot_be_read_is_refused(cli_invoke, root, tmp_path):
    (path,) = root.glob(f"records/*/{CHANGED}.yaml")
    path.write_text("id: [\n")
    git(root, "commit", "-qam", "Break")
    outcome = cli_invoke("--root", root, "release", tmp_path / "out", exit_code=1)
    assert f"1 file cannot be read as a record: records/2021/{CHANGED}.yaml" in outcome.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mini"]


def test_unknown_tag_is_an_error(cli_invoke, root, tmp_path):
    words = ("release", tmp_path / "out", "--since", "v9")
    outcome = cli_invoke("--root", root, *words, exit_code=2)
    assert "unknown revision “v9”" in outcome.stderr
    assert not (tmp_path / "out").exists()


def test_missing_package_leaves_no_release(cli_invoke, root, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    outcome = cli_invoke("--root", root, "release", tmp_path / "out", exit_code=2)
    assert "pip install 'healthcoop[parquet]'" in outcome.stderr
    assert not (tmp_path / "out").exists()


def test_folder_with_files_is_kept(cli_invoke, root, tmp_path):
    (tmp_path / "mine.txt").write_text("kept")
    outcome = cli_invoke("--root", root, "release", tmp_path, exit_code=2)
    assert "has not been overwritten" in outcome.stderr


def test_snapshot_is_never_released(cli_invoke, root, tmp_path, monkeypatch):
    monkeypatch.setattr(base, "SNAPSHOT", root)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert "records/" in cli_invoke("release", "out", exit_code=2).stderr
    with Dataset.open() as opened, pytest.raises(HealthcoopError, match="snapshot"):
        opened.release(folder / "out")
    assert not [*folder.iterdir()]


def test_release_extra_has_the_packages_of_every_format():
    """What ``missing`` names in a module of an export format."""
    extras = {
        node.args[1].value
        for exporter in EXPORTERS.values()
        for node in ast.walk(ast.parse(module_of(exporter).read_bytes()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "missing"
    }
    assert {"parquet", "xlsx"} <= extras
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (together,) = project["optional-dependencies"]["release"]
    assert together == f"healthcoop[{','.join(sorted(extras))}]"


def module_of(exporter):
    name = exporter.function.partition(".")[0]
    return ROOT / "healthcoop" / "export" / f"{name}.py"


def test_zenodo_is_told_what_the_citation_file_says():
    data = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert data["title"] == CITED["title"]
    assert data["version"] == CITED["version"]
    assert data["license"] == CITED["license"].lower()
    assert data["creators"] == [{"name": author["name"]} for author in CITED["authors"]]
    assert data["upload_type"] == CITED["type"]


@pytest.mark.slow
def test_citation_files_are_valid_for_cffconvert(dataset, tmp_path):
    """In an environment of its own: it needs a jsonschema older than the one here."""
    venv.create(tmp_path / "venv")
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "--quiet"]
    subprocess.run(
        [*pip, "--disable-pip-version-check", "install", "--no-compile", "cffconvert==2.0.0"],
        check=True,
    )
    dataset.release(tmp_path / "out")
    for path in (ROOT / "CITATION.cff", tmp_path / "out" / "CITATION.cff"):
        subprocess.run([programs / "cffconvert", "--validate", "-i", path], check=True)
    (tmp_path / "wrong.cff").write_text("cff-version: 1.2.0\ntitle: x\n")
    done = subprocess.run(
        [programs / "cffconvert", "--validate", "-i", tmp_path / "wrong.cff"], check=False
    )
    assert done.returncode
