"""The geometry of the charts on pages: across in percent of the width, down in pixels.

No position depends on the width of the screen, so that letters and lines keep their size on all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from healthcoop.export.charts.frame import ticks

if TYPE_CHECKING:
    from healthcoop.site.entries import Entry

Row = Mapping[str, Any]

_HEIGHT = 120
_LEAST_YEARS = 20  # so that a bar is not wider than high
_FILLED = 0.84  # of the width of a year
_MOST_LABELS = 7  # on the narrowest screen
_EDGE = 3  # percent: a label nearer to the edge begins or ends there
_DECADE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A year's bar: its row, its place, and the tops and heights of its two parts."""

    row: Row
    x: str
    instruments: tuple[str, str] | None
    encounters: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A year on the axis; ``minor`` ones are left out on narrow screens."""

    year: int
    x: str
    anchor: str
    minor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsChart:
    """Bars of years; ``levels`` are numbers of records, each with its distance from the top."""

    width: str
    height: int
    most: int
    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    levels: Sequence[tuple[int, str]]


def count_years(entries: "Iterable[Entry]") -> list[dict[str, int]]:
    """Return the rows of ``stats years`` for some records: the first year to the last."""
    numbers = Counter((entry.year, entry.kind) for entry in entries if entry.year is not None)
    years = [year for year, _ in numbers if year is not None]
    return [
        {
            "year": year,
            "records": numbers[year, "instrument"] + numbers[year, "encounter"],
            "instruments": numbers[year, "instrument"],
            "encounters": numbers[year, "encounter"],
        }
        for year in (range(min(years), max(years) + 1) if years else ())
    ]


def years_chart(rows: Sequence[Row], today: date | None = None) -> YearsChart | None:
    """Lay out the rows of ``stats years``, up to the present year; None without any record."""
    if not rows:
        return None
    last = max(rows[-1]["year"], today.year if today else 0)
    first = min(rows[0]["year"], last - _LEAST_YEARS + 1)
    step = 100 / (last - first + 1)
    most = max(row["records"] for row in rows)
    scale = _HEIGHT / most

    def part(upper: int, number: int) -> tuple[str, str] | None:
        return (_short(_HEIGHT - upper * scale), _short(number * scale)) if number else None

    bars = [
        Bar(
            row=row,
            x=_short((row["year"] - first + (1 - _FILLED) / 2) * step),
            instruments=part(row["instruments"], row["instruments"]),
            encounters=part(row["records"], row["encounters"]),
        )
        for row in rows
        if row["records"]
    ]
    levels = [(number, _short(_HEIGHT - number * scale)) for number in ticks(1, most, most=5)]
    return YearsChart(
        width=_short(step * _FILLED),
        height=_HEIGHT,
        most=most,
        bars=bars,
        ticks=_ticks(first, last, step),
        levels=levels,
    )


def _ticks(first: int, last: int, step: float) -> list[Tick]:
    labelled = ticks(first, last, most=_MOST_LABELS)
    decades = range(-(-first // _DECADE) * _DECADE, last + 1, _DECADE)
    return [
        Tick(year=year, x=_short(x), anchor=_anchor(x), minor=year not in labelled)
        for year in sorted({*labelled, *decades})
        for x in [(year - first + 0.5) * step]
    ]


def _anchor(x: float) -> str:
    return "start" if x < _EDGE else "end" if x > 100 - _EDGE else "middle"


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
