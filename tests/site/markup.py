"""What the pages of a built site hold: links, names of places, scripts; read with html.parser."""

import json
import posixpath
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ADDRESSES = {"href", "src", "action", "poster", "data", "formaction", "srcset"}


class Markup(HTMLParser):
    """The elements of a page: ``elements`` are names and attributes, ``texts`` those of scripts."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[dict[str, str], str]] = []
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attributes}))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] in ("script", "style") and data.strip():
            self.texts.append((self.elements[-1][1], data))

    @cached_property
    def names(self) -> set[str]:
        """The ids, which fragments refer to."""
        return {attributes["id"] for _, attributes in self.elements if "id" in attributes}

    @cached_property
    def links(self) -> list[str]:
        """The addresses of links, style sheets, scripts, images and forms."""
        return [
            value
            for _, attributes in self.elements
            for name, value in attributes.items()
            if name in ADDRESSES
        ]

    def executed(self) -> Iterator[str]:
        """Yield whatever a content security policy without ``unsafe-inline`` does not allow."""
        for tag, attributes in self.elements:
            for name in attributes:
                if name.startswith("on") or name == "style":
                    yield f"<{tag} {name}>"
        for attributes, text in self.texts:
            if attributes.get("type") not in ("application/ld+json", "application/json"):
                yield text[:80]


class SiteMarkup(Mapping[str, Markup]):
    """The pages of a site by path, each parsed when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._contents = {
            file.relative_to(folder).as_posix(): file
            for file in folder.rglob("*")
            if file.is_file() and not file.name.startswith(".")
        }
        self._parsed: dict[str, Markup] = {}

    def __getitem__(self, path: str) -> Markup:
        if path not in self._parsed:
            self._parsed[path] = Markup(self._contents[path].read_bytes())
        return self._parsed[path]

    def __iter__(self) -> Iterator[str]:
        return (path for path in self._contents if path.endswith(".html"))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def links(self, page: str) -> Iterator[tuple[str, str, str]]:
        """Yield the links of a page to this site: the address, the path and the fragment."""
        for address in self[page].links:
            parts = urlsplit(address)
            if not parts.scheme and not parts.netloc:
                path = unquote(parts.path)
                target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
                target = page if not path else target + ("/" if path.endswith("/") else "")
                yield address, target, unquote(parts.fragment)

    def broken(self, page: str) -> Iterator[str]:
        """Yield what is wrong with each link of a page to this site."""
        for address, path, fragment in self.links(page):
            if address.startswith("/"):
                yield f"{page}: {address} is not relative"
            elif path not in self._contents:
                yield f"{page}: no file for {address}"
            elif fragment and path.endswith(".html") and fragment not in self[path].names:
                yield f"{page}: no such part: {address}"

    def reachable(self, start: str = "index.html") -> set[str]:
        """Return the pages that a reader gets to from a page."""
        found, todo = {start}, [start]
        while todo:
            for _, path, _ in self.links(todo.pop()):
                if path not in found and path.endswith(".html") and path in self._contents:
                    found.add(path)
                    todo.append(path)
        return found


def nu_messages(package: Path, pages: Iterable[Path]) -> list[tuple[str, str]]:
    """Return what the Nu checker finds in pages: their names and its messages."""
    jar = package / "build" / "dist" / "vnu.jar"
    # Of files, it takes 'self' for nothing, and a script of data for one that is executed.
    options = ["--format", "json", "--skip-non-html", "--filterpattern", ".*Security Policy.*"]
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # Java's start takes most of the time
    checked = subprocess.run(
        ["java", *quick, "-Xss4m", "-jar", jar, *options, *pages], check=False, capture_output=True
    )
    messages = json.loads(checked.stderr)["messages"]
    return [(Path(found["url"]).name, found["message"]) for found in messages]
