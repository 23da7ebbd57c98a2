"""Rendering what rich lays out to text, for a terminal of some width or for a pipe."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from healthcoop.files.visible import visible
from healthcoop.terminal.charts import in_ascii

_ENDLESS = 100_000  # a pipe truncates and wraps nothing


def render(
    renderables: Iterable[Any], *, width: int | None, colored: bool, blocks: bool = True
) -> Iterator[str]:
    """Give the text of each renderable; ``width`` None is a pipe: no wrapping, no truncation.

    ``blocks`` tells whether there are block characters where it will be read.
    """
    for renderable in renderables:
        console = Console(
            file=io.StringIO(),
            width=width or _ENDLESS,
            color_system="standard" if colored else None,
            force_terminal=colored,
            no_color=not colored,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
        )
        with console.capture() as capture:
            console.print(renderable, soft_wrap=False)
        drawn = capture.get() if blocks else in_ascii(capture.get())
        yield "".join(f"{line.rstrip(' ')}\n" for line in drawn.splitlines())


def text(value: str, style: str = "") -> Text:
    """Make a styled text of a record's, nothing in it taken for markup or control."""
    return Text(visible(value), style=style)
