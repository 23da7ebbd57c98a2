"""The exports that the site offers, written to a temporary folder that its processes share."""

import os
import shutil
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from healthcoop.errors import NotExportable
from healthcoop.export.exporters import EXPORTERS, Exporter
from healthcoop.export.records import BESIDE
from healthcoop.export.release import digest, file_name, write_format

if TYPE_CHECKING:
    from healthcoop.export.extract import Extract

_REFUSED = ".refused"
"""What ends the name of the file that says why an export could not be written."""


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

    def __init__(self, extract: "Extract") -> None:
        self._extract = extract
        self._formats = [name for name, exporter in EXPORTERS.items() if exporter.is_available]
        self._format_of = {name: one for one in self._formats for name in _names(one)}
        self._folder = Path(tempfile.mkdtemp(prefix="healthcoop-site-"))
        weakref.finalize(self, _remove, self._folder, os.getpid())

    @property
    def names(self) -> list[str]:
        """The names of all files, also of those that may be left out."""
        return [*self._format_of]

    def content(self, name: str) -> bytes:
        """Return the bytes of a file; raises NotExportable."""
        return self._path(name).read_bytes()

    def sums(self) -> bytes:
        """Return the file of checksums, for ``sha256sum -c``."""
        return "".join(f"{sum_}  {name}\n" for name, sum_ in sorted(self._digests.items())).encode()

    @cached_property
    def downloads(self) -> Mapping[str, Download]:
        """The files by format, but those that are left out."""
        return {
            format_: self._download(format_)
            for format_ in self._formats
            if file_name(format_) in self._digests
        }

    @property
    def left_out(self) -> Mapping[str, str]:
        """Why a file could not be written, by its name."""
        refused = sorted(self._folder.glob(f"*{_REFUSED}"))
        return {path.name.removesuffix(_REFUSED): path.read_text("utf-8") for path in refused}

    @cached_property
    def _digests(self) -> Mapping[str, str]:
        digests = {}
        for name in self.names:
            with suppress(NotExportable):
                digests[name] = digest(self._path(name))
        return digests

    def _download(self, format_: str) -> Download:
        name, *beside = _names(format_)
        return Download(
            name=name,
            exporter=EXPORTERS[format_],
            size=self._path(name).stat().st_size,
            digest=self._digests[name],
            beside=beside,
        )

    def _path(self, name: str) -> Path:
        """Return the path of a file, which is written if no process has; raises NotExportable."""
        format_ = self._format_of[name]
        main, *beside = _names(format_)
        refused = self._folder / f"{main}{_REFUSED}"
        if not ((self._folder / main).exists() or refused.exists()):
            with tempfile.TemporaryDirectory(dir=self._folder) as own:
                try:
                    write_format(self._extract, format_, Path(own))
                except NotExportable as error:
                    Path(own, refused.name).write_text(error.message, encoding="utf-8")
                    beside, main = [], refused.name
                for file in (*beside, main):
                    Path(own, file).replace(self._folder / file)
        if refused.exists():
            raise NotExportable(refused.read_text(encoding="utf-8"))
        return self._folder / name


def _names(format_: str) -> list[str]:
    """Return the name of a format's file, and those of what is beside it."""
    name = file_name(format_)
    return [name, f"{name}{BESIDE}"] if EXPORTERS[format_].beside else [name]


def _remove(folder: Path, process: int) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)
