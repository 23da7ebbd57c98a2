"""A preview of the site on this machine: each page is made when it is asked for."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from healthcoop.errors import HealthcoopError

HOST = "127.0.0.1"
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".wasm": "application/wasm",
    ".atom": "application/atom+xml; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".yaml": "text/plain; charset=utf-8",
    ".bib": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


def serve(
    site: Mapping[str, bytes], *, port: int, ready: Callable[[str], None] | None = None
) -> None:
    """Serve the files of a site on the loopback address until it is interrupted.

    Port 0 is any free one; ``ready`` is called with the address. Raises HealthcoopError where the
    port is taken or may not be used.
    """
    try:
        server = HTTPServer((HOST, port), _handler(site))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise HealthcoopError(f"cannot serve on port {port}: {reason}") from None
    with server:
        if ready:
            ready(f"http://{HOST}:{server.server_port}/")
        server.serve_forever()


def _handler(site: Mapping[str, bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers GET and HEAD with files of the site alone; nothing is read from the disk."""

        timeout = 10  # one request at a time: a silent client must not hold up the others

        def do_GET(self) -> None:
            path = _file(self.path)
            found = path in site
            content = site[path] if found else b"No such page\n"
            self.send_response(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
            kind = _TYPES.get(PurePosixPath(path).suffix, "application/octet-stream")
            self.send_header("Content-Type", kind if found else "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_HEAD = do_GET  # noqa: N815 - as the base class names it

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    return Handler


def _file(target: str) -> str:
    """Return the path of the file that a request is for; a folder's is its index.html."""
    path = unquote(urlsplit(target).path).removeprefix("/")
    return f"{path}index.html" if not path or path.endswith("/") else path
