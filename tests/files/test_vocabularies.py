"""Vocabularies that a stranger wrote: what no terminal, log or search accepts is refused."""

import json

import pytest

from healthcoop.errors import InvalidSchema
from healthcoop.files import vocabularies
from healthcoop.files.visible import HIDDEN
from tests.cases import each

EMPTY = {
    path: (f"{kind}: []\n" if path.endswith(".yaml") else '{"countries": []}').encode()
    for kind, path in vocabularies.PATHS.items()
}
ENTRY = {"code": "AZ", "name": "Azerbaijan", "other_names": ["Azerbaïdjan"], "kind": "state"}


def load(**changes: object) -> None:
    text = json.dumps({"countries": [ENTRY | changes]})
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
