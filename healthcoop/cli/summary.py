"""``healthcoop summary``: what the data set holds, at a glance."""

import json
from typing import Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session


@click.command(
    "summary",
    epilog=options.examples("healthcoop summary", "healthcoop summary --country AZ -f json"),
)
@options.filters
@options.output(("text", "json", "markdown"), default="text")
@options.today
@click.pass_obj
@click.pass_context
def command(ctx: click.Context, session: Session, /, *, format_: str, **given: Any) -> None:
    """Sum up the records that fit.

    How many, of what, when, who, and how complete.

    The last line says what the collections cover and what is not in them.
    """
    from healthcoop.index.stats import summary

    index = session.dataset.index
    found = summary(index, options.build_query(session, **given))
    if format_ == "json":
        session.write([json.dumps(found, indent=2, ensure_ascii=False) + "\n"])
    elif format_ == "markdown":
        from healthcoop.export.overview import as_markdown

        session.write([as_markdown(found, index.vocabulary)])
    else:
        from healthcoop.terminal.summary import layout

        session.show(layout(found, index.vocabulary, width=session.width))
    ctx.exit(session.close())
