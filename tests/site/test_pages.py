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


def test_charts_with_small_names_are_scrolled_on_a_phone(open_page: Pages, site_url: str) -> None:
    page = open_page(f"{site_url}statistics/index.html", viewport={"width": 360, "height": 800})
    for name in ("matrix", "network"):
        region = page.locator(f"section:has(#{name}) figure .scroll")
        region.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "name => document.querySelector(`section:has(#${name}) figure .scroll`).scrollLeft > 0",
            arg=name,
        )
        assert region.locator("img").evaluate("image => image.clientWidth") > 500
