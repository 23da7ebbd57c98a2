"""``contribute.importing.rows``: tables as programs write them, and as nobody should."""

import json
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.contribute.importing import rows
from healthcoop.contribute.importing.rows import Row, read_rows, restored
from healthcoop.errors import HealthcoopError
from healthcoop.export.tables import neutralised
from tests.cases import each


def read(path: Path, content: bytes) -> list[Row]:
    """Write a file and return its rows."""
    path.write_bytes(content)
    return [*read_rows(path)]


@each(
    ("content", "found"),
    [
        (b"id,parties\n1,A; B\n", [{"id": "1", "parties": "A; B"}]),
        (b"\xef\xbb\xbfid;parties\r\n1;A, B\r\n", [{"id": "1", "parties": "A, B"}]),
        (b"id\tparties\n1\tA\n", [{"id": "1", "parties": "A"}]),
        (b"id|parties\n1|A\n", [{"id": "1", "parties": "A"}]),
        (b'"a;b;c;d",x\n1,2\n', [{"a;b;c;d": "1", "x": "2"}]),
        (b'id,title\n1,"two\nlines, ""quoted"""\n', [{"id": "1", "title": 'two\nlines, "quoted"'}]),
        (b"id,title,\n1,x,\n2,y\n", [{"id": "1", "title": "x"}, {"id": "2", "title": "y"}]),
        (b"id\n\n1\n  \n2\n", [{"id": "1"}, {"id": "2"}]),
        (b"id,sum\n1,'=1+1\n2,'tis\n", [{"id": "1", "sum": "=1+1"}, {"id": "2", "sum": "'tis"}]),
        ("id,name\n1,Çexiya\n".encode(), [{"id": "1", "name": "Çexiya"}]),
        (b"id\n", []),
    ],
)
def test_csv(tmp_path: Path, content: bytes, found: list[dict[str, str]]) -> None:
    """Delimiters, marks, quotes and blank lines are those of the usual programs."""
    assert [row.values for row in read(tmp_path / "table.csv", content)] == found


def test_rows_with_too_many_or_too_few_cells_have_a_problem(tmp_path: Path) -> None:
    """A ragged row is not shifted into other columns; the others are read."""
    read_ = read(tmp_path / "table.csv", b"id,title\n1,a,b\n2\n3,c\n")
    assert [(row.number, row.problem) for row in read_] == [
        (2, "it has 3 cells, the heading 2"),
        (3, "it has 1 cells, the heading 2"),
        (4, ""),
    ]


@each(
    ("name", "content", "message"),
    [
        ("a.csv", "id\né".encode("latin-1"), "is not in UTF-8"),
        ("a.csv", "id\n1".encode("utf-16"), "is UTF-16, not text in UTF-8"),
        ("a.csv", b"PK\x03\x04rest", "is a ZIP or XLSX file"),
        ("a.csv", b"", "has no heading"),
        ("a.csv", b",,\n1,2,3\n", "has no heading"),
        ("a.csv", b"id,id\n1,2\n", "has several columns named id"),
        ("a.csv", b",".join([b"%d" % n for n in range(2000)]), "more than 1,000 columns"),
        ("a.csv", b'id\n"open', "line 2: unexpected end of data"),
        ("a.csv", b'id\n"' + b"x" * 200_000 + b'"\n', "field larger than field limit"),
        ("a.csv", b"id,\n" + b"a," * (1 << 20), "line 2: the line is too long"),
        ("a.jsonl", b'{"a": "' + b"x" * (1 << 20), "the line is too long"),
        ("a.jsonl", b"\xff\xfe", "is not in UTF-8"),
        ("a.xlsx", b"no archive", "cannot read"),
        ("a.xlsx", b"", "cannot read"),
        ("a.ods", b"", "unknown file ending: .ods"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    """The message says what is wrong with the file."""
    with pytest.raises(HealthcoopError, match=message):
        read(tmp_path / name, content)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """No traceback."""
    with pytest.raises(HealthcoopError, match="No such file"):
        [*read_rows(tmp_path / "none.csv")]


def test_json_lines(tmp_path: Path) -> None:
    """Objects in a row have dotted names; a line that is no object has a problem."""
    lines = [
        '{"id": 7, "place": {"city": "Paris"}, "parties": ["A", "B"], "open": true, "end": null}',
        "[1]",
        "{",
        "",
        "[" * 100_000,
        '{"a":' * 5000 + "1" + "}" * 5000,
        '{"a": "\\ud800"}',
        '{"id": 59.0, "items": [{"a": 1}]}',
    ]
    found = read(tmp_path / "a.jsonl", "\n".join(lines).encode())
    assert [(row.number, row.problem) for row in found] == [
        (1, ""),
        (2, "it is not a JSON object"),
        (3, "it is not valid JSON, or nested too deep"),
        (5, "it is not valid JSON, or nested too deep"),
        (6, "it is not valid JSON, or nested too deep"),
        (7, "it has half of a character, a lone surrogate"),
        (8, ""),
    ]
    values = {"id": "7", "place.city": "Paris", "parties": ["A", "B"], "open": "true", "end": ""}
    assert found[0].values == values
    assert found[-1].values == {"id": "59"}


@each("depth", range(950, 1050, 3))
def test_json_of_any_depth_is_a_row_or_a_problem(depth: int) -> None:
    """At the limit of Python's stack too."""
    line = '{"a":' * depth + "1" + "}" * depth
    assert rows._json_row(1, line).number == 1


def test_xlsx(tmp_path: Path) -> None:
    """Numbers and days are text, a formula is its stored value, short rows are filled up."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "signed", "title", "end"])
    sheet.append([59.0, datetime(1967, 7, 21), "'=Title"])
    sheet.append([60, None, "=1+1", "x"])
    book.save(tmp_path / "a.xlsx")
    assert [row.values for row in read_rows(tmp_path / "a.xlsx")] == [
        {"id": "59", "signed": "1967-07-21", "title": "=Title", "end": ""},
        {"id": "60", "signed": "", "title": "", "end": "x"},
    ]


@each(("most", "expected"), [(12, "A"), (11, None)])
def test_a_workbook_with_too_many_texts_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, expected: str | None
) -> None:
    """All texts are read before the first row, so their elements are counted first."""
    monkeypatch.setattr(rows, "_MOST_TEXT_ELEMENTS", most)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id"])
    sheet.append(["text"])
    book.save(tmp_path / "own.xlsx")
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with (
        zipfile.ZipFile(tmp_path / "own.xlsx") as own,
        zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive,
    ):
        for name in own.namelist():
            content = own.read(name).decode()
            content = content.replace(
                "</Types>", f'<Override PartName="/xl/t.xml" ContentType="{kind}"/></Types>'
            )
            inline = '<c r="A2" t="inlineStr"><is><t>text</t></is></c>'
            content = content.replace(inline, '<c r="A2" t="s"><v>1</v></c>')
            archive.writestr(name, content)
        texts = "".join(f"<si><t>{text}</t></si>" for text in ("unused", "A"))
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr("xl/t.xml", f'<?xml version="1.0"?><sst xmlns="{main}">{texts}<x/></sst>')
    if expected:
        assert [row.values for row in read_rows(tmp_path / "a.xlsx")] == [{"id": expected}]
    else:
        with pytest.raises(HealthcoopError, match="too many texts"):
            [*read_rows(tmp_path / "a.xlsx")]


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file with a gigabyte of zeros is not unpacked."""
    monkeypatch.setattr(rows, "_LARGEST_PART", 1 << 20)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (2 << 20))
    with pytest.raises(HealthcoopError, match="too large"):
        [*read_rows(tmp_path / "a.xlsx")]


@each(("row", "column"), [(1_000_000, 1), (2, 18_278)])
def test_a_sheet_with_a_cell_far_from_the_others_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: int, column: int
) -> None:
    """The empty cells before it are not gone through: a sheet can skip any number of rows."""
    monkeypatch.setattr(rows, "_MOST_CELLS", 1000)
    book = openpyxl.Workbook()
    book.active.append(["id", "title"])
    book.active.cell(row, column, "x")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(HealthcoopError, match="too many cells"):
        [*read_rows(tmp_path / "a.xlsx")]


def test_a_file_with_too_many_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is named."""
    monkeypatch.setattr(rows, "MAX_ROWS", 3)
    with pytest.raises(HealthcoopError, match="more than 3 rows: split it"):
        read(tmp_path / "a.csv", b"id\n" + b"1\n" * 4)


def test_the_package_to_install_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Openpyxl is optional."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(HealthcoopError, match="openpyxl") as error:
        read(tmp_path / "a.xlsx", b"")
    assert error.value.hint == "pip install 'healthcoop[contribute]'"


@given(st.text(max_size=20))
def test_neutralised_cells_are_restored(text: str) -> None:
    """What an export put before a formula is removed, and nothing else."""
    assert restored(neutralised(text)) == text or text.startswith("'")


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.jsonl", "a.xlsx"]))
def test_any_bytes_are_rows_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    """A stranger's file never ends in a traceback."""
    try:
        found = read(tmp_path_factory.getbasetemp() / name, content)
    except HealthcoopError:
        return
    json.dumps([dict(row.values) for row in found])
