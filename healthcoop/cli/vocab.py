"""``healthcoop vocab``: look up a code."""

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session
from healthcoop.model.vocabulary import KINDS


@click.command(
    "vocab",
    epilog=options.examples("healthcoop vocab countries turk", "healthcoop vocab topics"),
)
@click.argument("vocabulary", type=click.Choice(KINDS))
@click.argument("text", required=False)
@options.table_output()
@click.pass_obj
def command(session: Session, /, *, vocabulary: str, text: str | None, format_: str) -> None:
    """Look up codes and names.

    TEXT is searched for in codes, names and definitions; without it every entry is listed.
    """
    entries = session.dataset.vocab(vocabulary, text)
    if not entries:
        session.note(_nothing_found(session, vocabulary, text or ""))
    if format_ != "table":
        session.write_table(format_, tuple(entries.columns), entries)
    else:
        from healthcoop.terminal import tables

        shown = [tables.vocabulary(entries, width=session.width)] if entries else []
        session.show(*shown)


def _nothing_found(session: Session, vocabulary: str, text: str) -> str:
    """Return the note that nothing was found, with the entries that may be meant."""
    names = session.dataset.index.vocabulary
    found = f"nothing in {vocabulary} matches “{text}”"
    if elsewhere := names.elsewhere(vocabulary, text):
        kind, term = elsewhere[0]
        return f"{found}; {term.label} is in {kind}: {term.code}"
    near = " or ".join(names.nearest([vocabulary], text))
    return f"{found}. Did you mean {near}?" if near else f"{found}; without a text, all are listed"
