"""A preview of the site on this machine: each page is made when it is asked for."""

import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from queue import Empty, Queue
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from healthcoop.errors import HealthcoopError

HOST = "127.0.0.1"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".jsonld": "application/ld+json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wasm": "application/wasm",
    ".atom": "application/atom+xml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".yaml": "text/plain; charset=utf-8",
    ".bib": "text/plain; charset=utf-8",
    ".zip": "application/zip",
    ".txt": "text/plain; charset=utf-8",
}


_POLL = 0.5
"""Seconds between looks for an interrupt, which does not end the waiting itself on Windows."""

Requests = Queue[tuple[str, "Future[bytes | None]"]]


def serve(
    site: Mapping[str, bytes], *, port: int, ready: Callable[[str], None] | None = None
) -> None:
    """Serve the files of a site on the loopback address until it is interrupted.

    Port 0 is any free one; ``ready`` is called with the address. Raises HealthcoopError where the
    port is taken or may not be used.
    """
    # Browsers open connections before they have a request, so each has a thread; pages are made in
    # this one, to which the index's connection belongs.
    requests: Requests = Queue()
    try:
        server = _Server((HOST, port), _handler(requests))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise HealthcoopError(f"cannot serve on port {port}: {reason}") from None
    with server:
        Thread(target=server.serve_forever, daemon=True).start()
        if ready:
            ready(f"http://{HOST}:{server.server_port}/")
        try:
            while True:
                with suppress(Empty):
                    _make(site, *requests.get(timeout=_POLL))
        finally:
            server.shutdown()


class _Server(ThreadingHTTPServer):
    # Windows would share the port with a server that runs already.
    allow_reuse_address = os.name == "posix"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report an error, unless a browser left before it had the answer."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _make(site: Mapping[str, bytes], path: str, result: "Future[bytes | None]") -> None:
    try:
        known = path in site
        result.set_result(site[path] if known else None)
    except Exception as error:  # of this page alone
        result.set_exception(error)


def _handler(requests: Requests) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers GET and HEAD with files of the site alone; nothing is read from the disk."""

        timeout = 60

        def do_GET(self) -> None:
            if not _is_own_name(self.headers.get("Host")):
                self._answer(HTTPStatus.MISDIRECTED_REQUEST, f"This is {HOST}\n".encode())
                return
            path, made = _file(self.path), Future[bytes | None]()
            requests.put((path, made))
            try:
                content = made.result()
            except Exception as error:
                self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, f"{error}\n".encode())
                return
            if content is None:
                self._answer(HTTPStatus.NOT_FOUND, b"No such page\n")
            else:
                kind = _TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
                self._answer(HTTPStatus.OK, content, kind)

        do_HEAD = do_GET  # noqa: N815 - as the base class names it

        def _answer(self, status: HTTPStatus, content: bytes, kind: str = _TYPES[".txt"]) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    return Handler


def _is_own_name(host: str | None) -> bool:
    """Return whether a request names this machine: a page elsewhere may point its name here."""
    if host is None:
        return True
    try:
        return urlsplit(f"//{host}").hostname in (HOST, "localhost")
    except ValueError:
        return False


def _file(target: str) -> str:
    """Return the path of the file that a request is for; a folder's is its index.html."""
    path = unquote(target.partition("?")[0].partition("#")[0]).removeprefix("/")
    return f"{path}index.html" if not path or path.endswith("/") else path
