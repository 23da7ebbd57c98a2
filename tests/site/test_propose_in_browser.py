"""The page “Propose a record” in Chromium: a record by keyboard, and every real record."""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from healthcoop import Dataset
from healthcoop.checks import suppressions
from healthcoop.contribute.creation import summaries_in
from healthcoop.files import reader
from healthcoop.site.propose import form
from tests.conftest import ROOT, Invoke

from .browser import Pages, served
from .test_accessibility import AXE
from .test_propose import FAILING

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.slow

PAGE = "contribute/propose.html"
FOCUSED = """() => {
  const found = document.activeElement;
  return (found.labels?.[0] ?? found).textContent.trim().replace(/\\s+/g, " ");
}"""
THROUGH_THE_FORM = """async (ids) => {
  const {form} = await import(document.getElementById("propose").dataset.form.replace(
    /^[.\\/]*/, new URL("../", location.href).href));
  const records = await Promise.all(ids.map((id) => form.checks.call("read", id)));
  const previews = records.map(({data, path}) => {
    form.fill(data);
    return form.checks.call("preview", form.data, path);  // while the next fills the form
  });
  const answers = Object.fromEntries((await Promise.all(previews)).map((one) => [one.path, one]));
  return answers;
}"""
ANSWERED = """async () => {
  const {form} = await import(document.getElementById("propose").dataset.form.replace(
    /^[.\\/]*/, new URL("../", location.href).href));
  await new Promise((done) => setTimeout(done, 400));
  await form.checks.call("find", "countries", "-");
}"""
"""Wait longer than the form does, and for the answers to what it asked until then."""
PREVIEWS = """async (all) => {
  const {form} = await import(document.getElementById("propose").dataset.form.replace(
    /^[.\\/]*/, new URL("../", location.href).href));
  return Promise.all(all.map(([data, path]) => form.checks.call("preview", data, path)));
}"""


@pytest.fixture
def opened(open_page: Pages, site_url: str) -> "Page":
    """Return the page, ready."""
    page = open_page(site_url + PAGE)
    ready(page)
    return page


def ready(page: "Page") -> None:
    page.locator("#status", has_not_text="Loading").wait_for()


def status(page: "Page", words: str) -> None:
    page.locator("#status", has_text=words).wait_for()


def settled(page: "Page") -> None:
    """Wait until everything that was typed is checked: for the pause before a check, and for its
    answer, twice, as what a name means is asked for before.
    """
    for _ in range(2):
        page.evaluate(ANSWERED)


def suggestion(page: "Page", text: str) -> None:
    """Wait for suggestions for a text; the options of select elements have that role too."""
    from playwright.sync_api import expect

    first = page.locator("#options [role=option]").first
    expect(first).to_contain_text(re.compile(re.escape(text), re.IGNORECASE))


def tab_to(page: "Page", label: str) -> None:
    """Press the tab key until what has this label has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(label):
            return
    raise AssertionError(f"the tab key does not reach {label}")


TYPED = {
    "Type": "Meeting",
    "Title": "Iceland and Cuba discuss the training of nurses",
    "Date": "7 October 2021",
    "Country": "icel↓",
    "Country ": "Küba",  # in Turkish
    "Topic 1": "workf↓",
    "Summary": "Officials of both ministries spoke of the training of nurses in Havana.",
    "Address": "https://example.com/news/1",
    "Kind": "press",
    "Publisher": "Example News",
    "Accessed": "2026-11-20",  # in place of today
    "Language": "en",
    "Date ": " ",  # of the fields that the source supports
    "More fields": "",
}
"""What is typed at each stop: with ↓ the first suggestion is taken, with ↵ a button is pressed."""


def test_record_by_keyboard_alone_is_valid(
    opened: "Page", dataset_copy: Path, cli_invoke: Invoke
) -> None:
    keys = opened.keyboard
    for label, text in TYPED.items():
        tab_to(opened, label.strip())
        if text.startswith("↵"):
            keys.press("Enter")
        keys.type(text.strip("↵↓"))
        if text.endswith("↓"):
            suggestion(opened, text.strip("↓"))
            keys.press("ArrowDown")
            keys.press("Enter")
    status(opened, "1 problem, 1 field still needed.")
    beside = opened.locator(".field[data-name=date]").first.locator(".problems")
    assert beside.inner_text().startswith("“7 October 2021” has the month in words.")
    tab_to(opened, "“7 October 2021” has the month in words")
    keys.press("Enter")
    assert opened.evaluate(FOCUSED).startswith("Date")
    keys.press("Control+A")
    keys.type("2021-10-07")
    status(opened, "No problems found")
    tab_to(opened, "Download")
    with opened.expect_download() as downloading:
        keys.press("Enter")
    name = downloading.value.suggested_filename
    assert name == "2021-is-cu-training-nurses.yaml"
    file = dataset_copy / "records" / "2021" / name
    downloading.value.save_as(file)
    assert file.read_text(encoding="utf-8") == opened.locator("#yaml").text_content()
    cli_invoke("--root", dataset_copy, "validate", "--strict", file, "--today", f"{date.today()}")
    cli_invoke("--root", dataset_copy, "fmt", "--check", file)


def test_every_record_through_the_form_is_its_file_without_findings(
    opened: "Page", shared_cache: None
) -> None:
    wrong = {}
    with Dataset.open(ROOT, today=date.today()) as dataset:
        expected: dict[str, set[tuple[str, str]]] = {path: set() for path in dataset.files}
        for finding in dataset.check().findings:
            for path in (finding.path, *finding.others):
                expected.setdefault(path, set()).add((finding.code, finding.message))
        idents = [form.stem(path) for path in dataset.files]
        for start in range(0, len(idents), 50):
            answers = opened.evaluate(THROUGH_THE_FORM, idents[start : start + 50])
            for path, answer in answers.items():
                found = {(one["code"], one["message"]) for one in answer["findings"]}
                if answer["text"].encode() != dataset.files[path] or found != expected[path]:
                    wrong[path] = answer
    assert wrong == {}


def test_findings_in_the_browser_are_those_of_the_same_checks_here(
    opened: "Page", shared_cache: None
) -> None:
    """For a record that violates a rule, as an existing file and as a new record."""
    given = [
        (reader.parse(content).data, path)
        for case in FAILING
        for path, content in [next(iter(case.files.items()))]
    ]
    given += [({**(data or {}), "id": f"{(data or {}).get('id')}-x"}, "") for data, _ in given[::9]]
    with Dataset.open(ROOT, today=date.today()) as dataset:
        own = form.Proposer(
            dataset.vocabulary,
            today=date.today(),
            others=[*summaries_in(dataset.index)],
            accepted=suppressions.read(dataset.files),
            files=dataset.files,
        )
        expected = [own.preview(data or {}, path=path).to_data() for data, path in given]
    found = [*_in_batches(opened, given)]
    assert [one for one in zip(found, expected, strict=True) if one[0] != one[1]] == []


def _in_batches(page: "Page", given: list[Any]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(given), 20):
        yield from page.evaluate(PREVIEWS, given[start : start + 20])


def test_source_supports_what_is_checked_in_that_order(opened: "Page") -> None:
    """The fields that the record has come first; the others can be checked, too."""
    opened.get_by_label("Title").first.fill("A title")
    opened.get_by_label("Type").first.select_option("mou")
    opened.get_by_label("Date").first.fill("2022-10-07")
    country = opened.locator("[data-name=parties]").get_by_label("Country").first
    country.fill("türkiye")
    country.press("Tab")
    party = opened.locator("[data-name=parties] .item").first
    party.get_by_text("More about").click()
    party.locator("[data-name=ratified] input").fill("2023")
    supports = opened.locator("[data-name=supports]").first
    filled = supports.locator("[data-filled]")
    filled.get_by_label("Parties, TR, Ratified").check()
    shown = [text.strip() for text in filled.locator("label").all_inner_texts()]
    assert shown == ["Type", "Title", "Date", "Parties", "Parties, TR, Ratified"]
    filled.get_by_label("Date", exact=True).press("Space")
    supports.get_by_text("still empty").click()
    supports.get_by_label("Terms, In force").check()
    supports.get_by_label("Terms, In force").locator("xpath=ancestor::*[@data-filled]").wait_for()
    text = "supports: [parties.TR.ratified, date, terms.in_force]"
    opened.locator("#yaml", has_text=text).wait_for()
    filled.get_by_label("Parties, TR, Ratified").uncheck()
    opened.locator("#yaml", has_text="supports: [date, terms.in_force]").wait_for()


def test_new_record_is_in_the_usual_collection(opened: "Page") -> None:
    status(opened, "The checks are ready")
    opened.get_by_label("Title").first.fill("A title")
    opened.locator("#yaml", has_text="collection: news-search-2026").wait_for()


def test_reload_keeps_what_was_written_until_one_starts_again(opened: "Page") -> None:
    from playwright.sync_api import expect

    opened.get_by_label("Title").first.fill("A title")
    country = opened.locator("[data-name=parties]").get_by_label("Country").first
    country.fill("türkiye")
    country.press("Tab")
    opened.get_by_role("button", name="Add person").click()
    opened.get_by_label("Name", exact=False).first.fill("Ada")
    settled(opened)
    before = opened.locator("#yaml").inner_text()
    assert "country: TR" in before
    assert "Ada" in before
    opened.reload()
    expect(opened.get_by_label("Title").first).to_have_value("A title")
    status(opened, "needed")
    assert opened.locator("#yaml").inner_text() == before
    opened.get_by_role("button", name="Start again").click()
    status(opened, "ready")
    assert opened.get_by_label("Title").first.input_value() == ""


def test_record_is_corrected_in_its_own_file(
    open_page: Pages, site_url: str, real_site: Path
) -> None:
    from playwright.sync_api import expect

    page = open_page(f"{site_url}{PAGE}?record=2022-az-cu-minister-ambassador")
    status(page, "No problems found")
    assert page.get_by_role("heading", level=1).inner_text() == "Correct a record"
    file = real_site / "records" / "2022-az-cu-minister-ambassador.yaml"
    assert page.locator("#yaml").text_content() == file.read_text(encoding="utf-8")
    page.get_by_label("Title").first.fill("Azerbaijan's health minister meets Cuba's ambassador")
    settled(page)
    assert "meets Cuba" in " ".join(page.locator("#yaml").inner_text().split())
    assert page.locator("#path").inner_text().endswith("/2022-az-cu-minister-ambassador.yaml")
    before = page.locator("#yaml").text_content()
    assert not page.locator("#description").is_visible()
    page.get_by_label("What was wrong").fill(" The ambassador was <b>misspelt</b>. ")
    described = f"Correct {file.stem}: The ambassador was <b>misspelt</b>."
    expect(page.locator("#description q")).to_have_text(described)
    page.get_by_role("button", name="Copy the description").click()
    page.locator("#done", has_text="The").wait_for()
    page.reload()
    status(page, "No problems found")
    expect(page.locator("#description q")).to_have_text(described)
    assert page.locator("#yaml").text_content() == before


def test_likely_duplicate_is_linked(open_page: Pages, site_url: str) -> None:
    page = open_page(f"{site_url}{PAGE}?country=AZ&country=CU")
    page.get_by_label("Type").first.select_option("meeting")
    page.get_by_label("Date").first.fill("2022-10-07")
    page.get_by_text("Perhaps the same event").wait_for()
    with page.expect_popup() as popup:
        page.locator("#duplicates a").first.click()
    assert popup.value.url == f"{site_url}records/2022-az-cu-minister-ambassador.html"


def test_what_is_typed_is_never_markup(opened: "Page") -> None:
    harmful = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    for name in ("Title", "Summary"):
        opened.get_by_label(name).first.fill(harmful)
    opened.get_by_label("Date").first.fill(harmful)
    opened.get_by_label("Country").first.fill(harmful)
    opened.get_by_label("Country").first.press("Tab")
    settled(opened)
    assert "onerror" in opened.locator("#findings").inner_text()
    assert harmful in opened.locator("#yaml").inner_text()
    assert opened.locator("#propose img, #propose script").count() == 0


def test_page_from_a_folder_says_what_to_do(open_page: Pages, real_site: Path) -> None:
    page = open_page((real_site / PAGE).as_uri())
    assert "healthcoop site serve" in page.locator("#why").inner_text()
    assert not page.locator("#record").is_visible()


@pytest.fixture
def small_site(
    few_records: Path, tmp_path: Path, npm_package: Callable[[str], Path]
) -> Iterator[str]:
    """Yield the address of a site of few records, whose repository is on GitHub."""
    with Dataset.open(few_records) as dataset:
        dataset.build_site(
            tmp_path / "site",
            repository="https://github.com/o/r",
            pyodide=str(npm_package("pyodide")),
        )
    with served(tmp_path / "site") as address:
        yield address


def test_new_file_is_prefilled_unless_it_is_too_long(open_page: Pages, small_site: str) -> None:
    open_page.sites = [small_site]
    page = open_page(small_site + PAGE)
    page.get_by_label("Date").first.fill("2022-10-07")
    page.get_by_label("Title").first.fill("A & B: 50 % “more” #1?")
    page.locator("#yaml", has_text="more").wait_for()
    link = page.get_by_role("link", name="Open in GitHub")
    parts = urlsplit(link.get_attribute("href") or "")
    assert (parts.netloc, parts.path) == ("github.com", "/o/r/new/main/records/2022")
    assert parse_qs(parts.query)["value"] == [page.locator("#yaml").text_content()]
    assert parse_qs(parts.query)["filename"][0].startswith("2022-")
    page.get_by_label("Summary").first.fill("é " * 4000)
    page.get_by_text("too long for an address").wait_for()
    assert "value" not in (link.get_attribute("href") or "")


def test_checks_that_stop_are_reported_and_start_again(opened: "Page", open_page: Pages) -> None:
    opened.get_by_label("Title").first.fill("A title")
    opened.locator("#yaml", has_text="A title").wait_for()
    opened.workers[0].evaluate("setTimeout(() => { throw new Error('no memory left') })")
    status(opened, "The checks stopped. What you wrote is still in the form.")
    assert opened.get_by_role("button", name="Download").is_disabled()
    opened.get_by_label("Title").first.fill("Another title")
    country = opened.locator("[data-name=parties]").get_by_label("Country").first
    country.fill("türkiye")
    country.press("Tab")
    opened.get_by_role("button", name="Start the checks again").click()
    opened.locator("#yaml", has_text="Another title").wait_for()
    assert "country: TR" in opened.locator("#yaml").inner_text()
    assert not opened.locator("#restart").is_visible()
    assert opened.get_by_role("button", name="Download").is_enabled()
    open_page.problems = [one for one in open_page.problems if "no memory left" not in one]


def test_checks_that_are_slow_are_waited_for(open_page: Pages, site_url: str) -> None:
    """A new start is offered meanwhile."""

    def be_impatient(route: "Route") -> None:
        answer = route.fetch()
        body = re.sub(r"PATIENCE = [\d_]+", "PATIENCE = 1", answer.text())
        route.fulfill(response=answer, body=body)

    page = open_page()
    page.context.route("**/form.js", be_impatient)
    page.goto(f"{site_url}{PAGE}?country=AZ")
    page.evaluate(
        """() => new MutationObserver((all) => all.forEach(({ target }) => {
            document.body.dataset.said += target.textContent;
        })).observe(document.getElementById("status"), { childList: true })"""
    )
    page.get_by_label("Title").first.fill("A title")
    page.locator("#yaml", has_text="A title").wait_for()
    assert "The checks do not answer." in (page.locator("body").get_attribute("data-said") or "")
    assert page.get_by_role("button", name="Start the checks again").is_hidden()


def lose(route: "Route") -> None:
    route.abort()


def lose_late(route: "Route") -> None:
    """Abort a request when everything else is there."""
    time.sleep(1)
    route.abort()


def cut(route: "Route") -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.body()[:100])


@pytest.mark.parametrize(
    ("lost", "how"),
    [
        ("worker.js", lose),
        ("checks.json", lose),
        ("pyodide.asm.wasm", lose_late),
        ("pyodide.asm.wasm", cut),
        ("python_stdlib.zip", lose),
    ],
)
def test_checks_that_cannot_be_loaded_are_loaded_on_request(
    open_page: Pages, site_url: str, lost: str, how: "Callable[[Route], None]"
) -> None:
    page = open_page()
    page.context.route(f"**/{lost}", how)
    page.goto(f"{site_url}{PAGE}?country=AZ")
    status(page, "The checks could not be loaded.")
    page.get_by_label("Title").first.fill("A title")
    page.context.unroute_all()
    open_page.problems.clear()
    page.get_by_role("button", name="Start the checks again").click()
    page.locator("#yaml", has_text="A title").wait_for()


def test_record_that_cannot_be_loaded_is_not_taken_for_a_new_one(
    open_page: Pages, site_url: str
) -> None:
    ident = "2022-az-cu-minister-ambassador"
    page = open_page()
    page.context.route(f"**/{ident}.yaml", lambda route: route.abort())
    page.goto(f"{site_url}{PAGE}?record={ident}")
    status(page, "The record could not be loaded.")
    assert page.get_by_label("Title").first.input_value() == ""
    page.context.unroute_all()
    page.get_by_role("button", name="Start the checks again").click()
    status(page, "No problems found")
    assert page.get_by_label("Title").first.input_value()
    open_page.problems = [one for one in open_page.problems if "ERR_FAILED" not in one]


def test_nothing_but_wasm_is_evaluated_in_the_worker_either(
    open_page: Pages, site_url: str
) -> None:
    """A worker has the policy of its own answer: here that of the page, as some hosts send it."""
    page = open_page()
    policy = (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self';"
        " connect-src 'self'; style-src 'self'; img-src 'self'"
    )

    def restrict(route: "Route") -> None:
        answer = route.fetch()
        headers = {**answer.headers, "content-security-policy": policy}
        route.fulfill(response=answer, headers=headers)

    page.context.route("**/*.js", restrict)
    page.context.route("**/*.html", restrict)
    page.goto(site_url + PAGE)
    page.get_by_label("Date").first.fill("2022-13")
    page.locator("#findings", has_text="month 13").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_the_form(
    open_page: Pages, site_url: str, npm_package: Callable[[str], Path], scheme: Any
) -> None:
    """With findings, suggestions and every kind of field, on a phone and on a wide screen."""
    axe = (npm_package("axe-core") / "axe.min.js").read_text(encoding="utf-8")
    page = open_page(f"{site_url}{PAGE}?record=2022-az-cu-minister-ambassador", color_scheme=scheme)
    status(page, "No problems found")
    page.get_by_label("Type").first.select_option("mou")
    for button in page.locator(".add").all():
        if button.is_visible():
            button.click()
    page.get_by_label("Date").first.fill("2022-13")
    page.get_by_label("Title").first.fill("")
    settled(page)
    assert "month 13" in page.locator("#findings").inner_text()
    page.get_by_label("Country").first.fill("gu")
    suggestion(page, "gu")
    page.keyboard.press("ArrowDown")
    page.evaluate(axe)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(AXE) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_files_of_the_page_have_a_sane_size(real_site: Path) -> None:
    """But for Pyodide itself, whose files are loaded by this page alone."""
    folder = real_site / "assets" / "propose"
    sizes = {file.name: file.stat().st_size for file in folder.iterdir() if file.is_file()}
    assert sum(sizes.values()) < 1_500_000, json.dumps(sizes)
    pages = [file for file in real_site.rglob("*.html") if b"assets/propose/" in file.read_bytes()]
    assert [file.relative_to(real_site).as_posix() for file in pages] == [PAGE]
