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


def examples(*commands: str) -> str:
    """Return the end of a command's help: lines to copy, which click must not wrap."""
    lines = "\n".join(f"  {command}" for command in commands)
    return f"\b\nExample{'s' if len(commands) > 1 else ''}:\n{lines}"


def filters(function: Function) -> Function:
    """Add the options of all filters; ``build_query`` takes their values, by names of Query."""
    from healthcoop.index.query import DEFAULTS, FILTERS

    for name, entry in reversed([*FILTERS.items()]):
        add = click.option(
            entry.option,
            name,
            nargs=2 if name == "pairs" else 1,
            multiple=DEFAULTS[name] == (),
            type=click.Choice(entry.choices) if entry.choices else None,
            metavar=entry.metavar,
            help=entry.help,
        )
        function = add(function)
    return function


def today(function: Function) -> Function:
    """Add the ``--today`` option; the parsed date is stored on the session."""

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
    """Add ``--format`` and ``--output``; the file is stored on the session."""

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


def build_query(session: Session, **values: Any) -> "Query":
    """Return the query of the filters' values, with codes in the place of names.

    Raises UnknownName and HealthcoopError as ``resolve``.
    """
    from healthcoop.index.query import FILTERS, Query, resolve

    given = {name: value for name, value in values.items() if value is not None}
    for name, value in given.items():
        entry = FILTERS[name]
        if entry.part_of and entry.part_of not in given:
            raise click.UsageError(f"{entry.option} goes with {FILTERS[entry.part_of].option}")
        if isinstance(value, str):
            given[name] = entry.parse(value)
    return resolve(Query(**given), session.dataset.index.vocabulary)


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
