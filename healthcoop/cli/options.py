"""Options that several commands share, declared once."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from healthcoop.cli.session import Session
from healthcoop.dataset import parse_today

if TYPE_CHECKING:
    from healthcoop.index.query import Query

Function = TypeVar("Function", bound=Callable[..., Any])

_FILTERS: tuple[Callable[[Any], Any], ...] = (
    click.option("--country", multiple=True, metavar="C", help="A party: code or name (any of)."),
    click.option(
        "--pair", nargs=2, multiple=True, metavar="A B", help="Both are parties (any of the pairs)."
    ),
    click.option("--type", "type_", multiple=True, metavar="T", help="A type: mou, meeting ..."),
    click.option(
        "--kind", type=click.Choice(["instrument", "encounter"]), help="Signed, or took place."
    ),
    click.option("--topic", multiple=True, metavar="T", help="A topic."),
    click.option("--region", multiple=True, metavar="R", help="A party is in this WHO region."),
    click.option("--person", multiple=True, metavar="TEXT", help="Part of a person's name."),
    click.option(
        "--text",
        multiple=True,
        metavar="QUERY",
        help='Words, "phrases", begin*, -not; accents do not matter.',
    ),
    click.option("--since", metavar="D", help="On this date (EDTF) or later, possibly."),
    click.option("--until", metavar="D", help="On this date (EDTF) or earlier, possibly."),
    click.option("--year", multiple=True, metavar="Y", help="In this year (EDTF), possibly."),
    click.option("--place", multiple=True, metavar="TEXT", help="Part of a place."),
    click.option(
        "--lateral",
        multiple=True,
        type=click.Choice(["bilateral", "multilateral", "organisation"]),
        help="Two countries; more; one country or none and an organisation.",
    ),
    click.option("--in-force-on", metavar="D", help="Instruments in force on this day."),
    click.option(
        "--certainty",
        type=click.Choice(["certain", "possible"]),
        help="With --in-force-on: how sure; possible, the default, includes certain.",
    ),
    click.option(
        "--source", multiple=True, metavar="TEXT", help="Part of an address or publisher."
    ),
    click.option("--collection", multiple=True, metavar="C", help="A collection."),
    click.option("--id", "ids", multiple=True, metavar="GLOB", help="Ids such as '2022-az-*'."),
    click.option(
        "--withdrawn",
        type=click.Choice(["include", "only"]),
        help="Withdrawn records too, or only.",
    ),
)


def examples(*commands: str) -> str:
    """Give the end of a command's help: lines that can be copied, so nothing wraps them."""
    lines = "\n".join(f"  {command}" for command in commands)
    return f"\b\nExample{'s' if len(commands) > 1 else ''}:\n{lines}"


def filters(function: Function) -> Function:
    """Give a command the filters, as keyword arguments of the names in ``build_query``."""
    for option in reversed(_FILTERS):
        function = option(function)
    return function


def today(function: Function) -> Function:
    """Give a command ``--today``; the session knows the day."""

    def remember(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        ctx.find_object(Session).today = parse_today(value)  # type: ignore[union-attr]

    return click.option(
        "--today",
        metavar="DATE",
        expose_value=False,
        callback=remember,
        help="Stands for the current day (also $HEALTHCOOP_TODAY).",
    )(function)


def output(
    formats: Sequence[str], *, default: str | None = "table"
) -> Callable[[Function], Function]:
    """Give a command ``--format`` and ``--output``; the session knows the file."""

    def remember(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        output = None if value == "-" else value
        ctx.find_object(Session).output = output  # type: ignore[union-attr]

    def decorate(function: Function) -> Function:
        function = click.option(
            "--output",
            "-o",
            metavar="FILE",
            expose_value=False,
            callback=remember,
            help="Write to a file, as a whole or not at all.",
        )(function)
        return click.option(
            "--format",
            "-f",
            "format_",
            type=click.Choice(formats),
            default=default,
            show_default=True,
            help="How the result is written.",
        )(function)

    return decorate


def build_query(session: Session, **given: Any) -> "Query":
    """Make a query of the filters as given: names become codes, dates are looked at.

    Raises UnknownName and HealthcoopError for what no record could match, or every record would.
    """
    from healthcoop.index.query import Query, check_date, resolve

    check_date(given["in_force_on"])
    if given["certainty"] and given["in_force_on"] is None:
        raise click.UsageError("--certainty goes with --in-force-on")
    query = Query(
        countries=given["country"],
        pairs=given["pair"],
        types=given["type_"],
        kind=given["kind"],
        topics=given["topic"],
        regions=given["region"],
        persons=_check_parts("person", given["person"]),
        texts=given["text"],
        since=given["since"],
        until=given["until"],
        years=given["year"],
        places=_check_parts("place", given["place"]),
        lateral=given["lateral"],
        in_force_on=parse_today(given["in_force_on"]) if given["in_force_on"] else None,
        certainty=given["certainty"] or "possible",
        sources=_check_parts("source", given["source"]),
        collections=given["collection"],
        ids=_check_parts("id", given["ids"]),
        withdrawn=given["withdrawn"] or "exclude",
    )
    return resolve(query, session.dataset.index.vocabulary)


def _check_parts(option: str, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Give parts of texts back if there is something in each: nothing is a part of every text."""
    from healthcoop.model.folding import fold

    if not all(fold(text).strip() for text in texts):
        raise click.UsageError(f"--{option} has nothing in it to look for")
    return texts


def paths_below(
    root: Path, paths: Sequence[str], *, others: Sequence[str] = ()
) -> list[str] | None:
    """Give paths as findings have them, below the root; None where none or the root is given.

    Raises click.UsageError for a path that is not there, or is none of a record, of a folder of
    records or of ``others``.
    """
    from healthcoop.files.tree import is_record

    below = []
    for text in paths:
        path = Path(os.path.realpath(text))
        if not path.exists():
            raise click.UsageError(f"there is no {text}")
        try:
            inner = path.relative_to(os.path.realpath(root))
        except ValueError:
            raise click.UsageError(f"{text} is not in the data set at {root}") from None
        is_of_records = inner.parts[:1] == ("records",) and (path.is_dir() or is_record(path.name))
        if inner.parts and not is_of_records and inner.as_posix() not in others:
            raise click.UsageError(f"{text} is neither a record nor a folder of records")
        below.append(inner.as_posix())
    return None if "." in below else below or None


def split_names(
    what: str, text: str, known: Sequence[str], *, falling: bool = False
) -> tuple[str, ...]:
    """Split names of columns (or other ``what``) at commas; ``falling`` ones have ``-`` before.

    Raises UnknownName for one that is not known.
    """
    names = tuple(part.strip() for part in text.split(","))
    for name in names:
        bare = name.removeprefix("-") if falling else name
        if bare not in known:
            from difflib import get_close_matches

            from healthcoop.errors import UnknownName

            near = get_close_matches(bare, known, n=3)
            raise UnknownName(what, name, near, otherwise=f"There are {', '.join(known)}.")
    return names
