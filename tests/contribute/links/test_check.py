"""``healthcoop links check``: a report on the records' links, politely, asking nothing twice."""

import csv
import json
import os
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import pytest

from healthcoop import Dataset
from healthcoop.contribute.links import checking, host_queue, requests, results
from healthcoop.contribute.links.checking import Link
from healthcoop.contribute.links.quotes import key
from healthcoop.files import canonical, reader
from healthcoop.terminal.links import report
from tests.cases import each
from tests.contribute.links.conftest import Page, Server, page, raw

SITE = "http://site.example"
QUOTE = "signed a memorandum"
NEWS = f"<p>They {QUOTE}.</p>"
IDENT = "2022-az-cu-minister-ambassador"


@pytest.fixture
def root(few_records: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data set of one record."""
    for path in few_records.glob("records/*/*.yaml"):
        if path.stem != IDENT:
            path.unlink()
    monkeypatch.chdir(few_records)
    return few_records


def write(root: Path, *sources: dict[str, str] | str, **fields: object) -> None:
    """Write the record with these sources; a text is the address of one with the usual quote."""
    path = root / "records" / IDENT[:4] / f"{IDENT}.yaml"
    usual = {"kind": "agency", "supports": ["date"], "quote": QUOTE}
    written = [
        {"url": source, **usual} if isinstance(source, str) else {**usual, **source}
        for source in sources
    ]
    data = reader.parse(path.read_bytes()).data
    path.write_bytes(canonical.layout({**data, "sources": written, **fields}).encode())


@pytest.fixture
def check(cli_invoke):
    """Return a function that checks links and returns the rows of the JSON."""

    def run(*arguments: object, exit_code: int = 0) -> list[dict]:
        shown = cli_invoke("links", "check", "-f", "json", *arguments, exit_code=exit_code)
        return json.loads(shown.stdout)

    return run


def test_every_state_in_text(root, serve, cli_invoke, golden):
    server = serve("site.example", "other.example")
    server.pages |= {
        "/ok": page(NEWS),
        "/moved": page(status=301, location="http://other.example/ok"),
        "/changed": page("<p>Other words"),
        "/refused": page(status=403),
        "/error": page(status=500),
        "/text": page(b"%PDF", content_type="application/pdf"),
    }
    paths = ("ok", "moved", "gone", "changed", "refused", "error")
    write(
        root,
        *(f"{SITE}/{path}" for path in paths),
        "http://missing.example/",
        {"url": f"{SITE}/gone?kept", "archived": "https://web.archive.org/web/2022/x"},
        text_url=f"{SITE}/text",
    )
    done = cli_invoke("links", "check", exit_code=1)
    golden("links/report.txt", done.stdout)
    assert done.stderr == ""


def test_json_and_csv_have_a_row_for_each_link(root, server, check, cli_invoke):
    server.pages["/ok"] = page(NEWS)
    server.pages["/moved"] = page(status=308, location="/ok")
    server.pages["/file"] = page(b"%PDF", content_type="application/pdf")
    write(
        root,
        {"url": f"{SITE}/ok", "accessed": "2022-10-08"},
        {"url": f"{SITE}/moved", "published": "2022-10"},
        {"url": f"{SITE}/file", "archived": "https://web.archive.org/web/2022/x"},
        text_url=f"{SITE}/ok",
    )
    rows = check()
    shown = [
        [row["field"], row["state"], row["status"], row["final_url"], row["detail"]] for row in rows
    ]
    assert shown == [
        ["/text_url", "ok", 200, f"{SITE}/ok", ""],
        ["/sources/0/url", "ok", 200, f"{SITE}/ok", ""],
        ["/sources/1/url", "moved", 200, f"{SITE}/ok", ""],
        ["/sources/2/url", "ok", 200, f"{SITE}/file", "quote not checked: the page is not text"],
    ]
    assert [row["archived_proposal"] for row in rows] == [
        None,
        f"https://web.archive.org/web/20221008/{SITE}/ok",
        f"https://web.archive.org/web/202210/{SITE}/moved",
        None,
    ]
    assert {row["record"] for row in rows} == {IDENT}
    cli_invoke("links", "check", "-o", "links.csv")
    with Path("links.csv").open(encoding="utf-8", newline="") as file:
        cells = [*csv.DictReader(file)]
    assert [cell["url"] for cell in cells] == [row["url"] for row in rows]
    assert server.asked.count("GET /ok") == 2  # once itself, once where /moved leads


@each(
    ("state", "exit_code"),
    [("gone", 1), ("changed", 1), ("moved", 0), ("refused", 0), ("error", 0), ("ok", 0)],
)
def test_only_gone_and_a_missing_quote_fail(state, exit_code, root, serve, cli_invoke):
    server = serve("site.example")
    server.pages |= {
        "/ok": page(NEWS),
        "/changed": page("other"),
        "/moved": page(status=301, location="/ok"),
        "/refused": page(status=403),
        "/error": raw(),
    }
    write(root, f"{SITE}/{state}")
    cli_invoke("links", "check", exit_code=exit_code)


def test_paths_and_ids_limit_the_check(root, server, check, cli_invoke):
    server.pages["/ok"] = page(NEWS)
    write(root, f"{SITE}/ok")
    for target in (IDENT, "2022-az", "records/2022", f"records/2022/{IDENT}.yaml", "records", "."):
        assert [row["record"] for row in check(target)] == [IDENT], target
    assert "no record 2099-no" in cli_invoke("links", "check", "2099-no", exit_code=1).stderr
    cli_invoke("links", "check", "schema", exit_code=2)


@each("target", [f"{IDENT}.yaml", "records/2099", "records/2022/no.yaml", "./no", "2099/"])
def test_a_path_that_does_not_exist_is_wrong_usage(target, root, cli_invoke):
    assert f"{target} does not exist" in cli_invoke("links", "check", target, exit_code=2).stderr


def test_a_path_from_the_root_names_its_record_in_any_folder(root, server, check, monkeypatch):
    server.pages["/ok"] = page(NEWS)
    write(root, f"{SITE}/ok")
    monkeypatch.chdir(root / "schema")
    assert [row["record"] for row in check(f"records/2022/{IDENT}.yaml")] == [IDENT]


def test_a_private_address_is_refused_with_the_option_that_allows_it(root, names, cli_invoke):
    write(root, "http://127.0.0.1/", "http://10.0.0.1/")
    done = cli_invoke("links", "check")
    assert "the host is on a private network: 2 links" in done.stdout
    assert done.stderr == "healthcoop: 2 links to private networks refused (--allow-private)\n"


def test_without_a_network_that_is_what_is_named(root, names, cli_invoke):
    names.addresses.clear()
    write(root, "http://site.example/", "http://10.0.0.1/")
    assert "is there a network connection?" in cli_invoke("links", "check").stderr


@each(
    ("day", "stamp"),
    [
        *(("2022-10-07~", "20221007/"), ("2022-10", "202210/"), ("2022", "2022/"), ("202X", "")),
        *(("1891-07-29", ""), ("1996", "1996/"), ("2021/2022", "2021/"), ("", "")),
    ],
)
def test_a_copy_is_proposed_near_the_day_of_the_page(day, stamp):
    link = Link("r", "/sources/0/url", f"{SITE}/x", day, is_archived=False)
    row = checking._row(link, results.UrlResult(link.url, "ok"), None)
    assert row["archived_proposal"] == f"https://web.archive.org/web/{stamp}{SITE}/x"


def test_withdrawn_records_are_not_checked(root, server, cli_invoke):
    write(root, f"{SITE}/x", withdrawn={"date": "2026-11-01", "reason": "double"})
    assert cli_invoke("links", "check").stdout == "No links\n"
    assert not server.requests


def test_results_of_a_week_are_not_asked_for_again(root, server, check, cli_invoke, monkeypatch):
    server.pages["/ok"] = page(NEWS, etag='"1"')
    write(root, f"{SITE}/ok", f"{SITE}/gone")
    first = check(exit_code=1)
    assert len(server.requests) == 2
    again = cli_invoke("links", "check", "-f", "json", exit_code=1)
    assert json.loads(again.stdout) == first
    assert "2 pages checked in the last seven days" in again.stderr
    assert len(server.requests) == 2
    check("--refresh", exit_code=1)
    assert len(server.requests) == 4
    assert "if-none-match" in {name for each in server.requests[2:] for name in each.headers}
    monkeypatch.setattr(results, "FRESH_DAYS", 0)
    check(exit_code=1)
    assert len(server.requests) == 6


def test_a_page_is_asked_for_again_where_it_was_not_reached_or_the_quote_is_new(
    root, server, check
):
    server.pages["/a"] = server.pages["/b"] = raw()
    write(root, f"{SITE}/a")
    assert check()[0]["state"] == "unreachable"
    server.pages["/a"] = page(NEWS)
    assert check()[0]["state"] == "ok"
    write(root, {"url": f"{SITE}/a", "quote": "they signed"})
    assert check()[0]["state"] == "ok"
    assert len(server.requests) == 3


def test_an_interrupted_run_is_resumed(root, server, check, cli_invoke, monkeypatch):
    names = [f"/{number}" for number in range(5)]
    server.pages |= {name: page(NEWS) for name in names}
    write(root, *(SITE + name for name in names))

    def progress(_: object, done: int, total: int) -> None:
        assert total == 5
        if done == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("healthcoop.cli.links._Counter.__call__", progress)
        done = cli_invoke("links", "check", exit_code=130)
    assert done.stdout == ""
    assert "interrupted" in done.stderr
    sleep(0.1)  # a request that was under way ends without a result
    before = len(server.requests)
    assert before < 5
    assert {row["state"] for row in check()} == {"ok"}
    assert len(server.requests) - before == 3


@each(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"null\n[]\n7\n",
        b"[" * 100_000,
        b'{"url": "http://site.example/ok", "state": "gone", "unknown": 1}\n',
        b'{"url": "http://site.example/ok", "state": "odd", "checked": "2099-01-01"}\n',
        b'{"url": "http://site.example/ok", "state": "gone", "checked": "yesterday"}\n',
        b'{"url": "http://site.example/ok", "state": "gone", "checked": "2026-11-01"}\n',
        b'{"url": 7, "state": "gone", "checked": "2026-11-21T00:00:00+00:00"}\n',
        *(
            json.dumps(
                {"url": f"{SITE}/ok", "state": "gone", "checked": results.now(), **other}
            ).encode()
            for other in (
                {"archived": {"a": 1}},
                {"status": "200"},
                {"state": "ok", "status": 200, "quotes": {key(QUOTE): "yes"}},
            )
        ),
    ],
)
def test_a_damaged_file_of_results_is_as_none(content, root, serve, check):
    serve("site.example").pages["/ok"] = page(NEWS)
    write(root, f"{SITE}/ok")
    check()
    (file,) = Path(os.environ["XDG_CACHE_HOME"]).glob("healthcoop/*.links.jsonl")
    file.write_bytes(content)
    assert check()[0]["state"] == "ok"
    result = json.loads(file.read_text("utf-8"))
    assert (result["state"], result["quotes"]) == ("ok", {key(QUOTE): True})


def test_results_that_cannot_be_written_are_not_kept(root, server, check):
    server.pages["/ok"] = page(NEWS)
    write(root, f"{SITE}/ok")
    check()
    (file,) = Path(os.environ["XDG_CACHE_HOME"]).glob("healthcoop/*.links.jsonl")
    file.unlink()
    file.mkdir()
    assert [check()[0]["state"] for _ in range(2)] == ["ok", "ok"]
    assert len(server.requests) == 3


def test_without_a_cache_folder_nothing_is_kept(root, server, check, monkeypatch):
    monkeypatch.setattr("healthcoop.contribute.links.checking.cache_file", lambda _: None)
    server.pages["/ok"] = page(NEWS)
    write(root, f"{SITE}/ok")
    assert [check()[0]["state"] for _ in range(2)] == ["ok", "ok"]
    assert len(server.requests) == 2


def test_the_archive_is_asked_for_copies_once(root, serve, check, monkeypatch):
    monkeypatch.setattr(requests, "ARCHIVE_API", "http://archive.example/api")
    archive = serve("archive.example", address="93.184.215.20")
    server = serve("site.example")
    server.pages["/ok"] = page(NEWS)
    copy = "web.archive.org/web/20221009101010/http://site.example/ok"
    answer = {"archived_snapshots": {"closest": {"url": f"http://{copy}"}}}
    stamp = "timestamp=20221007"
    path = "/api?url=http%3A%2F%2Fsite.example%2F"
    archive.pages[f"{path}ok&{stamp}"] = page(json.dumps(answer))
    archive.pages[f"{path}gone&{stamp}"] = page('{"archived_snapshots": {}}')
    archive.pages[f"{path}error&{stamp}"] = page(json.dumps(answer))
    server.pages["/error"] = raw()
    write(root, f"{SITE}/ok", f"{SITE}/gone", f"{SITE}/error")
    for _ in range(2):
        rows = check("--archived", exit_code=1)
        proposals = [row["archived_proposal"] for row in rows]
        assert proposals == [f"https://{copy}", None, f"https://{copy}"]
    assert len(archive.requests) == 3
    server.pages["/error"] = page(NEWS)
    again = check(exit_code=1)[2]
    assert (again["state"], again["archived_proposal"]) == ("ok", f"https://{copy}")


def test_an_archive_that_does_not_answer_is_left_alone(root, serve, check, monkeypatch):
    monkeypatch.setattr(requests, "ARCHIVE_API", "http://archive.example/api")
    archive = serve("archive.example", address="93.184.215.20")
    serve("site.example")
    write(root, *(f"{SITE}/{number}" for number in range(5)))
    rows = check("--archived", exit_code=1)
    assert len(archive.requests) == 2
    assert {"/web/20221007/" in row["archived_proposal"] for row in rows} == {True}


@pytest.mark.slow
def test_a_host_is_asked_for_one_page_at_a_time_with_a_pause(root, serve, check, monkeypatch):
    monkeypatch.setattr(host_queue, "PAUSE", 0.05)
    hosts = ("site.example", "www.site.example", "other.example")
    server = serve(*hosts)

    begins: dict[str, list[float]] = {}
    answered: dict[str, list[float]] = {}

    def slow(answer: Page) -> Page:
        def after_a_while(handler) -> None:
            host = handler.headers["host"].removeprefix("www.")
            begins.setdefault(host, []).append(monotonic())
            sleep(0.05)
            # Before the answer is sent: this thread may go on long after the client has it.
            answered.setdefault(host, []).append(monotonic())
            answer(handler)

        return after_a_while

    urls = [f"http://{host}/{number}" for host in hosts for number in range(4)]
    server.pages |= {f"/{number}": slow(page(NEWS)) for number in range(1, 4)}
    server.pages["/0"] = slow(page(status=302, location="http://other.example/3"))
    write(root, *urls)
    check()
    first, second = (
        [*zip(begins[host], answered[host], strict=True)]
        for host in ("site.example", "other.example")
    )
    assert len(first) == 8
    assert len(second) == 7  # three of which a redirect leads to
    for own in (first, second):
        for (_, end), (begin, _) in pairwise(own):
            assert begin - end >= 0.05
    assert any(a < d and c < b for a, b in first for c, d in second)


def test_an_error_of_ours_in_a_thread_is_raised(root, serve, monkeypatch):
    server: Server = serve("site.example")
    server.pages["/ok"] = page(NEWS)
    write(root, f"{SITE}/ok")
    monkeypatch.setattr(requests.quotes, "find", lambda *_: 1 / 0)
    with Dataset.open(root) as dataset, pytest.raises(ZeroDivisionError):
        dataset.check_links()


def test_links_not_reached_for_one_reason_are_one_line():
    rows = [
        {
            **dict.fromkeys(("status", "final_url", "archived_proposal")),
            **{"record": "r", "field": "/text_url", "state": "unreachable"},
            **{"url": f"http://{number}.example/", "detail": "timed out"},
        }
        for number in range(900)
    ]
    *_, heading, line = report(rows)
    assert heading == "Not reached: 900"
    assert line == "  timed out: 900 links (0.example, 1.example, 2.example, 897 more hosts)"


def test_texts_of_strangers_are_made_visible():
    row = {
        **{"record": "r", "field": "/text_url", "url": "http://a.example/\x1b[2J", "status": 301},
        **{"state": "moved", "detail": "\u202e", "final_url": "http://b.example/\x07"},
        "archived_proposal": None,
    }
    text = "".join(report([row]))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\x07" not in text
