"""The Python code that the page runs in the browser: one zip file, the same for the same code.

It has the modules of healthcoop that check and write a record, and the libraries that these import,
from the environment that builds the site. What is compiled there stays out: PyYAML works without
libyaml, ``rpds`` is replaced, and jsonschema-rs is only quicker than jsonschema.
"""

import io
import zipfile
from collections.abc import Iterator
from importlib import metadata, resources
from importlib.resources.abc import Traversable

from healthcoop.errors import HealthcoopError

OWN = (
    *("__init__.py", "errors.py", "checks", "files", "model"),
    *("contribute/__init__.py", "contribute/record_ids.py"),
    *(f"site/propose/{name}.py" for name in ("advice", "browser", "corpus", "form")),
)
"""The modules and packages of healthcoop that are needed."""
LIBRARIES = {
    "attr": "attrs",
    "attrs": "attrs",
    "jsonschema": "jsonschema",
    "jsonschema_specifications": "jsonschema-specifications",
    "referencing": "referencing",
    "yaml": "PyYAML",
}
"""The packages of other libraries that are needed, with the names of their distributions."""
_EMPTY = ("healthcoop/site/__init__.py", "healthcoop/site/propose/__init__.py")  # of the builder
_SUFFIXES = (".py", ".json", ".toml")
_SKIPPED = {"__pycache__", "tests", "benchmarks", "cli.py", "__main__.py"}
_OLDEST = (1980, 1, 1, 0, 0, 0)  # the time of every file: zip files know none before


def bundle() -> bytes:
    """Return the zip file; raises HealthcoopError where a library is not installed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, content in sorted(_files()):
            archive.writestr(zipfile.ZipInfo(path, _OLDEST), content, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def _files() -> Iterator[tuple[str, bytes]]:
    package = resources.files("healthcoop")
    for name in OWN:
        yield from _below(package / name, f"healthcoop/{name}")
    yield "rpds.py", (package / "site" / "propose" / "rpds.py").read_bytes()
    yield from ((path, b"") for path in _EMPTY)
    for name, distribution in LIBRARIES.items():
        try:
            yield from _below(resources.files(name), name)
        except ModuleNotFoundError:
            raise HealthcoopError(f"the page needs {distribution}, which is missing") from None
    for distribution in sorted({*LIBRARIES.values()}):
        yield from _licences(distribution)


def _below(entry: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    if entry.name in _SKIPPED:
        return
    if entry.is_dir():
        for inner in entry.iterdir():
            yield from _below(inner, f"{path}/{inner.name}")
    elif entry.name.endswith(_SUFFIXES) or "schemas" in path.split("/"):
        yield path, entry.read_bytes()


def _licences(distribution: str) -> Iterator[tuple[str, bytes]]:
    for file in metadata.files(distribution) or ():
        if file.stem.upper() in ("LICENSE", "LICENCE", "COPYING"):
            yield f"licences/{distribution}.txt", file.read_binary()
            return
