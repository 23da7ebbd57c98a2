"""What a link's state is, for everything that a server may do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from healthcoop.contribute import web
from healthcoop.contribute.links import requests
from healthcoop.contribute.links.host_queue import Turns
from healthcoop.contribute.links.quotes import key
from healthcoop.contribute.links.requests import CopyJob, Job, Requests
from tests.cases import each
from tests.contribute.links.conftest import page, raw

SITE = "http://site.example"
QUOTE = "signed a memorandum"
NEWS = f"<html><p>They <b>{QUOTE}</b> on Monday.</p></html>"


@each(
    ("status", "state"),
    [
        *((200, "ok"), (203, "ok"), (204, "ok"), (404, "gone"), (410, "gone")),
        *(
            (401, "blocked"),
            (403, "blocked"),
            (429, "blocked"),
            (451, "blocked"),
            (999, "unreachable"),
        ),
        *((400, "blocked"), (500, "unreachable"), (502, "unreachable"), (503, "unreachable")),
        *((302, "unreachable"), (304, "ok")),
    ],
)
def test_state_by_status(status, state, server, ask):
    server.pages["/"] = page(NEWS, status=status)
    for quotes in ([], [QUOTE]):
        result = ask(f"{SITE}/", *quotes)
        assert (result.state, result.status) == (state, status)


def test_a_page_is_requested_with_head_where_there_is_no_quote(server, ask):
    server.pages["/"] = page(NEWS)
    assert ask(f"{SITE}/").state == "ok"
    assert server.asked == ["HEAD /"]


@each("status", [400, 403, 404, 405, 501])
def test_where_head_is_refused_get_decides(status, serve, ask):
    server = serve("site.example")
    server.pages["/"] = lambda handler: page(
        b"x" * 9_000_000, status=status if handler.command == "HEAD" else 200
    )(handler)
    assert ask(f"{SITE}/").state == "ok"
    assert server.asked[0] == "HEAD /"


def test_a_page_that_moved_for_good(server, ask):
    server.pages["/old"] = page(status=301, location="/new")
    server.pages["/new"] = page(NEWS)
    result = ask(f"{SITE}/old", QUOTE)
    assert (result.state, result.moved_to) == ("ok", f"{SITE}/new")
    assert result.quotes == {key(QUOTE): True}
    server.pages["/new"] = page(status=404)
    assert ask(f"{SITE}/old").state == "gone"


@each(
    ("url", "state", "detail"),
    [
        ("http://missing.example/", "gone", "the host does not exist"),
        ("http://127.0.0.1/", "unreachable", "the host is on a private network"),
        ("http://inside.example/", "unreachable", "the host is on a private network"),
        (f"{SITE}/loop", "unreachable", "too many redirects"),
        (f"{SITE}/file", "unreachable", "it redirects to what is not a web address"),
        (f"{SITE}/empty", "unreachable", "connection closed"),
    ],
)
def test_no_answer(url, state, detail, serve, ask):
    server = serve("site.example")
    serve("inside.example", address="fd00::1")
    server.pages["/loop"] = page(status=302, location="/loop")
    server.pages["/file"] = page(status=302, location="file:///etc/passwd")
    server.pages["/empty"] = raw()
    result = ask(url, QUOTE)
    assert (result.state, result.detail, result.status) == (state, detail, None)


def test_private_hosts_are_asked_where_that_is_allowed(serve, routes, ask):
    server = serve()
    routes["127.0.0.1", 8000] = ("127.0.0.1", server.server_port)
    server.pages["/"] = page(NEWS)
    assert ask("http://127.0.0.1:8000/", QUOTE).state == "unreachable"
    assert not server.requests
    assert ask("http://127.0.0.1:8000/", QUOTE, allow_private=True).state == "ok"


@each(
    ("value", "waits"),
    [
        ("3", 3),
        ("0", 0),
        ("a date in 30 seconds", 30),
        ("Sat, 21 Nov 2015 10:00:00 GMT", 0),
        *((value, None) for value in ("61", "-5", "1e3", "soon", "", "9" * 5_000, "Mon, 99 X")),
        *((value, None) for value in ("Fri, 31 Dec 9999 23:59:59 GMT", "1 Jan 0 00:00:00 +9999")),
    ],
)
@pytest.mark.usefixtures("short_pause")
def test_retry_after_is_honoured_within_a_bound(value, waits, serve, ask):
    if value.endswith(" in 30 seconds"):
        value = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    waited = []
    server = serve("site.example")
    server.pages["/"] = page(status=429, retry_after=value)

    def wait(_: Turns, seconds: float) -> None:
        waited.append(seconds)
        if len(waited) > 1:
            server.pages["/"] = page(NEWS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Turns, "wait", wait)
        result = ask(f"{SITE}/", QUOTE)
    assert len(server.requests) == (1 if waits is None else 2)
    assert result.state == ("blocked" if waits is None else "ok")
    if waits is not None:
        assert waits - 2 <= waited[-1] <= waits + 1


def results(urls: list[str], **limits) -> list:
    jobs = [Job(url, frozenset([QUOTE])) for url in urls]
    return [*Requests(web.Limits(**{"seconds": 5, **limits}), Turns()).ask_host(jobs)]


def test_a_host_that_wants_no_more_requests_gets_none(server):
    server.pages["/1"] = page(status=429, retry_after="3600")
    found = results([f"{SITE}/{number}" for number in range(1, 4)])
    assert [each.state for each in found] == ["blocked"] * 3
    assert server.asked == ["GET /1"]
    assert [each.is_definite for each in found] == [True, False, False]


def test_a_host_that_twice_did_not_answer_is_left_alone(server):
    urls = [f"{SITE}/{number}" for number in range(5)]
    server.pages["/0"] = server.pages["/2"] = server.pages["/3"] = raw()
    found = results(urls)
    assert [each.state for each in found] == ["unreachable", "gone"] + ["unreachable"] * 3
    assert server.asked == ["GET /0", "GET /1", "GET /2", "GET /3"]


def test_without_a_network_one_host_is_looked_up(names):
    names["example.com"] = []
    found = results(["http://a.example/", "http://b.example/"])
    assert {each.detail for each in found} == {"no host name can be resolved"}
    assert {each.state for each in found} == {"unreachable"}
    assert names.lookups == ["a.example", "example.com"]


def test_an_unchanged_page_is_not_sent_again(server, ask):
    server.pages["/old"] = page(status=301, location="/")
    server.pages["/"] = page(NEWS, etag='"1"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT")
    first = ask(f"{SITE}/old", QUOTE)
    server.pages["/"] = page(status=304)
    second = ask(f"{SITE}/old", QUOTE, previous=first)
    assert replace(second, status=200, checked="") == replace(first, checked="")
    redirect, last = server.requests[-2:]
    assert "if-none-match" not in redirect.headers
    assert last.headers["if-none-match"] == '"1"'
    assert last.headers["if-modified-since"] == "Mon, 23 Nov 2026 10:00:00 GMT"
    server.pages["/"] = page(NEWS)
    assert ask(f"{SITE}/old", "another quote", previous=first).quotes == {
        key("another quote"): False
    }
    assert "if-none-match" not in server.requests[-1].headers


def test_headers_that_cannot_be_sent_back_are_not_kept(server, ask):
    server.pages["/"] = raw(
        b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "a\r\n X-Injected: b"\r\n\r\n',
        NEWS.encode(),
    )
    result = ask(f"{SITE}/", QUOTE)
    assert (result.quotes, result.etag) == ({key(QUOTE): True}, "")


@each(
    ("answer", "copy"),
    [
        (
            '{"archived_snapshots": {"closest": {"available": true, "status": "200",'
            ' "url": "http://web.archive.org/web/20221009/http://site.example/"}}}',
            "https://web.archive.org/web/20221009/http://site.example/",
        ),
        ('{"archived_snapshots": {}}', ""),
        ('{"archived_snapshots": {"closest": {"url": "http://evil.example/web/2022/"}}}', ""),
        *((text, None) for text in ("", "[]", "null", '{"archived_snapshots": {"closest": []}}')),
        ('{"archived_snapshots": {"closest": {"url": 7}}}', None),
        ("[" * 100_000, None),
    ],
)
def test_copies_are_found_in_what_the_archive_answers(answer, copy, serve):
    server = serve("archive.example")
    server.pages["/a?url=http%3A%2F%2Fsite.example%2F%3Fa%26b&timestamp=20221007"] = page(answer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "ARCHIVE_API", "http://archive.example/a")
        jobs = [CopyJob("http://site.example/?a&b", "20221007")]
        found = [*Requests(web.Limits(seconds=5), Turns()).find_copies(jobs)]
    assert found == [("http://site.example/?a&b", copy)]
