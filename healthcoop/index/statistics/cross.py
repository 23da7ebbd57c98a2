"""Records counted by two dimensions at once, and the names of their values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from healthcoop.errors import HealthcoopError
from healthcoop.index.statistics.dyad_years import Row

if TYPE_CHECKING:
    from healthcoop.index.statistics.counting import Selection
    from healthcoop.model.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Dimension:
    """What records are counted by: the values of a ``dimension`` of trait (selection.sql).

    ``label`` returns the name of a value; ``in_time`` values are in order, others by number;
    ``noun`` is what a value is, if not what the dimension is called.
    """

    label: Callable[["Vocabulary", str], str]
    noun: str = ""
    in_time: bool = False


def _party(names: "Vocabulary", code: str) -> str:
    return names.label(code)


def _of(vocabulary: str) -> Callable[["Vocabulary", str], str]:
    return lambda names, code: names.label_in(vocabulary, code)


def _itself(_: "Vocabulary", value: str) -> str:
    return value


DIMENSIONS: Mapping[str, Dimension] = {
    "country": Dimension(_party),
    "organisation": Dimension(_party),
    "topic": Dimension(_of("topics")),
    "type": Dimension(_of("types")),
    "kind": Dimension(_itself),
    "year": Dimension(_itself, in_time=True),
    "decade": Dimension(lambda _, decade: f"{decade[:-1]}0s", in_time=True),
    "region": Dimension(_of("regions"), "WHO region"),
    "m49": Dimension(_of("regions"), "subregion"),
    "collection": Dimension(_of("collections")),
    "lateral": Dimension(_itself, "kind of partners"),
}
"""The dimensions of ``stats cross`` by name."""


def noun(dimension: str) -> str:
    """Return what a value of a dimension is called."""
    return DIMENSIONS[dimension].noun or dimension


@dataclass(frozen=True, slots=True)
class Margin:
    """One side of a table: a dimension, and the number of records of each of its values, in order.

    A record counts once for a value, in however many cells it is.
    """

    dimension: str
    records: Mapping[str, int]

    @classmethod
    def of(cls, dimension: str, numbers: Iterable[tuple[str, int]]) -> "Margin":
        """Put the values in order: those of time as they follow, others by number."""

        def order(item: tuple[str, int]) -> tuple[int, str]:
            value, number = item
            return (len(value) if DIMENSIONS[dimension].in_time else -number, value)

        return cls(dimension, dict(sorted(numbers, key=order)))

    def label(self, names: "Vocabulary", value: str) -> str:
        """Return the name of a value."""
        return DIMENSIONS[self.dimension].label(names, value)

    def values(self) -> list[str]:
        """Return the values in order; of time, those without a record between them too."""
        values = [*self.records]
        if not self.in_time:
            return values
        decades = values[0].endswith("X")
        first, last = (int(value.removesuffix("X")) for value in (values[0], values[-1]))
        numbers = range(first, last + 1)
        return [f"{number:03}X" if decades else str(number) for number in numbers]

    @property
    def in_time(self) -> bool:
        """Whether the values follow each other in time."""
        return DIMENSIONS[self.dimension].in_time


class Cells(Sequence[Row]):
    """The cells that are not empty, row by row; the margins; and the number of records in all."""

    def __init__(
        self,
        cells: Sequence[Row],
        margins: tuple[Margin, Margin],
        records: int,
        *,
        selected: bool = False,
    ) -> None:
        """Store the cells; ``selected`` if these are some of all, or not row by row."""
        self._cells = cells
        self.selected = selected
        self.rows, self.columns = margins
        self.records = records

    def of(self, cells: Sequence[Row]) -> "Cells":
        """Return some of the cells, in another order, with the totals of their rows and columns."""
        margins = [
            Margin(margin.dimension, {v: n for v, n in margin.records.items() if v in {*values}})
            for margin, values in (
                (self.rows, [cell["row"] for cell in cells]),
                (self.columns, [cell["column"] for cell in cells]),
            )
        ]
        return Cells(cells, (margins[0], margins[1]), self.records, selected=True)

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self._cells)

    @overload
    def __getitem__(self, number: int) -> Row: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Row]: ...
    def __getitem__(self, number: int | slice) -> Row | Sequence[Row]:
        """Return one cell, or several."""
        return self._cells[number]


def cross(selected: "Selection", columns: Sequence[str]) -> Cells:
    """Return the cells of cross.sql; raises HealthcoopError for one dimension twice."""
    names = [selected.parameters[axis] for axis in ("rows", "columns")]
    if names[0] == names[1]:
        raise HealthcoopError(
            f"rows and columns are both by {names[0]}",
            hint=f"Choose two of: {', '.join(DIMENSIONS)}.",
        )
    numbers: dict[str, list[tuple[str, int]]] = {"rows": [], "columns": []}
    records = 0
    for axis, value, number in selected.tuples("cross_margins"):
        if axis:
            numbers[axis].append((value, number))
        else:
            records = number
    margins = (Margin.of(names[0], numbers["rows"]), Margin.of(names[1], numbers["columns"]))
    places = [{value: at for at, value in enumerate(margin.records)} for margin in margins]
    cells = selected.rows("cross", columns)
    cells.sort(key=lambda cell: (places[0][cell["row"]], places[1][cell["column"]]))
    return Cells(cells, margins, records)
