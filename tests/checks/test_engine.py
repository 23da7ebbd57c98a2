"""A run over a data set: the same report for any number of processes, and for any invalid file."""

import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from healthcoop.checks import engine
from healthcoop.checks.engine import CheckContext
from healthcoop.checks.findings import Report
from healthcoop.files import nodes, parallel
from healthcoop.files.canonical import layout
from healthcoop.files.tree import Tree

VISIT: dict[str, Any] = {
    "id": "2022-az-cu-visit",
    "type": "visit",
    "title": "Azerbaijan's health minister visits Cuba",
    "date": "2022-10",
    "parties": [{"country": "AZ"}, {"country": "CU"}],
    "topics": ["vaccines"],
    "summary": "The minister spoke of vaccines there.",
    "sources": [{"url": "https://example.org/news", "kind": "press"}],
    "collection": "news-search-2026",
}
PATH = "records/2022/2022-az-cu-visit.yaml"


def visit(ident: str = "2022-az-cu-visit", **changes: Any) -> dict[str, bytes]:
    data = {**VISIT, "id": ident, **changes}
    return {f"records/{ident[:4]}/{ident}.yaml": layout(data).encode()}


def codes(report: Report) -> list[tuple[str, str]]:
    return [(finding.path.rpartition("/")[2], finding.code) for finding in report.findings]


def test_findings_are_sorted_by_place(context: CheckContext) -> None:
    """By path, line and column; not rule by rule."""
    files = {
        **visit(
            "2023-b", date="2022-13", topics=["x"], links=[{"rel": "related", "record": "2-x"}]
        ),
        **visit("2022-a", links=[{"rel": "related", "record": "2021-gone"}], type="mou", terms={}),
    }
    findings = engine.check(files, context).findings
    assert list(findings) == sorted(findings, key=lambda one: (one.path, one.line, one.column))
    assert [finding.code for finding in findings] == [
        *("HC207", "HC653"),
        *("HC401", "HC204", "HC205", "HC653"),
    ]


def test_equal_dates_are_reported_wherever_they_are(context: CheckContext) -> None:
    """Each date is judged once for its field and text; every record with it has the finding."""
    source = {"url": "https://example.org/news", "kind": "press", "published": "2062-10"}
    files = {**visit("2021-a", sources=[source]), **visit("2022-b", sources=[source] * 2)}
    findings = [one for one in engine.check(files, context).findings if one.code == "HC406"]
    assert [(one.path[13:-5], one.pointer) for one in findings] == [
        ("2021-a", "/sources/0/published"),
        ("2022-b", "/sources/0/published"),
        ("2022-b", "/sources/1/published"),
    ]


@pytest.fixture
def many(tmp_path: Path) -> Tree:
    """More files than one process takes, some of them invalid."""
    folder = tmp_path / "records/2022"
    folder.mkdir(parents=True)
    for number in range(430):
        day = (date(1992, 1, 17) + 28 * timedelta(number)).isoformat()  # no likely duplicates
        ((path, content),) = visit(
            f"2022-az-cu-visit-{number:03}",
            date=day,
            sources=[{"url": "https://example.org/news", "kind": "press", "supports": ["date"]}],
        ).items()
        if number % 40 == 0:
            content = content.replace(b"AZ", b"XY")
        elif number % 40 == 1:
            content += b"title: again\n"
        elif number % 40 == 2:
            content += f"links: [{{rel: related, record: 2022-gone-{number}}}]\n".encode()
        (tmp_path / path).write_bytes(content)
    return Tree(tmp_path)


def test_report_is_the_same_for_any_number_of_processes(many: Tree, context: CheckContext) -> None:
    """Two processes return what one returns, in the same order."""
    steps: list[tuple[int, int]] = []
    one_process = engine.check(many, context, jobs=1, progress=lambda *step: steps.append(step))
    assert engine.check(many, context, jobs=2) == one_process
    assert (len(one_process.paths), len(one_process.findings)) == (430, 33)
    assert steps[-1] == (430, 430)


def test_two_processes_are_used_only_for_many_files(
    many: Tree, context: CheckContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few files are checked by the process itself."""
    requested: list[int | None] = []

    def map_parallel(*_: object, jobs: int | None) -> Iterator[Any]:
        requested.append(jobs)
        return iter(())

    monkeypatch.setattr(parallel, "map_parallel", map_parallel)
    engine.check(many, context, jobs=2)
    engine.check(visit(), context, jobs=2)
    assert requested == [2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
def test_report_is_complete_if_a_process_is_killed(many: Tree, context: CheckContext) -> None:
    """For lack of memory, for example: its files are checked by the parent."""
    fatal = "records/2022/2022-az-cu-visit-250.yaml"

    class Fatal(Tree):
        def __getitem__(self, path: str) -> bytes:
            if path == fatal and multiprocessing.parent_process() is not None:
                os.kill(os.getpid(), signal.SIGKILL)
            return super().__getitem__(path)

    assert engine.check(Fatal(many.root), context, jobs=2) == engine.check(many, context, jobs=1)


def test_checker_can_be_pickled(many: Tree, context: CheckContext) -> None:
    """Needed where processes are not forked; validators are compiled again there."""
    checker = engine.Checker(many, context)
    paths = list(many)[:5]
    sent = pickle.loads(pickle.dumps(checker.check_files))
    assert sent(paths) == checker.check_files(paths)


@pytest.mark.skipif(os.name == "nt", reason="POSIX links, pipes and permissions")
def test_unreadable_file_is_a_finding_and_the_others_are_checked(
    tmp_path: Path, context: CheckContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe, a dangling link, a folder, a file without permission, a file deleted meanwhile."""
    folder = tmp_path / "records/2022"
    folder.mkdir(parents=True)
    for path, content in visit(topics=["x"]).items():
        (tmp_path / path).write_bytes(content)
    os.mkfifo(folder / "2022-pipe.yaml")
    (folder / "2022-dangling.yaml").symlink_to("nowhere")
    (folder / "2022-folder.yaml").mkdir()
    for name in ("2022-locked.yaml", "2022-deleted.yaml"):
        (folder / name).write_text("id: x")
    (folder / "2022-locked.yaml").chmod(0)

    class Simulated(Tree):
        """Refuses one file, which root could read, and deletes another just before it is read."""

        def __getitem__(self, path: str) -> bytes:
            if path.endswith("deleted.yaml"):
                (self.root / path).unlink()
            elif path.endswith("locked.yaml") and os.geteuid() == 0:
                raise PermissionError(13, "Permission denied")
            return super().__getitem__(path)

    report = engine.check(Simulated(tmp_path), context)
    unreadable = {one.path[18:-5]: one.message for one in report.findings if one.code == "HC115"}
    assert unreadable == {
        "dangling": "The file cannot be read: it is not a regular file but a link to nothing.",
        "folder": "The file cannot be read: it is not a regular file.",
        "locked": "The file cannot be read: Permission denied.",
        "pipe": "The file cannot be read: it is not a regular file.",
        "deleted": "The file cannot be read: it no longer exists.",
    }
    assert len(report.paths) == 6
    assert codes(report)[0] == ("2022-az-cu-visit.yaml", "HC204")


@pytest.mark.skipif(os.name == "nt", reason="POSIX links")
def test_link_to_a_folder_of_records_is_to_be_replaced(
    tmp_path: Path, context: CheckContext
) -> None:
    """Its records are read only where they are."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "records").mkdir()
    (tmp_path / "records/2022").symlink_to("../elsewhere")
    (found,) = engine.check(Tree(tmp_path), context).findings
    assert (found.path, found.code, found.unread) == ("records/2022", "HC115", True)
    assert found.hint == "Replace the link by the folder that it leads to."


@pytest.mark.parametrize("content", [b"id: &a x", b"title: no id", b"id: [2023-b]", None])
def test_links_to_an_unreadable_record_are_not_reported(
    content: bytes | None, context: CheckContext
) -> None:
    """An invalid file has findings itself, but not every record that links to it."""

    class Unreadable(dict[str, bytes]):
        def __getitem__(self, path: str) -> bytes:
            if content is None and path.endswith("2023-b.yaml"):
                raise PermissionError(13, "Permission denied")
            return super().__getitem__(path)

    files = Unreadable(visit(links=[{"rel": "related", "record": "2023-b"}]))
    files["records/2023/2023-b.yaml"] = content or b""
    found = {path for path, _ in codes(engine.check(files, context))}
    assert found == {"2023-b.yaml"}


def test_withdrawn_record_is_checked_for_syntax_id_and_links_only(context: CheckContext) -> None:
    """Its other content may stay invalid; its links must still lead to records."""
    withdrawn = {"date": "2026-11-21", "reason": "wrong"}
    invalid = {"date": "never", "parties": [], "topics": "x", "tpye": "x", "sources": [{}]}
    assert engine.check(visit(**invalid, withdrawn=withdrawn), context).findings == ()
    found = visit(
        "2022-Other",
        **invalid,
        withdrawn={"date": "yesterday", "reason": "wrong", "replaced_by": ["2020-gone"]},
        links=[{"rel": "related", "record": "2021-gone"}],
        former_ids=["x"],
    )
    assert {code for _, code in codes(engine.check(found, context))} == {
        *("HC205", "HC401", "HC653"),
    }
    (path,) = found
    twice = engine.check({path: found[path] + b"id: x\n"}, context)
    assert sorted(code for _, code in codes(twice)) == ["HC106", "HC205", "HC401"]


def test_record_removed_on_request_is_valid(context: CheckContext) -> None:
    """A record may have only its id and the withdrawal."""
    removed = b'id: 2022-az-cu-visit\nwithdrawn: {date: "2026-11-21", reason: removed}\n'
    assert engine.check({PATH: removed}, context).findings == ()
    (finding,) = engine.check({PATH: removed.partition(b"\n")[2]}, context).findings
    assert (finding.code, finding.message) == ("HC202", "The field “id” is missing from a record.")


def test_rules_skip_fields_that_violate_the_schema(context: CheckContext) -> None:
    """A field of the wrong shape has one finding, and causes neither others nor a crash."""
    for field, shape in [("parties", "x"), ("date", ["x"]), ("sources", "x"), ("id", ["x"])]:
        (path,) = visit()
        report = engine.check({path: layout({**VISIT, field: shape}).encode()}, context)
        assert [finding.code for finding in report.findings] == ["HC203"], field


def test_file_with_too_many_findings_does_not_end_the_run(context: CheckContext) -> None:
    """After a hundred schema violations the rules, which need valid fields, are skipped."""
    flood = visit("2022-flood", topics=["x"] * 900, parties=["x"], date="never")
    report = engine.check({**flood, **visit("2022-small", topics=["x"])}, context)
    assert [finding.path for finding in report.findings].count(
        "records/2022/2022-flood.yaml"
    ) == 100
    assert codes(report)[-1] == ("2022-small.yaml", "HC204")


def test_file_is_parsed_once_for_all_its_broken_links(
    context: CheckContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parsing it again for each of a thousand findings would take minutes."""
    composed: list[int] = []
    compose = nodes.compose
    monkeypatch.setattr(nodes, "compose", lambda content: (composed.append(1), compose(content))[1])
    links = [{"rel": "related", "record": f"2021-gone-{number}"} for number in range(50)]
    assert len(engine.check(visit(links=links), context).findings) == 50
    assert len(composed) <= 2


def test_two_files_with_the_same_id_are_reported(context: CheckContext) -> None:
    """A file that cannot be parsed has the id of its name."""
    ((path, content),) = visit().items()
    twin = path.replace(".yaml", ".yml")
    for other in (content, b"id: &x y"):
        messages = [
            one.message for one in engine.check({path: content, twin: other}, context).findings
        ]
        assert f"The id “2022-az-cu-visit” is already used by {path}." in messages


def test_pointer_escapes_slashes_and_tildes(context: CheckContext) -> None:
    """JSON pointers (RFC 6901) escape them in names of fields."""
    (path,) = visit()
    content = layout({**VISIT, "a/b~c": "x"}).encode()
    (finding,) = engine.check({path: content}, context).findings
    assert finding.pointer == "/a~1b~0c"
