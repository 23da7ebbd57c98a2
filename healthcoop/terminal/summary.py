"""The summary of a data set: figures, bars and a sparkline of the years."""

from typing import Any

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from healthcoop.export.overview import coverage
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal.charts import bar, sparkline
from healthcoop.terminal.console import text

_LINES = 10
_BLOCK = 38  # the width of one list of bars
_AROUND_YEARS = 12  # the first and the last year
_BESIDE_YEARS = 32  # and how many records are of earlier ones


def layout(summary: dict[str, Any], names: Vocabulary, *, width: int | None) -> Group:
    """Lay a summary out; lists of bars stand side by side where there is room."""
    room = width or 2 * _BLOCK + 4
    blocks = [
        _bars("Types", summary["by_type"], lambda code: _label(names, "types", code)),
        _bars("Countries", summary["by_country"], names.label),
        _bars("Organisations", summary["by_organisation"], names.label),
        _bars("Topics", summary["by_topic"], lambda code: _label(names, "topics", code)),
        _shares("Given in", summary["completeness"]),
    ]
    shown = [block for block in blocks if block]
    return Group(
        _figures(summary),
        Text(""),
        _years(summary["by_year"], room),
        Text(""),
        Columns(shown, padding=(1, 2), width=_BLOCK) if room > _BLOCK + 2 else Group(*shown),
        Text(""),
        text(coverage(summary, names), "dim"),
    )


_ONE = {
    "records": "record",
    "instruments": "instrument",
    "encounters": "encounter",
    "countries": "country",
    "organisations": "organisation",
    "pairs": "pair",
}


def _figures(summary: dict[str, Any]) -> Text:
    line = Text()
    for number, key in enumerate(_ONE):
        line.append("  " if number else "")
        name = key if summary[key] != 1 else _ONE[key]
        line.append(f"{summary[key]:,}", style="bold").append(f" {name}")
    if summary["first"]:
        line.append(f"\n{summary['first']} to {summary['last']}", style="dim")
    return line


def _years(by_year: dict[str, int], room: int) -> Text:
    """Draw a sparkline of the years; over more years than there is room, of the last ones."""
    if not by_year:
        return Text("no years")
    years = [int(year) for year in by_year]
    first, last = min(years), max(years)
    if last - first > room - _AROUND_YEARS:
        first = last - max(0, room - _BESIDE_YEARS)
    values = [by_year.get(str(year), 0) for year in range(first, last + 1)]
    line = Text(f"{first} ", style="dim")
    line.append(sparkline(values), style="cyan")
    line.append(f" {last}", style="dim")
    earlier = sum(number for year, number in by_year.items() if int(year) < first)
    return line.append(f"  and {earlier} earlier", style="dim") if earlier else line


def _bars(heading: str, counts: dict[str, int], label: Any) -> RenderableType | None:
    if not counts:
        return None
    table = _block(heading)
    highest = max(counts.values())
    for code, number in list(counts.items())[:_LINES]:
        table.add_row(text(label(code)), Text(str(number)), Text(bar(number, highest, 10), "cyan"))
    if len(counts) > _LINES:
        table.add_row(Text(f"and {len(counts) - _LINES} more", style="dim"), "", "")
    return table


def _shares(heading: str, shares: dict[str, float | None]) -> RenderableType | None:
    known = {field: share for field, share in shares.items() if share is not None}
    table = _block(heading)
    for field, share in sorted(known.items(), key=lambda item: -item[1])[:_LINES]:
        table.add_row(text(field), Text(f"{share:.0%}"), Text(bar(share, 1, 10), "cyan"))
    return table if known else None


def _block(heading: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(heading, width=20, no_wrap=True, overflow="ellipsis")
    table.add_column("", justify="right", width=5)
    table.add_column("", width=10)
    return table


def _label(names: Vocabulary, vocabulary: str, code: str) -> str:
    term = names.terms(vocabulary).get(code)
    return term.label if term else code
