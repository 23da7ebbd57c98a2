"""The site of the project's own records, built once for all tests, and pages of it in Chromium.

A test of ``page`` or ``open_page`` fails for any error on the console, any script that fails, any
dialog, and any request that leaves the site; it is marked ``slow``.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import LATER, ROOT

from .browser import BASE_URL, Pages, launched, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory, npm_package: Callable[[str], Path]) -> Path:
    """Return the folder of the project's own site; the workers of pytest-xdist share one."""
    import fcntl

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = shared / "real-site"
    with (shared / "real-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            pyodide = npm_package("pyodide")
            build(ROOT, folder, cache=shared / "real-site-cache", pyodide=str(pyodide))
    return folder


def build(root: Path, folder: Path, *, cache: Path, pyodide: str = "none") -> None:
    """Build a site in a process, as users do."""
    command = [sys.executable, "-m", "healthcoop", "site", "build", "-o", folder]
    subprocess.run(
        [*command, "--base-url", BASE_URL, "--pyodide", pyodide],
        check=True,
        cwd=root,
        env={**os.environ, "HEALTHCOOP_TODAY": LATER, "XDG_CACHE_HOME": str(cache)},
        stderr=subprocess.PIPE,
    )


@pytest.fixture(scope="module")
def site_url(real_site: Path) -> Iterator[str]:
    """Yield the address of the project's own site, below a sub-path, ending in a slash."""
    with served(real_site) as address:
        yield address


# Not for the session: while Playwright runs, no other test of this process could use asyncio.
@pytest.fixture(scope="module")
def chromium() -> "Iterator[Browser]":
    """Yield a browser that the tests of a module share."""
    with launched() as browser:
        yield browser


@pytest.fixture
def open_page(chromium: "Browser", site_url: str, real_site: Path) -> Iterator[Pages]:
    """Yield a function that opens pages: ``open_page(address, color_scheme="dark", ...)``."""
    pages = Pages(chromium, [site_url, real_site.as_uri()])
    yield pages
    for context in chromium.contexts:
        context.close()
    assert pages.problems == []


@pytest.fixture
def page(open_page: Pages, site_url: str) -> "Page":
    """Return a page in Chromium, at the home page; ``goto`` is relative to it."""
    page = open_page(base_url=site_url)
    page.goto("")
    return page
