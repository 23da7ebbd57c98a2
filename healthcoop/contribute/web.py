"""Fetching pages: limited in time, size and redirects, and never from a private network.

A name is resolved once and the connection made to an address that was checked, so that a second
answer of the DNS cannot lead elsewhere. Proxies named in the environment are not used, since a
proxy would resolve the name itself. Names and passwords in addresses are not sent, cookies neither.
"""

import codecs
import re
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Timer
from time import monotonic
from urllib.parse import quote, urljoin, urlsplit

from healthcoop import REPOSITORY, __version__
from healthcoop.contribute.hosts import CannotFetch, Endpoint, NoAnswer, resolve

MAX_BYTES = 4 * 1024 * 1024
SECONDS = 20.0
USER_AGENT = f"healthcoop/{__version__} (+https://github.com/{REPOSITORY})"

_HOST = re.compile(r"[\w.-]+|[0-9a-f.]*:[0-9a-f.:]*(?:%\w+)?", re.A)  # a name, or an IPv6 address
_MAX_REDIRECTS = 5
_PERMANENT = frozenset({301, 308})
_REDIRECTS = _PERMANENT | {302, 303, 307}
_CHUNK = 64 * 1024
_PORTS = {"http": 80, "https": 443}
_UNRESERVED = "/:?#[]@!$&'()*+,;=-._~%"  # the delimiters of RFC 3986, and escapes as they are
# Encodings of pages; Python's other codecs are no encodings, or slow on hostile input (punycode).
_CHARSET = re.compile(
    r"utf-?(?:8|16(?:-?[bl]e)?)|us-ascii|latin-?\d|iso-?8859-\d+|(?:windows-|cp)\d{3,4}"
    r"|koi8-[rut]|gb(?:k|2312|18030)|big5|shift_jis|euc-(?:jp|kr)|tis-620|mac(?:intosh|cyrillic)",
    re.I,
)
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.I)
_DECLARED_WITHIN = 4096  # bytes at the beginning of a page; HTML asks for 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a request may take: seconds in all, decompressed bytes, and which hosts."""

    seconds: float = SECONDS
    most_bytes: int = MAX_BYTES
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer to one request, at the address that was asked.

    ``truncated``: the page is longer than the limit, or in a compression other than gzip.
    """

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    truncated: bool = False

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty where none is stated."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Arrival:
    """The answer after all redirects.

    ``moved_to`` is the address that permanent redirects, before any temporary one, led to; empty
    where there were none.
    """

    answer: Answer
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """The content of a page, and its address after redirects."""

    content: bytes
    content_type: str
    final_url: str


def fetch(url: str, *, allow_private: bool = False) -> Page:
    """Return the page at an address, http or https.

    Raises HealthcoopError where it cannot be fetched, is too long, or is on a private network
    (unless ``allow_private``), also after a redirect.
    """
    limits = Limits(allow_private=allow_private)
    answer = follow(url, lambda address: send(address, limits=limits)).answer
    if answer.status != 200:
        raise CannotFetch(url, f"the server answered {answer.status}")
    if answer.truncated:
        too_long = f"it is longer than {MAX_BYTES // 1024**2} MiB"
        raise CannotFetch(url, too_long if answer.content else "it cannot be decompressed")
    return Page(answer.content, answer.headers.get("content-type", ""), answer.url)


def follow(url: str, visit: Callable[[str], Answer]) -> Arrival:
    """Request an address with ``visit``, and follow redirects to http and https.

    Raises CannotFetch as ``send``, and for too many redirects or one to another scheme.
    """
    moved_to, only_permanent, current = "", True, url
    for _ in range(_MAX_REDIRECTS + 1):
        answer = visit(current)
        target = answer.headers.get("location")
        if answer.status not in _REDIRECTS or not target:
            return Arrival(answer, moved_to)
        try:
            # http.client reads headers as Latin-1, while servers send UTF-8.
            current = urljoin(answer.url, quote(target.encode("latin-1"), safe=_UNRESERVED))
            address_sent(current)
        except (ValueError, CannotFetch):
            raise CannotFetch(url, "it redirects to what is not a web address") from None
        only_permanent = only_permanent and answer.status in _PERMANENT
        moved_to = current if only_permanent else moved_to
    raise CannotFetch(url, "too many redirects")


def send(
    url: str,
    *,
    limits: Limits,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Make one request, without following a redirect; the content is read for status 200 only.

    Raises CannotFetch for what is not a web address, and NoAnswer, or NoSuchHost, where there is no
    answer within the limits.
    """
    deadline = monotonic() + limits.seconds
    target = _Target.parse(url)
    endpoints = resolve(url, target.host, target.port, allow_private=limits.allow_private)
    sent = {
        "Host": target.name,
        "User-Agent": USER_AGENT,
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **(headers or {}),
    }
    try:
        with _connected(target, endpoints, deadline) as sock:
            connection = HTTPConnection(target.host, target.port)
            connection.sock = sock
            connection.request(method, target.path, headers=sent)
            with connection.getresponse() as response:
                received = {name.lower(): value for name, value in response.getheaders()}
                content, truncated = b"", False
                if method == "GET" and response.status == 200:
                    content, truncated = _read(response, limits.most_bytes)
                answer = Answer(target.url, response.status, received, content, truncated)
    except (OSError, HTTPException, zlib.error, ValueError) as error:
        reason = "timed out" if monotonic() >= deadline else _reason(error)
        raise NoAnswer(url, reason) from None
    if monotonic() >= deadline:  # the connection was shut down, which looks like an early end
        raise NoAnswer(url, "timed out")
    return answer


def texts(answer: Answer) -> Iterator[str]:
    """Yield the content as text: in UTF-8, in each encoding that is declared, in Windows-1252.

    Servers and pages often declare an encoding that is not the one in use.
    """
    declared = _DECLARED.search(answer.headers.get("content-type", "").encode())
    within = _DECLARED.search(answer.content[:_DECLARED_WITHIN])
    named = [each[1].decode() for each in (declared, within) if each]
    if answer.content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        named.insert(0, "utf-16")
    seen = set()
    for name in ("utf-8", *named, "windows-1252"):
        if not _CHARSET.fullmatch(name) or name.lower() in seen:
            continue
        seen.add(name.lower())
        with suppress(LookupError, UnicodeError):
            yield answer.content.decode(name, "replace")


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a request goes: the parts of an address that are sent, all of them ASCII."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> "_Target":
        """Split an address, without name, password and fragment; raises CannotFetch."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
            if ":" not in host:
                host = host.encode("idna").decode()
        except ValueError:  # UnicodeError is one
            raise CannotFetch(url, "not a web address") from None
        if parts.scheme not in _PORTS or not _HOST.fullmatch(host):
            raise CannotFetch(url, "not a web address")
        path = quote(parts.path or "/", safe=_UNRESERVED)
        path += f"?{quote(parts.query, safe=_UNRESERVED)}" if parts.query else ""
        return cls(parts.scheme, host, port or _PORTS[parts.scheme], path)

    @property
    def name(self) -> str:
        """The host, with its port where that is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.name}{self.path}"


def address_sent(url: str) -> str:
    """Return an address as ``send`` requests it; raises CannotFetch for what is not one."""
    return _Target.parse(url).url


@contextmanager
def _connected(
    target: _Target, endpoints: list[Endpoint], deadline: float
) -> Iterator[socket.socket]:
    """Connect to the first endpoint that answers; the socket is shut down at the deadline."""
    sock = _connect(endpoints, deadline)
    try:
        if target.scheme == "https":
            sock.settimeout(max(deadline - monotonic(), 0.01))
            sock = _tls().wrap_socket(sock, server_hostname=target.host.rstrip("."))
        # A timeout is that of each read: a server that sends byte after byte never exceeds it.
        timer = Timer(max(deadline - monotonic(), 0), _shut_down, [sock])
        timer.daemon = True
        timer.start()
        try:
            yield sock
        finally:
            timer.cancel()
    finally:
        sock.close()


def _connect(endpoints: list[Endpoint], deadline: float) -> socket.socket:
    error: OSError | None = None
    for number, (family, address) in enumerate(endpoints):
        left = deadline - monotonic()
        if left <= 0:
            break
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(left / (len(endpoints) - number))
        try:
            sock.connect(address)
        except OSError as failure:
            sock.close()
            error = failure
        else:
            sock.settimeout(max(deadline - monotonic(), 0.01))
            return sock
    raise error or TimeoutError()


def _shut_down(sock: socket.socket) -> None:
    with suppress(OSError):
        # Not the method of SSLSocket, which another thread cannot call while this one reads.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()  # 150 ms


def _read(response: HTTPResponse, most: int) -> tuple[bytes, bool]:
    """Return the content, decompressed, and whether there is more or it cannot be decompressed."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        return b"", True
    unzip = zlib.decompressobj(wbits=31) if encoding.endswith("gzip") else None
    content, received = bytearray(), 0
    while max(received, len(content)) <= most and (chunk := response.read(_CHUNK)):
        received += len(chunk)
        content += unzip.decompress(chunk, most + 1 - len(content)) if unzip else chunk
    return bytes(content[:most]), max(received, len(content)) > most


def _reason(error: Exception) -> str:
    """Return why a request failed, in a phrase that contains nothing that the server sent."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"TLS: {error.verify_message.partition(', certificate')[0].rstrip('.')}"
    for kind, reason in _REASONS.items():
        if isinstance(error, kind):
            return reason
    return "not a valid answer"


_REASONS: Mapping[type[Exception], str] = {
    ssl.SSLError: "TLS: no secure connection",
    TimeoutError: "timed out",
    ConnectionRefusedError: "connection refused",
    ConnectionError: "connection closed",  # RemoteDisconnected too, which is an HTTPException
    OSError: "no connection",
}
