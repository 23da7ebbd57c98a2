"""Pyodide, which is Python for browsers: the files that a page loads from the site's own host.

They come from the package ``pyodide`` of the npm registry, or from a copy of it. Nothing of it runs
where the site is built.
"""

import base64
import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from healthcoop.errors import HealthcoopError
from healthcoop.files import atomic

VERSION = "314.0.7"
INTEGRITY = (
    "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7"
    "y2q+SNvi/6V5JEsOlD2R1A=="
)
"""The only version that is used, and what its package must be: ``dist.integrity`` in npm."""
URL = f"https://registry.npmjs.org/pyodide/-/pyodide-{VERSION}.tgz"
_LOCK = "pyodide-lock.json"
_PACKAGE = "package.json"
_NEEDED = {
    "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
    "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
    "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
    "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
    _LOCK: "5dc2fc119108bc148c7457dc86e7675b5c87e1cafd420b9c34c1eaef7b36c010",
}
"""The files of the package that are used, with their SHA-256."""
_MOST = 32 * 1024 * 1024  # bytes of the package, or of one of its files
_TIMEOUT = 30  # seconds without an answer


def load(copy: str | None = None) -> Mapping[str, bytes]:
    """Return the files that a page needs, by name.

    ``copy`` is the package's archive, or the folder of its files; without it, the archive is in the
    user's cache folder, or downloaded there. Raises HealthcoopError where it cannot be read or
    downloaded, is another version, or has another content.
    """
    if copy is not None:
        path = Path(copy)
        return _of_folder(path) if path.is_dir() else _of_archive(_read(path), copy)
    cached = _cached()
    with suppress(HealthcoopError, OSError):
        if cached:
            return _of_archive(cached.read_bytes(), str(cached))
    content = _download()
    files = _of_archive(content, URL)
    with suppress(HealthcoopError, OSError):  # the next build downloads it again
        if cached:
            cached.parent.mkdir(parents=True, exist_ok=True)
            atomic.write_bytes(cached, [content])
    return files


def _cached() -> Path | None:
    from platformdirs import user_cache_path

    with suppress(RuntimeError):  # the user has no home
        return user_cache_path("healthcoop", appauthor=False) / f"pyodide-{VERSION}.tgz"
    return None


def _download() -> bytes:
    try:
        with urlopen(URL, timeout=_TIMEOUT) as answer:
            content: bytes = answer.read(_MOST + 1)
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise HealthcoopError(f"cannot download {URL}: {reason}") from None
    return content


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise HealthcoopError(f"cannot read {path}: {error.strerror or error}") from None


def _of_archive(content: bytes, source: str) -> dict[str, bytes]:
    algorithm, _, expected = INTEGRITY.partition("-")
    if base64.b64encode(hashlib.new(algorithm, content).digest()).decode() != expected:
        raise HealthcoopError(
            f"{source} is not the package pyodide {VERSION} of the npm registry",
            hint=f"Download {URL} again.",
        )
    try:
        # Read as a stream: going back would decompress all of it again.
        with tarfile.open(fileobj=io.BytesIO(content), mode="r|gz") as archive:
            files = {
                name: file.read(_MOST)
                for member in archive
                if (name := member.name.removeprefix("package/")) in _NEEDED
                and (file := archive.extractfile(member))
            }
            return _needed(files)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, KeyError) as error:
        raise HealthcoopError(f"cannot read {source}: {error}") from None


def _of_folder(folder: Path) -> dict[str, bytes]:
    found = _parsed(_read(folder / _PACKAGE), _PACKAGE).get("version")
    if found != VERSION:
        raise HealthcoopError(f"{folder} has Pyodide {found}; the page needs {VERSION}")
    files = {name: _read(folder / name) for name in _NEEDED}
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != _NEEDED[name]:
            raise HealthcoopError(
                f"{folder / name} is not the file of the package pyodide {VERSION} in npm",
                hint=f"Unpack {URL} again.",
            )
    return _needed(files)


def _needed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files, with a lock file that has no packages, as none is installed."""
    lock: dict[str, Any] = {"info": _parsed(files[_LOCK], _LOCK).get("info"), "packages": {}}
    return {**files, _LOCK: json.dumps(lock).encode()}


def _parsed(content: bytes, name: str) -> Mapping[str, Any]:
    try:
        data = json.loads(content)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise HealthcoopError(f"{name} of Pyodide is not valid JSON")
    return data
