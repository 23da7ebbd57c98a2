"""``healthcoop vocab``: look a code up."""

from typing import Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.model.vocabulary import KINDS

COLUMNS = ("code", "label", "kind", "names", "definition", "from", "until")


@click.command(
    "vocab",
    epilog=options.examples("healthcoop vocab countries turk", "healthcoop vocab topics"),
)
@click.argument("vocabulary", type=click.Choice(KINDS))
@click.argument("text", required=False)
@options.output(("table", "json", "jsonl", "csv", "tsv", "markdown", "yaml"))
@click.pass_obj
def command(session: Session, /, *, vocabulary: str, text: str | None, format_: str) -> None:
    """Look up a code or a name.

    TEXT is looked for in codes, names and definitions; without it every entry is listed.
    """
    known = session.dataset.index.vocabulary
    terms = known.search(vocabulary, text) if text else list(known.terms(vocabulary).values())
    rows: list[dict[str, Any]] = [
        {
            "code": term.code,
            "label": term.label,
            "kind": term.kind or None,
            "names": list(term.names),
            "definition": term.definition or None,
            "from": term.starts,
            "until": term.ends,
        }
        for term in terms
    ]
    if format_ == "table":
        from healthcoop.terminal import tables

        if rows:
            session.show(tables.vocabulary(rows, width=session.width))
        return
    from healthcoop.export.tables import FORMATS

    session.write(FORMATS[format_](COLUMNS, rows))
