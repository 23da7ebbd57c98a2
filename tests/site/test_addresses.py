"""The addresses of pages: files that every system can create."""

import ntpath
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

import pytest

from healthcoop import Dataset
from healthcoop.site import addresses
from tests.conftest import ROOT

from .sites import add_organisation, site

# Python 3.13 has a function of its own, and warns of the method.
is_reserved: Callable[[str], bool] = getattr(
    ntpath, "isreserved", lambda path: PureWindowsPath(path).is_reserved()
)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        *(("AUX", "AUX_"), ("con", "con_"), ("Prn", "Prn_"), ("NUL", "NUL_")),
        *(("COM1", "COM1_"), ("lpt9", "lpt9_"), ("COM²", "COM²_"), ("aux.x", "aux_.x")),
        *(("COM0", "COM0"), ("COM10", "COM10"), ("AUXI", "AUXI"), ("BEACON", "BEACON")),
    ],
)
def test_name_of_a_windows_device_has_a_suffix(code: str, name: str) -> None:
    for address in (addresses.organisation, addresses.topic, addresses.country, addresses.record):
        assert address(code).rpartition("/")[2] == f"{name}.html"


def test_pages_of_the_codes_of_this_data_set_are_named_after_them() -> None:
    with Dataset.open(ROOT) as dataset:
        names = dataset.vocabulary
        assert all(addresses.topic(code) == f"topics/{code}.html" for code in names.topics)
        for code in names.organisations:
            assert addresses.organisation(code) == f"organisations/{code}.html"
        for code in names.countries:
            assert addresses.country(code) == f"countries/{code}.html"


def test_no_file_of_a_site_is_a_windows_device(few_records: Path) -> None:
    add_organisation(few_records, "AUX")
    with Dataset.open(few_records) as dataset:
        pages = site(dataset, pyodide="none")
        assert b'href="../organisations/AUX_.html"' in pages["organisations/index.html"]
        assert "organisations/AUX_.json" in pages
        devices = [path for path in pages if is_reserved(path)]
    assert devices == []
