"""Vocabularies that a stranger wrote: what no terminal, log or search accepts is refused."""

import json

import pytest

from healthcoop.errors import InvalidSchema
from healthcoop.files import vocabularies
from healthcoop.files.visible import HIDDEN
from healthcoop.model.regions import memberships
from tests.cases import each

EMPTY = {
    path: (f"{kind}: []\n" if path.endswith(".yaml") else '{"countries": []}').encode()
    for kind, path in vocabularies.PATHS.items()
}
ENTRY = {"code": "AZ", "name": "Azerbaijan", "other_names": ["Azerbaïdjan"], "kind": "state"}


def load(**changes: object) -> None:
    load_countries(ENTRY | changes)


def load_countries(*entries: dict[str, object]) -> None:
    text = json.dumps({"countries": entries})
    vocabularies.load(EMPTY | {"schema/countries.json": text.encode()})


def test_accents_joiners_and_other_scripts_are_accepted() -> None:
    load(other_names=["می\u200cخواهم", "Azərbaycan", "Việt Nam", "ประเทศ", "e\u0301\u0323"])


@each("text", ["\x1b[31m", "\x07", "a\r\nb", "\x9b", "\u202e", "\u200b", "\ud800", "\ue000"])
@each("field", ["code", "name", "official_name", "other_names"])
def test_hidden_character_is_refused_with_its_number(field: str, text: str) -> None:
    value = f"Azer{text}baijan"
    with pytest.raises(InvalidSchema) as caught:
        load(**{field: [value] if field == "other_names" else value})
    hidden = HIDDEN.search(text)
    assert hidden
    assert f"U+{ord(hidden.group()):04X}" in caught.value.message
    assert caught.value.message.startswith("schema/countries.json:1:")


def test_marks_in_a_row_are_refused() -> None:
    with pytest.raises(InvalidSchema, match="8 combining marks"):
        load(name="A" + "\u0301\u0316" * 50_000)


@each("field", ["name", "official_name", "other_names"])
def test_long_name_is_refused(field: str) -> None:
    """Searching for the names nearest to a wrong one would take minutes."""
    load(definition="x" * 20_000)
    with pytest.raises(InvalidSchema, match="more than 150 characters"):
        load(**{field: ["x" * 151] if field == "other_names" else "x" * 151})


@each("code", ["$(touch x)", "a;b", "*", "-x", "a b", "a,b", "Ж", "a\nb", "x" * 65])
def test_code_that_a_shell_would_change_or_that_is_long_is_refused(code: str) -> None:
    with pytest.raises(InvalidSchema, match=r"is not valid|invisible"):
        load(code=code)


@each(
    ("entries", "message"),
    [
        ([{"folds_into": "B"}, {"successors": ["A"]}], "codes lead in a circle: A → B → A"),
        ([{"replaced_by": "A"}], "codes lead in a circle: A → A"),
        ([{"folds_into": chr(ord("B") + n)} for n in range(21)] + [{}], "more than 20 other"),
    ],
)
def test_chain_of_codes_must_end(entries: list[dict[str, object]], message: str) -> None:
    with pytest.raises(InvalidSchema, match=message):
        load_countries(
            *({"code": chr(ord("A") + n), "name": "x"} | entry for n, entry in enumerate(entries))
        )


def test_chain_with_many_branches_is_followed_once() -> None:
    """A state with two successors, each of which has the same two, and so on."""
    levels = range(20)
    pairs = [
        {"code": f"{side}{n}", "name": "x", "successors": [f"A{n + 1}", f"B{n + 1}"][: 19 - n]}
        for n in levels
        for side in "AB"
    ]
    countries = json.dumps({"countries": pairs}).encode()
    vocabulary = vocabularies.load(EMPTY | {"schema/countries.json": countries})
    assert not [*memberships(vocabulary)]
