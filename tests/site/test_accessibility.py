"""Each kind of page for readers with a screen reader, a keyboard, a printer, or no script."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .browser import WIDTHS, Pages, kinds, served, shift

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.slow

AXE = """async () => (await axe.run({resultTypes: ["violations"]})).violations.flatMap(rule =>
  rule.nodes.map(node => [rule.id, node.html.slice(0, 200), node.failureSummary]))"""
FOCUSED = """() => {
  const found = document.activeElement, box = found.getBoundingClientRect();
  const style = getComputedStyle(found);
  return {
    text: found.textContent.trim() || found.name || found.id, href: found.getAttribute("href"),
    top: box.top + scrollY, left: box.left, visible: box.width > 0 && box.left >= 0,
    outline: style.outlineStyle == "none" ? 0 : parseFloat(style.outlineWidth),
    body: found == document.body,
  };
}"""
COLOURS = """() => {
  const style = getComputedStyle(document.body);
  return [style.color, style.backgroundColor];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(
    open_page: Pages,
    site_url: str,
    real_site: Path,
    npm_package: Callable[[str], Path],
    scheme: Any,
) -> None:
    """Contrast too, in both colour schemes."""
    axe = (npm_package("axe-core") / "axe.min.js").read_text(encoding="utf-8")
    page = open_page(color_scheme=scheme)
    found = {}
    for path in kinds(real_site).values():
        page.goto(site_url + path)
        page.evaluate(axe)
        if violations := page.evaluate(AXE):
            found[path] = violations[:5]
    assert found == {}


def test_a_keyboard_reaches_every_link_in_order_and_shows_where_it_is(
    open_page: Pages, site_url: str, real_site: Path
) -> None:
    page = open_page()
    for path in kinds(real_site).values():
        page.goto(site_url + path)
        stops = [*_tab_stops(page, 40)]
        assert stops[0]["text"] == "Skip to the content", path
        assert [stop for stop in stops if not (stop["visible"] and stop["outline"] >= 2)] == [], (
            path
        )
        header = [stop["href"] for stop in stops[1:9]]
        assert header == [*dict.fromkeys(header)], path
        page.goto(site_url + path)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.id == 'content'")


def _tab_stops(page: "Page", most: int) -> Iterator[dict[str, Any]]:
    """Yield what has the focus after each press of the tab key, until the page ends."""
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused["body"]:
            return
        yield focused


def test_nothing_moves_while_a_page_arrives_slowly(open_page: Pages, real_site: Path) -> None:
    shifts = {}
    with served(real_site, slowly=True) as address:
        open_page.sites = [address]
        for width in WIDTHS:
            page = open_page(viewport={"width": width, "height": 800})
            for path in kinds(real_site).values():
                shifts[width, path] = shift(page, address + path)
    # A line of text that is cut in the middle may move by a few pixels when its rest arrives.
    assert {where: found for where, found in shifts.items() if found > 0.01} == {}


def test_printed_pages_have_no_navigation_and_fit_the_paper(
    open_page: Pages, site_url: str, real_site: Path
) -> None:
    a4 = {"width": 680, "height": 1000}  # 180 mm at 96 dots an inch: paper less its margins
    page = open_page(viewport=a4, color_scheme="dark")
    page.emulate_media(media="print")
    for path in kinds(real_site).values():
        page.goto(site_url + path)
        assert page.get_by_role("navigation", name="Main").is_hidden(), path
        assert page.get_by_role("heading", level=1).is_visible(), path
        assert page.evaluate("document.documentElement.scrollWidth") <= 680, path
        assert page.evaluate(COLOURS) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"], path


def test_every_kind_of_page_reads_without_scripts(
    open_page: Pages, site_url: str, real_site: Path
) -> None:
    page = open_page(java_script_enabled=False)
    for path in kinds(real_site).values():
        page.goto(site_url + path)
        assert page.get_by_role("heading", level=1).inner_text(), path
        assert len(page.locator("main").inner_text()) > 150, path


def test_a_reader_without_scripts_browses_from_home_to_a_source(
    open_page: Pages, site_url: str
) -> None:
    from playwright.sync_api import expect

    page = open_page(site_url, java_script_enabled=False)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Records").click()
    page.get_by_role("link", name="Older").click()
    page.wait_for_url(f"{site_url}records/page-2.html")
    title = page.locator(".entries a").first.inner_text()
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.get_by_role("link", name="source 1").first.click()
    page.wait_for_url("**#source-1")
