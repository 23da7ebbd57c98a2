"""The page “Propose a record”: its fields, previews, code, and what is served where."""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from http.client import IncompleteRead
from pathlib import Path
from typing import Any

import pytest
import rpds as compiled_rpds

from healthcoop import Dataset, HealthcoopError
from healthcoop.checks import additions, summaries, suppressions
from healthcoop.checks.engine import CheckContext, check
from healthcoop.checks.findings import Finding
from healthcoop.checks.rules.sources import SUPPORTABLE
from healthcoop.checks.suppressions import Accepted
from healthcoop.contribute.creation import summaries_in
from healthcoop.files import reader
from healthcoop.files.canonical import layout
from healthcoop.model import spec
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.site import hosts
from healthcoop.site.propose import advice, bundle, corpus, form, pyodide, rpds
from healthcoop.site.propose.browser import Api
from tests.checks.rule_cases import Case, cases
from tests.conftest import LATER, ROOT

from .sites import site

TODAY = date.fromisoformat(LATER)
FIRST = "news-search-2026"  # of the collections
KEYS = ("path", "line", "column", "end_line", "end_column", "code", "severity", "message", "hint")
KEYS += ("name", "pointer")


@pytest.fixture
def own(shared_cache: None) -> Iterator[Dataset]:
    """Yield the project's own data set, on a day after all of its records."""
    with Dataset.open(ROOT, today=TODAY) as dataset:
        yield dataset


def proposer(dataset: Dataset, accepted: list[Accepted]) -> form.Proposer:
    others = corpus.load(corpus.dump(summaries_in(dataset.index)))
    return form.Proposer(
        dataset.vocabulary, today=TODAY, others=others, accepted=accepted, files=dataset.files
    )


def plain(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: finding[key] for key in KEYS} for finding in findings]


def from_checks(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return plain([dict(finding.to_data()) for finding in findings])


def paths_in(fields: list[dict[str, Any]]) -> Iterator[str]:
    for field in fields:
        yield field["path"]
        yield from paths_in(field["fields"] or (field["item"] or {}).get("fields", []))


def test_every_field_of_a_record_is_in_the_form():
    assert [*paths_in(form.fields())] == [*spec.FIELDS]


def test_fields_that_a_source_can_support_are_those_of_the_check():
    described = {field["path"]: field for field in form.fields()}
    supportable = {path for path, field in described.items() if field["supportable"]}
    assert supportable == SUPPORTABLE
    parties = {one["name"] for one in described["parties"]["item"]["fields"] if one["supportable"]}
    assert parties == {"signed", "ratified", "acceded", "in_force", "left"}
    assert all(one["supportable"] for one in described["terms"]["fields"])


def differences(dataset: Dataset, paths: list[str]) -> dict[str, Any]:
    """Return what a preview of each record has otherwise than its file and its validation.

    Without accepted findings, of which there would be none otherwise; where two records are
    concerned, a change under review is reported, as here each record in turn.
    """
    checked = check(dataset.files, CheckContext(vocabulary=dataset.vocabulary, today=TODAY))
    expected = {path: additions.about([path], checked.findings, []) for path in paths}
    found = {}
    own = proposer(dataset, [])
    for path in paths:
        read = form.read(dataset.files[path])
        preview = own.preview(read["data"], path=path)
        alone = [each for each in preview.findings if not each.others]
        if preview.path != path or preview.text.encode() != dataset.files[path]:
            found[path] = preview.text
        elif from_checks(tuple(alone)) != from_checks(
            tuple(each for each in expected[path] if not each.others)
        ) or {code(each) for each in preview.findings} != {code(each) for each in expected[path]}:
            found[path] = preview.findings
    return found


def code(finding: Finding) -> str:
    return finding.code


@pytest.mark.slow
def test_previews_of_some_records_are_their_files_and_their_findings(own: Dataset):
    accepted = {entry.record for entry in suppressions.read(own.files)}
    paths = [path for path in own.files if form.stem(path) in accepted][:5]
    assert differences(own, [*paths, *[*own.files][::130]]) == {}


@pytest.mark.slow
def test_preview_of_every_record_is_its_file_and_its_findings(own: Dataset):
    assert differences(own, [*own.files]) == {}


def in_the_form(case: Case) -> bool:
    """Return whether a form can hold what a case fails with, and its other files are records."""
    path, content = next(iter(case.files.items()))
    return (
        case.expected is not None
        and path.startswith("records/")
        and case.expected["path"] == path
        and path.endswith(".yaml")
        and reader.parse(content).data is not None
        and not case.links
    )


FAILING = [case for case in cases() if in_the_form(case)]


@pytest.mark.parametrize(
    "failing", [FAILING[::12], pytest.param(FAILING, marks=pytest.mark.slow)], ids=["some", "all"]
)
def test_previews_of_what_violates_a_rule_have_what_validate_finds(
    own: Dataset, failing: list[Case]
):
    """And nothing that the form shows of it names a command or the path of a record."""
    wrong = {}
    foreign = []
    for case in failing:
        path, content = next(iter(case.files.items()))
        data = reader.parse(content).data
        assert data is not None
        files = {one: case.files[one] for one in case.files if one.startswith("records/")}
        files[path] = layout(data).encode()
        expected = _found(files, own.vocabulary, path)
        preview = _preview(files, own.vocabulary, path, data)
        if plain(preview["findings"]) != from_checks(expected):
            wrong[case.code, case.name] = preview["findings"], expected
        foreign += [
            text
            for one in preview["findings"]
            for text in (one["problem"], one["advice"])
            if re.search(r"healthcoop |--[a-z]|records/\S+\.yaml|rename the file", text)
        ]
    assert wrong == {}
    assert foreign == []
    assert len(FAILING) > 150


@pytest.mark.parametrize(
    ("hint", "shown"),
    [
        ("Did you mean “WHO”? Write it.", "Did you mean “WHO”? Write it."),
        (
            "Did you mean “mou”? “healthcoop vocab types” lists the codes.",
            "Did you mean “mou”? Choose one from the list.",
        ),
        ("Run “healthcoop validate --fix”, or retype the letter.", "Retype the letter."),
        ("Run “healthcoop fmt”.", "Leave this to a curator."),
        ("Look it up (“healthcoop show x” prints it). Then write.", "Look it up. Then write."),
        (
            "Move it to records/2022/2022-a.yaml, or remove it.",
            "Move it to the record 2022-a, or remove it.",
        ),
        ("Write “id: a”, or rename the file to b.yaml.", "Write “id: a”."),
        ("", ""),
    ],
)
def test_hint_names_what_can_be_done_in_the_form(hint: str, shown: str):
    assert advice.hint(hint) == shown


def test_message_names_a_record_by_its_id():
    text = "records/2022/2022-a.yaml has this link, as records/2022/2022-b.yaml has."
    assert advice.message(text) == "The record 2022-a has this link, as the record 2022-b has."
    assert advice.message("al-Hakim is already among the people.").startswith("al-Hakim")


def _found(files: Mapping[str, bytes], names: Vocabulary, path: str) -> tuple[Finding, ...]:
    context = CheckContext(vocabulary=names, today=TODAY, changed=frozenset([path]))
    return additions.about([path], check(files, context).findings, [])


def _preview(
    files: Mapping[str, bytes], names: Vocabulary, path: str, data: dict[str, Any]
) -> dict[str, Any]:
    others = [
        summaries.stub(one)
        if (found := reader.parse(content).data) is None
        else summaries.summarise(names, one, found)
        for one, content in files.items()
    ]
    own = form.Proposer(names, today=TODAY, others=others, accepted=[], files=files)
    return own.preview(data, path=path).to_data()


NEW = {
    "type": "meeting",
    "date": "2022-10-07",
    "parties": [{"country": "AZ"}, {"country": "CU"}],
    "title": "Azerbaijan and Cuba discuss nurses",
}


def test_new_record_has_an_id_its_missing_fields_and_likely_duplicates(own: Dataset):
    preview = proposer(own, []).preview(NEW).to_data()
    assert preview["path"] == "records/2022/2022-az-cu-nurses.yaml"
    assert preview["text"].splitlines()[1:3] == ["id: 2022-az-cu-nurses", "type: meeting"]
    missing = [one["field"] for one in preview["findings"] if one["missing"]]
    assert missing == ["/topics", "/summary", "/sources", "/collection"]
    assert preview["duplicates"][0]["id"] == "2022-az-cu-minister-ambassador"
    assert "HC905" in {one["code"] for one in preview["findings"]}


@pytest.mark.parametrize(
    "data",
    [{}, {"date": "7.10."}, {"id": "../x"}, {"id": 1}, {"title": "\ud800"}, {"parties": "x"}],
)
def test_any_data_has_a_preview(own: Dataset, data: dict[str, Any]):
    preview = proposer(own, []).preview(data).to_data()
    assert preview["path"].startswith("records/")
    assert ".." not in preview["path"]
    assert preview["findings"]


def test_worker_takes_names_in_any_spelling_and_reads_records(own: Dataset):
    checks = json.dumps({"vocabulary": own.vocabulary.data, "accepted": []})
    texts = {"2022-az-cu-minister-ambassador": "id: a\n# old\ntitle: b\n"}
    api = Api(checks, corpus.dump(summaries_in(own.index)), texts.get, LATER)

    def call(name: str, *arguments: Any) -> Any:
        return json.loads(api.call(name, json.dumps(arguments)))

    assert call("find", "countries", "türkiye") == {"code": "TR", "label": "Türkiye"}
    assert call("find", "party", "World Health Organisation")["code"] == "WHO"
    assert "Azerbaijan" in call("find", "countries", "Azerbajan")["hint"]
    read = call("read", "2022-az-cu-minister-ambassador")
    assert read["data"] == {"id": "a", "title": "b"}
    assert read["comments"] == 1
    assert call("read", "2022-nobody") is None
    assert "2022-az-cu-minister-ambassador" in call("similar", "cu AZ ambassador")
    assert call("preview", NEW)["id"] == "2022-az-cu-nurses"
    texts["2022-az-cu-minister-ambassador"] = ""
    other = Api(checks, "[]", texts.get, LATER)
    with pytest.raises(OSError, match="could not be loaded"):
        other.call("read", '["2022-az-cu-minister-ambassador"]')


def test_stand_in_for_rpds_does_what_rpds_does():
    for kind in ("HashTrieMap", "HashTrieSet", "List"):
        ours, theirs = getattr(rpds, kind), getattr(compiled_rpds, kind)
        assert {*_uses(ours)} == {*_uses(theirs)}


def _uses(kind: Any) -> Iterator[tuple[str, Any]]:
    """Yield the results of everything that jsonschema and referencing do with a type."""
    if kind.__name__ == "List":
        one = kind([1, 2]).push_front(0)
        yield "items", (tuple(one), tuple(one.drop_first()), len(one), one.first)
        yield "several", tuple(kind(1, 2, 3))
        yield "empty", _error(kind().drop_first)
        return
    if kind.__name__ == "HashTrieSet":
        one = kind(["a"]).insert("b").update(["c"], ["d"])
        yield "items", (frozenset(one), "a" in one, len(one))
        yield "less", frozenset(one.remove("a").discard("b").discard("z"))
        yield "absent", _error(lambda: one.remove("z"))
        return
    one = kind({"a": 1}).insert("b", 2).update({"c": 3}, d=4)
    yield "items", (frozenset(one.items()), one["a"], one.get("z"), "a" in one, len(one))
    yield "pairs", frozenset(kind([("a", 1)]).update([("b", 2)]).items())
    yield "less", frozenset(one.remove("a").discard("z").keys())
    yield "absent", (_error(lambda: one.remove("z")), _error(lambda: one["z"]))
    yield "converted", (kind.convert(one) is one, frozenset(kind.convert({"a": 1}).values()))
    yield "keys", frozenset(kind.fromkeys("ab", 0).items())
    yield "equal", (one == kind(dict(one.items())), hash(one) == hash(kind(dict(one.items()))))


def _error(call: Any) -> str:
    with pytest.raises((KeyError, IndexError)) as raised:
        call()
    return raised.type.__name__


@pytest.mark.slow
def test_bundle_is_complete_and_the_same_each_time(tmp_path: Path):
    """It checks a record with nothing but Python's own library."""
    content = bundle.bundle()
    assert content == bundle.bundle()
    file = tmp_path / "python.zip"
    file.write_bytes(content)
    names = zipfile.ZipFile(file).namelist()
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc"))]
    assert "licences/PyYAML.txt" in names
    (tmp_path / "typing_extensions.py").write_text(
        "from typing import TypeVar as Original\n"
        "def TypeVar(*names, default=None, **more): return Original(*names, **more)\n"
    )
    script = (
        "import sys, json\n"
        f"sys.path[:0] = [{str(file)!r}, {str(tmp_path)!r}]\n"
        "from healthcoop.site.propose.browser import Api\n"
        "api = Api(sys.stdin.read(), '[]', lambda _: None, '2026-11-30')\n"
        "print(api.call('preview', '[{\"type\": \"party\"}]'))\n"
        "import rpds; print(rpds.__file__)\n"
    )
    vocabulary = Dataset.open(ROOT).vocabulary.data
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        input=json.dumps({"vocabulary": vocabulary, "accepted": []}),
        capture_output=True,
        text=True,
        check=True,
    )
    preview, used = done.stdout.splitlines()
    assert "HC204" in {one["code"] for one in json.loads(preview)["findings"]}
    assert used == f"{file}/rpds.py"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder like that of the npm package, whose files are the expected ones."""
    folder = tmp_path / "package"
    folder.mkdir()
    for name in pyodide._NEEDED:
        content = b'{"info": {"python": "3.14"}, "packages": {"a": 1}}'
        content = content if name.endswith(".json") else name.encode()
        (folder / name).write_bytes(content)
        monkeypatch.setitem(pyodide._NEEDED, name, hashlib.sha256(content).hexdigest())
    (folder / "package.json").write_text(json.dumps({"version": pyodide.VERSION}))
    return folder


def test_pyodide_is_taken_from_a_folder_without_its_packages(package: Path):
    files = pyodide.load(str(package))
    assert files["pyodide.mjs"] == b"pyodide.mjs"
    assert json.loads(files["pyodide-lock.json"]) == {"info": {"python": "3.14"}, "packages": {}}
    assert {*files} == {*pyodide._NEEDED}


def test_another_pyodide_is_refused(package: Path, tmp_path: Path):
    archive = tmp_path / "pyodide.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(package, "package")
    with pytest.raises(HealthcoopError, match="is not the package pyodide"):
        pyodide.load(str(archive))
    (package / "package.json").write_text('{"version": "0.1"}')
    with pytest.raises(HealthcoopError, match=r"has Pyodide 0\.1"):
        pyodide.load(str(package))
    with pytest.raises(HealthcoopError, match="cannot read"):
        pyodide.load(str(tmp_path / "nothing.tgz"))


def test_changed_file_of_pyodide_is_refused(package: Path):
    (package / "pyodide.asm.mjs").write_text("changed", encoding="utf-8")
    with pytest.raises(HealthcoopError, match=r"pyodide\.asm\.mjs is not the file of the package"):
        pyodide.load(str(package))


@pytest.mark.slow
def test_package_in_npm_has_the_files_that_are_expected(npm_package: Callable[[str], Path]):
    assert {*pyodide.load(str(npm_package("pyodide")))} == {*pyodide._NEEDED}


def test_site_without_pyodide_explains_how_to_contribute(few_records: Path):
    notes: list[str] = []
    with Dataset.open(few_records) as dataset:
        pages = site(dataset, note=notes.append)
        assert len(notes) == 1
        assert "has no form: cannot download https://registry.npmjs.org/" in notes[0]
        page = pages["contribute/propose.html"].decode()
        assert "The form is not part of this copy" in page
        assert "<form" not in page
        assert "assets/propose/python.zip" not in pages


def test_a_server_that_breaks_off_is_a_message(monkeypatch: pytest.MonkeyPatch):
    def break_off(*_: object, **__: object) -> None:
        raise IncompleteRead(b"", 5)

    monkeypatch.setattr(pyodide, "_cached", lambda: None)
    monkeypatch.setattr(pyodide, "urlopen", break_off)
    with pytest.raises(HealthcoopError, match="cannot download"):
        pyodide.load()


def test_site_with_pyodide_has_what_the_page_loads(few_records: Path, package: Path):
    repository = "https://codeberg.org/o/r"
    with Dataset.open(few_records) as dataset:
        pages = site(dataset, pyodide=str(package), repository=repository, branch="next step")
        for name in ("python.zip", "checks.json", "worker.js"):
            assert pages[f"assets/propose/{name}"]
        records = corpus.load(pages["assets/propose/records.json"].decode())
        page = pages["contribute/propose.html"].decode()
    assert "2022-az-cu-minister-ambassador" in {entry.id for entry in records}
    assert 'data-new="https://codeberg.org/o/r/_new/next%20step/{folder}?filename={name}' in page
    assert f'data-collection="{FIRST}"' in page
    assert page.count('data-name="in_force"') == 2  # of the terms, and of a party


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("https://github.com/o/r", "https://github.com/o/r/edit/main/records/2022/a.yaml"),
        ("https://gitlab.com/o/r", "https://gitlab.com/o/r/-/edit/main/records/2022/a.yaml"),
        ("https://git.example.org/o/r", ""),
        ("", ""),
    ],
)
def test_hosts_are_known_by_their_names(repository: str, address: str):
    assert hosts.edit_address(repository, "main", "records/2022/a.yaml") == address
