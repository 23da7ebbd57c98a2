"""The overview of a data set: figures, bars and a sparkline of the years."""

from collections.abc import Callable, Iterator
from typing import Any

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from healthcoop.export.document import coverage, field_shares
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal.console import bar, sparkline, text

_LINES = 10
_BLOCK = 38  # columns of one list of bars
_YEAR_LABELS = 12  # columns of the first and the last year
_EARLIER_LABEL = 32  # the same, with the number of records in earlier years


def overview(summary: dict[str, Any], names: Vocabulary, *, width: int | None) -> Group:
    """Return a summary with its lists of bars side by side where they fit.

    With ``width`` None, for a pipe, every row is included and no name is truncated.
    """
    whole = width is None
    counted = (
        ("Types", summary["by_type"], lambda code: _label(names, "types", code)),
        ("Countries", summary["by_country"], names.label),
        ("Organisations", summary["by_organisation"], names.label),
        ("Topics", summary["by_topic"], lambda code: _label(names, "topics", code)),
    )
    blocks = [_bars(heading, counts, label, whole=whole) for heading, counts, label in counted]
    blocks += [
        _shares(heading, shares, whole=whole) for heading, shares in field_shares(summary).items()
    ]
    shown = [block for block in blocks if block]
    return Group(
        _figures(summary, width),
        Text(""),
        *([] if whole else [_years(summary["by_year"], width or 0), Text("")]),
        *_arranged(shown, width),
        Text(""),
        text(coverage(summary, names), "dim"),
    )


def _arranged(blocks: list[Table], width: int | None) -> Iterator[RenderableType]:
    if width is None:
        for number, block in enumerate(blocks):
            yield from (Text(""), block) if number else (block,)
    elif width > _BLOCK + 2:
        yield Columns(blocks, padding=(1, 2), width=_BLOCK)
    else:
        yield from blocks


_ONE = {
    "records": "record",
    "instruments": "instrument",
    "encounters": "encounter",
    "countries": "country",
    "organisations": "organisation",
    "pairs": "pair",
}


def _figures(summary: dict[str, Any], width: int | None) -> Text:
    """Return the totals, a number always on the line of what it counts, and the dates."""
    lines = [Text()]
    for key, one in _ONE.items():
        figure = Text(f"{summary[key]:,}", style="bold")
        figure.append(f" {key if summary[key] != 1 else one}", style="not bold")
        if width and lines[-1] and lines[-1].cell_len + len("  ") + figure.cell_len > width:
            lines.append(Text())
        lines[-1].append("  " if lines[-1] else "").append_text(figure)
    if summary["first"]:
        lines.append(Text(f"{summary['first']} to {summary['last']}", style="dim"))
    return Text("\n").join(lines)


def _years(by_year: dict[str, int], room: int) -> Text:
    """Return a sparkline of the years, or of the last ones that fit."""
    if not by_year:
        return Text("no years")
    years = [int(year) for year in by_year]
    first, last = min(years), max(years)
    if last - first > room - _YEAR_LABELS:
        first = last - max(0, room - _EARLIER_LABEL)
    values = [by_year.get(str(year), 0) for year in range(first, last + 1)]
    line = Text(f"{first} ", style="dim")
    line.append(sparkline(values), style="cyan")
    line.append(f" {last}", style="dim")
    earlier = sum(number for year, number in by_year.items() if int(year) < first)
    return line.append(f"  and {earlier} earlier", style="dim") if earlier else line


def _bars(
    heading: str, counts: dict[str, int], label: Callable[[str], str], *, whole: bool
) -> Table | None:
    if not counts:
        return None
    table = _block(heading, whole=whole)
    highest = max(counts.values())
    lines = len(counts) if whole else _LINES
    for code, number in list(counts.items())[:lines]:
        drawn = "" if whole else bar(number, highest, 10)
        table.add_row(text(label(code)), Text(str(number)), Text(drawn, "cyan"))
    if len(counts) > lines:
        table.add_row(Text(f"and {len(counts) - lines} more", style="dim"), "", "")
    return table


def _shares(heading: str, shares: dict[str, float], *, whole: bool) -> Table:
    table = _block(heading, whole=whole)
    lines = len(shares) if whole else _LINES
    for field, share in sorted(shares.items(), key=lambda item: -item[1])[:lines]:
        drawn = "" if whole else bar(share, 1, 10)
        table.add_row(text(field), Text(f"{share:.0%}"), Text(drawn, "cyan"))
    return table


def _block(heading: str, *, whole: bool) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(heading, width=None if whole else 20, no_wrap=True, overflow="ellipsis")
    table.add_column("", justify="right", width=5)
    table.add_column("", width=0 if whole else 10)
    return table


def _label(names: Vocabulary, vocabulary: str, code: str) -> str:
    term = names.terms(vocabulary).get(code)
    return term.label if term else code
