"""Write the Parquet tables of N plausible records directly, the same for the same seed.

``python -m tests.bench.tables 1000000 DIR [--seed 1]``

``tests.bench.generate`` writes record files, which take longer to index than their tables to count.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy
import pyarrow
from pyarrow import parquet

from healthcoop.dataset import Dataset
from healthcoop.export.parquet_tables import write_tables
from healthcoop.index.database import Index, connect, statements
from healthcoop.index.engines import TABLES

ROOT = Path(__file__).resolve().parents[2]
SQL = ROOT / "healthcoop" / "index"
FIRST_YEAR, LAST_YEAR = 1948, 2026
MOST_PARTIES = 60

Array = Any


class Generator:
    """Draws the columns of all tables at once."""

    def __init__(self, count: int, seed: int, folder: Path) -> None:
        self._rng = numpy.random.default_rng(seed)
        self._count = count
        self._folder = folder
        term = parquet.read_table(folder / "term.parquet").to_pydict()
        codes: dict[str, list[str]] = {}
        kinds = dict(zip(term["code"], term["kind"], strict=True))
        for vocabulary, code in zip(term["vocabulary"], term["code"], strict=True):
            codes.setdefault(vocabulary, []).append(code)
        self._codes = {name: numpy.array(listed) for name, listed in codes.items()}
        self._kinds = numpy.array([kinds[code] for code in codes["types"]])

    def write(self) -> None:
        """Write the tables of records; those of vocabularies are in the folder already."""
        rng, count = self._rng, self._count
        span = LAST_YEAR - FIRST_YEAR + 1
        years = numpy.sort(FIRST_YEAR + (span * rng.random(count) ** 0.35).astype(int))
        days = years.astype(str).astype("datetime64[Y]").astype("datetime64[D]")
        days = days + _days(rng.integers(0, 365, count))
        # Of 100 records 90 have a day, 6 a month, 2 a year, 1 no earliest day and 1 no date.
        form = rng.choice(5, count, p=[0.9, 0.06, 0.02, 0.01, 0.01])
        units = [days, days.astype("datetime64[M]"), days.astype("datetime64[Y]")]
        first = numpy.select([form == 1, form == 2], units[1:], days).astype("datetime64[D]")
        one = numpy.timedelta64(1, "D")
        steps = [numpy.timedelta64(1, "M"), numpy.timedelta64(1, "Y")]
        nexts = [unit + step for unit, step in zip(units[1:], steps, strict=True)]
        ends = [each.astype("datetime64[D]") - one for each in nexts]
        last = numpy.select([form == 1, form == 2], ends, days).astype("datetime64[D]")
        text = [unit.astype(str) for unit in units]
        date = numpy.select(
            [form == 1, form == 2, form == 3],
            [text[1], text[2], numpy.char.add("../", text[0])],
            text[0],
        )
        unknown = form == 4
        sort_day = numpy.where(form == 3, last, first).astype(str)
        latest = last.astype(str)
        types = self._draw("types", count, power=0.9)
        kind = self._kinds[types]
        instrument = (kind == "instrument") & ~unknown
        numbers = numpy.arange(1, count + 1)
        when = {"date": date, "day": sort_day, "latest": latest}
        sides = self._parties(numbers, **when, years=years, unknown=unknown)
        begins = first + _days(rng.integers(0, 400, count))
        until = begins + _days(365 * rng.choice([2, 3, 5, 10], count))
        record = {
            "id": numbers,
            "ident": numpy.char.add(numpy.char.add(years.astype(str), "-"), numbers.astype(str)),
            "type": self._codes["types"][types],
            "kind": kind,
            "title": numpy.char.add("Event ", numbers.astype(str)),
            "date": _known(date, ~unknown),
            "earliest": _known(first.astype(str), ~unknown & (form != 3)),
            "latest": _known(latest, ~unknown),
            "sort_day": _known(sort_day, ~unknown),
            "year": _known(years, ~unknown),
            "lateral": _known(sides["lateral"], sides["lateral"] != ""),
            "withdrawn": unknown | (rng.random(count) < 0.003),
            "collection": self._codes["collections"][self._draw("collections", count, power=1.5)],
            "countries": sides["countries"],
            "parties": sides["parties"],
            "filled": rng.integers(0, 256, count),
            "possible_from": _known(first.astype(str), instrument & (form != 3)),
            "certain_from": _known(begins.astype(str), instrument & (rng.random(count) < 0.5)),
            "certain_until": _known(until.astype(str), instrument & (rng.random(count) < 0.6)),
            "possible_until": _known(
                (until + _days(900)).astype(str), instrument & (rng.random(count) < 0.4)
            ),
            "stated_from": _known(begins.astype(str), instrument & (rng.random(count) < 0.3)),
            "stated_end": _known(latest, numpy.zeros(count, bool)),
        }
        self._save("record", record)
        self._topics(numbers)
        linked = instrument & (rng.random(count) < 0.03)
        before = (begins + _days(700)).astype(str)[linked]
        drawn = rng.random((2, linked.sum()))
        self._save(
            "link_effect",
            {
                "record": numbers[linked],
                "certain_before": _known(before, drawn[0] < 0.8),
                "possible_until": _known(before, drawn[1] < 0.5),
                "words": before,
            },
        )
        own = instrument[sides["record"] - 1] & sides["side"]
        own &= (sides["parties"] > 2)[sides["record"] - 1]
        self._periods(own, sides, begins, until)

    def _draw(self, vocabulary: str, count: int, *, power: float) -> Array:
        """Draw numbers of codes, their frequencies falling with the rank (Zipf)."""
        weights = (numpy.arange(len(self._codes[vocabulary])) + 2.0) ** -power
        return self._rng.choice(len(weights), count, p=weights / weights.sum())

    def _parties(self, numbers: Array, **of_record: Array) -> dict[str, Array]:
        rng, count = self._rng, len(numbers)
        date, day, latest, years, unknown = of_record.values()
        many = numpy.minimum(3 + rng.geometric(0.1, count), MOST_PARTIES)
        size = numpy.where(rng.random(count) < 0.05, many, 2 + (rng.random(count) < 0.04))
        record: Array = numpy.repeat(numbers, size)
        total = len(record)
        position = numpy.arange(total) - numpy.repeat(numpy.cumsum(size) - size, size)
        organisation = (rng.random(total) < 0.12) & (position > 0)
        names = [self._codes["countries"], self._codes["organisations"]]
        order = rng.permutation(len(names[0]))
        code = numpy.where(
            organisation,
            names[1][self._draw("organisations", total, power=1.2)],
            names[0][order][self._draw("countries", total, power=0.9)],
        )
        observer = rng.random(total) < 0.02
        of: Array = record - 1
        # Some sides acceded later, of some it is unknown when.
        joined = rng.random(total)
        later = years[of] + rng.integers(1, 12, total)
        acceded = numpy.char.add(later.astype(str), "-05-17")
        late, open_ = joined < 0.03, (joined > 0.99) | unknown[of]
        own_day = numpy.where(late, acceded, day[of])
        key = numpy.char.add(numpy.char.add(own_day, " "), numpy.where(late, acceded, latest[of]))
        empty = _known(code, numpy.zeros(total, bool))
        self._save(
            "party",
            {
                **{"record": record, "position": position, "code": code},
                **{"organisation": organisation, "side": ~observer},
                "role": _known(numpy.where(observer, "observer", ""), observer),
                "level": _known(numpy.where(observer, "", "subnational"), rng.random(total) < 0.02),
                **{"signed": empty, "ratified": empty, "acceded": _known(acceded, late)},
                **{"in_force": empty, "left": empty},
                "first": _known(numpy.where(late, acceded, date[of]), ~open_),
                "first_key": _known(key, ~open_),
                "first_year": _known(numpy.where(late, later, years[of]), ~unknown[of]),
            },
        )
        countries = _different(record[~observer & ~organisation], code[~observer & ~organisation])
        counted = [_per_record(countries, count)]
        both = _different(record[~observer], code[~observer])
        counted.append(_per_record(both, count))
        lateral = numpy.select(
            [counted[0] == 2, counted[0] > 2, counted[1] > counted[0]],
            ["bilateral", "multilateral", "organisation"],
            "",
        )
        return {
            **{"record": record, "code": code, "side": ~observer, "lateral": lateral},
            **{"countries": counted[0], "parties": counted[1]},
        }

    def _topics(self, numbers: Array) -> None:
        size = self._rng.choice([1, 2, 3], len(numbers), p=[0.5, 0.3, 0.2])
        record: Array = numpy.repeat(numbers, size)
        position = numpy.arange(len(record)) - numpy.repeat(numpy.cumsum(size) - size, size)
        first: Array = numpy.repeat(self._draw("topics", len(numbers), power=0.8), size)
        code = self._codes["topics"][(first + position * 5) % len(self._codes["topics"])]
        self._save("topic", {"record": record, "position": position, "code": code})

    def _periods(self, own: Array, sides: dict[str, Array], begins: Array, until: Array) -> None:
        """Write days of their own for every second side of multilateral instruments."""
        own = own & (self._rng.random(len(own)) < 0.5)
        record, code = sides["record"][own], sides["code"][own]
        _, kept = numpy.unique(_keys(record, code), return_index=True)
        kept.sort()
        record, code = record[kept], code[kept]
        begin = begins[record - 1] + _days(self._rng.integers(0, 2000, len(record)))
        drawn = self._rng.random((3, len(record)))
        self._save(
            "party_period",
            {
                **{"record": record, "code": code, "possible_from": begin.astype(str)},
                "certain_from": _known(begin.astype(str), drawn[0] < 0.7),
                "certain_until": _known(until[record - 1].astype(str), drawn[1] < 0.5),
                "left_until": _known((begin + _days(4000)).astype(str), drawn[2] < 0.1),
            },
        )

    def _save(self, table: str, columns: dict[str, Array]) -> None:
        path = self._folder / f"{table}.parquet"
        schema = parquet.read_schema(path)
        assert [*columns] == schema.names, f"{table}: {schema.names}"
        arrays = [
            column if isinstance(column, pyarrow.Array) else pyarrow.array(column)
            for column in columns.values()
        ]
        cast = [array.cast(field.type) for array, field in zip(arrays, schema, strict=True)]
        table_ = pyarrow.table(cast, schema=schema)
        parquet.write_table(table_, path, compression="zstd", row_group_size=200_000)


def _days(number: Any) -> Any:
    """Return a number, or an array of numbers, as days that can be added to a date."""
    return numpy.asarray(number).astype("timedelta64[D]")


def _known(values: Array, mask: Array) -> pyarrow.Array:
    return pyarrow.array(values, mask=~mask)


def _keys(record: Array, code: Array) -> Array:
    """Return a number for each record and code."""
    _, number = numpy.unique(code, return_inverse=True)
    return record * 1000 + number


def _different(record: Array, code: Array) -> Array:
    """Return the record of each different record and code."""
    return numpy.unique(_keys(record, code)) // 1000


def _per_record(record: Array, count: int) -> Array:
    return numpy.bincount(record - 1, minlength=count)


def write(count: int, folder: Path, *, seed: int = 1, root: Path = ROOT) -> None:
    """Write the tables of ``count`` records, with the vocabularies of the data set in ``root``."""
    folder.mkdir(parents=True, exist_ok=True)
    with Dataset.open(root) as dataset:
        write_tables(dataset.index, ("0", []), folder)
    Generator(count, seed, folder).write()


def load(folder: Path) -> Index:
    """Return an index in memory with the tables in a folder, to be counted by SQLite."""
    connection = connect(None)
    for script in ("schema.sql", "spans.sql"):
        for statement in statements((SQL / script).read_text(encoding="utf-8")):
            connection.execute(statement)
    for table in TABLES:
        for batch in parquet.ParquetFile(folder / f"{table}.parquet").iter_batches():
            rows = zip(*(column.to_pylist() for column in batch.columns), strict=True)
            values = ", ".join("?" * batch.num_columns)
            connection.executemany(f"INSERT INTO {table} VALUES ({values})", rows)
    return Index(connection, root=folder, reopen=lambda: load(folder).connection)


def main() -> None:
    """Write tables by the command line's arguments."""
    parser = argparse.ArgumentParser(description="Write the tables of plausible records.")
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    write(arguments.count, arguments.folder, seed=arguments.seed)


if __name__ == "__main__":
    main()
