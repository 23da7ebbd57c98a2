"""``healthcoop duplicates``: records that may tell of one event."""

from typing import TYPE_CHECKING, Any

import click

from healthcoop.cli import options
from healthcoop.cli.session import Session

if TYPE_CHECKING:
    from healthcoop.checks.duplicates import Likeness

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
    help="Pairs of this score and more; 1 is the likeliest.  [default: 0.5]",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 where there is a pair.")
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
    """Find records that may tell of one event, the likeliest pairs first.

    Judged by parties, dates, kind, words, people, bodies and cities; each pair comes with its
    reasons. Records that are linked are never a pair: a link says that they are two events. PATHS
    are files or folders that one of the two must be in.
    """
    from healthcoop.checks.duplicates import THRESHOLD, find
    from healthcoop.index.query import Query, select

    below = options.paths_below(session.dataset.root, paths)
    threshold = THRESHOLD if threshold is None else threshold
    found = [
        pair
        for pair in find(select(session.dataset.index, Query()), threshold=threshold)
        if below is None or _is_below(pair.one.path, below) or _is_below(pair.other.path, below)
    ]
    rows = [_row(pair) for pair in found]
    if format_ != "table":
        from healthcoop.export.tables import FORMATS

        session.write(FORMATS[format_](COLUMNS, rows))
    elif rows:
        from healthcoop.terminal.duplicates import layout

        session.show(layout(rows, width=session.width))
    if session.on_terminal:
        session.note(f"{len(rows)} likely pair{'' if len(rows) == 1 else 's'}")
    ctx.exit(session.close() or int(exit_code and bool(rows)))


def _is_below(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _row(pair: "Likeness") -> dict[str, Any]:
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
