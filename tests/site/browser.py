"""A built site on a server of this machine, and pages of it in Chromium."""

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import sleep
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

SUB_PATH = "/sub/path"
BASE_URL = f"https://example.org{SUB_PATH}/"
WIDTHS = (360, 768, 1280)
PATIENCE = 120_000
"""The milliseconds that a test waits for what a page does, on a machine with other work."""
SHIFTS = """() => new Promise(done => {
  let total = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => total += entry.value))
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(total), 150));
})"""
FLAGS = (
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What a page requests from anywhere else fails, and is an error on its console.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class _Handler(SimpleHTTPRequestHandler):
    """Serves the folder below SUB_PATH, as a host with many sites does, and nothing beside it."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {
        ".atom": "application/atom+xml",
        ".ics": "text/calendar",
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
        ".yaml": "text/plain",
    }

    def translate_path(self, path: str) -> str:
        inside = path.removeprefix(SUB_PATH)
        return super().translate_path(inside if inside != path else "/nothing")

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class _Slow(_Handler):
    """Sends each file in eight parts, as a slow line does: a browser draws a page in parts, too."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        content = source.read()
        size = max(len(content) // 8, 2000)
        for start in range(0, len(content), size):
            outputfile.write(content[start : start + size])
            sleep(0.04)


@contextmanager
def served(folder: Path, *, slowly: bool = False) -> Iterator[str]:
    """Serve a folder below SUB_PATH on the loopback address; yield its address."""
    handler = partial(_Slow if slowly else _Handler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def launched() -> Iterator["Browser"]:
    """Start Chromium: the program ``$CHROMIUM``, else ``chromium`` on the path."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM") or shutil.which("chromium")
        assert program, "Chromium is not installed: apt install chromium, or set CHROMIUM"
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Pages:
    """Opens pages, and notes what none of the site may do.

    ``problems`` are errors on the console or of scripts, dialogs, and requests beyond the pages'
    own site: the folders or addresses in ``sites``.
    """

    browser: "Browser"
    sites: Sequence[str]
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __call__(self, address: str = "", **options: Any) -> "Page":
        """Return a page, at an address if any; options are those of Playwright's new_context."""
        # A smooth scroll would move a button between the press and the release of the mouse.
        context = self.browser.new_context(**{"reduced_motion": "reduce", **options})
        context.set_default_timeout(PATIENCE)
        context.on("request", self._note_request)
        context.on("console", self._note_message)
        context.on("weberror", lambda error: self.problems.append(f"script: {error.error}"))
        page = context.new_page()
        page.on("dialog", lambda dialog: (self.problems.append("a dialog"), dialog.dismiss()))
        if address:
            page.goto(address)
        return page

    def _note_request(self, request: "Request") -> None:
        self.requests.append(request.url)
        if not request.url.startswith((*self.sites, "data:", "blob:")):
            self.problems.append(f"request of {request.url}")

    def _note_message(self, message: "ConsoleMessage") -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")


def shift(page: "Page", address: str) -> float:
    """Load a page, and return how much of it moves."""
    page.goto(address)
    found: float = page.evaluate(SHIFTS)
    return found


def kinds(site: Path) -> dict[str, str]:
    """Return a page of each kind, the largest of them: ``records/*`` and the path of one.

    Redirects from former addresses are left out, and the error page, whose links are absolute.
    """
    found: dict[str, tuple[int, str]] = {}
    for file in site.rglob("*.html"):
        path = file.relative_to(site).as_posix()
        folder, _, name = path.rpartition("/")
        kind = f"{folder}/{re.sub('[0-9]+', 'N', name) if name.startswith('page-') else '*'}"
        if name == "404.html" or b'http-equiv="refresh"' in file.read_bytes():
            continue
        if name == "index.html" or folder == "contribute":
            kind = path
        found[kind] = max(found.get(kind, (0, "")), (file.stat().st_size, path))
    return {kind: path for kind, (_, path) in sorted(found.items())}
