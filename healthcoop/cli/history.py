"""``healthcoop history``: what changed in a record, revision by revision."""

import json

import click

from healthcoop.cli import options, values
from healthcoop.cli.session import Session
from healthcoop.files.visible import without_commands


@click.command(
    "history",
    epilog=options.examples(
        "healthcoop history 2022-az-cu-minister-ambassador", "healthcoop history 2022-az-cu -f json"
    ),
)
@click.argument("ident", metavar="ID", shell_complete=values.record_ids)
@options.output(("text", "json"), default="text")
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, ident: str, format_: str) -> None:
    """Show what changed in a record, the latest revision first.

    An ID is an id, a former id, a unique beginning of an id, or a file's path.

    The revisions are git's; renames of the file are followed. JSON is an array of {revision, day,
    author, subject, path, note, changes: [{field, old, new}]}; the note says that the file was
    added, moved or removed, only reformatted, or cannot be parsed.
    """
    history = session.own.history(ident)
    revisions = [revision.to_data() for revision in history.revisions]
    if format_ == "json":
        session.write(
            [without_commands(json.dumps(revisions, indent=2, ensure_ascii=False)) + "\n"]
        )
    else:
        from healthcoop.terminal.record import revision_list

        session.show(*revision_list(revisions))
    if history.missing:
        session.note(history.missing)
    elif not revisions:
        session.note(f"{session.own.record(ident).indexed.path} is not in git")
    ctx.exit(session.exit_code())
