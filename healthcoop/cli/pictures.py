"""``--chart`` and ``--chart-data``: a statistic as a picture, and as the table of what it draws."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from healthcoop.cli.session import Session

if TYPE_CHECKING:
    from healthcoop.index.query import Query

Function = TypeVar("Function", bound=Callable[..., Any])


def options(function: Function) -> Function:
    """Give a command ``chart`` and ``chart_data``, names of files or None."""
    function = click.option(
        "--chart-data", metavar="FILE.csv", help="Write what the picture draws, as CSV."
    )(function)
    return click.option(
        "--chart",
        metavar="FILE.svg|png|html",
        help="Draw a picture into a file, instead of the table.",
    )(function)


def write(
    session: Session,
    statistic: str,
    rows: Sequence[dict[str, Any]],
    *,
    query: "Query",
    chart: str | None,
    chart_data: str | None,
    edges: Sequence[dict[str, Any]] = (),
    notes: Sequence[str] = (),
) -> None:
    """Draw the rows of a statistic, a member of export.charts.DRAWN, into the files asked for.

    ``edges`` are the rows of pairs, for a network; ``notes`` say what is not counted. Raises
    HealthcoopError for a name that is not a picture's, for a file that cannot be written, and where
    the library that draws is not installed.
    """
    if not (chart or chart_data):
        return
    from healthcoop.export import charts
    from healthcoop.export.charts.rendering import renderer
    from healthcoop.export.rows import as_csv
    from healthcoop.text.writing import write_bytes, write_text

    render = renderer(chart) if chart else None
    drawn = charts.draw(statistic, rows, _about(session, query, notes), edges=edges)
    if chart and render:
        write_bytes(chart, [render(drawn.spec)])
    if chart_data:
        write_text(chart_data, as_csv(drawn.columns, drawn.rows))


def _about(session: Session, query: "Query", notes: Sequence[str]) -> Any:
    from healthcoop.export.charts import About
    from healthcoop.export.charts.asked import describe
    from healthcoop.index.stats import summary

    index = session.dataset.index
    found = summary(index, query)
    alone = len(query.countries) == 1 and not query.pairs
    return About(
        names=index.vocabulary,
        records=found["records"],
        day=session.dataset.today,
        filters=describe(query, index.vocabulary),
        collections=tuple(found["by_collection"]),
        # What another option would do is no matter of the picture's readers.
        notes=tuple(_sentence(note.partition(" (--")[0]) for note in notes),
        focus=query.countries[0] if alone else None,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
