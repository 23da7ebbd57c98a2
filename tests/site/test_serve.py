"""``site serve`` as a process: what it answers, what it refuses, and how it ends."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.conftest import Endpoint

RUN = [sys.executable, "-m", "healthcoop", "site", "serve"]
SECRET = "the secret of another file"


@contextmanager
def serving(root: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Serve a data set on a free port; yield the process and the port."""
    with subprocess.Popen(
        [*RUN, "--port", "0"],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # A shell makes programs in its background ignore the signal, and these tests may be one.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert line.startswith("healthcoop: serving http://127.0.0.1:"), line
        try:
            yield process, int(line.split(":")[3].partition("/")[0])
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_serve_answers_with_pages_alone_until_it_is_interrupted(
    few_records: Path, routes: dict[Endpoint, Endpoint]
) -> None:
    (few_records / "secret.txt").write_text(SECRET)
    with serving(few_records) as (process, port):
        routes["127.0.0.1", port] = ("127.0.0.1", port)

        def ask(
            path: str, method: str = "GET", host: str | None = None
        ) -> tuple[HTTPResponse, bytes]:
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            connection.putrequest(method, path, skip_host=True)
            if host is not None:
                connection.putheader("Host", host)
            connection.endheaders()
            response = connection.getresponse()
            content = response.read()
            connection.close()
            return response, content

        # Browsers open connections ahead, which say nothing: others are answered meanwhile.
        with socket.create_connection(("127.0.0.1", port)) as silent:
            silent.settimeout(1)
            response, home = ask("/")
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert ask("/index.html?q=1")[1] == home
        head, nothing = ask("/", "HEAD")
        assert (head.headers["Content-Length"], nothing) == (str(len(home)), b"")
        assert ask("/records/2022-az-cu-minister-ambassador.html")[0].status == 200
        assert ask("/assets/site.css")[0].headers["Content-Type"].startswith("text/css")
        for path in (
            *("/nothing.html", "/records", "/index.html/", "*", "/%ff", "/%00", "/%zz"),
            *("/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/../secret.txt"),
            *("/..\\secret.txt", f"/{few_records}/secret.txt", "http://[", "//host/secret.txt"),
        ):
            response, content = ask(path)
            assert response.status in (400, 404), path
            assert SECRET.encode() not in content
        for name in (f"127.0.0.1:{port}", f"localhost:{port}", "LOCALHOST"):
            assert ask("/", host=name)[1] == home
        # A page elsewhere may point its own name to this machine, and then read the answers.
        for name in (f"evil.example:{port}", "", "[", "127.0.0.1.evil.example"):
            response, content = ask("/", host=name)
            assert (response.status, home in content) == (421, False), name
        assert ask("/", "POST")[0].status == 501
        assert ask("/" + "x" * 70_000)[0].status == 414
        assert ask("/")[1] == home  # it still answers
        process.send_signal(signal.SIGINT)
        output, messages = process.communicate(timeout=60)
        assert (process.returncode, output) == (130, "")
        assert messages.strip() == ""


def test_a_port_that_is_taken_is_a_message(
    few_records: Path, cli_invoke: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(few_records)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        outcome = cli_invoke("site", "serve", "--port", port, exit_code=2)
    assert f"cannot serve on port {port}: " in outcome.stderr
    assert "port" in cli_invoke("site", "serve", "--port", "70000", exit_code=2).stderr
