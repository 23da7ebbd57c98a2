"""The page of statistics: tables as the commands write them, charts for both schemes."""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from healthcoop import Dataset, HealthcoopError
from healthcoop.index.statistics import STATISTICS
from healthcoop.site.statistics import FIGURES
from tests.conftest import Invoke

from .markup import Markup
from .sites import site


def test_tables_are_what_the_commands_write(few_records: Path, cli_invoke: Invoke) -> None:
    with Dataset.open(few_records) as dataset:
        pages = site(dataset)
        for name, figure in FIGURES.items():
            command = ["--root", few_records, "stats", name, *figure.options.values()]
            for format_ in ("csv", "json"):
                written = cli_invoke(*command, "-f", format_).stdout
                assert pages[f"statistics/{name}.{format_}"].decode() == written, name


@pytest.mark.slow
@pytest.mark.libraries
def test_every_figure_has_a_picture_of_its_size_in_both_schemes_and_words_for_it(
    few_records: Path,
) -> None:
    with Dataset.open(few_records) as dataset:
        pages = site(dataset)
        page = Markup(pages["statistics/index.html"])
    images = {attributes["src"]: attributes for tag, attributes in page.elements if tag == "img"}
    darks = [attributes["srcset"] for tag, attributes in page.elements if tag == "source"]
    assert [*images] == [f"../statistics/{name}.svg" for name in FIGURES]
    assert darks == [f"../statistics/{name}-dark.svg" for name in FIGURES]
    for address, attributes in images.items():
        drawn = ET.fromstring(pages[address.removeprefix("../")])
        assert (attributes["width"], attributes["height"]) == (
            drawn.get("width"),
            drawn.get("height"),
        )
        assert len(attributes["alt"]) > 40


@pytest.mark.slow
@pytest.mark.libraries
def test_page_states_what_is_not_counted(few_records: Path, cli_invoke: Invoke) -> None:
    with Dataset.open(few_records) as dataset:
        text = site(dataset)["statistics/index.html"].decode()
    noted = cli_invoke("--root", few_records, "stats", "pairs").stderr
    (note,) = re.findall(r"not counted: (.+?) \(--", noted)
    assert note == "1 record with no pair of countries"
    assert f"Not counted: {note}." in text
    assert "<code>healthcoop stats pairs</code>" in text


@pytest.mark.slow
@pytest.mark.libraries
def test_dark_charts_differ_in_colours_alone_and_have_no_light_ground(few_records: Path) -> None:
    colour = re.compile(r'(?<= fill=")[^"]*|(?<= stroke=")[^"]*')
    with Dataset.open(few_records) as dataset:
        pages = site(dataset)
        for name in FIGURES:
            light, dark = (pages[f"statistics/{name}{end}.svg"].decode() for end in ("", "-dark"))
            assert colour.sub("", light) == colour.sub("", dark)
            assert not {"white", "#222222", "#EFEFEF", "#E4E4E4"} & {*colour.findall(dark)}
            assert 'fill="white"' in light


def test_every_statistic_with_a_chart_is_there() -> None:
    assert {name for name, statistic in STATISTICS.items() if statistic.chart} == {*FIGURES}


@pytest.mark.slow
@pytest.mark.libraries
def test_decades_and_regions_are_named_in_the_table_and_in_words(few_records: Path) -> None:
    with Dataset.open(few_records) as dataset:
        text = site(dataset)["statistics/index.html"].decode()
    assert "<code>healthcoop stats cross decade region</code>" in text
    assert '<th scope="row">European Region</th>' in text
    assert '<th scope="row">2020s</th>' in text
    assert re.search(r'alt="A table of coloured cells: decades and regions\..+2020s, Euro', text)


def test_what_draws_charts_is_not_loaded_before_processes_are_forked(
    few_records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "vl_convert", raising=False)
    with Dataset.open(few_records) as dataset:
        site(dataset)
    assert "vl_convert" not in sys.modules


@pytest.mark.slow
@pytest.mark.libraries
@pytest.mark.parametrize("name", ["vl_convert", "jinja2", "networkx"])
def test_missing_library_is_an_error_with_the_extra_to_install(
    few_records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with Dataset.open(few_records) as dataset:
        with pytest.raises(HealthcoopError, match="the site needs") as raised:
            dataset.build_site(tmp_path / "site")
        assert "healthcoop[site]" in raised.value.hint
