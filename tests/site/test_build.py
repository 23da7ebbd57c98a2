"""The site as a folder: what is written, and what is never overwritten."""

import os
import shutil
import signal
import sys
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

import pytest

from healthcoop import Dataset, HealthcoopError
from healthcoop.site import PAGES, Site

from .sites import add_organisation


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def quick_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw nothing: that a chart has the same bytes each time is a test of charts."""
    drawn = b'<svg width="10" height="10"/>'
    monkeypatch.setattr("healthcoop.site.statistics.renderer", lambda _: lambda spec: drawn)


@pytest.mark.slow
@pytest.mark.libraries
def test_same_records_give_the_same_bytes_and_replace_an_earlier_site(
    few_records: Path, tmp_path: Path
) -> None:
    with Dataset.open(few_records) as dataset:
        steps: list[tuple[int, int]] = []
        built = dataset.build_site(tmp_path / "one", progress=lambda *each: steps.append(each))
        dataset.build_site(tmp_path / "two")
        first, second = content(tmp_path / "one"), content(tmp_path / "two")
        assert first == second
        assert built.files == len(first) - 1  # all but the list of files itself
        assert steps[-1] == (built.files, built.files)
        assert built.size == sum(map(len, first.values())) - len(first[".healthcoop-site"])
        dataset.build_site(tmp_path / "two")
        assert content(tmp_path / "two") == first
    assert {path.name for path in tmp_path.iterdir()} >= {"one", "two"}
    assert not [*tmp_path.glob(".*")]  # nothing temporary is left


def test_processes_write_what_one_process_serves(
    few_records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    monkeypatch.setattr("healthcoop.site.build._CHUNK", 5)
    with Dataset.open(few_records) as dataset:
        dataset.build_site(tmp_path / "site", pyodide="none")
        site = Site(dataset._site_source(None, None, None, "none", None))
        built = content(tmp_path / "site")
        assert built.pop(".healthcoop-site").decode().split() == sorted(site)
        assert built == {**site}


@pytest.fixture
def few_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the kinds of pages that take long to make: what is tested is the folder."""
    monkeypatch.setattr("healthcoop.site.PAGES", {name: PAGES[name] for name in ("home", "static")})


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
@pytest.mark.parametrize("started", [False, True])
def test_charts_are_drawn_here_only_where_their_library_has_started(
    few_records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, started: bool
) -> None:
    """Its threads would be missing in a process forked now, which would wait for them forever."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.delitem(sys.modules, "vl_convert", raising=False)
    if started:
        spec = find_spec("vl_convert")
        assert spec
        monkeypatch.setitem(sys.modules, "vl_convert", module_from_spec(spec))
    monkeypatch.setattr("healthcoop.site.statistics.renderer", lambda _: drawn_by_this_process)
    with Dataset.open(few_records) as dataset:
        dataset.build_site(tmp_path / "site", pyodide="none")
    drawn = (tmp_path / "site" / "statistics" / "years.svg").read_text()
    assert (f'id="{os.getpid()}"' in drawn) == started


def drawn_by_this_process(_: object) -> bytes:
    return f'<svg id="{os.getpid()}" width="10" height="10"/>'.encode()


@pytest.mark.parametrize("made", ["site", "foreign", "file"])
def test_other_peoples_files_are_never_replaced(
    few_pages: None, few_records: Path, tmp_path: Path, made: str
) -> None:
    target = tmp_path / "target"
    with Dataset.open(few_records) as dataset:
        if made == "site":
            dataset.build_site(target)
            (target / "CNAME").write_text("example.org")
        elif made == "foreign":
            target.mkdir()
            (target / "thesis.txt").write_text("mine")
        else:
            target.write_text("mine")
        before = content(target) if target.is_dir() else target.read_bytes()
        with pytest.raises(HealthcoopError, match=r"CNAME|overwritten"):
            dataset.build_site(target)
        assert (content(target) if target.is_dir() else target.read_bytes()) == before


@pytest.mark.slow
@pytest.mark.libraries
def test_an_error_midway_leaves_the_earlier_site(
    few_pages: None, few_records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "site"
    with Dataset.open(few_records) as dataset:
        dataset.build_site(target)
        before = content(target)
        rename, failures = Path.rename, iter([OSError(28, "No space left on device")])

        def fail(self: Path, other: Any) -> Path:
            if Path(other) == target and (error := next(failures, None)):
                raise error
            return rename(self, other)

        monkeypatch.setattr(Path, "rename", fail)
        with pytest.raises(HealthcoopError, match="No space"):
            dataset.build_site(target)
        monkeypatch.undo()
    assert content(target) == before
    assert [path.name for path in tmp_path.glob(".*")] == []


@pytest.mark.parametrize("folder", ["records", "records/site", "schema/a/b", "link/site"])
def test_no_site_is_written_among_the_records(
    few_pages: None, few_records: Path, folder: str
) -> None:
    (few_records / "link").symlink_to(few_records / "records")
    before = content(few_records)
    with (
        Dataset.open(few_records) as dataset,
        pytest.raises(HealthcoopError, match="part of the data set"),
    ):
        dataset.build_site(few_records / folder)
    assert content(few_records) == before


@pytest.mark.parametrize("code", ["index", "who"])
def test_files_whose_names_differ_in_case_alone_are_refused(few_records: Path, code: str) -> None:
    add_organisation(few_records, code)
    with (
        Dataset.open(few_records) as dataset,
        pytest.raises(HealthcoopError, match=f"would have one name: .*organisations/{code}.html"),
    ):
        Site(dataset._site_source(None, None, None, "none", None))


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "https://", "https://example.org/?a=1", "https://example.org/#a"],
)
def test_settings_are_web_addresses(few_records: Path, tmp_path: Path, address: str) -> None:
    with Dataset.open(few_records) as dataset:
        for option in ("base_url", "repository"):
            with pytest.raises(HealthcoopError, match="not an http"):
                dataset.build_site(tmp_path / "site", **{option: address})


@pytest.mark.parametrize("cited", ["[a, b]", "git@example.org:a/b.git", '"https://[::1/x"'])
def test_a_citation_without_a_web_address_of_the_repository_is_no_obstacle(
    few_records: Path, cited: str
) -> None:
    (few_records / "CITATION.cff").write_text(f"title: A\nrepository-code: {cited}\n")
    with Dataset.open(few_records) as dataset:
        assert not dataset._site_source(None, None, None, "none", None).settings.repository


@pytest.mark.slow
@pytest.mark.libraries
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_second_interrupt_leaves_nothing_either(
    few_pages: None, few_records: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = shutil.rmtree

    def interrupted(*arguments: Any, **options: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        remove(*arguments, **options)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("healthcoop.files.atomic.shutil.rmtree", interrupted)
    with Dataset.open(few_records) as dataset, pytest.raises(KeyboardInterrupt):
        dataset.build_site(tmp_path / "out" / "site", progress=interrupt)
    assert [*(tmp_path / "out").iterdir()] == []
    assert signal.getsignal(signal.SIGINT) is before


def test_it_is_noted_where_no_page_can_say_to_whom_a_record_is_sent(
    few_pages: None, few_records: Path, tmp_path: Path
) -> None:
    notes: list[str] = []
    with Dataset.open(few_records) as dataset:
        dataset.build_site(tmp_path / "a", note=notes.append)
        (note,) = notes
        assert "--repository" in note
        dataset.build_site(tmp_path / "b", repository="https://example.org/x", note=notes.append)
    assert len(notes) == 1
