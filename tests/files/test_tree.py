"""The files of a data set, and the vocabularies read from them."""

import os
import re
from pathlib import Path

import pytest

from healthcoop.errors import HealthcoopError, InvalidSchema
from healthcoop.files import vocabularies
from healthcoop.files.tree import Tree
from healthcoop.files.visible import visible
from tests.cases import each

POSIX = pytest.mark.skipif(os.name == "nt", reason="POSIX links and pipes")


def make(root: Path, *paths: str) -> Tree:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)
    return Tree(root)


def test_records_are_sorted_and_hidden_files_left_out(tmp_path: Path) -> None:
    """The order of a report is the order of these paths, on every file system."""
    records = ["records/x.yml", "records/2021/b.yaml", "records/2021/c.YAML", "records/2022/a.yaml"]
    tree = make(
        tmp_path,
        *reversed(records),
        "records/2022/.a.yaml.x.new",
        "records/.git/z.yaml",
        "records/2022/notes.txt",
        "schema/topics.yaml",
    )
    assert list(tree) == records
    assert len(tree) == 4
    assert tree["records/2022/a.yaml"] == b"records/2022/a.yaml"


@pytest.mark.parametrize("content", [b"id: 2020-a\ntitle: More\n", b"id", b""])
def test_file_that_changes_size_before_reading_is_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    tree = make(tmp_path, "records/a.yaml")
    lstat, path = os.lstat, tmp_path / "records" / "a.yaml"

    def rewrite(name: str) -> os.stat_result:
        status = lstat(name)
        if name == str(path):  # only for this file: pytest uses the function too
            path.write_bytes(content)
        return status

    with monkeypatch.context() as patched:
        patched.setattr(os, "lstat", rewrite)
        found = tree["records/a.yaml"]
    assert found == content


def test_missing_folder_is_empty_and_missing_file_a_key_error(tmp_path: Path) -> None:
    """A tree is like any mapping."""
    tree = Tree(tmp_path)
    assert list(tree) == []
    assert "records/2022/a.yaml" not in tree


@POSIX
def test_link_to_a_folder_is_listed_and_not_followed(tmp_path: Path) -> None:
    """Its records would otherwise be missed silently; links to other files do not matter."""
    make(tmp_path, "elsewhere/a.yaml", "notes.txt")
    tree = make(tmp_path, "records/2022/b.yaml")
    (tmp_path / "records/2023").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "records/notes").symlink_to(tmp_path / "notes.txt")
    (tmp_path / "records/round").symlink_to("round")
    assert list(tree) == ["records/2023", "records/2022/b.yaml"]
    with pytest.raises(OSError, match="a link to a folder"):
        tree["records/2023"]


@POSIX
def test_irregular_file_is_listed_and_not_read(tmp_path: Path) -> None:
    """Reading a pipe would block; a link or a folder is not a record."""
    tree = make(tmp_path, "records/2022/a.yaml")
    folder = tmp_path / "records/2022"
    os.mkfifo(folder / "pipe.yaml")
    (folder / "dangling.yaml").symlink_to("nowhere.yaml")
    (folder / "link.yaml").symlink_to("a.yaml")
    (folder / "folder.yaml").mkdir()
    assert len(tree) == 5
    for name in ("pipe", "dangling", "link", "folder"):
        with pytest.raises(OSError, match="not a regular file"):
            tree[f"records/2022/{name}.yaml"]


@POSIX
def test_unexpected_files_among_records_are_listed(tmp_path: Path) -> None:
    """Links are not followed; files of git and editors are expected."""
    tree = make(
        tmp_path,
        *("records/2022/a.yaml", "records/2022/a.yaml.bak", "records/.gitkeep", "records/.x/y.txt"),
    )
    folder = tmp_path / "records/2022"
    (folder / "in").symlink_to("a.yaml")
    (folder / "out").symlink_to("/dev/null")
    (folder / "nowhere").symlink_to("gone")
    (folder / "2021").symlink_to("..")
    os.mkfifo(folder / "pipe")
    assert [(stray.path[8:], stray.what, stray.leads) for stray in tree.unexpected_files()] == [
        (".x", "hidden", ""),
        ("2022/a.yaml.bak", "file", ""),
        ("2022/in", "link", "to records/2022/a.yaml"),
        ("2022/nowhere", "link", "to nothing"),
        ("2022/out", "link", "out of the data set"),
        ("2022/pipe", "special", ""),
    ]


@POSIX
def test_names_with_line_breaks_and_invalid_bytes_are_listed(tmp_path: Path) -> None:
    """Names are those of the file system, unchanged."""
    tree = make(tmp_path, "records/2022/a\nb.txt")
    (tmp_path / "records/2022" / os.fsdecode(b"\xff.txt")).write_text("x")
    assert [stray.path for stray in tree.unexpected_files()] == [
        *("records/2022/a\nb.txt", "records/2022/\udcff.txt"),
    ]


def test_unreadable_folder_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No silent partial answer, no traceback."""

    def refuse(_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(HealthcoopError, match="records cannot be read: Permission denied"):
        list(Tree(tmp_path))


GOOD = {
    "schema/countries.json": b'{"countries": [{"code": "NO", "name": "Norway"}]}',
    "schema/organisations.yaml": b"organisations: [{code: WHO, label: WHO}]",
    "schema/topics.yaml": b"topics: [{code: amr, label: AMR}]",
    "schema/types.yaml": b"types: [{code: mou, label: MoU, kind: instrument}]",
    "schema/collections.yaml": b"collections: [{code: news, label: News}]",
    "schema/regions.yaml": b"regions: [{code: EUR, label: Europe}]",
}


def test_vocabularies_are_parsed_by_the_strict_reader() -> None:
    """The code NO is text there too."""
    organisations = b"organisations: [{code: NO, label: on}]"
    vocabulary = vocabularies.load({**GOOD, "schema/organisations.yaml": organisations})
    assert vocabulary.organisations["NO"].label == "on"


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        ("schema/topics.yaml", None, "schema/topics.yaml is missing"),
        ("schema/topics.yaml", b"topics:\n  - code: &a x", "schema/topics.yaml:2:11: YAML anchors"),
        ("schema/topics.yaml", b"subjects: []", "expected a list named “topics”"),
        ("schema/topics.yaml", b"topics: [{label: x}]", "entry 1 of “topics” has no code"),
        ("schema/topics.yaml", b"topics: [{code: x}]", "“x” has no label"),
        ("schema/topics.yaml", b"topics: [{code: x, label: [y]}]", "“x” has no label"),
        (
            "schema/topics.yaml",
            b"topics: [{code: x, label: y}, {code: x, label: z}]",
            "code “x”",
        ),
        ("schema/topics.yaml", b'topics: [{code: ""}]', "topics.yaml:1:10: entry 1"),
        (
            "schema/topics.yaml",
            b"topics:\n  - code: x\n    label: y\n    names: tobacco",
            "topics.yaml:4:5: “names” of “x” is not a list of texts",
        ),
        ("schema/topics.yaml", b"topics: [{code: x, label: y, names: [[z]]}]", "1:30: “names” of"),
        ("schema/topics.yaml", b"topics: [{code: x, label: y, nmaes: [z]}]", "“nmaes” is not a"),
        ("schema/topics.yaml", b"topics: [{code: x, label: y, from: soon}]", "1:30: “from” of “x”"),
        (
            "schema/topics.yaml",
            b"topics: [{code: x, label: y, replaced_by: z}]",
            "“x” refers to “z”",
        ),
        (
            "schema/types.yaml",
            b"types: [{code: x, label: y, kind: thing}]",
            "1:29: the kind of “x”",
        ),
        ("schema/types.yaml", b"types: [{code: x, label: y}]", "the kind of “x”"),
        (
            "schema/regions.yaml",
            b"regions: [{code: x, label: y, members: [{contry: NO}]}]",
            "regions.yaml:1:42: “contry” is not a field of member 1 of “x”",
        ),
        (
            "schema/regions.yaml",
            b"regions: [{code: x, label: y, members: [{from: '1999'}]}]",
            "no cou",
        ),
        (
            "schema/regions.yaml",
            b"regions: [{code: x, label: y, members: [NO]}]",
            "list of members",
        ),
        (
            "schema/regions.yaml",
            b"regions: [{code: x, label: y, members: [{country: QQ}]}]",
            "regions.yaml:1:42: “x” refers to “QQ”, which is not in countries",
        ),
        (
            "schema/regions.yaml",
            b"regions: [{code: x, label: y, members: [{country: NO, until: never}]}]",
            "regions.yaml:1:55: “until” of member 1 of “x”",
        ),
        (
            "schema/countries.json",
            b'{"countries": [\n  {"code": "NO", "name": "Norway",\n   "numeric": 578}]}',
            "countries.json:3:4: “numeric” of “NO” is not a text",
        ),
        (
            "schema/countries.json",
            b'{"countries": [{"code": "NO", "name": "Norway", "successors": ["SJ"]}]}',
            "countries.json:1:64: “NO” refers to “SJ”",
        ),
        (
            "schema/countries.json",
            b'{"countries": [{"code": "NO", "name": "Norway", "folds_into": "SJ"}]}',
            "countries.json:1:49: “NO” refers to “SJ”",
        ),
        (
            "schema/countries.json",
            b'{"countries": [{"code": "NO", "name": "Norway", "cow": [{"from": "1905"}]}]}',
            "number 1 of “NO” has no number",
        ),
        ("schema/countries.json", b'{"countries":\n  x}', "countries.json:2:3: invalid JSON"),
        ("schema/countries.json", b"\xff\xff\xff", "countries.json: not UTF-8"),
        ("schema/countries.json", b"[" * 200_000, "countries.json: nested too deep"),
        ("schema/countries.json", b"[]", "expected a list named “countries”"),
    ],
)
def test_invalid_vocabulary_is_reported_with_its_place(
    path: str, content: bytes | None, message: str
) -> None:
    """The curator of schema/ has to find it."""
    files = {name: data for name, data in {**GOOD, path: content}.items() if data is not None}
    with pytest.raises(InvalidSchema, match=message):
        vocabularies.load(files)


def test_only_invisible_characters_are_escaped() -> None:
    """Terminal escapes and bidirectional overrides, not accents and joiners."""
    assert visible("sağlık \u00a0 \u200d😀") == "sağlık \u00a0 \u200d😀"
    assert visible("\x1b[31m\u202e\n\udcff") == r"\x1b[31m\u202e\n\udcff"


def with_scope(scope: str) -> dict[str, bytes]:
    content = "collections:\n  - {code: x, label: y, scope: " + scope + "}"
    return {**GOOD, "schema/collections.yaml": content.encode()}


@each(
    ("scope", "message"),
    [
        ("[NO]", "“scope” of “x” is not a scope"),
        ("{kinds: [instrument]}", "the scope of “x” does not say whether it is complete"),
        ("{complete: no}", "“complete” of the scope of “x” is not true or false"),
        ("{complete: true, from: '1990'}", "the scope of “x” is complete, but has no until"),
        ("{complete: true, until: '1990'}", "the scope of “x” is complete, but has no from"),
        (
            "{complete: false, from: '1990-02', until: '1990-01'}",
            "the scope of “x” ends before it begins",
        ),
        ("{complete: false, from: 1990s}", "“from” of the scope of “x”: “1990s” is"),
        (
            "{complete: false, kinds: [mou]}",
            "“kinds” of the scope of “x” is not a list of instrument and encounter",
        ),
        (
            "{complete: false, countries: NO}",
            "“countries” of the scope of “x” is not a list of countries' codes",
        ),
        (
            "{complete: false, countries: [NO, ZZ]}",
            "“x” refers to “ZZ”, which is not in countries",
        ),
        (
            "{complete: false, organisations: [NO]}",
            "“x” refers to “NO”, which is not in organisations",
        ),
        (
            "{complete: false, cuntries: [NO]}",
            "“cuntries” is not a field of the scope of “x”",
        ),
    ],
)
def test_invalid_scope_of_a_collection_is_reported_with_its_place(scope: str, message: str) -> None:
    with pytest.raises(InvalidSchema) as caught:
        vocabularies.load(with_scope(scope))
    place, _, rest = str(caught.value).partition(": ")
    assert re.fullmatch(r"schema/collections\.yaml:2:[0-9]+", place)
    assert rest.startswith(message)


@each(
    "scope",
    [
        "{complete: false}",
        "{complete: true, from: '1990', until: '1990'}",
        "{complete: false, countries: [NO], kinds: [encounter], until: '2020', missing: much}",
    ],
)
def test_scope_of_a_collection_is_loaded(scope: str) -> None:
    assert "scope" in vocabularies.load(with_scope(scope)).collections["x"].more
