"""``healthcoop summary``: an overview of the data set."""

import json
from typing import Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.files.visible import without_commands
from healthcoop.index.statistics.left_out import not_sides


@click.command(
    "summary",
    epilog=options.examples("healthcoop summary", "healthcoop summary --country AZ -f json"),
)
@options.filters
@options.output(("text", "json", "markdown"), default="text")
@options.today
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, format_: str, **filters: Any) -> None:
    """Summarise the matching records; WORDS are searched for as by --text.

    Counts by type, year, party and topic, and how complete the records are.

    The last line states what the collections cover and what they leave out.
    """
    dataset = session.dataset
    query = options.build_query(session, **filters)
    options.note_selection(session, query)
    summary = dataset.summary(query)
    if number := dataset.organisations(query).left_out["not_sides"]:
        session.note(f"not counted: {not_sides(number)}")
    if format_ == "json":
        session.write([without_commands(json.dumps(summary, indent=2, ensure_ascii=False)) + "\n"])
    elif format_ == "markdown":
        from healthcoop.export.document import summary_as_markdown

        session.write([summary_as_markdown(summary, dataset.index.vocabulary)])
    else:
        from healthcoop.terminal.summary import overview

        session.show(overview(summary, dataset.index.vocabulary, width=session.width))
    ctx.exit(session.exit_code())
