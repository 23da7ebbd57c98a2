"""``healthcoop history``: what changed in a record, revision by revision."""

import json

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command(
    "history",
    epilog=options.examples(
        "healthcoop history 2022-az-cu-minister-ambassador", "healthcoop history 2022-az-cu -f json"
    ),
)
@click.argument("ident", metavar="ID")
@options.output(("text", "json"), default="text")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, ident: str, format_: str) -> None:
    """Tell what changed in a record, the latest revision first.

    An ID is an id, a former id, the beginning of one id only, or a file's path.

    Revisions are those of git; renames of the file are followed. JSON is an array of {revision,
    day, author, subject, path, note, changes: [{field, old, new}]}; the note says that the file was
    added, moved or removed, only laid out anew, or cannot be read.
    """
    from healthcoop.contribute.history import history
    from healthcoop.index.records import get

    dataset = session.dataset
    path = get(dataset.index, ident).path
    states = [state.to_data() for state in history(dataset.root, path)]
    if format_ == "json":
        session.write([json.dumps(states, indent=2, ensure_ascii=False) + "\n"])
    elif states:
        from healthcoop.terminal.history import layout

        session.show(*layout(states))
    if not states:
        session.note(f"{path} is not in git")
    ctx.exit(session.close())
