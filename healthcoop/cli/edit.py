"""``healthcoop edit``: a record in the user's editor, checked when it is left."""

import click

from healthcoop.cli import options, values
from healthcoop.cli.editing import edit_until_valid, from_here
from healthcoop.cli.session import Session


@click.command("edit", epilog=options.examples("healthcoop edit 2022-az-cu-minister-ambassador"))
@click.argument("ident", metavar="ID", shell_complete=values.record_ids)
@options.today
@click.pass_obj
def command(session: Session, /, *, ident: str) -> None:
    """Edit a record in $VISUAL or $EDITOR, and check it.

    ID is as for show. You edit a copy: when you leave the editor it is checked, and if there are
    errors you may edit it again, keep it as it is, or discard your changes. Then the record's file
    is written in canonical layout, and its path is printed. Its id and folder stay; if somebody
    else changed the file meanwhile, it is not overwritten, and your copy is kept.

    Without a terminal the editor runs once; a record with errors is not written (exit code 1).
    """
    dataset = session.writable
    path = edit_until_valid(session, dataset.edit(ident))
    if path:
        session.write([f"{from_here(dataset, path)}\n"])
    else:
        session.note("nothing was changed")
