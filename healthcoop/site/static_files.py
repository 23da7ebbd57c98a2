"""The style sheet, the scripts and the icon: the files below static/, as they are."""

from collections.abc import Iterator
from functools import partial
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source


def files(_: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield each file below ``static/`` as one below ``assets/``."""
    yield from _below(resources("healthcoop.site") / "static", "assets")


def _below(folder: Traversable, path: str) -> "Iterator[tuple[str, Content]]":
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _below(entry, name)
        else:
            yield name, partial(_read, entry)


def _read(file: Traversable) -> bytes:
    return file.read_bytes()
