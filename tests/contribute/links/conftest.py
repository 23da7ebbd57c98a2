"""A web server that misbehaves as it is told, names that lead to it, and short pauses."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from healthcoop.contribute import web
from healthcoop.contribute.links import host_queue
from healthcoop.contribute.links.host_queue import Turns
from healthcoop.contribute.links.requests import Job, Requests
from healthcoop.contribute.links.results import UrlResult

PUBLIC = "93.184.215.14"
"""A public address, which the routes of a test lead to its own server."""

Handler = BaseHTTPRequestHandler
Page = Callable[[Handler], None]


def page(
    content: bytes | str = b"", *, status: int = 200, **headers: str
) -> Callable[[Handler], None]:
    """Return a page; underscores in the names of headers stand for hyphens."""
    body = content.encode() if isinstance(content, str) else content
    own = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    own = {"content-type": "text/html", "content-length": str(len(body)), **own}

    def answer(handler: Handler) -> None:
        handler.send_response(status)
        for name, value in own.items():
            handler.send_header(name, value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return answer


def raw(*pieces: bytes, then: Callable[[Handler], Any] | None = None) -> Page:
    """Return a page that is sent as it is, which need not be HTTP."""

    def answer(handler: Handler) -> None:
        for piece in pieces:
            handler.wfile.write(piece)
        if then:
            then(handler)

    return answer


@dataclass
class Request:
    """A request as the server got it."""

    method: str
    path: str
    headers: dict[str, str]


class Server(ThreadingHTTPServer):
    """A server on 127.0.0.1 with pages by path, which remembers the requests."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[Request] = []
        super().__init__(("127.0.0.1", 0), _Handler)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def asked(self) -> list[str]:
        """The methods and paths of the requests."""
        return [f"{request.method} {request.path}" for request in self.requests]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore what a client that hangs up causes."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append(Request(self.command, self.path, headers))
        self.server.pages.get(self.path, page(status=404))(self)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: Any) -> None:
        """Write nothing."""


@dataclass
class Names:
    """The names of a test's DNS: the answers to one look-up after another, the last for ever."""

    addresses: dict[str, list[str]] = field(default_factory=lambda: {"example.com": [PUBLIC]})
    lookups: list[str] = field(default_factory=list)

    def __setitem__(self, name: str, answers: str | list[str]) -> None:
        self.addresses[name] = [answers] if isinstance(answers, str) else answers


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Resolve only the names that the test sets; literal addresses as ever."""
    table = Names()
    resolve = socket.getaddrinfo

    def getaddrinfo(name: str, port: int, **options: Any) -> Any:
        with suppress(socket.gaierror):
            return resolve(name, port, flags=socket.AI_NUMERICHOST, **options)
        table.lookups.append(name)
        answers = table.addresses.get(name)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        address = answers.pop(0) if len(answers) > 1 else answers[0]
        return resolve(address, port, flags=socket.AI_NUMERICHOST, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return table


@pytest.fixture
def serve(routes, names) -> Iterator[Callable[..., Server]]:
    """Return a function that starts a server for hosts with a public address."""
    servers = []

    def start(*hosts: str, context: ssl.SSLContext | None = None, address: str = PUBLIC) -> Server:
        server = Server(context)
        servers.append(server)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        routes[address, 443 if context else 80] = ("127.0.0.1", server.server_port)
        for host in hosts:
            names[host] = address
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server(serve) -> Server:
    """Return a server for http://site.example/."""
    return serve("site.example")


@pytest.fixture(autouse=True)
def short_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_queue, "PAUSE", 0.01)


Ask = Callable[..., UrlResult]


@pytest.fixture
def ask(names) -> Ask:
    """Return a function that asks for an address, and for quotes in its page."""

    def of_url(
        url: str, *quotes: str, previous: UrlResult | None = None, **limits: Any
    ) -> UrlResult:
        requests = Requests(web.Limits(**{"seconds": 5, **limits}), Turns())
        (result,) = requests.ask_host([Job(url, frozenset(quotes), previous)])
        return result

    return of_url
