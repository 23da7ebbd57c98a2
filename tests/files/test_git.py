"""Revisions and changed files from git; no program that a repository names is run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from healthcoop.errors import HealthcoopError
from healthcoop.files import comparison, git, reader
from healthcoop.files.tree import Tree

PERSON = {"NAME": "Zoë Çelik", "EMAIL": "z@example.org"}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository, without the machine's git settings."""
    for role in ("AUTHOR", "COMMITTER"):
        for name, value in PERSON.items():
            monkeypatch.setenv(f"GIT_{role}_{name}", value)
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-03-04T12:00:00Z")
    for name in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", os.devnull)
    root = tmp_path / "data"
    root.mkdir()
    run(root, "init", "--quiet", "--initial-branch=main")
    return root


def run(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)
    return done.stdout.decode()


def commit(root: Path, subject: str, **files: str | None) -> None:
    """Write files (None removes one) and commit all there is."""
    for name, text in files.items():
        write(root / f"{name}.yaml", text)
    run(root, "add", "--all")
    run(root, "commit", "--quiet", "--message", subject)


def write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")


def history(root: Path, path: str) -> list[tuple[str, str, str | None]]:
    return [(each.subject, each.path, each.before) for each in git.revisions(root, path)]


TEXT = "".join(f"line {number} of the record\n" for number in range(12))


def test_revisions_are_listed_latest_first_with_day_and_author(repository: Path) -> None:
    commit(repository, "Add a", a=TEXT, other="x\n")
    commit(repository, "Change the other", other="y\n")
    commit(repository, "Change a", a=TEXT + "more\n")
    latest, first = git.revisions(repository, "a.yaml")
    assert (latest.subject, latest.before) == ("Change a", "a.yaml")
    assert (first.subject, first.before) == ("Add a", None)
    assert (first.day, first.author) == ("2026-03-04", PERSON["NAME"])
    assert git.content(repository, first.hash, first.path) == TEXT.encode()


@pytest.mark.parametrize("name", ["b", "with space", "ə ünvan", "-dash", "a*[b]", "two\nlines"])
def test_rename_is_followed_for_any_name(name: str, repository: Path) -> None:
    commit(repository, "Add", **{name: TEXT})
    commit(repository, "Move", **{name: None, "new": TEXT + "moved\n"})
    commit(repository, "Move back", **{"new": None, name: TEXT})
    path = f"{name}.yaml"
    assert history(repository, path) == [
        ("Move back", path, "new.yaml"),
        ("Move", "new.yaml", path),
        ("Add", path, None),
    ]
    for revision in git.revisions(repository, path):
        assert git.content(repository, revision.hash, revision.path).startswith(TEXT.encode())


def test_deletion_is_a_removing_revision(repository: Path) -> None:
    commit(repository, "Add", a=TEXT)
    commit(repository, "Remove", a=None)
    assert [each.removed for each in git.revisions(repository, "a.yaml")] == [True, False]


def test_history_of_a_copied_record_begins_with_the_copy(
    repository: Path,
) -> None:
    commit(repository, "Add a", a=TEXT)
    commit(repository, "Add b", b=TEXT)
    assert history(repository, "b.yaml") == [("Add b", "b.yaml", None)]


def test_revision_paths_are_relative_to_a_root_inside_the_repository(repository: Path) -> None:
    commit(repository, "Add outside", a=TEXT)
    run(repository, "config", "diff.relative", "true")
    root = repository / "the data"
    root.mkdir()
    run(repository, "mv", "a.yaml", "the data/a.yaml")
    commit(repository, "Move in")
    assert history(root, "a.yaml") == [
        ("Move in", "a.yaml", "../a.yaml"),
        ("Add outside", "../a.yaml", None),
    ]
    for revision in git.revisions(root, "a.yaml"):
        assert git.content(root, revision.hash, revision.path) == TEXT.encode()


def test_merge_that_changes_the_file_is_listed(repository: Path) -> None:
    commit(repository, "Add", a="one\n")
    run(repository, "checkout", "--quiet", "-b", "side")
    commit(repository, "Side", a="side\n")
    run(repository, "checkout", "--quiet", "main")
    commit(repository, "Main", a="main\n")
    run(repository, "merge", "--quiet", "--strategy=ours", "--no-commit", "side")
    commit(repository, "Merge", a="both\n")
    subjects = [subject for subject, _, _ in history(repository, "a.yaml")]
    assert (subjects[0], subjects[-1], sorted(subjects[1:3])) == ("Merge", "Add", ["Main", "Side"])


def test_control_characters_in_subject_and_author_are_returned(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "A\x1f\x1eB")
    commit(repository, "Add \x1e\x1f\x1b[31m", a=TEXT)
    (revision,) = git.revisions(repository, "a.yaml")
    assert revision.subject == "Add \x1e\x1f\x1b[31m"
    assert revision.path == "a.yaml"


def test_repository_configuration_does_not_change_the_result(repository: Path) -> None:
    commit(repository, "Add ü", a=TEXT)
    commit(repository, "Move", a=None, b=TEXT)
    before = git.revisions(repository, "b.yaml")
    for name, value in {
        "log.showRoot": "false",
        "log.date": "relative",
        "log.abbrevCommit": "true",
        "log.follow": "false",
        "log.diffMerges": "combined",
        "format.pretty": "oneline",
        "diff.renames": "false",
        "diff.relative": "true",
        "diff.noprefix": "true",
        "color.ui": "always",
        "i18n.logOutputEncoding": "UTF-16",
        "core.quotePath": "true",
    }.items():
        run(repository, "config", name, value)
    assert git.revisions(repository, "b.yaml") == before


@pytest.fixture
def trap(tmp_path: Path) -> tuple[Path, Path]:
    """A program, and the file that it creates when it is run."""
    sprung, program = tmp_path / "sprung", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{sprung}'\nexit 1\n")
    program.chmod(0o755)
    return program, sprung


@pytest.mark.skipif(os.name == "nt", reason="the trap is a shell script")
def test_no_program_named_by_the_repository_is_run(
    repository: Path, trap: tuple[Path, Path]
) -> None:
    program, sprung = trap
    (repository / ".gitattributes").write_text("* diff=trap filter=trap\n")
    commit(repository, "Add", a=TEXT)
    commit(repository, "Change", a=TEXT + "more\n")
    for name in (
        *("core.fsmonitor", "core.pager", "pager.log", "diff.external", "diff.trap.command"),
        *("diff.trap.textconv", "filter.trap.smudge", "filter.trap.clean", "gpg.program"),
        *("core.sshCommand", "core.editor", "core.askPass", "credential.helper"),
        *("alias.log", "alias.cat-file", "uploadpack.packObjectsHook"),
    ):
        run(repository, "config", name, str(program))
    run(repository, "config", "log.showSignature", "true")
    run(repository, "config", "core.hooksPath", str(program.parent))
    for revision in git.revisions(repository, "a.yaml"):
        git.content(repository, revision.hash, revision.path)
    assert not sprung.exists()


@pytest.mark.skipif(os.name == "nt", reason="the trap is a shell script")
def test_missing_objects_of_a_partial_clone_are_not_fetched(
    repository: Path, trap: tuple[Path, Path]
) -> None:
    program, sprung = trap
    commit(repository, "Add", a=TEXT)
    (revision,) = git.revisions(repository, "a.yaml")
    blob = run(repository, "rev-parse", "HEAD:a.yaml").strip()
    (repository / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    for name, value in {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": str(repository.parent / "elsewhere"),
        "remote.origin.uploadpack": str(program),
    }.items():
        run(repository, "config", name, value)
    with pytest.raises(HealthcoopError, match=r"^git failed: "):
        git.content(repository, revision.hash, revision.path)
    assert not sprung.exists()


def test_git_variables_of_a_hook_do_not_lead_elsewhere(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With GIT_WORK_TREE they are meant; configuration values are kept, as for a submodule."""
    commit(repository, "Add", a=TEXT)
    other = tmp_path / "other"
    other.mkdir()
    run(other, "init", "--quiet", "--initial-branch=main")
    commit(other, "Other", a=TEXT)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    for name, value in {"COUNT": "1", "KEY_0": "log.follow", "VALUE_0": "no-boolean"}.items():
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    with pytest.raises(HealthcoopError, match=r"log\.follow"):
        git.revisions(repository, "a.yaml")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "0")
    assert history(repository, "a.yaml") == [("Add", "a.yaml", None)]
    monkeypatch.setenv("GIT_WORK_TREE", str(repository))
    assert history(repository, "a.yaml") == [("Other", "a.yaml", None)]


def test_untracked_file_has_no_revisions(repository: Path) -> None:
    commit(repository, "Add", a=TEXT)
    write(repository / "b.yaml", TEXT)
    assert git.revisions(repository, "b.yaml") == []


def test_folder_outside_git_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(HealthcoopError, match=r"^git failed: not a git repository"):
        git.revisions(tmp_path, "a.yaml")


def test_repository_without_commits_is_an_error(repository: Path) -> None:
    with pytest.raises(HealthcoopError, match=r"^git failed: .* does not have any commits yet"):
        git.revisions(repository, "a.yaml")


def test_git_names_cause_and_remedy(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git prints warnings before the cause, and the remedy after it."""
    commit(repository, "Add", a=TEXT)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(HealthcoopError, match=r"^git failed: detected dubious owner") as caught:
        git.revisions(repository, "a.yaml")
    assert f"git config --global --add safe.directory {repository}" in caught.value.hint


def test_missing_git_is_an_error_with_a_hint(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(HealthcoopError, match=r"^git is not installed$") as caught:
        git.revisions(repository, "a.yaml")
    assert "install" in caught.value.hint


def changes(root: Path, revision: str | None = None) -> comparison.ChangedFiles:
    return comparison.changed_files(Tree(root), comparison.base(root, revision))


def save(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / "records" / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())


def test_new_modified_and_deleted_files_are_changed(repository: Path) -> None:
    """Whether they are added to git or not, with their former content."""
    save(repository, same="1\n", other="é\n", staged="1\n", gone="x" * 5000)
    commit(repository, "Begin", outside="x\n")
    save(repository, other="é!\n", staged="2\n", new="1\n", ignored="1\n")
    (repository / "records/gone.yaml").unlink()
    (repository / ".gitignore").write_text("ignored.yaml\n")
    run(repository, "add", "records/staged.yaml")
    (repository / "outside.yaml").write_text("y\n")
    found = changes(repository, "HEAD")
    names = {path.removeprefix("records/").removesuffix(".yaml") for path in found.paths}
    assert names == {"other", "staged", "new", "ignored"}
    assert found.before == {
        "records/other.yaml": "é\n".encode(),
        "records/staged.yaml": b"1\n",
        "records/gone.yaml": b"x" * 5000,
    }
    assert found.any_of("records")
    assert not found.any_of("schema")


def test_touched_file_and_crlf_are_no_changes(repository: Path) -> None:
    """Windows checks files out with CRLF."""
    save(repository, a="1\n2\n")
    commit(repository, "Begin")
    save(repository, a="1\r\n2\r\n")
    os.utime(repository / "records/a.yaml", ns=(1, 1))
    assert changes(repository, "HEAD").paths == frozenset()


def test_changes_are_those_since_the_merge_base(repository: Path) -> None:
    """Later commits on the main branch are not changes of this branch."""
    save(repository, a="1\n", b="1\n")
    commit(repository, "Begin")
    run(repository, "switch", "--quiet", "--create", "mine")
    save(repository, a="2\n")
    commit(repository, "Mine")
    run(repository, "switch", "--quiet", "main")
    save(repository, b="2\n")
    commit(repository, "Theirs")
    run(repository, "switch", "--quiet", "mine")
    assert changes(repository, "main").paths == {"records/a.yaml"}
    assert changes(repository).paths == {"records/a.yaml"}


def test_base_is_the_pull_requests_target(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tool actions/checkout leaves a remote branch, and no local one."""
    save(repository, a="1\n")
    commit(repository, "Begin")
    first = run(repository, "rev-parse", "HEAD").strip()
    run(repository, "update-ref", "refs/remotes/origin/trunk", first)
    save(repository, a="2\n")
    commit(repository, "Go on")
    monkeypatch.setenv("GITHUB_BASE_REF", "trunk")
    run(repository, "remote", "add", "origin", "nowhere")
    base = comparison.base(repository)
    assert (base.commit, base.name) == (first, f"origin/trunk ({first[:10]})")
    monkeypatch.setenv("GITHUB_BASE_REF", "gone")
    with pytest.raises(HealthcoopError, match="“gone”") as raised:
        comparison.base(repository)
    assert "fetch-depth: 0" in raised.value.hint
    monkeypatch.setenv("GITHUB_BASE_REF", "main")  # of a fork, whose own main is checked out
    with pytest.raises(HealthcoopError, match="“main” is not in this clone"):
        comparison.base(repository)


def test_pushed_branch_is_compared_with_the_main_branch(
    repository: Path,
) -> None:
    """After “git push -u” the upstream of a branch has all its commits."""
    save(repository, a="1\n")
    commit(repository, "Begin")
    run(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    run(repository, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    run(repository, "switch", "--quiet", "--create", "mine")
    save(repository, a="2\n")
    commit(repository, "Mine")
    run(repository, "update-ref", "refs/remotes/origin/mine", "HEAD")
    run(repository, "remote", "add", "origin", "nowhere")
    run(repository, "config", "branch.mine.remote", "origin")
    run(repository, "config", "branch.mine.merge", "refs/heads/mine")
    assert changes(repository).paths == {"records/a.yaml"}


def test_before_the_first_commit_all_files_are_new(repository: Path) -> None:
    save(repository, a="1\n")
    assert changes(repository).paths == {"records/a.yaml"}


@pytest.mark.parametrize("variable", sorted({*comparison.TARGET_VARIABLES} - {"GITHUB_BASE_REF"}))
def test_target_branch_of_other_ci_systems_is_the_base(
    variable: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(repository, a="1\n")
    commit(repository, "Begin")
    first = run(repository, "rev-parse", "HEAD").strip()
    run(repository, "remote", "add", "origin", "nowhere")
    run(repository, "update-ref", "refs/remotes/origin/trunk", first)
    save(repository, a="2\n")
    commit(repository, "Go on")
    run(repository, "update-ref", "refs/remotes/origin/main", "HEAD")
    run(repository, "checkout", "--quiet", "--detach")
    is_full = variable == "SYSTEM_PULLREQUEST_TARGETBRANCH"
    monkeypatch.setenv(variable, "refs/heads/trunk" if is_full else "trunk")
    assert comparison.base(repository).commit == first


def test_base_is_the_main_branch_of_the_tracked_remote(repository: Path) -> None:
    """Else of the only remote, also where its default branch is not recorded."""
    save(repository, a="1\n")
    commit(repository, "Begin")
    run(repository, "remote", "add", "upstream", "nowhere")
    run(repository, "update-ref", "refs/remotes/upstream/trunk", "HEAD")
    run(repository, "symbolic-ref", "refs/remotes/upstream/HEAD", "refs/remotes/upstream/trunk")
    save(repository, a="2\n")
    commit(repository, "Go on")
    run(repository, "switch", "--quiet", "--create", "mine")
    assert comparison.base(repository).name.startswith("upstream/trunk (")
    run(repository, "remote", "add", "fork", "nowhere")
    run(repository, "update-ref", "refs/remotes/fork/master", "HEAD")
    assert comparison.base(repository).name.startswith("main (")
    run(repository, "config", "branch.mine.remote", "fork")
    assert comparison.base(repository).name.startswith("fork/master (")
    run(repository, "config", "branch.mine.remote", "upstream")
    assert comparison.base(repository).name.startswith("upstream/trunk (")


def test_current_branch_is_never_its_own_base(repository: Path) -> None:
    save(repository, a="1\n")
    commit(repository, "Begin")
    with pytest.raises(HealthcoopError, match="you are on main itself") as raised:
        comparison.base(repository)
    assert "--changed-since REV" in raised.value.hint
    run(repository, "branch", "master")
    assert comparison.base(repository).name.startswith("master (")


def test_records_in_a_submodule_cannot_be_compared(repository: Path, tmp_path: Path) -> None:
    """Their former contents are not in this repository, so a deleted id would pass."""
    module = tmp_path / "module"
    module.mkdir()
    run(module, "init", "--quiet", "--initial-branch=main")
    save(module, a="1\n")
    commit(module, "Begin")
    add = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(module))
    run(repository, *add, "records")
    commit(repository, "Use a submodule")
    with pytest.raises(HealthcoopError, match="records is a submodule"):
        changes(repository, "HEAD")


@pytest.mark.parametrize("revision", ["nope", "--output=x", "", "HEAD:records"])
def test_unknown_revision_is_refused(repository: Path, revision: str) -> None:
    """A revision is never parsed as an option."""
    save(repository, a="1\n")
    commit(repository, "Begin")
    with pytest.raises(HealthcoopError, match="unknown revision"):
        comparison.base(repository, revision)
    assert sorted(path.name for path in repository.iterdir()) == [".git", "records"]


def test_histories_without_a_common_commit_are_refused(repository: Path) -> None:
    """A shallow clone may have none."""
    save(repository, a="1\n")
    commit(repository, "Begin")
    run(repository, "switch", "--quiet", "--orphan", "other")
    save(repository, a="1\n")
    commit(repository, "Another beginning")
    with pytest.raises(HealthcoopError, match="no commit in common"):
        comparison.base(repository, "main")


def test_base_outside_a_repository_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HealthcoopError, match="not a git repository"):
        comparison.base(tmp_path)


def test_changed_paths_are_relative_to_a_root_inside_the_repository(repository: Path) -> None:
    inner = repository / "data"
    inner.mkdir()
    save(inner, a="1\n", b="1\n")
    commit(repository, "Begin")
    save(inner, a="2\n")
    (inner / "records/b.yaml").unlink()
    found = changes(inner, "HEAD")
    assert found.paths == {"records/a.yaml"}
    assert set(found.before) == {"records/a.yaml", "records/b.yaml"}


def bare_repository(folder: Path) -> None:
    """Make a folder of the data set one that git takes for a bare repository."""
    run(folder, "init", "--quiet", "--bare", "inner.git")
    for part in (folder / "inner.git").iterdir():
        part.rename(folder / part.name)


def test_repository_embedded_in_the_data_set_is_not_used(repository: Path) -> None:
    root = repository / "data"
    root.mkdir()
    save(root, a="1\n")
    commit(repository, "Add")
    bare_repository(root)
    for ask in (lambda: changes(root), lambda: git.revisions(root, "records/a.yaml")):
        with pytest.raises(HealthcoopError, match="bare repository"):
            ask()


@pytest.mark.parametrize(
    "setting",
    [
        "core.attributesFile",
        "core.fsmonitor",
        "core.hooksPath",
        "diff.orderFile",
        "mailmap.file",
    ],
)
def test_file_named_by_the_configuration_is_not_opened(
    setting: str, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(repository, a=TEXT)
    commit(repository, "Add")
    run(repository, "mv", "records/a.yaml", "records/b.yaml")
    save(repository, b=TEXT + "more\n")  # contents are compared to see that it is a rename
    commit(repository, "Move")
    pipe = repository.parent / "pipe"
    os.mkfifo(pipe)
    run(repository, "config", setting, str(pipe))
    monkeypatch.setattr(git, "_SECONDS", 5)
    revision = git.revisions(repository, "records/b.yaml")[0]
    assert revision.before == "records/a.yaml"
    assert git.content(repository, f"{revision.hash}^", revision.before) == TEXT.encode()
    assert not changes(repository, "HEAD").paths


def test_git_that_waits_for_a_pipe_is_ended(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = repository.parent / "pipe"
    os.mkfifo(pipe)
    with (repository / ".git" / "config").open("a") as file:
        file.write(f"[include]\n\tpath = {pipe}\n")
    monkeypatch.setattr(git, "_SECONDS", 0.5)
    process, calls = git._process, []
    monkeypatch.setattr(git, "_process", lambda *a, **b: calls.append(a) or process(*a, **b))
    with pytest.raises(HealthcoopError, match="git took more than"):
        comparison.base(repository)
    assert len([words for (words,) in calls if "--local-env-vars" not in words]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit a running process")
def test_memory_of_git_is_limited(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A former commit has a tree of a million files, ten in each of ten parts, and so on."""
    save(repository, a=TEXT)
    commit(repository, "Add")
    blob = run(repository, "rev-parse", "HEAD:records/a.yaml").strip()
    entries = "".join(f"100644 blob {blob}\t{n}\n" for n in range(10))
    for _ in range(6):
        tree = git.run(repository, "mktree", stdin=entries.encode()).decode().strip()
        entries = "".join(f"040000 tree {tree}\t{n}\n" for n in range(10))
    first = run(repository, "commit-tree", tree, "-m", "Many").strip()
    last = run(repository, "commit-tree", "HEAD^{tree}", "-p", first, "-m", "Few").strip()
    run(repository, "reset", "--quiet", last)
    monkeypatch.setattr(git, "_MEMORY", 50_000_000)
    with pytest.raises(HealthcoopError, match="memory"):
        git.revisions(repository, "records/a.yaml")


def test_commit_without_a_date_has_an_empty_day(repository: Path) -> None:
    """Its author is in an encoding in which nothing can be read."""
    save(repository, a=TEXT)
    run(repository, "add", "--all")
    tree = run(repository, "write-tree").strip()
    person = "a <a@b> 1 +0000"
    text = f"tree {tree}\nauthor {person}\ncommitter {person}\nencoding UTF-16\n\nx\n"
    words = ("hash-object", "-t", "commit", "-w", "--stdin")
    name = git.run(repository, *words, stdin=text.encode()).decode().strip()
    run(repository, "update-ref", "refs/heads/main", name)
    (revision,) = git.revisions(repository, "records/a.yaml")
    assert (revision.hash, revision.day) == (name, "")


def test_object_above_the_limit_of_a_record_is_not_read(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(repository, a="\0" * (git.MAX_BYTES + 1), b="id: b\n")
    commit(repository, "Add zeros")
    for name in "ab":
        (repository / "records" / f"{name}.yaml").unlink()
    before = changes(repository, "HEAD").before
    assert (
        reader.parse(before["records/a.yaml"]).problems[0].message.startswith("The file has more")
    )
    assert before["records/b.yaml"] == b"id: b\n"
    with pytest.raises(HealthcoopError, match="262,144 bytes"):
        git.content(repository, "HEAD", "records/a.yaml")


def test_endless_subject_is_cut(repository: Path) -> None:
    commit(repository, "x" * 10_000, a=TEXT)
    (revision,) = git.revisions(repository, "a.yaml")
    assert revision.subject == "x" * 498 + ".."
