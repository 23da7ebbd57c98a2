"""Where exported data comes from: the data set, its version and day, who made it, its licences.

Every export has a citation. It is derived from the files and the git revision alone, so that the
same input gives the same bytes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthcoop import __version__
from healthcoop.errors import HealthcoopError
from healthcoop.files import git, reader, snapshot
from healthcoop.files.tree import Tree

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary

FORMAT = 1
"""The version of the exports, in each of them; docs/exports.md says what may change within one."""

CITATION_FILE = "CITATION.cff"
_PATHS = ("records", "schema")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of one collection's records, and the attribution that it asks for."""

    collection: str
    licence: str
    attribution: str


@dataclass(frozen=True)
class Provenance:
    """What a reader of an export must know to cite it.

    ``day`` (ISO) and ``revision`` (a commit's hash) are those of the last commit that changed
    records or vocabularies, empty where there is none. ``modified``: files differ from it.
    """

    title: str
    version: str
    authors: tuple[str, ...]
    licence: str
    keywords: tuple[str, ...]
    abstract: str
    licences: tuple[Licence, ...]
    revision: str = ""
    day: str = ""
    modified: bool = False

    @property
    def name(self) -> str:
        """The title without its subtitle, which follows a colon."""
        return self.title.partition(":")[0].rstrip() or self.title

    @cached_property
    def citation(self) -> str:
        """The data set as a reference list names it, with version, revision and day."""
        changed = ", with changes that are not committed" if self.modified else ""
        details = [
            f"version {self.version}" if self.version else "",
            f"commit {self.revision[:12]}{changed}" if self.revision else "",
            self.day,
        ]
        year = f" ({self.day[:4]})" if self.day else ""
        known = ", ".join(filter(None, details))
        title = f"{self.title} ({known})" if known else self.title
        return f"{'; '.join(self.authors)}{year}. {title} [Data set]."

    def as_data(self) -> dict[str, Any]:
        """Return what formats with a place for metadata contain, in this order."""
        return {
            "format": f"healthcoop-export/{FORMAT}",
            "title": self.title,
            "version": self.version,
            "revision": self.revision,
            "date": self.day,
            "modified": self.modified,
            "citation": self.citation,
            "licence": self.licence,
            "licences": [
                {
                    "collection": one.collection,
                    "licence": one.licence,
                    "attribution": one.attribution,
                }
                for one in self.licences
            ],
            "software": f"healthcoop {__version__}",
        }


def provenance(root: Path, vocabulary: "Vocabulary") -> Provenance:
    """Return the provenance of a data set; what its files do not say is empty.

    The title, version and authors are those of CITATION.cff. Raises HealthcoopError where that file
    cannot be read.
    """
    cited = citation_file(root)
    revision, day, modified = _revision(root)
    return Provenance(
        title=_text(cited, "title") or f"{root.resolve().name}: records of health cooperation",
        version=_text(cited, "version"),
        authors=_authors(cited),
        licence=_text(cited, "license"),
        keywords=tuple(str(word) for word in _items(cited, "keywords")),
        abstract=_text(cited, "abstract"),
        licences=_licences(vocabulary),
        revision=revision,
        day=day,
        modified=modified,
    )


def citation_file(root: Path) -> dict[str, Any]:
    """Return the data of CITATION.cff, empty where there is none; raises HealthcoopError."""
    try:
        content = Tree(root)[CITATION_FILE]
    except KeyError:
        return {}
    except OSError as error:
        message = f"{CITATION_FILE} cannot be read: {error.strerror or error}"
        raise HealthcoopError(message) from None
    result = reader.parse(content)
    if result.data is None:
        problem = result.problems[0]
        place = f"{CITATION_FILE}:{problem.span.line}:{problem.span.column}"
        raise HealthcoopError(f"{place}: {problem.message}", hint=problem.hint)
    return result.data


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _items(data: Mapping[str, Any], key: str) -> list[Any]:
    value = data.get(key)
    return value if isinstance(value, list) else []


def _authors(cited: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of persons and entities, or who made a data set that names nobody."""
    names = []
    for author in _items(cited, "authors"):
        if isinstance(author, dict):
            person = [_text(author, "family-names"), _text(author, "given-names")]
            names.append(_text(author, "name") or ", ".join(filter(None, person)))
    return tuple(filter(None, names)) or ("The contributors to this data set",)


def _licences(vocabulary: "Vocabulary") -> tuple[Licence, ...]:
    return tuple(
        Licence(code, _text(term.more, "licence"), _text(term.more, "attribution"))
        for code, term in sorted(vocabulary.collections.items())
    )


def _revision(root: Path) -> tuple[str, str, bool]:
    """Return the last commit of the records and vocabularies, its day, and whether files differ."""
    taken = snapshot.read(root)
    if taken:
        return taken.revision, taken.day, False
    found = git.lines(root, "log", "-1", "--no-show-signature", "--format=%H %cs", "--", *_PATHS)
    if not found:
        return "", "", False
    revision, _, day = found[0].partition(" ")
    day = day if _DAY.fullmatch(day) else ""  # git has none for a malformed commit
    changed = git.lines(root, "status", "--porcelain", "--untracked-files=all", "--", *_PATHS)
    return revision, day, bool(changed)
