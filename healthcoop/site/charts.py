"""Charts on pages, as SVG: across in percent of the width, down in pixels.

No position depends on the width of the screen, so that letters and lines keep their size on all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from healthcoop.export.charts.frame import ticks
from healthcoop.files.visible import counted

if TYPE_CHECKING:
    from markupsafe import Markup

    from healthcoop.site.entries import Entry

Row = Mapping[str, Any]

_HEIGHT, _BELOW = 120, 22
_LEAST_YEARS = 20  # so that a bar is not wider than high
_LEAST_TOP = 4  # so that a single record is not as high as many
_FILLED = 0.84  # of the width of a year
_MOST_LABELS = 7  # on the narrowest screen
_EDGE = 3  # percent: a label nearer to the edge begins or ends there
_DECADE = 10
_MOST_DECADES = 30  # of which there is room for the labels


@dataclass(frozen=True, slots=True, kw_only=True)
class YearsChart:
    """Bars of years: the content of an SVG image as wide as its place, and its height in pixels.

    ``most`` is the number of records of the year with most of them.
    """

    content: "Markup"
    height: int
    most: int


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
    """Draw the rows of ``stats years``, up to today's year; None without any."""
    from markupsafe import Markup

    if not rows:
        return None
    last = max(rows[-1]["year"], today.year if today else 0)
    first = min(rows[0]["year"], last - _LEAST_YEARS + 1)
    most = max(row["records"] for row in rows)
    top = max(most, _LEAST_TOP)
    parts = (*_levels(top), *_bars(rows, first, last, top), *_axis(first, last))
    return YearsChart(
        content=Markup("\n".join(parts)),  # numbers and words of ours  # noqa: S704
        height=_HEIGHT + _BELOW,
        most=most,
    )


def _levels(top: int) -> Iterator[str]:
    for number in ticks(1, top, most=5):
        y = _short(_HEIGHT - number * _HEIGHT / top)
        yield f'<line class="level" x2="100%" y1="{y}" y2="{y}"/>'
        yield f'<text x="-6" y="{y}" dy="4" text-anchor="end">{number}</text>'


def _bars(rows: Sequence[Row], first: int, last: int, top: int) -> Iterator[str]:
    step = 100 / (last - first + 1)
    width, scale = _short(step * _FILLED), _HEIGHT / top
    for row in rows:
        x = _short((row["year"] - first + (1 - _FILLED) / 2) * step)
        numbers = [row["instruments"], row["encounters"]]
        rects = [
            f'<rect class="{kind}" x="{x}%" width="{width}%"'
            f' y="{_short(_HEIGHT - upper * scale)}" height="{_short(number * scale)}"/>'
            for kind, number, upper in zip(
                ("instrument", "encounter"), numbers, (numbers[0], sum(numbers)), strict=True
            )
            if number
        ]
        if rects:
            words = f"{counted(numbers[0], 'instrument')}, {counted(numbers[1], 'encounter')}"
            yield f"<g><title>{row['year']}: {words}</title>{''.join(rects)}</g>"


def _axis(first: int, last: int) -> Iterator[str]:
    """Yield the years on the axis: round ones, and decades where the screen is wide."""
    yield f'<line x2="100%" y1="{_HEIGHT}" y2="{_HEIGHT}"/>'
    step = 100 / (last - first + 1)
    labelled = ticks(first, last, most=_MOST_LABELS)
    decades = range(-(-first // _DECADE) * _DECADE, last + 1, _DECADE)
    minor = decades if len(decades) <= _MOST_DECADES else ()
    for year in sorted({*labelled, *minor}):
        place = (year - first + 0.5) * step
        x = _short(place)
        anchor = "start" if place < _EDGE else "end" if place > 100 - _EDGE else "middle"
        yield "<g>" if year in labelled else '<g class="minor">'
        yield f'<line x1="{x}%" x2="{x}%" y1="{_HEIGHT}" y2="{_HEIGHT + 4}"/>'
        yield f'<text x="{x}%" y="{_HEIGHT + 17}" text-anchor="{anchor}">{year}</text></g>'


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
