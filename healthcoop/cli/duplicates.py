"""``healthcoop duplicates``: pairs of records that may describe one event."""

from typing import TYPE_CHECKING, Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session

if TYPE_CHECKING:
    from healthcoop.checks.duplicates import DuplicatePair

COLUMNS = ("score", "id", "other", "title", "other_title", "path", "other_path", "reasons")


@click.command(
    "duplicates",
    epilog=options.examples(
        "healthcoop duplicates --exit-code",
        "healthcoop duplicates records/2024 --threshold 0.3 -f json",
    ),
)
@click.argument("paths", nargs=-1)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    metavar="X",
    help="Lowest score to report, from 0 to 1 (certain).  [default: 0.5]",
)
@click.option("--exit-code", is_flag=True, help="Exit with 1 if there is a pair.")
@options.output(("table", "json", "jsonl", "csv", "tsv", "markdown", "yaml"))
@click.pass_obj
@click.pass_context
def command(
    ctx: click.Context,
    session: Session,
    /,
    *,
    paths: tuple[str, ...],
    threshold: float | None,
    exit_code: bool,
    format_: str,
) -> None:
    """Find pairs of records that may describe one event, the likeliest first.

    Parties, dates, types, words, people, bodies and cities are compared; each pair is listed with
    a score and the reasons for it. Linked records are never a pair: the link states that they are
    two events. PATHS limits the result to pairs with a record in these files or folders.
    """
    from healthcoop.checks.duplicates import THRESHOLD, find
    from healthcoop.checks.findings import is_below
    from healthcoop.index.query import Query
    from healthcoop.index.records import select

    folders = options.paths_below(session.dataset.root, paths)
    threshold = THRESHOLD if threshold is None else threshold
    rows = [
        _row(pair)
        for pair in find(select(session.dataset.index, Query()), threshold=threshold)
        if folders is None
        or any(is_below(one.path, folder) for one in (pair.one, pair.other) for folder in folders)
    ]
    if format_ != "table":
        from healthcoop.export.tables import FORMATS

        session.write(FORMATS[format_](COLUMNS, rows))
    elif rows:
        from healthcoop.terminal.duplicates import layout

        session.show(layout(rows, width=session.width))
    if session.on_terminal:
        session.note(f"{len(rows)} likely pair{'' if len(rows) == 1 else 's'}")
    ctx.exit(session.close() or int(exit_code and bool(rows)))


def _row(pair: "DuplicatePair") -> dict[str, Any]:
    one, other = pair.one, pair.other
    return {
        "score": pair.score,
        "id": one.record.id,
        "other": other.record.id,
        "title": one.record.title,
        "other_title": other.record.title,
        "path": one.path,
        "other_path": other.path,
        "reasons": list(pair.reasons),
    }
