"""What differs from a commit: the one to compare with, and the files of the data set since then."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import compress, islice
from pathlib import Path
from typing import NamedTuple

from healthcoop.errors import HealthcoopError
from healthcoop.files import git
from healthcoop.files.tree import Tree, is_read, size_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFiles:
    """The differences from a commit in ``records/`` and ``schema/``.

    ``paths`` are the files that are new or modified, tracked or not; ``before`` is the content in
    the commit of those that were modified or deleted. ``base`` describes the commit, ``is_head``
    is whether it is ``HEAD``, so that no committed change can be found.
    """

    paths: frozenset[str]
    before: Mapping[str, bytes]
    base: str = ""
    is_head: bool = False

    def any_of(self, folder: str) -> bool:
        """Return whether a file below a folder is new, modified or deleted."""
        return any(path.startswith(f"{folder}/") for path in (*self.paths, *self.before))


class Base(NamedTuple):
    """A commit to compare with (None before the first one), and what it is: ``origin/main``.

    ``is_head`` is whether it is the current one.
    """

    commit: str | None
    name: str
    is_head: bool = False


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


def base(root: Path, revision: str | None = None) -> Base:
    """Return the commit to compare with: the merge base of ``HEAD`` and another revision.

    That is ``revision``, by default the target branch of a pull request, as the CI system names it;
    else the main branch of the remote that the current branch tracks, or of the only remote; else
    the local ``main`` or ``master``, unless it is the current branch. Raises HealthcoopError where
    there is none, it is not in the clone, or it shares no commit with ``HEAD``.
    """
    head = _commit(root, "HEAD")
    if head is None:
        git.run(root, "rev-parse", "--git-dir")  # raises where there is no repository at all
        if revision is None:
            return Base(None, "nothing, since there is no commit yet")
    target = next(filter(None, map(os.environ.get, TARGET_VARIABLES)), "")
    target = target.removeprefix("refs/heads/")
    if revision is not None:
        tried, what = [revision], f"unknown revision “{revision}”"
        hint = "Name a commit, a tag or a branch, such as “origin/main”."
    elif target:
        tried = _branches(root, [target], remotes={_remote(root), "origin"} - {""})
        what = f"the pull request's target branch “{target}” is not in this clone"
        hint = f"Fetch it, with “fetch-depth: 0” for actions/checkout. {_OTHERWISE}"
    else:
        tried = _branches(root, ["HEAD", *_MAIN_BRANCHES], remotes={_remote(root)} - {""})
        current = _full_name(root, "HEAD").removeprefix("refs/heads/")
        is_main = current in _MAIN_BRANCHES
        what = f"you are on {current} itself" if is_main else "no branch to compare with is known"
        hint = _OTHERWISE
    found = next(((name, commit) for name in tried if (commit := _commit(root, name))), None)
    if found is None:
        raise HealthcoopError(what, hint=_unless_shallow(root, hint))
    name = _full_name(root, found[0]).removeprefix("refs/remotes/").removeprefix("refs/heads/")
    try:
        commit = git.run(root, "merge-base", found[1], "HEAD").decode("ascii").strip()
    except git.TimedOut:
        raise
    except HealthcoopError:
        message = f"“{name}” and HEAD have no commit in common"
        hint = _unless_shallow(root, _OTHERWISE)
        raise HealthcoopError(message, hint=hint) from None
    return Base(commit, f"{name} ({commit[:_SHORT]})", is_head=commit == head)


def commit_of(root: Path, revision: str) -> Base:
    """Return the commit that a revision names; raises HealthcoopError for an unknown one."""
    commit = _commit(root, revision)
    if commit is None:
        git.run(root, "rev-parse", "--git-dir")  # raises where there is no repository at all
        one, dots, other = revision.partition("..")
        hint = "Name a commit, a tag or a branch, such as “origin/main”."
        if dots and one and other.strip("."):
            hint = f"Name two revisions: {one} {other.strip('.')}"
        raise HealthcoopError(f"unknown revision “{revision}”", hint=_unless_shallow(root, hint))
    name = "" if commit.startswith(revision) else f"{revision} "
    return Base(commit, f"{name}({commit[:_SHORT]})" if name else commit[:_SHORT])


_SHORT = 10
_OTHERWISE = "Name a revision: validate --changed-since REV, diff REV."


def _unless_shallow(root: Path, hint: str) -> str:
    """Return what to do about a missing commit, which a shallow clone may not have fetched."""
    if git.lines(root, "rev-parse", "--is-shallow-repository") != ["true"]:
        return hint
    return (
        "Fetch what this shallow clone lacks: “git fetch --unshallow”; in a workflow, “fetch-depth:"
        f" 0” for actions/checkout. {_OTHERWISE}"
    )


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
    remotes = git.lines(root, "remote")
    branch = _full_name(root, "HEAD").removeprefix("refs/heads/")
    tracked = git.lines(root, "config", "--get", f"branch.{branch}.remote")
    if tracked and tracked[0] in remotes:
        return tracked[0]
    return remotes[0] if len(remotes) == 1 else ""


def _full_name(root: Path, name: str) -> str:
    """Return the branch that a symbolic reference stands for; any other name as it is."""
    return next(iter(git.lines(root, "symbolic-ref", "--quiet", name)), name)


def changed_files(files: Tree, base: Base) -> ChangedFiles:
    """Compare the records and the files under ``schema/`` with those of a commit.

    The files on disk count, whether they are staged or not. Contents are compared here, so that no
    filter named by the repository is run; CRLF for LF is no change. Raises HealthcoopError where
    git fails, and for files in a submodule.
    """
    blobs = _blobs(files.root, base.commit) if base.commit else {}
    here = {*files, *(stamp.path for stamp in files.stamps("schema"))}
    here |= {file.path for file in files.unexpected_files() if file.intended_name}
    blobs = {path: blob for path, blob in blobs.items() if path in here or _is_checked(path)}
    same = {path for path in here & blobs.keys() if _is_same(files, path, blobs[path])}
    modified = [path for path in blobs if path not in same]
    before = _contents(files.root, {path: blobs[path] for path in modified}.items())
    is_new = base.commit and not any(path.startswith("records/") for path in blobs)
    return ChangedFiles(
        paths=frozenset(here - same),
        before=dict(zip(modified, before, strict=True)),
        base=f"{base.name}, which has no record in this folder" if is_new else base.name,
        is_head=base.is_head,
    )


class FileVersions(NamedTuple):
    """A file that differs between two states of a data set; None where it does not exist.

    ``error`` is why a file on disk cannot be read, else empty.
    """

    path: str
    old: bytes | None
    new: bytes | None
    error: str = ""


class Difference(NamedTuple):
    """The files that differ between two states, sorted, and the paths of the later one.

    Contents are read on iteration, a few at a time; a file above the size limit is cut off behind
    it, so that the reader refuses it.
    """

    files: Iterator[FileVersions]
    paths: frozenset[str]


def difference(files: Tree, old: str | None, new: str | None) -> Difference:
    """Compare the records and the files under ``schema/`` of two commits.

    ``old`` is None for no file at all, ``new`` for the files on disk. Only files that differ are
    read from git. Raises HealthcoopError as ``changed_files``, also while files are read.
    """
    before = _checked_blobs(files.root, old) if old else {}
    if new is not None:
        after = _checked_blobs(files.root, new)
        paths = sorted({path for path, _ in before.items() ^ after.items()})
        return Difference(_versions(files, paths, before, after), frozenset(after))
    here = frozenset((*files, *(stamp.path for stamp in files.stamps("schema"))))
    same = {path for path in here & before.keys() if _is_same(files, path, before[path])}
    paths = sorted((here | before.keys()) - same)
    return Difference(_versions(files, paths, before, None), here)


def _versions(
    files: Tree, paths: list[str], before: Mapping[str, str], after: Mapping[str, str] | None
) -> Iterator[FileVersions]:
    old = _contents(files.root, [(path, before[path]) for path in paths if path in before])
    blobs = after or {}
    new = _contents(files.root, [(path, blobs[path]) for path in paths if path in blobs])
    for path in paths:
        former = next(old) if path in before else None
        if after is not None:
            yield FileVersions(path, former, next(new) if path in after else None)
            continue
        try:
            yield FileVersions(path, former, files[path])
        except KeyError:
            yield FileVersions(path, former, None)
        except OSError as error:
            yield FileVersions(path, former, None, error.strerror or str(error))


def _checked_blobs(root: Path, commit: str) -> dict[str, str]:
    return {path: blob for path, blob in _blobs(root, commit).items() if _is_checked(path)}


def _is_checked(path: str) -> bool:
    return is_read(path) or (path.startswith("schema/") and "/." not in path)


def _commit(root: Path, revision: str) -> str | None:
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    try:
        return git.run(root, *words).decode("ascii").strip()
    except git.TimedOut:
        raise
    except HealthcoopError:
        return None


def _blobs(root: Path, commit: str) -> dict[str, str]:
    """Return the object name of each file in a commit.

    Raises HealthcoopError for a submodule, and for more files or levels than any data set has: one
    folder that is repeated in itself a few times would be millions.
    """
    found: dict[str, str] = {}
    level, depth = ["records", "schema"], 0
    while level:
        folders = []
        depth += 1
        for start in range(0, len(level), _AT_ONCE):
            some = level[start : start + _AT_ONCE]
            for line in git.run(root, "ls-tree", "-z", commit, "--", *some).split(b"\0")[:-1]:
                facts, _, name = line.partition(b"\t")
                _, kind, blob = facts.split()
                if kind == b"commit":
                    raise HealthcoopError(
                        f"{os.fsdecode(name)} is a submodule: its changes are in a repository of"
                        " its own",
                        hint="Check all records: validate without --changed.",
                    )
                if kind == b"tree":
                    folders.append(f"{os.fsdecode(name)}/")
                else:
                    found[os.fsdecode(name)] = blob.decode("ascii")
            if len(found) + len(folders) > _MAX_FILES or depth > _MAX_DEPTH:
                limit = f"{_MAX_FILES:,} files, or {_MAX_DEPTH} levels of folders"
                raise HealthcoopError(f"{commit[:_SHORT]} has more than {limit}")
        level = folders
    return found


_MAX_FILES = 500_000
_MAX_DEPTH = 100
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


def _contents(root: Path, blobs: Iterable[tuple[str, str]]) -> Iterator[bytes]:
    """Yield the contents of objects, of which each is that of a path; read a few at a time.

    In place of one above the limit for its path there are as many zeros, and one more.
    """
    waiting = iter(blobs)
    while chunk := [*islice(waiting, _AT_ONCE)]:
        names = [blob for _, blob in chunk]
        lines = git.run(root, "cat-file", "--batch-check", stdin=_names(names)).splitlines()
        small = []
        for (path, blob), line in zip(chunk, lines, strict=True):
            words = line.split()
            if len(words) != 3:
                raise git.MissingObject(f"git has no object {blob}", hint=git.PARTIAL)
            small.append(int(words[2]) <= size_limit(path))
        output = git.run(root, "cat-file", "--batch", stdin=_names(compress(names, small)))
        at = 0
        for (path, _), is_small in zip(chunk, small, strict=True):
            if not is_small:
                yield _oversized(size_limit(path))
                continue
            end = output.index(b"\n", at)
            size = int(output[at:end].split()[2])
            yield output[end + 1 : end + 1 + size]
            at = end + size + 2


@cache
def _oversized(limit: int) -> bytes:
    return bytes(limit + 1)


_AT_ONCE = 500  # folders or objects; all of them as large as a record may be are 125 MiB


def _names(blobs: Iterable[str]) -> bytes:
    return "".join(f"{blob}\n" for blob in blobs).encode()
