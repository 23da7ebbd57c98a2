"""What git knows of a file: which revisions touched it, and what it held in each."""

import os
import subprocess
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


def _below(name: str, folder: str) -> str:
    """Give a path from the repository's top as one from a folder of it."""
    if name.startswith(folder):
        return name[len(folder) :]
    return PurePosixPath(*(".." for _ in PurePosixPath(folder).parts), name).as_posix()


def _run(root: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - fixed words; a path stands behind "--" or a hash
            [*_GIT, *words],
            cwd=root,
            env={**os.environ, **_SURROUNDINGS},
            stdin=subprocess.DEVNULL,
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
