"""``healthcoop pair``: the report on two countries."""

from dataclasses import replace
from functools import partial
from typing import Any

import click

from healthcoop.cli import options, values
from healthcoop.cli.session import Session
from healthcoop.export.pair import PAIR_FORMATS
from healthcoop.files.visible import counted

PARTY = values.codes("countries", "organisations")


@click.command(
    "pair",
    epilog=options.examples(
        "healthcoop pair AZ Cuba", "healthcoop pair IN WHO --since 2010 -f markdown"
    ),
)
@click.argument("a", metavar="A", shell_complete=PARTY)
@click.argument("b", metavar="B", shell_complete=PARTY)
@partial(options.filter_options, without="pairs")
@options.output(("text", *PAIR_FORMATS), default="text")
@options.today
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context, session: Session, /, *, a: str, b: str, format_: str, **filters: Any
) -> None:
    """Report on two countries, or on a country and an organisation.

    How often they met and what they signed, what is in force between them and why, their topics,
    the people who met most, every record in order with the years in which there is none, and what
    the data set does not cover.

    A and B are codes or names.
    """
    dataset = session.dataset
    query = options.build_query(session, **filters)
    report = dataset.pair(a, b, query)
    options.note_shared_names(session, a, b)
    both = replace(query, pairs=((report["a"], report["b"]),))
    options.note_selection(session, both, fixed="--pair")
    if observed := len(report["events"]) - report["records"]:
        session.note(
            f"not counted: {counted(observed, 'record')} that one of the two only observed"
        )
    names = dataset.index.vocabulary
    if format_ == "text":
        from healthcoop.terminal.pair import pair_page

        session.show_each(pair_page(report, names, width=session.width))
    else:
        session.write([PAIR_FORMATS[format_](report, names)])
    ctx.exit(session.exit_code())
