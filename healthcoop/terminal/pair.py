"""The report on two parties as a page of a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from healthcoop.export.pair import Report, Section, sections, title
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.terminal.console import bar, text
from healthcoop.terminal.tables import WIDE, plain

_BAR = 24
_INDENT = 2


def pair_page(report: Report, names: Vocabulary, *, width: int | None) -> Iterator[RenderableType]:
    """Yield the parts of the page; on a terminal with a bar for each number of records."""
    yield text(title(report, names), "bold")
    for section in sections(report, names):
        if section.heading:
            yield from (Text(""), text(section.heading, "bold"))
        if section.text:
            yield text(section.text)
        if section.columns:
            yield Padding(_table(section, width), (0, 0, 0, _INDENT), expand=False)


def _table(section: Section, width: int | None) -> Table:
    columns, rows = dict(section.columns or {}), [*section.rows]
    if width is None:
        return plain(columns, rows, width=None)
    if section.bars:
        columns["bar"] = ""
        most = max(row["records"] for row in rows)
        rows = [{**row, "bar": bar(row["records"], most, _BAR)} for row in rows]
    if width < WIDE and section.below:
        columns = {key: heading for key, heading in columns.items() if key not in section.below}
        rows = [{**row, "title": _stacked(row, ("title", *section.below))} for row in rows]
    return plain(columns, rows, width=width - _INDENT)


def _stacked(row: Mapping[str, Any], keys: Sequence[str]) -> Text:
    lines = [text(row[key], "dim" if number else "") for number, key in enumerate(keys) if row[key]]
    return Text("\n").join(lines)
