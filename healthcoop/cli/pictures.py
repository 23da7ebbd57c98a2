"""``--chart`` and ``--chart-data``: a statistic as a chart, and as the table of what it draws."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import click

from healthcoop.cli.session import Session
from healthcoop.errors import HealthcoopError

if TYPE_CHECKING:
    from healthcoop.index.query import Query

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files to write a chart and its table to; None for neither."""

    chart: str | None
    data: str | None


def options(function: Function, *, drawn: bool) -> Function:
    """Add ``--chart`` and ``--chart-data``, whose values are file names or None.

    For a statistic that is not ``drawn`` they are hidden, and an error when used.
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
    """Check the file name before anything is counted."""
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
    name: str,
    rows: Sequence[Mapping[str, Any]],
    files: Files,
    *,
    query: "Query",
    **about: Any,
) -> None:
    """Write a chart of a statistic and the table that it draws to the files.

    ``about`` are further attributes of About. Raises HealthcoopError for an unknown file ending,
    for a file that cannot be written, and where the library that draws is not installed.
    """
    from healthcoop.export import charts
    from healthcoop.export.charts.rendering import renderer
    from healthcoop.export.tables import as_csv
    from healthcoop.files.atomic import write_bytes, write_text
    from healthcoop.index.query import describe
    from healthcoop.index.statistics import STATISTICS

    render = renderer(files.chart) if files.chart else None
    dataset = session.dataset
    totals = dataset.summary(query)
    names = dataset.index.vocabulary
    of_one_country = len(query.countries) == 1 and not query.pairs
    drawn = charts.draw(
        STATISTICS[name].chart or "",
        rows,
        charts.About(
            names=names,
            records=totals["records"],
            day=dataset.today,
            filters=describe(query, names),
            collections=tuple(totals["by_collection"]),
            focus=query.countries[0] if of_one_country else None,
            **about,
        ),
    )
    if files.chart and render:
        write_bytes(files.chart, [render(drawn.spec)])
    if files.data:
        write_text(files.data, as_csv(drawn.columns, drawn.rows))
