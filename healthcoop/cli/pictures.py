"""``--chart`` and ``--chart-data``: a statistic as a picture, and as the table of what it draws."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError

if TYPE_CHECKING:
    from healthcoop.index.query import Query

Function = TypeVar("Function", bound=Callable[..., Any])


def options(function: Function, *, drawn: bool) -> Function:
    """Give a command ``chart`` and ``chart_data``, names of files or None.

    A statistic that is not ``drawn`` knows the options too, to say that it has no picture.
    """
    shown: dict[str, Any] = {"hidden": not drawn}
    function = click.option(
        "--chart-data",
        metavar="FILE.csv",
        callback=_table if drawn else _nothing,
        help="Write what the picture draws, as CSV.",
        **shown,
    )(function)
    return click.option(
        "--chart",
        metavar="FILE.svg|png|html",
        callback=_picture if drawn else _nothing,
        help="Draw a picture into a file, instead of the table.",
        **shown,
    )(function)


def _picture(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Refuse what cannot be drawn before anything is counted."""
    if value is not None:
        from healthcoop.export.charts.rendering import renderer

        renderer(value)
    return value


def _table(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value in ("", "-"):
        raise HealthcoopError(
            "--chart-data needs the name of a file", hint="-f csv writes what is counted."
        )
    return value


def _nothing(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        raise HealthcoopError(
            f"stats {ctx.info_name} has no picture", hint="-f csv writes what is counted."
        )


def write(
    session: Session,
    statistic: str,
    rows: Sequence[dict[str, Any]],
    *,
    query: "Query",
    chart: str | None,
    chart_data: str | None,
    edges: Sequence[dict[str, Any]] = (),
    left_out: Sequence[str] = (),
) -> None:
    """Draw the rows of a statistic, a member of export.charts.DRAWN, into the files asked for.

    ``edges`` are the rows of pairs, for a network; ``left_out`` says what is not counted. Raises
    HealthcoopError for a name that is not a picture's, for a file that cannot be written, and where
    the library that draws is not installed.
    """
    if not (chart or chart_data):
        return
    from healthcoop.export import charts
    from healthcoop.export.charts.rendering import renderer
    from healthcoop.export.tables import as_csv
    from healthcoop.files.atomic import write_bytes, write_text

    render = renderer(chart) if chart else None
    drawn = charts.draw(statistic, rows, _about(session, query, left_out), edges=edges)
    if chart and render:
        write_bytes(chart, [render(drawn.spec)])
    if chart_data:
        write_text(chart_data, as_csv(drawn.columns, drawn.rows))


def _about(session: Session, query: "Query", left_out: Sequence[str]) -> Any:
    from healthcoop.export.charts import About
    from healthcoop.index.query import describe
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
        left_out=tuple(left_out),
        focus=query.countries[0] if alone else None,
    )
