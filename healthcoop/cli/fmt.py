"""``healthcoop fmt``: bring record files into the one layout."""

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
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a file would change.")
@click.option("--diff", is_flag=True, help="The same, and print what would change.")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, session: Session, /, *, paths: tuple[str, ...], check: bool, diff: bool
) -> None:
    """Lay record files out canonically.

    PATHS are files or folders, all records by default. What a record means never changes. A file
    that cannot be read, or that somebody else saves meanwhile, is left alone and named; the others
    are laid out.
    """
    from healthcoop.errors import HealthcoopError
    from healthcoop.files.atomic import write_text

    only_look = check or diff
    root = (session.dataset if only_look else session.writable).root
    result: list[str] = []
    changed = refused = failed = 0
    for path, content, text in _texts(session, options.paths_below(root, paths)):
        if text is None:
            refused += 1
            continue
        if text.encode() == content:
            continue
        if not only_look:
            try:
                write_text(root / path, [text], expected=content)
            except HealthcoopError as error:
                failed += 1
                session.note(error.message)
                continue
        changed += 1
        tell_of_comments(session, path, content)
        result += _differences(session, path, content, text) if diff else [f"{path}\n"]
    # After the work: a reader that goes away early must not stop it half-way.
    session.write(result)
    verb = "would be laid out anew" if only_look else "laid out anew"
    session.note(f"{changed} {'file' if changed == 1 else 'files'} {verb}")
    ctx.exit(2 if failed else 1 if refused or (only_look and changed) else 0)


def _texts(session: Session, chosen: list[str] | None) -> Iterator[tuple[str, bytes, str | None]]:
    """Give path, content and canonical text of the files asked for; of a refused one no text."""
    from healthcoop.files.canonical import CannotReformat, reformat

    files = session.dataset.files
    for path in files:
        if chosen and not any(path == part or path.startswith(f"{part}/") for part in chosen):
            continue
        content, text = b"", None
        why = "it cannot be read (healthcoop validate says why)"
        try:
            content = files[path]
            text = reformat(content)
        except KeyError:  # it has gone since its folder was listed
            continue
        except OSError:
            pass
        except CannotReformat as error:
            why = error.message
        if text is None:
            session.note(f"{path}: not formatted: {why}")
        yield path, content, text


def _differences(session: Session, path: str, content: bytes, text: str) -> Iterator[str]:
    """Give the lines of the diff: as git takes them for a pipe, safe and coloured for people."""
    from healthcoop.files.diffs import unified
    from healthcoop.files.visible import visible

    diff = unified(path, content.decode(), text)
    if diff is None:
        session.note(f"{path}: too many lines would change for a diff")
    elif not session.on_terminal:
        yield diff
    else:
        for number, line in enumerate(diff.split("\n")[:-1]):
            style = {"bold": True} if number < 2 else {"fg": _STYLES.get(line[:1])}
            safe = visible(line)
            yield f"{click.style(safe, **style) if session.colored else safe}\n"


def tell_of_comments(session: Session, path: str, content: bytes) -> None:
    """Say which comments of a file that was laid out anew are gone."""
    from healthcoop.files.canonical import find_comments

    lost = [str(span.line) for span in find_comments(content)]
    if lost:
        where = f"line{'s' if len(lost) > 1 else ''} {', '.join(lost)}"
        session.note(f"{path}: comments are not kept ({where}); put them into “notes:”")
