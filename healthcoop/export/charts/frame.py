"""What all pictures share: size, type, palettes, and the words above them.

Sizes are in pixels of 1/96 inch, so that a picture placed at its own size, 8.5 cm wide as a column
of a paper, has letters of 6 to 9 points. What cannot be read there is 17 cm wide, as its page.
"""

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from healthcoop.files.visible import visible
from healthcoop.model.vocabulary import Vocabulary

Row = Mapping[str, Any]
Spec = dict[str, Any]

NARROW = 321
WIDE = 643

KIND_COLORS = {"Instruments": "#0072B2", "Encounters": "#E69F00"}
"""Blue and orange of Okabe and Ito, which all kinds of colour vision tell apart."""
FOCUS = "#D55E00"
"""Vermilion of Okabe and Ito: the one that the others are partners of."""
LAND = "#EFEFEF"
INK = "#222222"
SAID = "said"
"""The field of what a mark says of itself, to a reader of the screen and where one points at it."""

_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
_TITLE_SIZE = 12
_SUBTITLE_SIZE = 8.5
_WIDTH_OF_A_LETTER = 0.48  # of its size, on the average of a sentence
_PADDING = 6
_LONGEST = 400  # letters of filters, which may be of any length

# Viridis from its green to its violet: light is little, also in grey, and no class is as light as
# land without records.
_VIRIDIS = (
    *("#B4DE2C", "#6DCD59", "#35B779", "#1F9E89", "#26828E"),
    *("#31688E", "#3E4A89", "#482878", "#440154"),
)
_FINE = (1, 2, 3, 5, 7, 10)
_FINE_UP_TO = 19
_ROUND = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
_MOST_CLASSES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a chart states or needs beside its rows.

    ``filters`` are in words, empty for none; ``records`` is the number that match; ``collections``
    are the codes of theirs; ``day`` is today; ``left_out`` says what is not counted; ``focus`` is
    the country, if the query is for one; ``edges`` are the rows of pairs, for a network.
    """

    names: Vocabulary
    records: int
    day: date
    filters: str = ""
    collections: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    focus: str | None = None
    edges: Sequence[Row] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as a Vega-Lite specification, and the table of exactly what it draws."""

    spec: Spec
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Scale:
    """Classes of numbers: their labels, the least number of each, and their colours."""

    labels: tuple[str, ...]
    least: tuple[int, ...]
    colors: tuple[str, ...]

    def place(self, number: float) -> int:
        """Give the position of the class that a number over 0 falls into."""
        return max(0, sum(number >= least for least in self.least) - 1)


def scale(numbers: Iterable[float]) -> Scale:
    """Make at most six classes of round bounds for numbers from 1, each wider than the last.

    There is one class for each number where the greatest is six or less.
    """
    whole = [max(1, int(number)) for number in numbers] or [1]
    most = max(whole)
    if most <= _MOST_CLASSES:
        least = tuple(range(1, most + 1))
        return Scale(tuple(map(str, least)), least, ramp(len(least)))
    bounds = [bound for bound in (_FINE if most <= _FINE_UP_TO else _ROUND) if bound <= most]
    bounds = bounds[sum(bound <= min(whole) for bound in bounds) - 1 :]
    if len(bounds) > _MOST_CLASSES:
        # Rounded down: most numbers are small, so that is where classes are to be told apart.
        last = len(bounds) - 1
        bounds = [bounds[n * last // (_MOST_CLASSES - 1)] for n in range(_MOST_CLASSES)]
    labels = (
        f"{low:,}" if high - 1 == low else f"{low:,}–{high - 1:,}"
        for low, high in pairwise([*bounds, most + 1])
    )
    return Scale(tuple(labels), tuple(bounds), ramp(len(bounds)))


def ticks(first: int, last: int, *, most: int = 7) -> list[int]:
    """Give whole round numbers from ``first`` to ``last``, at most ``most`` steps apart."""
    steps = (digit * 10**zeros for zeros in range(16) for digit in (1, 2, 5))
    step = next(step for step in steps if last - first <= step * most)
    return [*range(-(-first // step) * step, last + 1, step)]


def quantity(field: str, title: str, most: float) -> Spec:
    """Give an axis of whole numbers from 0, whose last tick lies at or over ``most``."""
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


def said(row: Row, *parts: object) -> Row:
    """Give a row with what its mark says of itself: whose number it is, and the number."""
    *whose, number = parts
    return {**row, SAID: f"{', '.join(map(str, whose))}: {number}"}


def distinct(labels: Mapping[str, str], *, longest: int = 42) -> dict[str, str]:
    """Give what is written for each code: its name, with the code where that alone does not do.

    Two of one name would be drawn as one, and of more than ``longest`` letters not be read.
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
    """Say what codes are of: of countries, or of organisations too."""
    alone = all(code in about.names.countries for code in codes)
    return "countries" if alone else "countries and organisations"


def on_color(color: str) -> str:
    """Give the ink, black or white, that can be read on a colour."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return "#FFFFFF" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else "#000000"


def framed(
    body: Spec,
    about: About,
    *,
    title: str,
    size: tuple[int, int],
    extra: Sequence[str] = (),
) -> Spec:
    """Put a title, what was asked, how much there is and what it covers above a picture.

    ``size`` is the whole width and the height of the drawing; ``extra`` are sentences of this
    picture alone.
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


def sentence(about: About, *, title: str, columns: tuple[str, ...]) -> Chart:
    """Draw the sentence that there is nothing to draw."""
    body = {
        "data": {"values": [{"text": "No record fits: nothing to draw."}]},
        "mark": {"type": "text", "fontSize": 11, "color": INK},
        "encoding": {"text": {"field": "text"}},
    }
    return Chart(framed(body, about, title=title, size=(NARROW, 60)), columns, [])


def counted(number: int, noun: str) -> str:
    """Give a number with its noun: ``1 record``, ``1,200 records``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _subtitle(about: About, extra: Sequence[str]) -> str:
    asked = textwrap.shorten(about.filters or "All records", _LONGEST, placeholder=" …")
    found = " and ".join(about.collections)
    sentences = [
        f"{asked}; n = {counted(about.records, 'record')}",
        *extra,
        *([f"Not counted: {'; '.join(about.left_out)}"] if about.left_out else []),
        *([f"Counts tell what {found} found, not all there was"] if found else []),
    ]
    return " ".join(f"{text}." for text in sentences)


def _wrapped(text: str, width: int, size: float) -> list[str]:
    letters = int((width - 2 * _PADDING) / (size * _WIDTH_OF_A_LETTER))
    return textwrap.wrap(visible(text), letters, break_on_hyphens=False)


def ramp(number: int) -> tuple[str, ...]:
    """Take ``number`` colours from the ramp, evenly spread; one alone from its middle."""
    if number == 1:
        return (_VIRIDIS[4],)
    return tuple(_between(at * (len(_VIRIDIS) - 1) / (number - 1)) for at in range(number))


def _between(place: float) -> str:
    """Give the colour at a place of the ramp, mixed of the two beside it."""
    low = min(int(place), len(_VIRIDIS) - 2)
    pairs = zip(*(bytes.fromhex(_VIRIDIS[at][1:]) for at in (low, low + 1)), strict=True)
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
