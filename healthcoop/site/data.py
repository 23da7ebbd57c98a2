"""The page of downloads: every export with its size and sum, and how to read and cite the data."""

import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from healthcoop.export import citations
from healthcoop.export.exporters import EXPORTERS, Exporter
from healthcoop.export.provenance import FORMAT
from healthcoop.export.records import BESIDE
from healthcoop.export.release import SUMS, digest, file_name, write_format
from healthcoop.files.location import SCHEMA_PATH
from healthcoop.files.vocabularies import PATHS
from healthcoop.model import FORMAT_VERSION
from healthcoop.site import addresses, rendering
from healthcoop.site.history import commits

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source

LEFT_TO_THE_TOOL = ("sqlite",)
"""Formats not on the site: this one takes longest to write, and is larger than all others."""
_MOST_COMMITS = 12


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the page, each export, their sums, the JSON Schema and the vocabularies."""
    exports = Exports(source)
    yield addresses.DATA, partial(_page, source, exports)
    for name in exports.names:
        yield f"data/{name}", partial(exports.content, name)
    yield f"data/{SUMS}", exports.sums
    for path in _schema_files(source):
        yield f"data/{path}", partial(source.files.__getitem__, path)


def _schema_files(source: "Source") -> list[str]:
    return [path for path in (SCHEMA_PATH, *PATHS.values()) if path in source.files]


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that the page offers: its name, what it is, its bytes and their SHA-256 sum.

    ``beside`` are the names of files that describe it.
    """

    name: str
    exporter: Exporter
    size: int
    digest: str
    beside: Sequence[str]


class Exports:
    """The exports of all records, each written to a temporary folder when it is first needed.

    The folder is there before processes are forked, so that they share what one of them has
    written; it is removed with this object, by the process that created it.
    """

    def __init__(self, source: "Source") -> None:
        self._source = source
        self.formats = [
            name
            for name, exporter in EXPORTERS.items()
            if name not in LEFT_TO_THE_TOOL and exporter.is_available
        ]
        self._format_of = {name: one for one in self.formats for name in _names(one)}
        self._folder = Path(tempfile.mkdtemp(prefix="healthcoop-site-"))
        weakref.finalize(self, _remove, self._folder, os.getpid())

    @property
    def names(self) -> list[str]:
        """The names of all files."""
        return [*self._format_of]

    def content(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return self._path(name).read_bytes()

    def sums(self) -> bytes:
        """Return the file of checksums, for ``sha256sum -c``."""
        paths = {name: self._path(name) for name in sorted(self.names)}
        return "".join(f"{digest(path)}  {name}\n" for name, path in paths.items()).encode()

    @cached_property
    def downloads(self) -> Mapping[str, Download]:
        """The files by format."""
        return {format_: self._download(format_) for format_ in self.formats}

    def _download(self, format_: str) -> Download:
        name, *beside = _names(format_)
        path = self._path(name)
        return Download(
            name=name,
            exporter=EXPORTERS[format_],
            size=path.stat().st_size,
            digest=digest(path),
            beside=beside,
        )

    def _path(self, name: str) -> Path:
        """Return the path of a file, which is written if no process has done so."""
        format_ = self._format_of[name]
        main, *beside = _names(format_)
        if not (self._folder / main).exists():
            with tempfile.TemporaryDirectory(dir=self._folder) as own:
                write_format(self._source.extract, format_, Path(own))
                for file in (*beside, main):
                    Path(own, file).replace(self._folder / file)
        return self._folder / name


def _names(format_: str) -> list[str]:
    """Return the name of a format's file, and those of what is beside it."""
    name = file_name(format_)
    return [name, f"{name}{BESIDE}"] if EXPORTERS[format_].beside else [name]


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


def _page(source: "Source", exports: Exports) -> bytes:
    provenance = source.provenance
    return rendering.page(
        source,
        addresses.DATA,
        "data.html",
        title="Data",
        description="All records as CSV, Excel, JSON and other formats, and how to cite them.",
        downloads=exports.downloads,
        others={name: EXPORTERS[name] for name in EXPORTERS if name not in exports.formats},
        sums=SUMS,
        schema_files=_schema_files(source),
        record_format=FORMAT_VERSION,
        export_format=FORMAT,
        bibtex=citations.data_set_bibtex(provenance),
        csl=json.dumps(citations.data_set_csl(provenance), indent=2, ensure_ascii=False),
        commits=commits(source.history)[:_MOST_COMMITS],
    )
