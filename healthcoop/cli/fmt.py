"""``healthcoop fmt``: reformat record files."""

import os
from collections.abc import Iterator

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.files.visible import counted, visible

_STYLES = {"-": "red", "+": "green", "@": "cyan"}


@click.command(
    "fmt",
    epilog=options.examples(
        "healthcoop fmt", "healthcoop fmt --check records/2022", "healthcoop fmt --diff | git apply"
    ),
)
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Like --check, and print the diff.")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, session: Session, /, *, paths: tuple[str, ...], check: bool, diff: bool
) -> None:
    """Reformat record files in the canonical layout.

    PATHS are files or folders, all records by default. What a record means never changes. A file
    that cannot be parsed, or that changes in the meantime, is left as it is and named; the others
    are reformatted.
    """
    read_only = check or diff
    dataset = session.whole if read_only else session.writable
    below = options.paths_below(dataset, paths)
    result: list[str] = []
    changed = refused = failed = 0
    for file in dataset.format(paths=below, write=not read_only):
        if file.after is None:
            refused += 1
            session.note(f"{file.path}: not reformatted: {file.error}")
        elif file.error:
            failed += 1
            session.note(file.error)
        else:
            changed += 1
            note_comments(session, file.path, file.before)
            differences = _differences(session, file.path, file.before, file.after)
            result += differences if diff else [f"{visible(file.path)}\n"]
    # Last, so that a closed pipe does not stop the work half-way.
    session.write(result)
    if read_only:
        tops = tuple(f"{part}/" for part in below or ["records"])
        checked = sum(f"{path}/".startswith(tops) for path in dataset.files)
        session.note(f"{counted(checked, 'file')} checked, {changed:,} would be reformatted")
    else:
        session.note(f"{counted(changed, 'file')} reformatted")
    ctx.exit(2 if failed else 1 if refused or (read_only and changed) else 0)


def _differences(session: Session, path: str, content: bytes, text: str) -> Iterator[str]:
    from healthcoop.files.fixes import unified

    diff = unified(path, content.decode(), text)
    if diff is None:
        session.note(f"{path}: too long for a diff")
    else:
        yield from diff_lines(session, diff)


def diff_lines(session: Session, diff: str) -> Iterator[str]:
    """Return a unified diff: in a pipe as git reads it, else coloured and safe to print."""
    if not session.on_terminal and os.environ.get("GITHUB_ACTIONS") != "true":
        yield diff
        return
    for line in diff.split("\n")[:-1]:
        is_heading = line.startswith(("--- ", "+++ ", "diff ", "rename "))
        style = {"bold": True} if is_heading else {"fg": _STYLES.get(line[:1])}
        safe = visible(line)
        yield f"{click.style(safe, **style) if session.colored else safe}\n"


def note_comments(session: Session, path: str, content: bytes) -> None:
    """Print the comments of a file that its canonical layout does not keep, with their lines."""
    from healthcoop.files.canonical import find_comments

    lost = [comment.span for comment in find_comments(content)]
    if lost:
        lines = content.decode("utf-8-sig").split("\n")
        where = "move them to “notes:” (git has the file as last committed)"
        session.note(f"{path}: comments are not kept; {where}")
        for span in lost:
            text = lines[span.line - 1][span.column - 1 :].rstrip()
            session.note(f"{path}:{span.line}: {text}")
