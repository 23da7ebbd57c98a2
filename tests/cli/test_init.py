"""``healthcoop init``: a valid data set, and no existing file changed."""

import errno
import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from healthcoop import REPOSITORY, Dataset, __version__
from healthcoop.contribute import init
from healthcoop.files import reader

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """Return an empty folder, the current one."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return everything below a folder: files with their content, folders and links with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_new_data_set_has_no_findings(here, cli_invoke):
    cli_invoke("init")
    report = json.loads(cli_invoke("validate", "--strict", "-f", "json").stdout)
    assert (report["records"], report["findings"]) == (1, [])
    cli_invoke("fmt", "--check")
    cli_invoke("schema", "--check")
    assert cli_invoke("list", "-f", "ids").stdout == f"{init.EXAMPLE}\n"


def test_written_files_are_named_and_missing_folders_created(here, cli_invoke):
    stdout = cli_invoke("init", "a/b").stdout
    made = {line.removeprefix("a/b/") for line in stdout.replace(os.sep, "/").splitlines()}
    assert made == {path for path, content in tree(here / "a/b").items() if content is not None}


def test_example_is_the_original_record_but_for_its_collection(here, cli_invoke):
    cli_invoke("init")
    path = f"records/{init.EXAMPLE[:4]}/{init.EXAMPLE}.yaml"
    copy, original = (reader.parse((root / path).read_bytes()).data for root in (here, ROOT))
    assert copy.pop("collection") in Dataset(here).vocabulary.collections
    assert original.pop("collection") in Dataset(ROOT).vocabulary.collections
    assert copy == original


def test_existing_files_are_kept_and_named(here, cli_invoke):
    theirs = {"README.md": b"# Ours\r\n", ".vscode/settings.json": b"{}", "notes.txt": b"\xff"}
    for path, content in theirs.items():
        (here / path).parent.mkdir(exist_ok=True)
        (here / path).write_bytes(content)
    outcome = cli_invoke("init")
    after = tree(here)
    assert {path: after[path] for path in theirs} == theirs
    assert ".vscode/extensions.json" in after
    for path in ("README.md", str(Path(".vscode/settings.json"))):
        assert f"{path} already exists and was kept" in outcome.stderr
        assert path not in outcome.stdout.splitlines()
    cli_invoke("validate")


@pytest.mark.parametrize("name", ["records", "schema"])
def test_folder_with_records_or_schema_is_refused(name, here, cli_invoke):
    (here / "data" / name).mkdir(parents=True)
    before = tree(here)
    outcome = cli_invoke("init", "data", exit_code=2)
    assert f"{Path('data', name)} already exists" in outcome.stderr
    assert tree(here) == before


def test_second_run_is_refused(here, cli_invoke):
    cli_invoke("init")
    before = tree(here)
    assert cli_invoke("init", exit_code=2).stdout == ""
    assert tree(here) == before


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_dangling_link_is_not_written_through(here, cli_invoke):
    (here / "README.md").symlink_to(here / "elsewhere")
    assert "README.md already exists and was kept" in cli_invoke("init").stderr
    assert not (here / "elsewhere").exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
@pytest.mark.parametrize("folder", [".", "data"])
@pytest.mark.parametrize("name", [".github", ".vscode", ".github/workflows"])
def test_link_to_a_folder_is_not_written_through(name, folder, here, cli_invoke):
    (here / ".git").mkdir()
    base = here if "github" in name else here / folder
    (base / name).parent.mkdir(parents=True, exist_ok=True)
    elsewhere = here.parent / "elsewhere"
    elsewhere.mkdir()
    (base / name).symlink_to(elsewhere)
    before = tree(here)
    assert f"{name} is a link" in cli_invoke("init", folder, exit_code=2).stderr
    assert (tree(here), tree(elsewhere)) == (before, {})


@pytest.mark.skipif(os.name == "nt", reason="names of files in POSIX")
def test_folder_that_cannot_be_is_an_error_in_words(here, cli_invoke):
    (here / ".git").mkdir()
    (here / "loop").symlink_to("loop")
    assert "cannot write loop" in cli_invoke("init", "loop", exit_code=2).stderr
    assert "loop: it does not exist" in cli_invoke("--root", "loop", "list", exit_code=2).stderr
    assert "is not UTF-8" in cli_invoke("init", os.fsdecode(b"x\xff"), exit_code=2).stderr
    assert tree(here) == {".git": None, "loop": None}


def test_file_instead_of_a_folder_is_refused(here, cli_invoke):
    (here / "data").write_bytes(b"x")
    assert "data is a file" in cli_invoke("init", "data", exit_code=2).stderr
    assert "cannot write" in cli_invoke("init", "data/inner", exit_code=2).stderr
    assert tree(here) == {"data": b"x"}


def test_failure_removes_what_was_written(here, cli_invoke):
    """A file is in the place of a folder, and comes after others in the order of writing."""
    (here / ".vscode").write_bytes(b"x")
    outcome = cli_invoke("init", exit_code=2)
    assert len(outcome.stderr.splitlines()) == 1
    assert ".vscode" in outcome.stderr
    assert tree(here) == {".vscode": b"x"}


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [(OSError(errno.ENOSPC, "No space left on device"), 2), (KeyboardInterrupt(), 130)],
    ids=["full disk", "interrupted"],
)
def test_interrupted_run_leaves_nothing(error, exit_code, here, cli_invoke, monkeypatch):
    open_ = Path.open

    def stop(path: Path, *args, **options):
        if path.name == "topics.yaml" and args == ("xb",):
            raise error
        return open_(path, *args, **options)

    monkeypatch.setattr(Path, "open", stop)
    outcome = cli_invoke("init", "new/data", exit_code=exit_code)
    assert tree(here) == {}
    if exit_code == 2:
        assert "No space left on device" in outcome.stderr


def test_vocabularies_come_from_the_snapshot_in_a_wheel(here, cli_invoke, few_records, monkeypatch):
    topics = few_records / "schema/topics.yaml"
    topics.write_bytes(topics.read_bytes().replace(b"code: covid-19\n", b"code: pandemic-2020\n"))
    example = few_records / "records/2022" / f"{init.EXAMPLE}.yaml"
    example.write_bytes(example.read_bytes().replace(b"covid-19", b"pandemic-2020"))
    monkeypatch.setattr("healthcoop.dataset.base.SNAPSHOT", few_records)
    cli_invoke("init")
    assert "pandemic-2020" in cli_invoke("vocab", "topics", "pandemic").stdout
    cli_invoke("validate")
    cli_invoke("schema", "--check")


def test_installation_without_a_schema_is_an_error(here, cli_invoke, monkeypatch):
    monkeypatch.setattr("healthcoop.dataset.base.SNAPSHOT", here / "site" / "package")
    outcome = cli_invoke("init", exit_code=2)
    assert "has no schema to start" in outcome.stderr
    assert tree(here) == {}


def test_root_option_is_refused(here, cli_invoke):
    assert "--root" in cli_invoke("--root", here, "init", exit_code=2).stderr
    assert tree(here) == {}


def test_next_steps_depend_on_the_folder(here, cli_invoke):
    assert "cd 'my data', git init" in cli_invoke("init", "my data").stderr
    shutil.rmtree(here / "my data")
    (here / ".git").mkdir()
    assert "next: healthcoop validate" in cli_invoke("init").stderr


def test_workflow_and_hooks_use_this_version(here, cli_invoke):
    outcome = cli_invoke("init")
    workflow = (here / ".github/workflows/healthcoop.yml").read_text(encoding="utf-8")
    hooks = (here / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert f"uses: {REPOSITORY}@v{__version__}\n" in workflow
    assert f"/{REPOSITORY}\n    rev: v{__version__}\n" in hooks
    assert REPOSITORY in outcome.stderr


@pytest.mark.parametrize("folder", [".", "inner"])
def test_no_template_placeholder_remains(folder, here, cli_invoke):
    (here / ".git").mkdir()
    cli_invoke("init", folder)
    texts = {path: content for path, content in tree(here).items() if content}
    assert not [path for path, text in texts.items() if re.search(rb"\{[a-z]+\}\W", text)]


@pytest.mark.parametrize("folder", ["data", "my data", "Ünï/x.y-z", "2022", "{validate}"])
def test_workflow_and_hooks_of_a_subfolder_are_written_at_the_top(folder, here, cli_invoke):
    """GitHub and pre-commit read no other ones."""
    (here / ".git").mkdir()
    outcome = cli_invoke("init", folder)
    assert {".github/workflows/healthcoop.yml", ".pre-commit-config.yaml"} <= {
        line.replace(os.sep, "/") for line in outcome.stdout.splitlines()
    }
    assert {path.name for path in here.iterdir()} == {
        *(".git", ".github", ".pre-commit-config.yaml", folder.partition("/")[0])
    }
    workflow = yaml.safe_load((here / ".github/workflows/healthcoop.yml").read_bytes())
    *_, step = workflow["jobs"]["records"]["steps"]
    assert step["with"] == {"root": folder}
    (repository,) = yaml.safe_load((here / ".pre-commit-config.yaml").read_bytes())["repos"]
    for hook, name in zip(repository["hooks"], ("fmt", "validate"), strict=True):
        assert shlex.split(hook["entry"]) == ["healthcoop", "--root", folder, name]
    pattern = repository["hooks"][0]["files"]
    assert re.search(pattern, f"{folder}/records/2022/x.yaml")
    assert not re.search(pattern, f"other/{folder}/records/2022/x.yaml")
    readme = (here / folder / "README.md").read_text(encoding="utf-8")
    assert "`.github/workflows/healthcoop.yml`, at the top of this repository, checks" in readme
    cli_invoke("--root", here / folder, "validate", "--strict")


def test_top_of_the_repository_is_named_from_the_current_folder(here, cli_invoke, monkeypatch):
    (here / ".git").write_text("gitdir: elsewhere", encoding="utf-8")  # of a linked worktree
    (here / "a/b").mkdir(parents=True)
    monkeypatch.chdir(here / "a")
    written = cli_invoke("init", "b").stdout.splitlines()
    assert str(Path("../.github/workflows/healthcoop.yml")) in written
    assert (here / ".github/workflows/healthcoop.yml").is_file()


def test_readme_does_not_promise_checks_that_were_not_added(here, cli_invoke):
    (here / ".git").mkdir()
    (here / ".pre-commit-config.yaml").write_text("repos: []\n", encoding="utf-8")
    outcome = cli_invoke("init", "data")
    assert ".pre-commit-config.yaml already exists and was kept" in outcome.stderr
    readme = (here / "data/README.md").read_text(encoding="utf-8")
    assert "checks every pull request" in readme
    assert "pre-commit" not in readme
    cli_invoke("init", "more")
    readme = (here / "more/README.md").read_text(encoding="utf-8")
    assert "No workflow and no hook was added" in readme
