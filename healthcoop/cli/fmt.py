"""``healthcoop fmt``: reformat record files."""

from collections.abc import Iterator

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session

_STYLES = {"-": "red", "+": "green", "@": "cyan"}


@click.command(
    "fmt",
    epilog=options.examples(
        "healthcoop fmt", "healthcoop fmt --check records/2022", "healthcoop fmt --diff | git apply"
    ),
)
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file would change.")
@click.option("--diff", is_flag=True, help="The same, and print the diff.")
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
    from healthcoop.errors import HealthcoopError
    from healthcoop.files.atomic import write_text

    read_only = check or diff
    root = (session.dataset if read_only else session.writable).root
    result: list[str] = []
    changed = refused = failed = 0
    for path, content, text in _texts(session, options.paths_below(root, paths)):
        if text is None:
            refused += 1
            continue
        if text.encode() == content:
            continue
        if not read_only:
            try:
                write_text(root / path, [text], expected=content)
            except HealthcoopError as error:
                failed += 1
                session.note(error.message)
                continue
        changed += 1
        note_comments(session, path, content)
        result += _differences(session, path, content, text) if diff else [f"{path}\n"]
    # Last, so that a closed pipe does not stop the work half-way.
    session.write(result)
    verb = "would be reformatted" if read_only else "reformatted"
    session.note(f"{changed} {'file' if changed == 1 else 'files'} {verb}")
    ctx.exit(2 if failed else 1 if refused or (read_only and changed) else 0)


def _texts(session: Session, below: list[str] | None) -> Iterator[tuple[str, bytes, str | None]]:
    """Return path, content and canonical text of the files below some paths; None if refused."""
    from healthcoop.files.canonical import CannotReformat, reformat

    files = session.dataset.files
    for path in files:
        if below and not any(path == part or path.startswith(f"{part}/") for part in below):
            continue
        content, text = b"", None
        why = "it cannot be parsed (healthcoop validate reports why)"
        try:
            content = files[path]
            text = reformat(content)
        except KeyError:  # deleted since its folder was listed
            continue
        except OSError:
            pass
        except CannotReformat as error:
            why = error.message
        if text is None:
            session.note(f"{path}: not reformatted: {why}")
        yield path, content, text


def _differences(session: Session, path: str, content: bytes, text: str) -> Iterator[str]:
    """Return the lines of the diff: in a pipe as git reads them, on a terminal safe to print."""
    from healthcoop.files.fixes import unified
    from healthcoop.files.visible import visible

    diff = unified(path, content.decode(), text)
    if diff is None:
        session.note(f"{path}: too long for a diff")
    elif not session.on_terminal:
        yield diff
    else:
        for number, line in enumerate(diff.split("\n")[:-1]):
            style = {"bold": True} if number < 2 else {"fg": _STYLES.get(line[:1])}
            safe = visible(line)
            yield f"{click.style(safe, **style) if session.colored else safe}\n"


def note_comments(session: Session, path: str, content: bytes) -> None:
    """Name the comments of a file that its canonical layout does not keep."""
    from healthcoop.files.canonical import find_comments

    lost = [str(span.line) for span in find_comments(content)]
    if lost:
        where = f"line{'s' if len(lost) > 1 else ''} {', '.join(lost)}"
        session.note(f"{path}: comments are not kept ({where}); move them to “notes:”")
