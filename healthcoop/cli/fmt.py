"""``healthcoop fmt``: bring record files into the one layout."""

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command(
    "fmt", epilog=options.examples("healthcoop fmt", "healthcoop fmt --check records/2022")
)
@click.argument("paths", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where a file would change.")
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, session: Session, /, *, paths: tuple[str, ...], check: bool
) -> None:
    """Lay record files out canonically.

    PATHS are files or folders, all records by default. What a record means never changes, and a
    file that cannot be read is left alone.
    """
    from healthcoop.text.canonical import Unwritable, reformat
    from healthcoop.text.writing import write_text

    dataset = session.dataset if check else session.writable
    files = dataset.files
    chosen = options.paths_below(dataset.root, paths)
    changed: list[str] = []
    refused = 0
    for path in files:
        if chosen and not any(path == part or path.startswith(f"{part}/") for part in chosen):
            continue
        why = "it cannot be read (healthcoop validate says why)"
        try:
            content = files[path]
            text = reformat(content)
        except OSError:
            text = None
        except Unwritable as error:
            text, why = None, error.message
        if text is None:
            refused += 1
            session.note(f"{path}: not formatted: {why}")
        elif text.encode() != content:
            changed.append(path)
            _tell_of_comments(session, path, content)
            if not check:
                write_text(dataset.root / path, [text])
    # After the work: a reader that goes away early must not stop it half-way.
    session.write(f"{path}\n" for path in changed)
    verb = "would be laid out anew" if check else "laid out anew"
    session.note(f"{len(changed)} {'file' if len(changed) == 1 else 'files'} {verb}")
    ctx.exit(1 if refused or (check and changed) else 0)


def _tell_of_comments(session: Session, path: str, content: bytes) -> None:
    from healthcoop.text.canonical import HEADER
    from healthcoop.text.positions import comments

    lines = content.decode("utf-8-sig").split("\n")
    lost = [
        str(line)
        for line, column, _, end in comments(content)
        if lines[line - 1][column - 1 : end - 1] != HEADER
    ]
    if lost:
        where = f"line{'s' if len(lost) > 1 else ''} {', '.join(lost)}"
        session.note(f"{path}: comments are not kept ({where}); put them into “notes:”")
