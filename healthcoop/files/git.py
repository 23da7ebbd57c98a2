"""Git: the revisions of a file, its content in each, and the files changed since a commit."""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from healthcoop.errors import HealthcoopError
from healthcoop.files.tree import MAX_BYTES

# A repository is untrusted input: no program or file that its configuration names is run or read,
# nothing is fetched, and a folder of the data set that looks like a bare repository is none.
# Settings that would change the output format are reset.
_SETTINGS = (
    *("safe.bareRepository=explicit", "core.fsmonitor=false"),
    *("core.attributesFile=/dev/null", "core.hooksPath=/dev/null"),
    *("diff.orderFile=/dev/null", "log.mailmap=false", "log.showSignature=false"),
    "log.showRoot=true",
)
_GIT = (
    *("git", "--no-pager", "--literal-pathspecs", "--no-optional-locks"),
    *(word for setting in _SETTINGS for word in ("-c", setting)),
)
_SECONDS = 30.0  # for one call; a pipe in place of a file would be waited for without end
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "",  # a partial clone would fetch objects with a program it names
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
_FIELDS = 4
_CUT = "%<(500,trunc)"  # of an author or subject, which may be longer than the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A commit that changed a file: hash, ISO date, author, subject, and the file's path then.

    ``before`` is the path in the commit's first parent, a different one where the file was renamed,
    None where it did not exist; ``removed`` is whether the commit deleted the file. Paths are
    relative to the root, with ``..`` where the file was outside.
    """

    hash: str
    day: str
    author: str
    subject: str
    path: str
    before: str | None
    removed: bool


def revisions(root: Path, path: str) -> list[Revision]:
    """Return the commits that changed a file, the latest first, following renames.

    The list is empty for an untracked file. Raises HealthcoopError where the root is in no git
    repository, has no commit yet, or git is not installed.
    """
    output = _run(
        root,
        *("log", "--follow", "--name-status", "--diff-merges=first-parent", "--no-relative", "-z"),
        *("--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-color"),
        *("--no-notes", "--encoding=UTF-8", f"--format=%H%x00%cs%x00{_CUT}%an%x00{_CUT}%s"),
        *("--", path),
    )
    words = output.split(b"\0")[:-1]
    folder = os.fsdecode(_run(root, "rev-parse", "--show-prefix")).rstrip("\n") if words else ""
    found = []
    while words:
        commit, day, author, subject = (
            word.decode("utf-8", "replace").rstrip(" ") for word in words[:_FIELDS]
        )
        status = words[_FIELDS].strip()
        # A rename has the old name before the new one. So has a copy, which git follows too; but a
        # record that was copied from another begins there.
        copied = status.startswith(b"C")
        end = _FIELDS + (3 if copied or status.startswith(b"R") else 2)
        names = [_below(os.fsdecode(word), folder) for word in words[_FIELDS + 1 : end]]
        found.append(
            Revision(
                hash=commit,
                day=day,
                author=author,
                subject=subject,
                path=names[-1],
                before=None if copied or status == b"A" else names[0],
                removed=status == b"D",
            )
        )
        words = [] if copied else words[end:]
    return found


def how_to_restore(root: Path, path: str) -> str:
    """Return what to do about a path below the root that git knows but that is not on disk.

    Empty where git does not know it, or there is no repository.
    """
    try:
        listed = _run(root, "ls-files", "-t", "--stage", "-z", "--", path)
    except HealthcoopError:
        return ""
    tag, mode, *_ = (listed or b"? ?").split()
    if mode == b"160000":
        return "It is a git submodule that is not checked out: run “git submodule update --init”."
    if tag == b"S":
        return "It is not in this sparse checkout: run “git sparse-checkout disable”."
    return f"git has it: run “git restore {path}”." if listed else ""


def left_out(root: Path) -> int:
    """Count the files of the data set that a sparse checkout leaves out; 0 where git fails."""
    try:
        listed = _run(root, "ls-files", "-t", "-z", "--", "records", "schema")
    except HealthcoopError:
        return 0
    skipped = (line[2:] for line in listed.split(b"\0") if line.startswith(b"S "))
    return sum(not os.path.lexists(os.path.join(os.fsencode(root), path)) for path in skipped)


def content(root: Path, commit: str, path: str) -> bytes:
    """Return a file's content in a commit.

    Raises HealthcoopError where it has none, or more than the limit for a record.
    """
    blob = f"{commit}:./{path}"
    if int(_run(root, "cat-file", "-s", blob)) > MAX_BYTES:
        raise HealthcoopError(f"it has more than {MAX_BYTES:,} bytes, the limit for a record")
    return _run(root, "cat-file", "blob", blob)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFiles:
    """The differences from a commit in ``records/`` and ``schema/``.

    ``paths`` are the files that are new or modified, tracked or not; ``before`` is the content in
    the commit of those that were modified or deleted. ``base`` describes the commit.
    """

    paths: frozenset[str]
    before: Mapping[str, bytes]
    base: str = ""

    def any_of(self, folder: str) -> bool:
        """Return whether a file below a folder is new, modified or deleted."""
        return any(path.startswith(f"{folder}/") for path in (*self.paths, *self.before))


class Base(NamedTuple):
    """A commit to compare with (None before the first one), and what it is: ``origin/main``."""

    commit: str | None
    name: str


TARGET_VARIABLES = (
    "GITHUB_BASE_REF",  # of Gitea and Forgejo too
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",  # GitLab
    "SYSTEM_PULLREQUEST_TARGETBRANCH",  # Azure Pipelines
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "CHANGE_TARGET",  # Jenkins
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
    "CIRRUS_BASE_BRANCH",
    "CI_COMMIT_TARGET_BRANCH",  # Woodpecker
)
"""The variables in which CI systems name the target branch of a pull request, and only of one."""
_MAIN_BRANCHES = ("main", "master")
_SHALLOW = (
    "Use --changed-since REV, or fetch what is missing: “git fetch --unshallow”; in a workflow,"
    " “fetch-depth: 0” for actions/checkout."
)


def base(root: Path, revision: str | None = None) -> Base:
    """Return the commit to compare with: the merge base of ``HEAD`` and another revision.

    That is ``revision``, by default the target branch of a pull request, as the CI system names it;
    else the main branch of the remote that the current branch tracks, or of the only remote; else
    the local ``main`` or ``master``, unless it is the current branch. Raises HealthcoopError where
    there is none, it is not in the clone, or it shares no commit with ``HEAD``.
    """
    if _commit(root, "HEAD") is None:
        _run(root, "rev-parse", "--git-dir")  # raises where there is no repository at all
        if revision is None:
            return Base(None, "nothing, since there is no commit yet")
    target = next(filter(None, map(os.environ.get, TARGET_VARIABLES)), "")
    target = target.removeprefix("refs/heads/")
    if revision is not None:
        tried, what = [revision], f"unknown revision “{revision}”"
    elif target:
        tried = _branches(root, [target], remotes={_remote(root), "origin"} - {""})
        what = f"the pull request's target branch “{target}” is not in this clone"
    else:
        tried = _branches(root, ["HEAD", *_MAIN_BRANCHES], remotes={_remote(root)} - {""})
        what = "no branch to compare with is known"
    found = next(((name, commit) for name in tried if (commit := _commit(root, name))), None)
    if found is None:
        raise HealthcoopError(what, hint=_SHALLOW)
    name = _full_name(root, found[0]).removeprefix("refs/remotes/").removeprefix("refs/heads/")
    try:
        commit = _run(root, "merge-base", found[1], "HEAD").decode("ascii").strip()
    except HealthcoopError:
        message = f"“{name}” and HEAD have no commit in common"
        raise HealthcoopError(message, hint=_SHALLOW) from None
    return Base(commit, f"{name} ({commit[:_SHORT]})")


_SHORT = 10


def _branches(root: Path, names: Iterable[str], *, remotes: Iterable[str]) -> list[str]:
    """Return references to branches, of remotes and local; never the current branch."""
    current = _full_name(root, "HEAD")
    local = (f"refs/heads/{name}" for name in names if name != "HEAD")
    return [
        *(f"refs/remotes/{remote}/{name}" for remote in sorted(remotes) for name in names),
        *(name for name in local if name != current),
    ]


def _remote(root: Path) -> str:
    """Return the remote that the current branch tracks, else the only one; empty for neither."""
    remotes = _lines(root, "remote")
    branch = _full_name(root, "HEAD").removeprefix("refs/heads/")
    tracked = _lines(root, "config", "--get", f"branch.{branch}.remote")
    if tracked and tracked[0] in remotes:
        return tracked[0]
    return remotes[0] if len(remotes) == 1 else ""


def _full_name(root: Path, name: str) -> str:
    """Return the branch that a symbolic reference stands for; any other name as it is."""
    return next(iter(_lines(root, "symbolic-ref", "--quiet", name)), name)


def _lines(root: Path, *words: str) -> list[str]:
    """Return the lines of git's output; none where it fails, as for an absent value."""
    try:
        return os.fsdecode(_run(root, *words)).splitlines()
    except HealthcoopError:
        return []


def changed_files(
    root: Path, base: Base, *, files: Mapping[str, bytes], paths: Iterable[str]
) -> ChangedFiles:
    """Compare the files at ``paths`` with those of a commit under ``records/`` and ``schema/``.

    The files on disk count, whether they are staged or not. Contents are compared here, so that no
    filter named by the repository is run; CRLF for LF is no change. Raises HealthcoopError where
    git fails, and for files in a submodule.
    """
    blobs = _blobs(root, base.commit) if base.commit else {}
    here = set(paths)
    same = {path for path in here & blobs.keys() if _is_same(files, path, blobs[path])}
    modified = [path for path in blobs if path not in same]
    before = _contents(root, [blobs[path] for path in modified])
    return ChangedFiles(
        paths=frozenset(here - same),
        before=dict(zip(modified, before, strict=True)),
        base=base.name,
    )


def _commit(root: Path, revision: str) -> str | None:
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    try:
        return _run(root, *words).decode("ascii").strip()
    except HealthcoopError:
        return None


def _blobs(root: Path, commit: str) -> dict[str, str]:
    """Return the object name of each file in a commit; raises HealthcoopError for a submodule."""
    output = _run(root, "ls-tree", "-r", "-z", commit, "--", "records", "schema")
    found = {}
    for line in output.split(b"\0")[:-1]:
        facts, _, name = line.partition(b"\t")
        _, kind, blob = facts.split()
        if kind == b"commit":
            raise HealthcoopError(
                f"{os.fsdecode(name)} is a submodule: its changes are in a repository of its own",
                hint="Check all records, without --changed.",
            )
        found[os.fsdecode(name)] = blob.decode("ascii")
    return found


_SHA1_DIGITS = 40


def _is_same(files: Mapping[str, bytes], path: str, blob: str) -> bool:
    """Return whether a file is the object of this name, as it is or with LF for CRLF."""
    try:
        content = files[path]
    except (OSError, KeyError):
        return False
    make = hashlib.sha1 if len(blob) == _SHA1_DIGITS else hashlib.sha256
    return any(
        make(b"blob %d\0%b" % (len(text), text), usedforsecurity=False).hexdigest() == blob
        for text in (content, content.replace(b"\r\n", b"\n"))
    )


def _contents(root: Path, blobs: list[str]) -> Iterator[bytes]:
    """Yield the contents of objects, all from one process; empty above the limit for a record."""
    if not blobs:
        return
    lines = _run(root, "cat-file", "--batch-check", stdin=_names(blobs)).splitlines()
    small = {}
    for blob, line in zip(blobs, lines, strict=True):
        words = line.split()
        if len(words) != 3:
            raise HealthcoopError(f"git has no object {blob}")
        small[blob] = int(words[2]) <= MAX_BYTES
    output = _run(root, "cat-file", "--batch", stdin=_names(filter(small.get, blobs)))
    at = 0
    for blob in blobs:
        if not small[blob]:
            yield b""
            continue
        end = output.index(b"\n", at)
        size = int(output[at:end].split()[2])
        yield output[end + 1 : end + 1 + size]
        at = end + size + 2


def _names(blobs: Iterable[str]) -> bytes:
    return "".join(f"{blob}\n" for blob in blobs).encode()


def _below(name: str, folder: str) -> str:
    """Return a path from the top of the repository relative to one of its folders."""
    if name.startswith(folder):
        return name[len(folder) :]
    return PurePosixPath(*(".." for _ in PurePosixPath(folder).parts), name).as_posix()


def _run(root: Path, *words: str, stdin: bytes = b"") -> bytes:
    """Run git in the root and return its output; raises HealthcoopError with its cause."""
    environment = {**_inherited(), **_ENVIRONMENT}
    done = _process([*_GIT, *words], cwd=root, env=environment, stdin=stdin)
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").split("\n")
        lines = [stripped for line in lines if (stripped := line.strip())]
        fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
        first = fatal[0] if fatal else lines[0] if lines else f"exit code {done.returncode}"
        hint = " ".join(line for line in lines if line not in fatal)
        raise HealthcoopError(f"git failed: {first.partition(': ')[2] or first}", hint=hint)
    return done.stdout


def _inherited() -> dict[str, str]:
    """Return the environment without the variables that a hook has for its own repository.

    They stay where they were set on purpose, with ``$GIT_WORK_TREE``; so do configuration values,
    as git does it for a submodule.
    """
    environment = dict(os.environ)
    if "GIT_WORK_TREE" not in environment and any(name.startswith("GIT_") for name in environment):
        for name in _local_variables():
            if not name.startswith("GIT_CONFIG_"):
                environment.pop(name, None)
    return environment


@cache
def _local_variables() -> list[str]:
    done = _process(["git", "rev-parse", "--local-env-vars"])
    return done.stdout.decode("ascii", "replace").split()


def _process(
    words: list[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> "subprocess.CompletedProcess[bytes]":
    try:
        return subprocess.run(  # noqa: S603 - fixed words; a path follows "--" or a hash
            words,
            cwd=cwd,
            env=env,
            input=stdin,
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise HealthcoopError(f"git took more than {_SECONDS:.0f} seconds") from None
    except FileNotFoundError:
        hint = "Changes of records are read from git: install it and try again."
        raise HealthcoopError("git is not installed", hint=hint) from None
    except OSError as error:  # the limit of processes
        raise HealthcoopError(f"git cannot be run: {error.strerror}") from None
