"""Fetching a page from a server that misbehaves."""

import gzip
import os
import socket
import ssl
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from struct import pack
from time import monotonic, sleep

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.contribute import web
from healthcoop.contribute.hosts import CannotFetch
from healthcoop.contribute.web import Answer, Limits, address_sent, fetch, follow, send
from tests.cases import each
from tests.contribute.links.conftest import PUBLIC, Handler, page, raw

SITE = "http://site.example"
OK = b"HTTP/1.1 200 OK\r\n"
MIB = 1024 * 1024


def drip(handler: Handler) -> None:
    """Send a byte now and then, for ever."""
    while True:
        handler.wfile.write(b"x")
        sleep(0.05)


def pour(handler: Handler) -> None:
    """Send without end."""
    while True:
        handler.wfile.write(b"x" * 65536)


def reset(handler: Handler) -> None:
    """Close the connection with a reset."""
    no_time = pack("HH" if os.name == "nt" else "ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_time)
    handler.connection.close()


def test_a_page_is_fetched_with_its_type_and_final_address(server):
    in_utf_8 = "/b?q=é#part".encode().decode("latin-1")
    server.pages["/a"] = page(status=302, location=in_utf_8)
    server.pages["/b?q=%C3%A9"] = page("<p>Hello</p>", content_type="text/html; charset=utf-8")
    fetched = fetch(f"{SITE}/a")
    assert fetched == web.Page(
        b"<p>Hello</p>", "text/html; charset=utf-8", "http://site.example/b?q=%C3%A9"
    )
    headers = server.requests[0].headers
    assert headers["user-agent"].startswith("healthcoop/")
    assert "+https://" in headers["user-agent"]


@each(
    ("location", "reason"),
    [
        ("file:///etc/passwd", "not a web address"),
        ("ftp://site.example/x", "not a web address"),
        ("gopher://site.example/", "not a web address"),
        ("javascript:alert(1)", "not a web address"),
        ("http://[", "not a web address"),
        ("http://a b/", "not a web address"),
        ("//:80/", "not a web address"),
        ("http://site.example:99999/", "not a web address"),
        ("http://127.0.0.1:1/", "private network"),
        ("http://inside.example/", "private network"),
        ("//0x7f.1/", "private network"),
        ("http://[::1]/", "private network"),
        ("http://[::ffff:127.0.0.1]/", "private network"),
        ("http://missing.example/", "does not exist"),
        ("/start", "too many redirects"),
    ],
)
def test_redirects_that_are_not_followed(location, reason, server, names):
    names["inside.example"] = "10.0.0.7"
    server.pages["/start"] = page(status=301, location=location)
    with pytest.raises(CannotFetch, match=reason):
        fetch(f"{SITE}/start")


def test_a_chain_of_redirects_is_followed_up_to_a_limit(server):
    for number in range(9):
        server.pages[f"/{number}"] = page(status=307, location=f"/{number + 1}")
    server.pages["/9"] = page("end")
    assert fetch(f"{SITE}/4").final_url == f"{SITE}/9"
    with pytest.raises(CannotFetch, match="too many redirects"):
        fetch(f"{SITE}/3")


@each(
    ("answers", "expected"),
    [
        ((301, 200), "/1"),
        ((308, 301, 200), "/2"),
        ((302, 200), ""),
        ((302, 301, 200), ""),  # what a temporary address leads to is temporary
        ((301, 302, 200), "/1"),
        ((200,), ""),
    ],
)
def test_only_permanent_redirects_move_a_page(answers, expected):
    def visit(url: str) -> Answer:
        number = int(url.rpartition("/")[2])
        return Answer(url, answers[number], {"location": f"/{number + 1}"})

    assert follow(f"{SITE}/0", visit).moved_to == (f"{SITE}{expected}" if expected else "")


def test_a_name_is_resolved_once_and_its_checked_address_used(server, names):
    """The second answer of this DNS leads to the machine itself (DNS rebinding)."""
    names["site.example"] = [PUBLIC, "127.0.0.1"]
    server.pages["/"] = page("public")
    assert fetch(SITE).content == b"public"
    assert names.lookups == ["site.example"]
    with pytest.raises(CannotFetch, match="private network"):
        fetch(SITE)


def test_credentials_are_not_sent(server):
    server.pages["/"] = page("x")
    assert fetch("http://user:secret@site.example/").final_url == f"{SITE}/"
    (request,) = server.requests
    assert "authorization" not in request.headers
    assert request.headers["host"] == "site.example"


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    server.pages["/"] = page("x")
    assert fetch(SITE).content == b"x"


@pytest.mark.slow
@each(
    ("answer", "reason"),
    [
        (raw(then=drip), "timed out"),
        (raw(b"HTTP/1.1 200 OK\r\nX-Slow: ", then=drip), "timed out"),
        (raw(OK, b"Content-Length: 999\r\n\r\n", then=drip), "timed out"),
        (raw(OK, b"\r\n", then=drip), "timed out"),
        (raw(OK, b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", then=drip), "timed out"),
        (raw(then=lambda _: sleep(1.5)), "timed out"),
    ],
)
def test_a_slow_server_is_left_in_time(answer, reason, server):
    server.pages["/"] = answer
    start = monotonic()
    with pytest.raises(CannotFetch, match=reason):
        send(SITE, limits=Limits(seconds=0.3))
    assert monotonic() - start < 10  # and not for ever


@each(
    ("answer", "reason"),
    [
        (raw(then=reset), "connection closed"),
        (raw(), "connection closed"),
        (raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "not a valid answer"),
        (raw(b"HTTP/1.1 twohundred OK\r\n\r\n"), "not a valid answer"),
        (raw(OK, *[b"X-%d: y\r\n" % n for n in range(200)], b"\r\n"), "not a valid answer"),
        (raw(OK, b"X: ", b"y" * 70_000, b"\r\n\r\n"), "not a valid answer"),
        (raw(OK, b"Transfer-Encoding: chunked\r\n\r\nno\r\n"), "not a valid answer"),
        (page(b"not gzip", content_encoding="gzip"), "not a valid answer"),
    ],
)
def test_what_is_not_http_is_an_error_in_one_phrase(answer, reason, server):
    server.pages["/"] = answer
    with pytest.raises(CannotFetch) as error:
        send(SITE, limits=Limits(seconds=5))
    assert error.value.reason == reason


@each(
    "answer",
    [
        raw(OK, b"\r\n", then=pour),
        raw(OK, b"Content-Length: 99999999999\r\n\r\n", then=pour),
        page(gzip.compress(bytes(64 * MIB), 1), content_encoding="gzip"),
        # Empty members without end: nothing comes out.
        raw(OK, b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b""), then=pour),
    ],
)
def test_a_body_is_read_up_to_a_limit(answer, server):
    server.pages["/"] = answer
    tracemalloc.start()
    got = send(SITE, limits=Limits(seconds=5, most_bytes=MIB))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * MIB
    assert got.truncated
    assert len(got.content) <= MIB
    with pytest.raises(CannotFetch, match=r"longer than 4 MiB|cannot be decompressed"):
        fetch(SITE)


def test_the_first_endpoint_that_answers_is_used(server, routes, monkeypatch):
    closed = "93.184.215.99"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        routes[closed, 80] = unused.getsockname()
    server.pages["/"] = page("x")

    def resolved(*addresses: str) -> None:
        found = [(socket.AF_INET, 1, 6, "", (address, 80)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    resolved(closed, PUBLIC)
    assert fetch(SITE).content == b"x"
    resolved(closed, closed)
    with pytest.raises(CannotFetch, match="connection refused"):
        fetch(SITE)


def test_a_page_that_is_not_there_is_no_page(server):
    with pytest.raises(CannotFetch, match="the server answered 404"):
        fetch(SITE)


def test_a_compression_that_was_not_asked_for_is_not_tried(server):
    server.pages["/"] = page(b"x", content_encoding="br")
    got = send(SITE, limits=Limits(seconds=5))
    assert (got.content, got.truncated) == (b"", True)
    with pytest.raises(CannotFetch, match="cannot be decompressed"):
        fetch(SITE)


def test_gzip_is_asked_for_and_decompressed(server):
    server.pages["/"] = page(gzip.compress(b"plain"), content_encoding="gzip")
    assert fetch(SITE).content == b"plain"
    assert server.requests[0].headers["accept-encoding"] == "gzip"


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Return a certificate authority that is trusted."""
    own = trustme.CA()
    own.cert_pem.write_to_path(tmp_path / "ca.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    web._tls.cache_clear()
    yield own
    web._tls.cache_clear()


def certified(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


def test_certificates_are_checked(authority, serve):
    past = datetime.now(UTC) - timedelta(days=1)
    good = authority.issue_cert("site.example")
    cases = [
        (good, "site.example", ""),
        (authority.issue_cert("other.example"), "wrong.example", "Hostname mismatch"),
        (trustme.CA().issue_cert("own.example"), "own.example", "unable to get local issuer"),
        (authority.issue_cert("old.example", not_after=past), "old.example", "has expired"),
    ]
    for number, (certificate, host, reason) in enumerate(cases):
        server = serve(host, context=certified(certificate), address=f"93.184.215.{number + 20}")
        server.pages["/"] = page("secure")
        if not reason:
            assert fetch(f"https://{host}/").content == b"secure"
            continue
        with pytest.raises(CannotFetch, match=f"TLS: .*{reason}"):
            fetch(f"https://{host}/")
        assert not server.requests


def test_a_server_without_tls_is_no_secure_one(authority, server, routes):
    routes[PUBLIC, 443] = routes[PUBLIC, 80]
    with pytest.raises(CannotFetch, match="no secure connection"):
        fetch("https://site.example/")


@each(
    ("url", "sent"),
    [
        ("http://site.example", "http://site.example/"),
        ("HTTP://Site.Example:80/a b?c d#e", "http://site.example/a%20b?c%20d"),
        ("https://user:pw@site.example:8443/", "https://site.example:8443/"),
        ("http://sağlık.example/ə?q=ı", "http://xn--salk-1wa3i.example/%C9%99?q=%C4%B1"),
        ("http://site.example/%C9%99?a={b}&c=%20", "http://site.example/%C9%99?a=%7Bb%7D&c=%20"),
        ("http://[::1]:8080/\r\nX: y", "http://[::1]:8080/X:%20y"),
    ],
)
def test_an_address_is_sent_in_ascii_without_its_secrets(url, sent):
    assert address_sent(url) == sent


@given(st.text() | st.text().map("http://".__add__) | st.text().map("https://a.example/".__add__))
def test_any_text_is_an_address_in_ascii_or_refused(text):
    try:
        sent = address_sent(text)
    except CannotFetch:
        return
    assert sent.isascii()
    assert sent.isprintable()
    assert " " not in sent
    assert address_sent(sent) == sent


@given(st.binary().map(lambda value: value.decode("latin-1")))
def test_any_location_is_followed_or_refused(location):
    visited = []

    def visit(url: str) -> Answer:
        visited.append(address_sent(url))
        return Answer(visited[-1], 302 if len(visited) == 1 else 200, {"location": location})

    try:
        follow(f"{SITE}/", visit)
    except CannotFetch:
        assert len(visited) == 1


def test_text_is_decoded_in_utf_8_and_as_declared():
    def decoded(content: bytes, declared: str = "") -> list[str]:
        return [*web.texts(Answer(SITE, 200, {"content-type": declared}, content))]

    assert decoded("é".encode())[0] == "é"
    assert "é" in decoded("é".encode("latin-1"), "text/html; charset=ISO-8859-1")
    assert "привет" in decoded("привет".encode("cp1251"), "text/html;charset=windows-1251")
    meta = "<meta charset=koi8-r>привет"
    assert meta in decoded(meta.encode("koi8-r"))
    assert "é" in decoded("é".encode("utf-16"))
    # Codecs of Python that are none of pages, and a name that is none.
    for name in ("zlib_codec", "punycode", "unicode_escape", "rot13", "no-such"):
        assert decoded(b"x", f"text/html; charset={name}") == ["x", "x"]
