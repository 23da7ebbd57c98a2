"""The data set as a static site: PAGES, each kind of page declared once.

To add a kind of page: a module with a function, its template, and an entry here. A function takes
a Source and yields the path of each file below the site's root, and a function that returns its
bytes, which is called when the file is written: pages are never all in memory.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from healthcoop.errors import HealthcoopError

if TYPE_CHECKING:
    from healthcoop.site.source import Source

Content = Callable[[], bytes]

PAGES: Mapping[str, str] = {
    "exports": "data.exports",
    "data": "data.files",
    "static": "static_files.files",
    "home": "home.files",
    "records": "records.files",
    "listing": "listing.files",
    "search": "search.files",
    "countries": "countries.files",
    "organisations": "organisations.files",
    "pairs": "pairs.files",
    "topics": "topics.files",
    "years": "years.files",
    "statistics": "statistics.files",
    "about": "about.files",
    "contributing": "contributing.files",
    "feeds": "feeds.files",
    "publishing": "publishing.files",
    "propose": "propose.files",
}
"""The function that yields the files of each kind of page, ``module.name`` below this package."""
_SITEMAP = "publishing.sitemap"  # of all of these
_LIBRARIES = {"jinja2": "Jinja2", "networkx": "networkx", "vl_convert": "vl-convert-python"}
"""The optional libraries that are needed, with the names of their distributions."""
_DRAWN = ("statistics", "publishing")
"""Kinds with pictures."""
_EXPORTED, _OF_EXPORTS = "exports", "data"
"""The kind that takes longest, and the one that reads its files."""


class Site(Mapping[str, bytes]):
    """The files of a site, path to bytes; each is made when it is read.

    ``drawn`` are the paths of those with pictures, ``exported`` those of the exports, ``last``
    those of what says how large the exports are.
    """

    def __init__(self, source: "Source") -> None:
        """List the files; raises HealthcoopError where two have one path, in any case of letters.

        Codes of the vocabularies are part of paths, and some file systems ignore case. It also
        raises HealthcoopError where a library is not installed.
        """
        missing = [name for module, name in _LIBRARIES.items() if find_spec(module) is None]
        if missing:
            raise HealthcoopError(
                f"the site needs {', '.join(missing)}", hint="pip install 'healthcoop[site]'"
            )
        self._contents: dict[str, Content] = {}
        self._folded: dict[str, str] = {}
        paths: defaultdict[str, list[str]] = defaultdict(list)
        for name, function in PAGES.items():
            files = [*_function(function)(source)]
            self._add(files)
            paths[name] = [path for path, _ in files]
        self.drawn = [path for name in _DRAWN for path in paths[name]]
        self.exported = paths[_EXPORTED]
        self.last = paths[_OF_EXPORTS]
        self._add(_function(_SITEMAP)(source, [*self._contents]))

    def _add(self, files: Iterable[tuple[str, Content]]) -> None:
        for path, content in files:
            if (other := self._folded.setdefault(path.casefold(), path)) in self._contents:
                raise HealthcoopError(
                    f"two files of the site would have one name: {other} and {path}",
                    hint="Change a code in schema/ that both are named after.",
                )
            self._contents[path] = content

    def __getitem__(self, path: str) -> bytes:
        return self._contents[path]()

    def __contains__(self, path: object) -> bool:
        return path in self._contents

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)


def _function(name: str) -> Callable[..., Iterator[tuple[str, Content]]]:
    module, _, function = name.rpartition(".")
    found: Callable[..., Iterator[tuple[str, Content]]]
    found = getattr(import_module(f"healthcoop.site.{module}"), function)
    return found
