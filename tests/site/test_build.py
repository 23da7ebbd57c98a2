"""The site as a folder: what is written, and what is never overwritten."""

from pathlib import Path
from typing import Any

import pytest

from healthcoop import Dataset, HealthcoopError
from healthcoop.site import PAGES, Site


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


def test_same_records_give_the_same_bytes_and_replace_an_earlier_site(
    few_records: Path, tmp_path: Path
) -> None:
    with Dataset.open(few_records) as dataset:
        built = dataset.build_site(tmp_path / "one")
        dataset.build_site(tmp_path / "two")
        first, second = content(tmp_path / "one"), content(tmp_path / "two")
        assert first == second
        assert built.files == len(first) - 1  # all but the list of files itself
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


def test_settings_are_web_addresses(few_records: Path, tmp_path: Path) -> None:
    with Dataset.open(few_records) as dataset:
        for option in ("base_url", "repository"):
            with pytest.raises(HealthcoopError, match="not an http"):
                dataset.build_site(tmp_path / "site", **{option: "javascript:alert(1)"})
