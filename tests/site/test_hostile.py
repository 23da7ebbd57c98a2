"""A site of records that were written to harm its readers: all of it is text, nothing is executed.

Each payload stands in every text of a record at once: titles, names, languages, addresses, dates.
"""

import json
import re
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from healthcoop.files.visible import HIDDEN, visible
from healthcoop.model.spec import fields_of
from tests.conftest import ROOT

from .browser import Pages, served
from .conftest import build
from .markup import SiteMarkup, nu_messages

pytestmark = pytest.mark.slow

SET = "window.hacked=1"
PAYLOADS = {
    "script": f"<script>{SET}</script>",
    "attribute": f"\"><img src=x onerror=\"{SET}\">'><img src=x onerror='{SET}'>",
    "end-of-script": f"</script></title></style></textarea><svg onload={SET}>",
    "comment": f"<!-- <script> --> <!--<script>{SET}//]]>",
    "javascript": f"javascript:{SET}",
    "javascript-spaced": f" JavaScript\u00a0:{SET}//https://example.org",
    "data": f"data:text/html,<script>{SET}</script>",
    "address": f'https://example.org/" onmouseover="{SET}" \'<script>{SET}</script>',
    "host": "https://[::1/x",
    "no-scheme": "//example.org/x",
    "entities": f"&lt;script&gt;{SET}&lt;/script&gt; &amp;amp; &#60;script&#62;{SET}",
    "template": "{{ 7 * 7 }} {% include 'base.html' %} ${7 * 7} {# x #}",
    "direction": "signed \u202e8102\u202c in \u2067secret\u2069 \u200bspace\u200b\u00ad",
    "long": "W" * 300,
    "path": "../../../../escape",
}
NAMES = {
    "countries.json": ('"name": "Azerbaijan"', f'"name": "<img src=x onerror=\'{SET}\'>"'),
    "organisations.yaml": (
        "label: World Health Organization",
        f"label: WHO <script>{SET}</script>",
    ),
    "topics.yaml": ("label: Health policy", f"label: Policy </script><script>{SET}</script>"),
    "types.yaml": ("label: Agreement", f"label: Agreement <script>{SET}</script>"),
}
"""For each vocabulary, a name in it, and what it is replaced by."""
BAD_IDS = ["../../../escape", "index", "2020-a/b", f'2020-"><img src=x onerror={SET}>', "2020-az\n"]


def harmful(part: str, payload: str) -> dict[str, Any]:
    """Return a part of a record with every field, each text of it the payload."""

    name_of_field = payload[:100] if payload.isascii() else "date"

    def value(kind: str, name: str, item: Any = None) -> Any:
        if kind == "list":
            return [value(item.kind, name)]
        if kind == "part":
            return harmful(name, payload)
        return {"flag": True, "says": {name_of_field: payload}}.get(kind, payload)

    fields = fields_of(part)
    return {field.name: value(field.kind, field.name, field.item) for field in fields}


def record(ident: str, payload: str) -> dict[str, Any]:
    """Return a record that is harmful in everything but what it needs to be shown at all."""
    data = harmful("", payload)
    data |= {"id": ident, "type": "agreement", "date": "2020-05-05"}
    data["topics"] = ["health-policy", payload]
    data["parties"] = [
        data["parties"][0] | {"country": "AZ", "organisation": None},
        data["parties"][0] | {"country": "CU", "organisation": None},
        data["parties"][0] | {"country": None, "organisation": "WHO"},
        data["parties"][0] | {"organisation": None},
    ]
    for party in data["parties"]:
        party.update({"role": "signatory", "level": "national"})
    data["parties"] = [
        {name: value for name, value in party.items() if value is not None}
        for party in data["parties"]
    ]
    del data["withdrawn"]
    return data


def write(root: Path, name: str, data: dict[str, Any]) -> None:
    (root / "records" / "2020" / f"{name}.yaml").write_text(json.dumps(data), encoding="utf-8")


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site of harmful records, names, paths and messages of commits."""
    root = tmp_path_factory.mktemp("hostile") / "data"
    for path in sorted((ROOT / "schema").iterdir()):
        target = root / "schema" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        if path.name in NAMES:
            assert NAMES[path.name][0] in text, path
            text = text.replace(*NAMES[path.name])
        target.write_bytes(text.encode())
    (root / "records" / "2020").mkdir(parents=True)
    citation = {
        "cff-version": "1.2.0",
        "title": PAYLOADS["script"],
        "abstract": PAYLOADS["attribute"],
    }
    citation |= {"version": PAYLOADS["script"], "license": PAYLOADS["end-of-script"]}
    (root / "CITATION.cff").write_text(json.dumps(citation), encoding="utf-8")
    for name, payload in PAYLOADS.items():
        ident = f"2020-az-cu-{name}"
        write(root, ident, record(ident, payload))
        gone = {
            "id": f"{ident}-gone",
            "withdrawn": {"date": payload, "reason": payload, "replaced_by": [payload]},
        }
        write(root, f"{ident}-gone", gone)
    for number, ident in enumerate(BAD_IDS):
        write(root, f"odd {number} &%41'", record("2020-az-cu-valid", "x") | {"id": ident})
    twice = record("2020-az-cu-script", "another record with its id")
    write(root, "2020-zz", twice | {"former_ids": [*BAD_IDS, "2020-az-cu-data", "2020-former"]})
    write(
        root,
        "2020-zzz",
        record("2020-az-cu-last", "x") | {"former_ids": ["2020-former", "2020-former"]},
    )
    git = ["git", "-c", "user.name=x", "-c", "user.email=x", "-C", str(root)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", PAYLOADS["attribute"]], check=True)
    build(root, root.parent / "site", cache=root.parent / "cache")
    return root.parent / "site"


@pytest.fixture(scope="module")
def pages(hostile_site: Path) -> SiteMarkup:
    """Return the pages of the site, parsed."""
    return SiteMarkup(hostile_site)


def test_every_harmful_record_has_a_page_with_the_text_as_it_is(hostile_site: Path) -> None:
    for name, payload in PAYLOADS.items():
        page = (hostile_site / "records" / f"2020-az-cu-{name}.html").read_text(encoding="utf-8")
        assert unescape(page).count(visible(payload)) > 10, name
        gone = hostile_site / "records" / f"2020-az-cu-{name}-gone.html"
        assert visible(payload) in unescape(gone.read_text(encoding="utf-8"))


def test_nothing_of_a_record_is_an_element_a_script_or_an_address(pages: SiteMarkup) -> None:
    for page, markup in pages.items():
        assert [*markup.executed()] == [], page
        for tag, attributes in markup.elements:
            assert tag not in ("base", "iframe", "object", "embed"), page
            assert tag != "img" or re.fullmatch(r"\.\./statistics/[a-z]+\.svg", attributes["src"])
            assert attributes.keys().isdisjoint({"onload", "srcdoc", "onmouseover"}), page
        schemes = {urlsplit(address).scheme for address in markup.links}
        assert schemes <= {"", "http", "https"}, page
        assert [*pages.broken(page)] == [], page
        for attributes, text in markup.texts:
            if attributes.get("type") == "application/ld+json":
                json.loads(text)


def test_what_reorders_or_hides_text_is_visible_on_every_page(hostile_site: Path) -> None:
    for file in hostile_site.rglob("*.html"):
        content = file.read_text(encoding="utf-8").replace("\n", "")
        assert not HIDDEN.findall(content), file
    page = hostile_site / "records" / "2020-az-cu-direction.html"
    assert "signed \\u202e8102" in page.read_text(encoding="utf-8")


def test_ids_and_paths_stay_inside_the_site(hostile_site: Path) -> None:
    """Invalid ids have no page; of two records with one id, the first has it."""
    built = [path.relative_to(hostile_site) for path in hostile_site.rglob("*")]
    assert [path for path in built if not re.fullmatch(r"[A-Za-z0-9._-]+", path.name)] == []
    assert {path.name for path in hostile_site.parent.iterdir()} <= {"cache", "data", "site"}
    assert [path for path in built if "escape" in path.name] == []
    read = {
        name: (hostile_site / "records" / f"2020-{name}.html").read_text(encoding="utf-8")
        for name in ("az-cu-script", "az-cu-data", "former")
    }
    assert "another record with its id" not in read["az-cu-script"]
    assert "This record has a new address" not in read["az-cu-data"]
    assert "This record has a new address" in read["former"]


def test_feeds_and_data_are_well_formed(hostile_site: Path) -> None:
    for file in hostile_site.rglob("*"):
        if file.suffix == ".json":
            json.loads(file.read_bytes())
        elif file.suffix in (".atom", ".xml", ".svg"):
            ElementTree.parse(file)


SETTLED = """() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))"""
"""Wait for what a page does right after it was loaded."""


def test_a_browser_executes_nothing_of_a_record(hostile_site: Path, chromium: Any) -> None:
    with served(hostile_site) as address:
        pages = Pages(chromium, [address])
        page = pages(viewport={"width": 360, "height": 800})
        for file in sorted({*hostile_site.rglob("*.html")} - {hostile_site / "404.html"}):
            path = file.relative_to(hostile_site).as_posix()
            page.goto(f"{address}{path}?text={PAYLOADS['attribute']}#{PAYLOADS['script']}")
            if b'http-equiv="refresh"' in file.read_bytes():
                page.wait_for_load_state("networkidle")  # of where it leads
            page.evaluate(SETTLED)
            assert page.evaluate("window.hacked") is None, path
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
            assert "\u202e" not in page.content(), path
        page.goto(f"{address}records/index.html?kind=instrument")  # drawn by a script
        page.locator("#facets fieldset").first.wait_for(state="attached")
        assert page.get_by_text(PAYLOADS["script"]).count() > 0
        assert page.locator("main :is(script, img, svg)").count() == 0
        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert "\u202e" not in page.content()
        assert pages.problems == []


def test_the_nu_checker_finds_nothing_in_harmful_pages(
    hostile_site: Path, npm_package: Callable[[str], Path]
) -> None:
    assert nu_messages(npm_package("vnu-jar"), hostile_site.rglob("*.html")) == []
