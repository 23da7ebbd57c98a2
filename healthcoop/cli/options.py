"""Options shared by several commands, declared once."""

import os
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from healthcoop.cli import values
from healthcoop.cli.session import Session
from healthcoop.dataset import Dataset
from healthcoop.export.tables import TABLE_FORMATS
from healthcoop.files.visible import counted
from healthcoop.index.values import parse_today

if TYPE_CHECKING:
    from healthcoop.index.query import Query

Function = TypeVar("Function", bound=Callable[..., Any])


def examples(*commands: str) -> str:
    """Return the epilog of a command's help: runnable examples, never wrapped."""
    lines = "\n".join(f"  {command}" for command in commands)
    return f"\b\nExample{'s' if len(commands) > 1 else ''}:\n{lines}"


def filters(function: Function) -> Function:
    """Add WORDS and the options of all filters; ``build_query`` takes their values, by name."""
    return click.argument("words", nargs=-1, metavar="[WORDS]...")(filter_options(function))


def filter_options(function: Function, *, without: str = "") -> Function:
    """Add the options of all filters; ``build_query`` takes their values, by names of Query."""
    from healthcoop.index.query import DEFAULTS, FILTERS

    for name, entry in reversed([*FILTERS.items()]):
        if name == without:
            continue
        settings: dict[str, Any] = {
            "nargs": 2 if name == "pairs" else 1,
            "multiple": DEFAULTS[name] == (),
            "type": click.Choice(entry.choices) if entry.choices else None,
            "metavar": entry.metavar,
            "shell_complete": values.codes(*entry.vocabularies) if entry.vocabularies else None,
        }
        if name == "ids":
            settings["shell_complete"] = values.record_ids
        if DEFAULTS[name] is False:
            settings = {"is_flag": True}
        function = click.option(entry.option, name, help=entry.help, **settings)(function)
    return function


def today(function: Function) -> Function:
    """Add the ``--today`` option; the parsed date is stored on the session."""

    def store(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        ctx.find_object(Session).today = parse_today(value)  # type: ignore[union-attr]

    return click.option(
        "--today",
        metavar="DATE",
        expose_value=False,
        callback=store,
        help="Use this as the current day (or $HEALTHCOOP_TODAY).",
    )(function)


ENDINGS = {
    **{"text": ("txt",), "table": ("txt",), "markdown": ("md",), "yaml": ("yaml", "yml")},
    **{"bibtex": ("bib",), "csl": (), "junit": ("xml",), "github": ()},
}
"""The file endings of formats; those of every other format are its name."""


_EXCEL = ("xlsx", "xls")


def output(
    formats: Sequence[str], *, default: str | None = "table", hint: str = ""
) -> Callable[[Function], Function]:
    """Add the options ``--format`` and ``--output``; the session stores the file's name.

    Without ``--format``, the format is that of the file's ending; without an ending, the default.
    ``hint`` is added to the message about an unknown ending.
    """

    def store(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        output = None if value == "-" else value
        ctx.find_object(Session).output = output  # type: ignore[union-attr]

    def choose(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
        file = ctx.find_object(Session).output  # type: ignore[union-attr]
        written = ctx.get_parameter_source(option.name or "") is not ParameterSource.DEFAULT
        chosen = value if written or file is None else _format_of(file, formats, hint) or value
        if ctx.find_object(Session).excel and chosen != "csv":  # type: ignore[union-attr]
            raise click.UsageError("--excel goes with -f csv")
        return chosen

    def decorate(function: Function) -> Function:
        function = click.option(
            "--output",
            "-o",
            metavar="FILE",
            expose_value=False,
            is_eager=True,
            callback=store,
            help="Write to a file; without -f, its ending selects the format.",
        )(function)
        return click.option(
            "--format",
            "-f",
            "format_",
            type=click.Choice(formats),
            default=default,
            show_default=True,
            callback=choose,
            help="Format of the result.",
        )(function)

    return decorate


def _format_of(file: str, formats: Sequence[str], hint: str) -> str | None:
    """Return the one of ``formats`` for a file's ending, or None for a name without an ending.

    Raises UnknownName for the ending of no format.
    """
    ending = Path(file).suffix.lower().removeprefix(".")
    if not ending:
        return None
    known = {each: name for name in formats for each in ENDINGS.get(name, (name,))}
    if ending not in known:
        from healthcoop.errors import UnknownName

        if ending in _EXCEL and "csv" in formats:
            hint = f"Excel reads .csv, with --excel. {hint}"
        choice = ", ".join(f".{each}" for each in sorted(known))
        advice = " ".join([f"Choose from {choice}, or use -f.", hint]).rstrip()
        raise UnknownName("file ending", f".{ending}", otherwise=advice)
    return known[ending]


def table_output(*others: str, hint: str = "") -> Callable[[Function], Function]:
    """Add ``--format`` with every table format, and ``others``, ``--output`` and ``--excel``."""

    def store(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        ctx.find_object(Session).excel = value  # type: ignore[union-attr]

    def decorate(function: Function) -> Function:
        function = click.option(
            "--excel",
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=store,
            help="With -f csv: begin with a byte-order mark, so that Excel reads UTF-8.",
        )(function)
        return output(("table", *TABLE_FORMATS, *others), hint=hint)(function)

    return decorate


def build_query(session: Session, *, words: Sequence[str] = (), **values: Any) -> "Query":
    """Return the query of the filters' values, with codes in the place of names.

    ``words`` are one more value of ``texts``. Raises UnknownName and HealthcoopError as
    ``resolve``.
    """
    from healthcoop.index.query import FILTERS, Query
    from healthcoop.index.resolution import resolve

    selected = {name: value for name, value in values.items() if value not in (None, False, ())}
    if words:
        selected["texts"] = (*selected.get("texts", ()), " ".join(words))
    for name, value in selected.items():
        entry = FILTERS[name]
        if entry.goes_with and not selected.keys() & {*entry.goes_with}:
            others = " or ".join(FILTERS[other].option for other in entry.goes_with)
            raise click.UsageError(f"{entry.option} goes with {others}")
        if isinstance(value, str):
            selected[name] = entry.parse(value)
    query = resolve(Query(**selected), session.vocabulary)
    pairs = selected.get("pairs", ())
    note_shared_names(session, *selected.get("countries", ()), *chain.from_iterable(pairs))
    return query


def note_selection(session: Session, query: "Query", *, fixed: str = "") -> int:
    """Note what emptied a selection and which countries are in no region; return its size.

    ``fixed`` is a filter that the command cannot do without.
    """
    records = session.dataset.records(query)
    for division, codes, number in records.in_no_region():
        verb = "is" if len(codes) == 1 else "are"
        note = f"{' '.join(codes)} {verb} in no {division} region ({counted(number, 'record')})"
        session.note(f"not searched by region: {note}")
    if number := len(records):
        return number
    hints = [
        f"without {one}: {counted(left, 'record')}"
        for one, left in records.without_one()
        if one.split()[0] != fixed
    ]
    session.note("; ".join(["no record matches", *hints]))
    return 0


def note_shared_names(session: Session, *names: str) -> None:
    """Note which country was taken for a name that may mean another one too."""
    known = session.vocabulary
    for name in names:
        if others := known.shared(name):
            code = known.find("countries", name)
            listed = " and ".join(f"{term.label} ({term.code})" for term in others)
            session.note(f"“{name}” is taken for {known.label(code)} ({code}), not {listed}")


def paths_below(
    dataset: Dataset, paths: Sequence[str], *, others: Sequence[str] = ()
) -> list[str] | None:
    """Return paths relative to the root, as in findings; None for no paths or for the root itself.

    Raises click.UsageError for a path that does not exist, or is neither a record, a folder with
    records nor one of ``others``; HealthcoopError for a data set without a record.
    """
    from healthcoop.files import location
    from healthcoop.files.tree import is_record

    below = []
    for text in paths:
        path = Path(os.path.realpath(text))
        if not (text and path.exists()):
            raise click.UsageError(f"{text or 'an empty PATH'} does not exist")
        try:
            inner = path.relative_to(os.path.realpath(dataset.root))
        except ValueError:
            raise click.UsageError(f"{text} is not in the data set at {dataset.root}") from None
        is_of_records = inner.parts[:1] == ("records",) and (path.is_dir() or is_record(path.name))
        if inner.parts and not is_of_records and inner.as_posix() not in others:
            raise click.UsageError(f"{text} is neither a record nor a folder of records")
        is_inner = len(inner.parts) > 1 and path.is_dir()
        if is_inner and not dataset.files.has_record(inner.as_posix()):
            raise click.UsageError(f"there is no record in {text}")
        below.append(inner.as_posix())
    location.check_records(dataset.files)
    return None if "." in below else below or None


def split_names(
    what: str, text: str, known: Sequence[str], *, descending: bool = False
) -> tuple[str, ...]:
    """Split a list of names at commas; with ``descending``, ``-`` may precede a name.

    Raises UnknownName, with ``what`` and the nearest names, for one that is not in ``known``.
    """
    names = tuple(part.strip() for part in text.split(","))
    for name in names:
        bare = name.removeprefix("-") if descending else name
        if bare not in known:
            from difflib import get_close_matches

            from healthcoop.errors import UnknownName

            near = get_close_matches(bare, known, n=3)
            raise UnknownName(what, name, near, otherwise=f"Choose from {', '.join(known)}.")
    return names
