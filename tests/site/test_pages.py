"""Each kind of page in Chromium: on a server, from a folder, in both schemes, at three widths."""

from pathlib import Path

import pytest

from .browser import WIDTHS, Pages, kinds

pytestmark = pytest.mark.slow


def test_no_kind_of_page_has_an_error_or_requests_another_host(
    open_page: Pages, site_url: str, real_site: Path
) -> None:
    page = open_page()
    for path in kinds(real_site).values():
        response = page.goto(site_url + path)
        assert response is not None
        assert response.ok, path


def test_every_kind_of_page_works_from_a_folder(open_page: Pages, real_site: Path) -> None:
    page = open_page()
    for path in kinds(real_site).values():
        page.goto((real_site / path).as_uri())
        assert page.locator("main").is_visible(), path
        assert page.evaluate("getComputedStyle(document.body).margin") == "0px", path


@pytest.mark.parametrize("width", WIDTHS)
def test_no_kind_of_page_scrolls_sideways(
    open_page: Pages, site_url: str, real_site: Path, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    for path in kinds(real_site).values():
        page.goto(site_url + path)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{path} is {wide} px wide"
