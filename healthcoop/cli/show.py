"""``healthcoop show``: one record, with its sources, status and links."""

import click

from healthcoop.cli import options, values
from healthcoop.cli.session import Session
from healthcoop.export.document import RECORD_FORMATS


@click.command(
    "show",
    epilog=options.examples(
        "healthcoop show 2022-az-cu-minister-ambassador", "healthcoop show 2022-az-cu -f bibtex"
    ),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=values.record_ids)
@options.output(("text", *RECORD_FORMATS), default="text")
@options.today
@click.pass_obj
def command(session: Session, /, *, ids: tuple[str, ...], format_: str) -> None:
    """Show records with their sources, status and links.

    An ID is an id, a former id, a unique beginning of an id, or a file's path.

    The text format has the facts, the sources that support each, the status today with its reason,
    and links in both directions. JSON is an array with one object for each record, with every key.
    """
    dataset = session.dataset
    records = [dataset.record(ident) for ident in ids]
    names = dataset.index.vocabulary
    if format_ == "text":
        from healthcoop.terminal.record import record_page

        width = session.width
        pages = [
            part for record in records for part in ("", *record_page(record, names, width=width))
        ]
        session.show(*pages[1:])
    else:
        session.write([RECORD_FORMATS[format_](records, names)])
    # These records were read; only links from the files that were not can be missing: exit 0.
    session.exit_code()
