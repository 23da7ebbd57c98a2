"""The page of data: its files are the exports, and what it says of them is true."""

import gc
import hashlib
import re
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from healthcoop import Dataset
from healthcoop.export.exporters import EXPORTERS
from healthcoop.export.release import SUMS, file_name
from healthcoop.site import Site

from .sites import site


@pytest.fixture
def dataset(few_records: Path) -> Iterator[Dataset]:
    with Dataset.open(few_records) as dataset:
        yield dataset


def test_files_are_the_exports(dataset: Dataset, tmp_path: Path) -> None:
    pages = site(dataset)
    for name, exporter in EXPORTERS.items():
        path = f"data/{file_name(name)}"
        written = dataset.export(name, output=tmp_path / file_name(name).removesuffix(".zip"))
        if exporter.kind == "folder":
            with ZipFile(BytesIO(pages[path])) as archive:
                files = {entry: archive.read(entry) for entry in archive.namelist()}
            folder = written[0]
            assert files == {
                file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*")
            }
        else:
            assert {file.name: pages[f"data/{file.name}"] for file in written} == {
                file.name: file.read_bytes() for file in written
            }


def test_page_has_the_size_and_the_sum_of_every_file(dataset: Dataset) -> None:
    pages = site(dataset)
    text = pages["data/index.html"].decode()
    sums = dict(reversed(line.split("  ")) for line in pages[f"data/{SUMS}"].decode().splitlines())
    offered = {path.removeprefix("data/") for path in pages if re.match("data/records[^/]*$", path)}
    assert {*sums} == offered
    for name, digest in sums.items():
        content = pages[f"data/{name}"]
        assert hashlib.sha256(content).hexdigest() == digest
        assert f'href="../data/{name}"' in text
        if not name.endswith("-metadata.json"):
            assert f"{digest}  {name}\n" in text
            assert f'>{name}</a> <span class="count">{max(1, round(len(content) / 1e3))} kB' in text


@pytest.mark.slow
def test_export_that_the_records_do_not_allow_is_left_out(
    few_records: Path, tmp_path: Path
) -> None:
    record = next((few_records / "records").rglob("*.yaml"))
    record.with_name("copy.yaml").write_bytes(record.read_bytes())
    notes: list[str] = []
    with Dataset.open(few_records) as dataset:
        dataset.build_site(tmp_path / "site", pyodide="none", note=notes.append)
    (note,) = [note for note in notes if "left out" in note]
    assert note.startswith("records.db is left out: two rows of records have the same key")
    data = tmp_path / "site" / "data"
    assert not (data / "records.db").exists()
    assert "records.db" not in (data / SUMS).read_text()
    text = (data / "index.html").read_text()
    assert 'href="../data/records.db"' not in text
    assert "healthcoop export sqlite -o records.db" in text
    assert 'href="../data/records.csv"' in text


def test_page_names_what_the_tool_writes_and_the_extra_for_a_missing_library(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "healthcoop export xlsx" not in site(dataset)["data/index.html"].decode()
    monkeypatch.setattr("healthcoop.export.exporters.find_spec", lambda name: None)
    pages = site(dataset)
    assert not {"data/records.xlsx", "data/records-parquet.zip"} & {*pages}
    text = unescape(pages["data/index.html"].decode())
    assert "pip install 'healthcoop[xlsx]'" in text
    assert "healthcoop export xlsx -o records.xlsx" in text
    assert "healthcoop export parquet -o records (pip install 'healthcoop[parquet]')" in re.sub(
        "<.+?>", "", text
    )


def test_archives_have_the_same_bytes_each_time(dataset: Dataset) -> None:
    pages, again = site(dataset), site(dataset)
    for name in ("records-parquet.zip", "records-datapackage.zip"):
        assert pages[f"data/{name}"] == again[f"data/{name}"]


def test_example_for_python_runs(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = site(dataset)
    (example,) = re.findall(
        r"<h3>Python</h3>\n<pre[^>]*><code>(.+?)</code>", pages["data/index.html"].decode(), re.S
    )
    (tmp_path / "records.csv").write_bytes(pages["data/records.csv"])
    monkeypatch.chdir(tmp_path)
    *statements, counts = unescape(example).splitlines()
    names: dict[str, Any] = {}
    exec("\n".join(statements), names)
    assert eval(counts, names).to_dict() == {2014: 1, 2021: 1, 2022: 2}
    assert str(names["records"]["earliest"].dtype).startswith("datetime64")


def test_schema_and_vocabularies_are_the_files_of_the_data_set(dataset: Dataset) -> None:
    pages: Site = site(dataset)
    for path in pages:
        if path.startswith("data/schema/"):
            assert pages[path] == (dataset.root / path.removeprefix("data/")).read_bytes()
    assert {"data/schema/record.schema.json", "data/schema/topics.yaml"} <= {*pages}


def test_temporary_files_are_removed(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    pages = site(dataset)
    assert pages["data/records.csv"]
    (folder,) = (tmp_path / "temporary").iterdir()
    assert {path.name for path in folder.iterdir()} == {"records.csv", "records.csv-metadata.json"}
    del pages
    gc.collect()  # where there are cycles, as in Python 3.13
    assert not [*(tmp_path / "temporary").iterdir()]
