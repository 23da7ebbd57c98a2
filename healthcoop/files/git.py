"""Git: the revisions of a file, its content in each, and how git is run."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from healthcoop.errors import HealthcoopError
from healthcoop.files.tree import MAX_BYTES

if sys.platform == "linux":
    import resource

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
_MEMORY = (
    2**30
)  # bytes; ten small trees can have the same parts, and ten trees each of them ten times
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "",  # a partial clone would fetch objects with a program it names
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
_FIELDS = 4
_NO_DATE = "%cs"  # of a malformed commit
_CUT = "%<(500,trunc)"  # of an author or subject, which may be longer than the memory


PARTIAL = (
    "This partial clone lacks the contents of older files, and nothing is fetched here. "
    "“git log -p --follow -- FILE” fetches those of a file."
)


class MissingObject(HealthcoopError):
    """An object that a partial clone left at its remote."""


class TimedOut(HealthcoopError):
    """A call that took too long, as every further one may."""


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
    output = run(
        root,
        *("log", "--follow", "--name-status", "--diff-merges=first-parent", "--no-relative", "-z"),
        *("--no-ext-diff", "--no-textconv", "--no-show-signature", "--no-color"),
        *("--no-notes", "--encoding=UTF-8", f"--format=%H%x00{_NO_DATE}%x00{_CUT}%an%x00{_CUT}%s"),
        *("--", path),
    )
    words = output.split(b"\0")[:-1]
    folder = os.fsdecode(run(root, "rev-parse", "--show-prefix")).rstrip("\n") if words else ""
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
                day=day if day != _NO_DATE else "",
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
        listed = run(root, "ls-files", "-t", "--stage", "-z", "--", path)
    except HealthcoopError:
        return ""
    tag, mode, *_ = (listed or b"? ?").split()
    if mode == b"160000":
        return "It is a git submodule that is not checked out: run “git submodule update --init”."
    if tag == b"S":
        return "It is not in this sparse checkout: run “git sparse-checkout disable”."
    return f"git has it: run “git restore {shlex.quote(path)}”." if listed else ""


def is_committed(root: Path, path: str) -> bool:
    """Return whether HEAD has a file below the root; True where there is no repository."""
    if not lines(root, "rev-parse", "--git-dir"):
        return True
    return bool(lines(root, "ls-tree", "--name-only", "HEAD", "--", path))


def left_out(root: Path) -> int:
    """Count the files of the data set that a sparse checkout leaves out; 0 where git fails."""
    try:
        listed = run(root, "ls-files", "-t", "-z", "--", "records", "schema")
    except HealthcoopError:
        return 0
    skipped = (line[2:] for line in listed.split(b"\0") if line.startswith(b"S "))
    return sum(not os.path.lexists(os.path.join(os.fsencode(root), path)) for path in skipped)


def shallow_commits(root: Path) -> frozenset[str]:
    """Return the commits of a shallow clone that seem to be the first, for want of older ones."""
    (name,) = lines(root, "rev-parse", "--git-path", "shallow") or ("",)
    try:
        return frozenset((root / name).read_text(encoding="ascii").split()) if name else frozenset()
    except OSError:  # the clone is not shallow
        return frozenset()


def content(root: Path, commit: str, path: str) -> bytes:
    """Return a file's content in a commit.

    Raises HealthcoopError where it has none, or more than the limit for a record.
    """
    blob = f"{commit}:./{path}"
    if int(run(root, "cat-file", "-s", blob)) > MAX_BYTES:
        raise HealthcoopError(f"it has more than {MAX_BYTES:,} bytes, the limit for a record")
    return run(root, "cat-file", "blob", blob)


def lines(root: Path, *words: str) -> list[str]:
    """Return the lines of git's output; none where it fails, as for an absent value.

    Raises TimedOut.
    """
    try:
        return os.fsdecode(run(root, *words)).splitlines()
    except TimedOut:
        raise
    except HealthcoopError:
        return []


def _below(name: str, folder: str) -> str:
    """Return a path from the top of the repository relative to one of its folders."""
    if name.startswith(folder):
        return name[len(folder) :]
    return PurePosixPath(*(".." for _ in PurePosixPath(folder).parts), name).as_posix()


def run(root: Path, *words: str, stdin: bytes = b"") -> bytes:
    """Run git in the root and return its output; raises HealthcoopError with its cause."""
    environment = {**_inherited(), **_ENVIRONMENT}
    done = _process([*_GIT, *words], cwd=root, env=environment, stdin=stdin)
    if done.returncode:
        output = done.stderr.decode("utf-8", "replace").split("\n")
        texts = [text for line in output if (text := line.strip()) and "lazy fetching" not in text]
        fatal = [text for text in texts if text.startswith(("fatal: ", "error: "))]
        first = [*fatal, *texts, f"exit code {done.returncode}"][0]
        message = f"git failed: {first.removeprefix('fatal: ').removeprefix('error: ')}"
        if "promisor remote" in message:
            raise MissingObject(message, hint=PARTIAL)
        raise HealthcoopError(message, hint=" ".join(text for text in texts if text not in fatal))
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
        with subprocess.Popen(  # noqa: S603 - fixed words; a path follows "--" or a hash
            words,
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            _limit_memory(process.pid)
            try:
                output, errors = process.communicate(stdin, timeout=_SECONDS)
            except BaseException as error:
                process.kill()
                if isinstance(error, subprocess.TimeoutExpired):
                    raise TimedOut(f"git took more than {_SECONDS:.0f} seconds") from None
                raise
        return subprocess.CompletedProcess(words, process.returncode, output, errors)
    except FileNotFoundError:
        hint = "Changes of records are read from git: install it and try again."
        raise HealthcoopError("git is not installed", hint=hint) from None
    except OSError as error:  # the limit of processes
        raise HealthcoopError(f"git cannot be run: {error.strerror}") from None


def _limit_memory(pid: int) -> None:
    """Limit the memory of a process, apart from the files that it maps, where the system can."""
    if sys.platform == "linux":
        with suppress(OSError):  # it has ended
            resource.prlimit(pid, resource.RLIMIT_DATA, (_MEMORY, _MEMORY))
