"""What git knows of files: which revisions touched one, what it held, and what changed since."""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from healthcoop.errors import HealthcoopError

# A repository is input from strangers: no program that its configuration names is run, and nothing
# is fetched. Settings that would change the form of the answer are set back.
_GIT = (
    *("git", "--no-pager", "--literal-pathspecs", "--no-optional-locks"),
    *("-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", "log.showRoot=true"),
)
_SURROUNDINGS = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "",  # a partial clone would fetch what it lacks, by a program it names
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
_FIELDS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A commit that touched a file: its hash, ISO day, author, subject, and the file's path then.

    ``before`` is the path in the commit's first parent, another one where the file was renamed,
    None where it was not there; ``removed`` says that the commit took the file away. Paths are
    below the root, with ``..`` where the file lay outside.
    """

    hash: str
    day: str
    author: str
    subject: str
    path: str
    before: str | None
    removed: bool


def revisions(root: Path, path: str) -> list[Revision]:
    """Give the commits that touched a file, the latest first; renames are followed.

    There are none for a file that git does not know. Raises HealthcoopError where the root is in
    no git repository, has no commit yet, or git is not installed.
    """
    told = _run(
        root,
        *("log", "--follow", "--name-status", "--diff-merges=first-parent", "--no-relative", "-z"),
        *("--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-color"),
        *("--encoding=UTF-8", "--format=%H%x00%cs%x00%an%x00%s", "--", path),
    )
    words = told.split(b"\0")[:-1]
    folder = os.fsdecode(_run(root, "rev-parse", "--show-prefix")).rstrip("\n") if words else ""
    found = []
    while words:
        commit, day, author, subject = (word.decode("utf-8", "replace") for word in words[:_FIELDS])
        status = words[_FIELDS].strip()
        # A rename has the old name before the new one. So has a copy, which git follows too; but a
        # record that was written on the pattern of another begins there.
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


def content(root: Path, commit: str, path: str) -> bytes:
    """Give what a file below the root held in a commit; HealthcoopError where git lacks it."""
    return _run(root, "cat-file", "blob", f"{commit}:./{path}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What differs from a commit, in ``records/`` and ``schema/``.

    ``paths`` are the files that are new or other than they were, tracked or not; ``before`` is
    what the commit held of those that are other now, or gone.
    """

    paths: frozenset[str]
    before: Mapping[str, bytes]

    def any_of(self, folder: str) -> bool:
        """Say whether a file below a folder is new, other or gone."""
        return any(path.startswith(f"{folder}/") for path in (*self.paths, *self.before))


def base(root: Path, revision: str | None = None) -> str | None:
    """Give the commit that changes are counted from; None where there is no commit yet.

    It is the merge base of ``HEAD`` with a revision: the one given, else the branch that a pull
    request on GitHub goes to (``$GITHUB_BASE_REF``), else the main branch of ``origin``, else the
    upstream branch (of a branch that was pushed, that is only its own copy), else ``HEAD``.
    Raises HealthcoopError where the revision is not there, or shares no commit with ``HEAD``.
    """
    if _commit(root, "HEAD") is None:
        _run(root, "rev-parse", "--git-dir")  # says so where there is no repository at all
        if revision is None:
            return None
    target = os.environ.get("GITHUB_BASE_REF")
    if revision is not None:
        tried, what = [revision], f"there is no revision “{revision}”"
    elif target:
        tried = [f"refs/remotes/origin/{target}", f"refs/heads/{target}"]
        what = f"the branch “{target}” that the pull request goes to is not in this clone"
    else:
        tried, what = ["refs/remotes/origin/HEAD", "@{upstream}", "HEAD"], "there is no commit"
    hint = "A shallow clone has not all of it: in a workflow give actions/checkout fetch-depth: 0."
    found = next((commit for name in tried if (commit := _commit(root, name))), None)
    if found is None:
        raise HealthcoopError(what, hint=hint)
    try:
        return _run(root, "merge-base", found, "HEAD").decode("ascii").strip()
    except HealthcoopError:
        shown = f"“{revision or target}”" if revision or target else "The branch this one goes to"
        raise HealthcoopError(f"{shown} and HEAD have no commit in common", hint=hint) from None


def changed(
    root: Path, commit: str | None, *, files: Mapping[str, bytes], paths: Iterable[str]
) -> Changed:
    """Compare the files at ``paths`` with what a commit held under ``records/`` and ``schema/``.

    What stands on disk counts, whether it is added to git or not. The content itself is compared,
    so no filter that a repository names is run; where a checkout has CRLF for LF, that is no
    change. Raises HealthcoopError where git cannot say.
    """
    blobs = _blobs(root, commit) if commit else {}
    here = set(paths)
    same = {path for path in here & blobs.keys() if _is_same(files, path, blobs[path])}
    other = [path for path in blobs if path not in same]
    before = _contents(root, [blobs[path] for path in other])
    return Changed(paths=frozenset(here - same), before=dict(zip(other, before, strict=True)))


def _commit(root: Path, revision: str) -> str | None:
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    try:
        return _run(root, *words).decode("ascii").strip()
    except HealthcoopError:
        return None


def _blobs(root: Path, commit: str) -> dict[str, str]:
    """Give the name of the object that each file was; submodules are left out."""
    told = _run(root, "ls-tree", "-r", "-z", commit, "--", "records", "schema")
    found = {}
    for line in told.split(b"\0")[:-1]:
        facts, _, name = line.partition(b"\t")
        _, kind, blob = facts.split()
        if kind == b"blob":
            found[os.fsdecode(name)] = blob.decode("ascii")
    return found


_SHA1_DIGITS = 40


def _is_same(files: Mapping[str, bytes], path: str, blob: str) -> bool:
    """Say whether a file is what git calls by this name, as it stands or with LF for CRLF."""
    try:
        content = files[path]
    except (OSError, KeyError):
        return False
    make = hashlib.sha1 if len(blob) == _SHA1_DIGITS else hashlib.sha256
    return any(
        make(b"blob %d\0%b" % (len(text), text), usedforsecurity=False).hexdigest() == blob
        for text in (content, content.replace(b"\r\n", b"\n"))
    )


def _contents(root: Path, blobs: list[str]) -> Iterable[bytes]:
    """Give the contents of objects, by one process for all."""
    if not blobs:
        return
    told = _run(root, "cat-file", "--batch", given="\n".join([*blobs, ""]).encode())
    at = 0
    for _ in blobs:
        end = told.index(b"\n", at)
        header = told[at:end].split()
        if len(header) != 3:
            raise HealthcoopError(f"git lacks the object {header[0].decode()}")
        size = int(header[2])
        yield told[end + 1 : end + 1 + size]
        at = end + size + 2


def _below(name: str, folder: str) -> str:
    """Give a path from the repository's top as one from a folder of it."""
    if name.startswith(folder):
        return name[len(folder) :]
    return PurePosixPath(*(".." for _ in PurePosixPath(folder).parts), name).as_posix()


def _run(root: Path, *words: str, given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words; a path stands behind "--" or a hash
            [*_GIT, *words],
            cwd=root,
            env={**os.environ, **_SURROUNDINGS},
            input=given,
            capture_output=True,
            check=False,
        )
    except FileNotFoundError:
        hint = "What changed in a record is read from git: install it, and look again."
        raise HealthcoopError("git is not installed", hint=hint) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[0].removeprefix("fatal: ") if said else f"exit code {done.returncode}"
        raise HealthcoopError(f"git says: {reason}")
    return done.stdout
