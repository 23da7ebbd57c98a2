"""Text for a terminal of some width or for a pipe: rich objects rendered, bars, sparklines."""

import io
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from healthcoop.files.visible import visible

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = " ▁▂▃▄▅▆▇█"
SECOND = "▒"
"""The character of a bar's second part, distinct from the first without colour too."""

_ASCII = str.maketrans(
    {
        **dict(zip("▏▎▍▌▋▊▉█", "---==###", strict=True)),
        **dict(zip("▁▂▃▄▅▆▇", "_.,:-=+", strict=True)),
        **{SECOND: ":", "·": ".", "–": "-", "’": "'", "“": '"', "”": '"', "…": "~"},
    }
)


def bar(value: float, maximum: float, width: int) -> str:
    """Return a bar of at most ``width`` cells, exact to an eighth; never empty for a value > 0."""
    if maximum <= 0 or value <= 0 or width <= 0:
        return ""
    eighths = max(1, round(value / maximum * width * 8))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def sparkline(values: Sequence[int]) -> str:
    """Return one character for each value, full for the highest; never blank for a value > 0."""
    highest = max(values, default=0)
    if highest == 0:
        return " " * len(values)
    return "".join(
        _HEIGHTS[0 if not value else max(1, round(value / highest * 8))] for value in values
    )


def two_bars(first: int, second: int, maximum: int, width: int) -> tuple[str, str]:
    """Return the two parts of a stacked bar in whole cells; no part with a value is empty."""
    if maximum <= 0:
        return "", ""
    both = max((first > 0) + (second > 0), round((first + second) / maximum * width))
    cells = min(max(first > 0, round(first / maximum * width)), both - (second > 0))
    return "█" * cells, SECOND * (both - cells)


def in_ascii(drawn: str) -> str:
    """Replace block characters by ASCII ones of the same width."""
    return drawn.translate(_ASCII)


_UNLIMITED = 100_000  # columns: text for a pipe is neither truncated nor wrapped


class WrappedTable(Table):
    """A table whose cells are wrapped already: it is as wide as its longest line."""


class Batched(ABC):
    """Something long, which is rendered in parts."""

    __slots__ = ()

    @abstractmethod
    def batches(self) -> Iterator[Any]:
        """Yield the parts, rich objects of some lines each."""


_WHOLE = re.compile(r"\W*(?:https?://|records/|[0-9]{4}-[a-z])")
"""The beginning of an address, a path or an id."""


def longest_whole(value: Text) -> int:
    """Return the columns of the longest word that is never broken; a single word is none either."""
    words = value.plain.split()
    return max(
        (cell_len(word) for word in words if len(words) == 1 or _WHOLE.match(word)), default=0
    )


def wrapped(value: Text, width: int | None) -> Text:
    """Break a text between words, and within one that is longer than ``width``.

    Ids, paths and addresses stay whole, whatever their length. In a pipe, with ``width`` None,
    nothing is broken.
    """
    if width is None:
        return value
    lines: list[Text] = []
    for line in value.split("\n", allow_blank=True):
        breaks, used = [], 0
        for match in re.finditer(r"(\s*)(\S+)", line.plain):
            space, word = match.groups()
            columns = cell_len(word)
            if (used or space) and used + len(space) + columns > width:
                breaks.append(match.start(2))
                used = 0
            else:
                used += len(space)
            if used + columns > width and not _WHOLE.match(word):
                for offset, character in enumerate(word, start=match.start(2)):
                    if used and used + cell_len(character) > width:
                        breaks.append(offset)
                        used = 0
                    used += cell_len(character)
            else:
                used += columns
        parts = line.divide(breaks)
        for part in parts:
            part.rstrip()
        lines += parts
    return Text("\n").join(lines)


def render(
    renderables: Iterable[Any], *, width: int | None, colored: bool, blocks: bool = True
) -> Iterator[str]:
    """Yield the text of each renderable; ``width`` None is a pipe: no wrapping, no truncation.

    Without ``blocks``, block characters are replaced by ASCII.
    """
    parts = (
        part
        for renderable in renderables
        for part in (renderable.batches() if isinstance(renderable, Batched) else [renderable])
    )
    for renderable in parts:
        console = Console(
            file=io.StringIO(),
            width=width or _UNLIMITED,
            color_system="standard" if colored else None,
            force_terminal=colored,
            no_color=not colored,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        with console.capture() as capture:
            if isinstance(renderable, WrappedTable):
                unlimited = console.options.update(width=_UNLIMITED)
                console.width = max(
                    console.width, Measurement.get(console, unlimited, renderable).maximum
                )
            console.print(renderable, soft_wrap=False)
        drawn = capture.get() if blocks else in_ascii(capture.get())
        yield "".join(f"{line.rstrip(' ')}\n" for line in drawn.splitlines())


def text(value: str, style: str = "") -> Text:
    """Return a styled text; markup is not interpreted and control characters are visible."""
    return Text(visible(value), style=style)
