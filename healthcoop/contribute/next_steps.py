"""What to type after a new record, so that it becomes a pull request."""

import os
import shlex
from pathlib import Path, PurePosixPath

from healthcoop.files import git

_MAIN = ("main", "master")


def next_steps(root: Path, path: str) -> list[str]:
    """Return the lines of an explanation, with the git commands for a new record's file."""
    if git.lines(root, "rev-parse", "--is-inside-work-tree") != ["true"]:
        return [
            "This folder is not a clone of a git repository, so nothing can be sent from here.",
            "Send the file to the project: open an issue and attach it.",
        ]
    ident = PurePosixPath(path).stem
    file = shlex.quote(os.path.relpath(root / path))
    on_main = git.lines(root, "symbolic-ref", "--short", "HEAD")[:1] in [[name] for name in _MAIN]
    branch = [f"  git switch -c {ident}"] if on_main else []
    return [
        "To propose the record to the project, type these lines one by one:",
        "",
        *branch,
        f"  git add {file}",
        f'  git commit -m "Add {ident}"',
        "  git push -u origin HEAD",
        "",
        "Then open the address that git prints, and press “Create pull request”.",
        "",
        "If git answers that you may not write there (403, permission denied), make your own copy",
        "of the project once, a fork: press “Fork” on its page. Then, with your name and the",
        "project's in place of the capitals:",
        "",
        "  git remote add fork https://github.com/YOU/PROJECT.git",
        "  git push -u fork HEAD",
    ]
