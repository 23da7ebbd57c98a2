"""EXPORTERS: each export format declared once, and how one is written.

To add a format: a module with a function, and an entry here. The command, its options, help and
completion, ``Dataset.export`` and docs/exports.md come from the entry.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from healthcoop.errors import HealthcoopError
from healthcoop.files import atomic

if TYPE_CHECKING:
    from healthcoop.export.extract import Extract


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One export format.

    ``kind`` is what is written. ``text``: the function takes an Extract and yields text, for a
    stream or a file. ``file`` and ``folder``: it takes an Extract and the path of a new file, which
    does not exist yet, or of a new empty folder. ``function`` is ``module.name`` below
    healthcoop.export, imported on demand. ``ending`` is that of a file's name. ``beside`` names a
    function that takes an Extract and the file's path, and returns text files to be written beside
    it, by what is added to its name. ``variants`` are other ways to write the format, by option.
    ``use`` names programs that read it, for people who do not know the format.
    ``package`` is the optional one that it imports, ``extra`` that of ours which installs it.
    ``notes`` are for docs/exports.md: what a reader of the format must know.
    """

    doc: str
    kind: Literal["text", "file", "folder"]
    function: str
    ending: str = ""
    beside: str = ""
    variants: Mapping[str, "Exporter"] = field(default_factory=dict)
    use: str = ""
    package: str = ""
    extra: str = ""
    notes: str = ""

    @property
    def is_available(self) -> bool:
        """Whether the package that the format needs is installed."""
        return not self.package or find_spec(self.package) is not None

    @property
    def write(self) -> Callable[..., Any]:
        """The function that writes the format."""
        return _function(self.function)


EXPORTERS: Mapping[str, Exporter] = {
    "csv": Exporter(
        doc="One row a record (RFC 4180), and beside it a description of its columns.",
        use="Spreadsheets, R, Python",
        kind="text",
        function="records.write_csv",
        ending="csv",
        beside="csvw.metadata",
        variants={
            "tables": Exporter(
                doc="A CSV file for each table: records, parties, people, topics, sources ...",
                kind="folder",
                function="csvw.write_tables",
            )
        },
    ),
    "json": Exporter(
        doc="One object: the provenance, and the records with all their fields.",
        use="Programs",
        kind="text",
        function="records.write_json",
        ending="json",
    ),
    "jsonl": Exporter(
        doc="A record with all its fields on each line, an object.",
        use="Programs that read line by line, DuckDB",
        kind="text",
        function="records.write_jsonl",
        ending="jsonl",
        beside="records.provenance_beside",
    ),
    "yaml": Exporter(
        doc="A document for each record, in the layout of its file.",
        use="People, text editors",
        kind="text",
        function="records.write_yaml",
        ending="yaml",
    ),
    "ics": Exporter(
        doc="Encounters as a calendar (RFC 5545); without a full day, as journal entries.",
        use="Calendars",
        kind="text",
        function="calendar.write_ics",
        ending="ics",
        notes=(
            "An encounter of one full day, or from one full day to another, is a VEVENT; "
            "`DTEND` is the day after. A day marked `~ ? %` is `TENTATIVE`. What is known by "
            "month, year or otherwise is a VJOURNAL without `DTSTART`, which has no place in a "
            "calendar (RFC 5545, 3.6.3). `X-HEALTHCOOP-DATE` is the date as in the record. "
            "`DTSTAMP` is the day of the last commit, or without git the event's."
        ),
    ),
    "bibtex": Exporter(
        doc="An entry for each record, after one for the data set.",
        use="LaTeX, Zotero, JabRef",
        kind="text",
        function="citations.write_bibtex",
        ending="bib",
        notes="`date` is EDTF, as biblatex reads it; `year` is for older styles.",
    ),
    "csl": Exporter(
        doc="CSL JSON: an item for each record, after one for the data set.",
        use="Zotero, citation programs",
        kind="text",
        function="citations.write_csl",
        ending="json",
    ),
    "geojson": Exporter(
        doc="A point in each country that a record's places name (RFC 7946).",
        use="Maps: QGIS, Leaflet",
        kind="text",
        function="places.write_geojson",
        ending="geojson",
        notes=(
            "There are no coordinates of cities: `precision` is `country`, and the point is one "
            "inside the country's shape on the map (Natural Earth). Places in several countries "
            "are a MultiPoint. Records without a place in a country of today are left out, and "
            "counted on standard error."
        ),
    ),
    "atom": Exporter(
        doc="A feed of the records, the newest event first (RFC 4287).",
        use="Feed readers",
        kind="text",
        function="feed.write_atom",
        ending="atom",
        notes=(
            "`updated` is of the record, not of the event: the day of the last commit, or "
            "without git the event's. The event's own date begins the entry's text. `via` links "
            "to each source."
        ),
    ),
    "graphml": Exporter(
        doc="The network of countries and organisations, with counts of each pair.",
        use="Networks: Gephi, Cytoscape, networkx",
        kind="text",
        function="graph.write_graphml",
        ending="graphml",
        notes=(
            "The numbers are those of `stats countries`, `stats organisations` and `stats pairs "
            "--with organisations --multilateral all`. `region` is WHO's of today."
        ),
    ),
    "jsonld": Exporter(
        doc="Linked data: schema.org's Event and Legislation, PROV for the sources.",
        use="Linked data, search engines",
        kind="text",
        function="linked_data.write_jsonld",
        ending="jsonld",
        notes=(
            "Each record is two nodes: the event (Event or Legislation), and the record of it, "
            "which is derived from its sources (`prov:wasDerivedFrom`, with their words as "
            "quotations). `startDate` and `legislationDate` are days, months or years as ISO "
            "8601 has them; every date is in `dcterms:date` as EDTF. Addresses are tag URIs, "
            "the same in Atom; nothing has to be fetched to read it."
        ),
    ),
    "xlsx": Exporter(
        doc="An Excel workbook: a sheet for each table but dyads, what columns mean, the citation.",
        use="Excel, LibreOffice",
        kind="file",
        function="xlsx.write",
        ending="xlsx",
        package="xlsxwriter",
        extra="xlsx",
    ),
    "sqlite": Exporter(
        doc="A SQLite database: the tables with keys, indexes, full text and views.",
        use="SQL, Datasette",
        kind="file",
        function="sqlite.write",
        ending="db",
        variants={
            "datasette": Exporter(
                doc="And beside it the metadata for `datasette -m`: facets, queries, meanings.",
                kind="file",
                function="sqlite.write",
                ending="db",
                beside="sqlite.datasette_metadata",
            )
        },
    ),
    "parquet": Exporter(
        doc="A folder: a row a record, its lists nested; and the tables for `stats --engine`.",
        use="DuckDB, Spark, pandas",
        kind="folder",
        function="parquet.write",
        package="pyarrow",
        extra="parquet",
        variants={
            "partition year": Exporter(
                doc="One file for each year instead, in folders `year=2020`.",
                kind="folder",
                function="parquet.write_by_year",
            )
        },
    ),
    "datapackage": Exporter(
        doc="A Data Package 2.0: a CSV file for each table, and what they and their columns are.",
        use="R, Python, Frictionless",
        kind="folder",
        function="datapackage.write",
    ),
}
"""The export formats, by name."""


def export(extract: "Extract", exporter: Exporter, output: str | os.PathLike[str]) -> list[Path]:
    """Write an export to a file or a new folder, whole or not at all; return what was written.

    A file is replaced. Raises HealthcoopError where it cannot be written, or where the folder
    exists and is not empty; and as the format's function.
    """
    path = Path(output)
    if exporter.kind == "folder":
        with atomic.new_folder(path) as folder:
            exporter.write(extract, folder)
        return [path]
    if exporter.kind == "file":
        with atomic.new_file(path) as file:
            exporter.write(extract, file)
    else:
        atomic.write_text(path, exporter.write(extract))
    return [path, *_write_beside(extract, exporter, path)]


def _write_beside(extract: "Extract", exporter: Exporter, path: Path) -> Iterator[Path]:
    if exporter.beside:
        for ending, text in _function(exporter.beside)(extract, path).items():
            other = path.with_name(path.name + ending)
            atomic.write_text(other, [text])
            yield other


def _function(name: str) -> Callable[..., Any]:
    module, _, function = name.rpartition(".")
    found: Callable[..., Any] = getattr(import_module(f"healthcoop.export.{module}"), function)
    return found


def missing(package: str, extra: str) -> HealthcoopError:
    """Return the error for an optional package that is not installed."""
    return HealthcoopError(
        f"this export needs {package}", hint=f"pip install 'healthcoop[{extra}]'"
    )
