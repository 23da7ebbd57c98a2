"""What all charts share: sizes, fonts, palettes, titles and captions.

Sizes are in pixels of 1/96 inch, so that a chart placed at its own size, 8.5 cm wide as a column
of a paper, has letters of 6 to 9 points. Charts too detailed for that are 17 cm wide, as a page.
"""

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from healthcoop.files.visible import counted, visible
from healthcoop.index.statistics.cross import Cells
from healthcoop.model.vocabulary import Vocabulary

Row = Mapping[str, Any]
Spec = dict[str, Any]

NARROW = 321
WIDE = 643

KIND_COLORS = {"Instruments": "#0072B2", "Encounters": "#E69F00"}
"""Blue and orange of Okabe and Ito, distinct for all kinds of colour vision."""
FOCUS = "#D55E00"
"""Vermilion of Okabe and Ito: the country whose partners are shown."""
LAND = "#EFEFEF"
INK = "#222222"
DESCRIPTION = "description"
"""The field with the text of a mark for screen readers and tooltips."""

_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_TITLE_SIZE = 12
_SUBTITLE_SIZE = 8.5
_WIDTH_OF_A_LETTER = 0.48  # of its size, on average
_PADDING = 6
_LONGEST = 400  # letters of a description of filters

# Viridis from green to violet: light is low, also when printed in grey, and no class is as light as
# land without records.
_VIRIDIS = (
    *("#B4DE2C", "#6DCD59", "#35B779", "#1F9E89", "#26828E"),
    *("#31688E", "#3E4A89", "#482878", "#440154"),
)
_FINE = (1, 2, 3, 5, 7, 10)
_FINE_UP_TO = 19
ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
MOST_CLASSES = 6
"""The most classes of a scale, and colours of a ramp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a chart states or needs beside its rows.

    ``filters`` are in words, empty for none; ``records`` is the number that match; ``collections``
    are the codes of theirs; ``day`` is today; ``left_out`` states what is not counted; ``focus`` is
    the country, if the query is for one; ``edges`` are the rows of pairs, for a network; ``cells``
    those of a table by two dimensions, with their totals; ``limited`` states that only some rows
    are drawn.
    """

    names: Vocabulary
    records: int
    day: date
    filters: str = ""
    collections: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    focus: str | None = None
    edges: Sequence[Row] = ()
    cells: Cells | None = None
    limited: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as a Vega-Lite specification, and the table of the values that it shows."""

    spec: Spec
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes of numbers: their labels, lower bounds and colours."""

    labels: tuple[str, ...]
    least: tuple[int, ...]
    colors: tuple[str, ...]

    def place(self, number: float) -> int:
        """Return the position of the class of a number above 0."""
        return max(0, sum(number >= least for least in self.least) - 1)


def scale(numbers: Iterable[float]) -> Scale:
    """Return at most six classes with round bounds for numbers from 1, each wider than the last.

    If the greatest number is six or less, each number is a class.
    """
    whole = [max(1, int(number)) for number in numbers] or [1]
    most = max(whole)
    if most <= MOST_CLASSES:
        least = tuple(range(1, most + 1))
        return Scale(tuple(map(str, least)), least, ramp(len(least)))
    bounds = [bound for bound in (_FINE if most <= _FINE_UP_TO else ROUND) if bound <= most]
    bounds = bounds[sum(bound <= min(whole) for bound in bounds) - 1 :]
    if len(bounds) > MOST_CLASSES:
        # Rounded down, since most numbers are small and small classes separate them.
        last = len(bounds) - 1
        bounds = [bounds[n * last // (MOST_CLASSES - 1)] for n in range(MOST_CLASSES)]
    return scale_of(bounds, most)


def scale_of(bounds: Sequence[int], most: int) -> Scale:
    """Return the classes with these lower bounds, the last one up to the greatest number."""
    labels = (
        f"{low:,}" if high - 1 == low else f"{low:,}–{high - 1:,}"
        for low, high in pairwise([*bounds, most + 1])
    )
    return Scale(tuple(labels), tuple(bounds), ramp(len(bounds)))


def ticks(first: int, last: int, *, most: int = 7) -> list[int]:
    """Return round integers from ``first`` to ``last``, in at most ``most`` steps."""
    steps = (digit * 10**zeros for zeros in range(16) for digit in (1, 2, 5))
    step = next(step for step in steps if last - first <= step * most)
    return [*range(-(-first // step) * step, last + 1, step)]


def quantity(field: str, title: str, most: float) -> Spec:
    """Return an axis of integers from 0, whose last tick is at or above ``most``."""
    marked = ticks(0, max(1, math.ceil(most)), most=5)
    if marked[-1] < most:
        marked.append(2 * marked[-1] - marked[-2])
    return {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"domain": [0, marked[-1]]},
        "axis": {"values": marked, "format": ",d"},
    }


def described(row: Row, *parts: object) -> Row:
    """Return a row with the description of its mark: what is counted, and the number."""
    *whose, number = parts
    return {**row, DESCRIPTION: f"{', '.join(map(str, whose))}: {number}"}


def unique_labels(labels: Mapping[str, str], *, longest: int = 42) -> dict[str, str]:
    """Return a label for each code: its name, with the code where that is ambiguous or too long.

    Equal labels would be drawn as one; more than ``longest`` letters would be illegible.
    """
    shown = {code: visible(label) for code, label in labels.items()}
    often = Counter(shown.values())
    for code, name in shown.items():
        if often[name] > 1 or len(name) > longest:
            room = max(1, longest - len(f" ({code})"))
            cut = name if len(name) <= room else f"{name[: room - 1].rstrip()}…"
            shown[code] = f"{cut} ({code})"
    return shown


def parties(codes: Iterable[str], about: About) -> str:
    """Return the noun for codes: countries, or countries and organisations."""
    alone = all(code in about.names.countries for code in codes)
    return "countries" if alone else "countries and organisations"


def ink_on(color: str) -> str:
    """Return black or white, whichever is legible on a colour."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#FFFFFF" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else "#000000"


def with_frame(
    body: Spec,
    about: About,
    *,
    title: str,
    size: tuple[int, int],
    extra: Sequence[str] = (),
) -> Spec:
    """Add a title, the filters, the number of records and their coverage above a chart.

    ``size`` is the total width and the height of the plot; ``extra`` are sentences for this chart.
    """
    width, height = size
    return {
        "width": width - 2 * _PADDING,
        "height": height,
        "padding": _PADDING,
        "autosize": {"type": "fit-x", "contains": "content"},
        "background": "white",
        "title": {
            "text": _wrapped(title, width, _TITLE_SIZE),
            "subtitle": _wrapped(_subtitle(about, extra), width, _SUBTITLE_SIZE),
        },
        **body,
        "config": _CONFIG,
    }


def no_records(about: About, *, title: str, columns: tuple[str, ...]) -> Chart:
    """Return a chart that states that no records match."""
    body = {
        "data": {"values": [{"text": "No records match: nothing to draw."}]},
        "mark": {"type": "text", "fontSize": 11, "color": INK},
        "encoding": {"text": {"field": "text"}},
    }
    return Chart(with_frame(body, about, title=title, size=(NARROW, 60)), columns, [])


def _subtitle(about: About, extra: Sequence[str]) -> str:
    filters = textwrap.shorten(about.filters or "All records", _LONGEST, placeholder=" …")
    sources = " and ".join(about.collections)
    sentences = [
        f"{filters}; n = {counted(about.records, 'record')}",
        *extra,
        *([about.limited] if about.limited else []),
        *([f"Not counted: {'; '.join(about.left_out)}"] if about.left_out else []),
        *([f"Counts show what {sources} found, not all that took place"] if sources else []),
    ]
    return " ".join(f"{text}." for text in sentences)


def _wrapped(text: str, width: int, size: float) -> list[str]:
    letters = int((width - 2 * _PADDING) / (size * _WIDTH_OF_A_LETTER))
    return textwrap.wrap(visible(text), letters, break_on_hyphens=False)


def ramp(number: int, colors: Sequence[str] = _VIRIDIS) -> tuple[str, ...]:
    """Return ``number`` colours evenly spread over a ramp; a single one is its middle."""
    last = len(colors) - 1
    if number == 1:
        return (colors[last // 2],)
    return tuple(_mixed(at * last / (number - 1), colors) for at in range(number))


def _mixed(place: float, colors: Sequence[str]) -> str:
    """Return the colour at a position of a ramp, interpolated."""
    low = min(int(place), len(colors) - 2)
    pairs = zip(*(bytes.fromhex(colors[at][1:]) for at in (low, low + 1)), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * (place - low)):02X}" for one, two in pairs)


_CONFIG: Spec = {
    "font": _FONT,
    "view": {"stroke": None},
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": _TITLE_SIZE,
        "fontWeight": "bold",
        "color": INK,
        "subtitleFontSize": _SUBTITLE_SIZE,
        "subtitleColor": "#555555",
        "subtitleLineHeight": 11,
        "subtitlePadding": 4,
        "offset": 8,
    },
    "axis": {
        "labelFontSize": 9.5,
        "titleFontSize": 10,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#E4E4E4",
        "domainColor": "#888888",
        "tickColor": "#888888",
        "labelFlush": False,
        "labelLimit": 185,
    },
    "legend": {
        "labelFontSize": 9.5,
        "titleFontSize": 9.5,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "symbolType": "square",
        "symbolStrokeWidth": 0,
        "offset": 6,
        "labelLimit": 200,
    },
}
