"""``healthcoop show``: one record, with its sources, status and links."""

from typing import TYPE_CHECKING

import click

from healthcoop.cli import options, values
from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError
from healthcoop.export.document import RECORD_FORMATS
from healthcoop.files.visible import visible

if TYPE_CHECKING:
    from healthcoop.index.details import RecordDetails


@click.command(
    "show",
    epilog=options.examples(
        "healthcoop show 2022-az-cu-minister-ambassador", "healthcoop show 2022-az-cu -f bibtex"
    ),
)
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=values.record_ids)
@options.output(("text", *RECORD_FORMATS), default="text")
@click.option("--open", "opens", is_flag=True, help="Open the first source in the browser instead.")
@options.today
@click.pass_obj
def command(session: Session, /, *, ids: tuple[str, ...], opens: bool, format_: str) -> None:
    """Show records with their sources, status and links.

    An ID is an id, a former id, a unique beginning of an id, or a file's path.

    The text format has the facts, the sources that support each, the status today with its reason,
    and links in both directions. JSON is an array with one object for each record, with every key.
    """
    dataset = session.dataset
    records = [dataset.record(ident) for ident in ids]
    names = dataset.index.vocabulary
    if opens:
        for record in records:
            _open(session, record)
        return
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


def _open(session: Session, details: "RecordDetails") -> None:
    """Print the address of a record's first source and open it in the browser."""
    from healthcoop.terminal.programs import open_page

    record = details.indexed.record
    if not record.sources:
        raise HealthcoopError(f"{record.id} has no source")
    url = record.sources[0].url
    session.write([f"{visible(url)}\n"])
    open_page(url)
