"""Render rich objects to text, for a terminal of some width or for a pipe."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from healthcoop.files.visible import visible
from healthcoop.terminal.charts import in_ascii

_UNLIMITED = 100_000  # columns: text for a pipe is neither truncated nor wrapped


def render(
    renderables: Iterable[Any], *, width: int | None, colored: bool, blocks: bool = True
) -> Iterator[str]:
    """Yield the text of each renderable; ``width`` None is a pipe: no wrapping, no truncation.

    Without ``blocks``, block characters are replaced by ASCII.
    """
    for renderable in renderables:
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
            console.print(renderable, soft_wrap=False)
        drawn = capture.get() if blocks else in_ascii(capture.get())
        yield "".join(f"{line.rstrip(' ')}\n" for line in drawn.splitlines())


def text(value: str, style: str = "") -> Text:
    """Return a styled text; markup is not interpreted and control characters are visible."""
    return Text(visible(value), style=style)
