"""The data set as a static site: PAGES, each kind of page declared once.

To add a kind of page: a module with a function, its template, and an entry here. A function takes
a Source and yields the path of each file below the site's root, and a function that returns its
bytes, which is called when the file is written: pages are never all in memory.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from healthcoop.site.source import Source

Content = Callable[[], bytes]

PAGES: Mapping[str, str] = {
    "static": "static_files.files",
    "home": "home.files",
    "records": "records.files",
    "listing": "listing.files",
    "search": "search.files",
    "countries": "countries.files",
    "organisations": "organisations.files",
    "pairs": "pairs.files",
    "propose": "propose.files",
}
"""The function that yields the files of each kind of page, ``module.name`` below this package."""


class Site(Mapping[str, bytes]):
    """The files of a site, path to bytes; each is made when it is read."""

    def __init__(self, source: "Source") -> None:
        """List the files; raises ValueError where two pages have one path."""
        self._contents: dict[str, Content] = {}
        for path, content in _files(source):
            if path in self._contents:
                raise ValueError(f"two pages of the site are {path}")
            self._contents[path] = content

    def __getitem__(self, path: str) -> bytes:
        return self._contents[path]()

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)


def _files(source: "Source") -> Iterator[tuple[str, Content]]:
    for name in PAGES.values():
        module, _, function = name.rpartition(".")
        yield from getattr(import_module(f"healthcoop.site.{module}"), function)(source)
