"""What leaves a data set: exports, releases and its site."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from healthcoop.dataset import base
from healthcoop.errors import HealthcoopError

if TYPE_CHECKING:
    from healthcoop.export.exporters import Exporter
    from healthcoop.export.extract import Extract
    from healthcoop.export.provenance import Provenance
    from healthcoop.index.query import Query
    from healthcoop.site.build import Built
    from healthcoop.site.source import Source


class Publication(base.DatasetFiles):
    """Exports of the records, and what they say of where they come from."""

    @property
    def provenance(self) -> "Provenance":
        """Title, version, revision and day, authors, licences; raises HealthcoopError."""
        from healthcoop.export.provenance import provenance

        return provenance(self.root, self.index.vocabulary)

    def export(
        self,
        format_: str,
        query: "Query | None" = None,
        *,
        output: str | os.PathLike[str],
        variant: str | None = None,
        note: Callable[[str], None] | None = None,
    ) -> list[Path]:
        """Export the records that match to a file, or to a new folder; return what was written.

        ``format_`` is one of EXPORTERS, ``variant`` one of its other ways to be written. ``note``
        is called with each sentence on records that the format cannot hold in whole. Raises
        HealthcoopError for an unknown one, where the output cannot be written, and where a package
        that the format needs is not installed.
        """
        from healthcoop.export.exporters import export

        extract = self._extract(query)
        written = export(extract, _exporter(format_, variant), output)
        _report(extract, note)
        return written

    def export_text(
        self,
        format_: str,
        query: "Query | None" = None,
        *,
        variant: str | None = None,
        note: Callable[[str], None] | None = None,
    ) -> Iterator[str]:
        """Yield an export of the kind ``text``, in chunks; raises as ``export``."""
        exporter = _exporter(format_, variant)
        if exporter.kind != "text":
            raise HealthcoopError(f"{format_} is written to a {exporter.kind}, not as text")
        return _chunks(exporter, self._extract(query), note)

    def release(self, folder: str | os.PathLike[str], *, since: str | None = None) -> list[Path]:
        """Write every format, checksums, a citation and notes to a new folder; return the files.

        ``since`` is the git revision of an earlier release: the notes name what changed. Raises
        HealthcoopError as ``write_release``, for the snapshot, and for an unknown revision.
        """
        from healthcoop.export.provenance import citation_file
        from healthcoop.export.release import write_release

        if self.is_snapshot:
            hint = "Change to a folder with records/ and schema/, or use --root."
            raise HealthcoopError("the snapshot in the package is not released again", hint=hint)
        changes = () if since is None else self._changes(since)
        cited = citation_file(self.root)
        return write_release(self._extract(None), folder, cited=cited, changes=changes)

    def _changes(self, since: str) -> Iterator[str]:
        from healthcoop.contribute.diff import diff
        from healthcoop.contribute.release_notes import changes
        from healthcoop.files.comparison import commit_of

        one, other = (commit_of(self.root, name) for name in (since, "HEAD"))
        return changes(diff(self.files, one, other), since)

    def build_site(
        self,
        folder: str | os.PathLike[str],
        *,
        base_url: str | None = None,
        repository: str | None = None,
        branch: str | None = None,
        pyodide: str | None = None,
        note: Callable[[str], None] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Built":
        """Write the data set as a static site to a folder; return what was written.

        ``base_url`` is where it will be published, ``repository`` the web address where records are
        changed, by default that of CITATION.cff, and ``branch`` the one there. ``pyodide`` is a
        copy of that npm package, by default downloaded once, or ``none``. The folder may have an
        earlier site. ``progress`` is called with the numbers of files written and in all. Raises
        HealthcoopError for addresses that are not http or https, for any other folder, and where
        it cannot be written.
        """
        from healthcoop.site.build import build

        source = self._site_source(base_url, repository, branch, pyodide, note)
        return build(source, folder, progress=progress)

    def serve_site(
        self,
        *,
        port: int = 8000,
        ready: Callable[[str], None] | None = None,
        base_url: str | None = None,
        repository: str | None = None,
        branch: str | None = None,
        pyodide: str | None = None,
        note: Callable[[str], None] | None = None,
    ) -> None:
        """Serve the site on this machine until it is interrupted; options as of ``build_site``.

        ``ready`` is called with its address. Raises HealthcoopError where the port is taken.
        """
        from healthcoop.site import Site
        from healthcoop.site.serve import serve

        serve(
            Site(self._site_source(base_url, repository, branch, pyodide, note)),
            port=port,
            ready=ready,
        )

    def _site_source(
        self,
        base_url: str | None,
        repository: str | None,
        branch: str | None,
        pyodide: str | None,
        note: Callable[[str], None] | None,
    ) -> "Source":
        from healthcoop.export.provenance import citation_file
        from healthcoop.site.source import Source, is_base, settings

        cited = citation_file(self.root).get("repository-code")
        known = cited if is_base(cited) else None
        return Source(
            index=self.index,
            files=self.files,
            provenance=self.provenance,
            today=self.today,
            settings=settings(base_url, repository or known, branch, pyodide),
            note=note or (lambda _: None),
        )

    def _extract(self, query: "Query | None") -> "Extract":
        from healthcoop.export.extract import Extract

        return Extract(self.index, self._resolved(query), self.provenance)


def _chunks(
    exporter: "Exporter", extract: "Extract", note: Callable[[str], None] | None
) -> Iterator[str]:
    yield from exporter.write(extract)
    _report(extract, note)


def _report(extract: "Extract", note: Callable[[str], None] | None) -> None:
    if note is not None:
        for sentence in extract.notes:
            note(sentence)


def _exporter(format_: str, variant: str | None) -> "Exporter":
    from healthcoop.export.exporters import EXPORTERS
    from healthcoop.index.values import check_choice

    check_choice("format", format_, [*EXPORTERS])
    exporter = EXPORTERS[format_]
    if variant is None:
        return exporter
    check_choice(f"variant of {format_}", variant, [*exporter.variants])
    return exporter.variants[variant]
