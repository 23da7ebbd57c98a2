"""``contribute.localized_names``: countries by their names in other languages."""

import sys
from pathlib import Path

import pytest

from healthcoop.contribute import languages
from healthcoop.contribute.localized_names import country_names
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.files.tree import Tree
from healthcoop.files.vocabularies import load
from healthcoop.model.folding import name_key
from tests.cases import each

VOCABULARY = load(Tree(Path(__file__).parents[2]))
TABLES = sorted(path.stem for path in Path(languages.__file__).parent.glob("*.toml"))


@each(
    ("language", "name", "code"),
    [
        ("es", "Chequia", "CZ"),
        ("pt", "Costa do Marfim", "CI"),
        ("pt_BR", "república tcheca", "CZ"),
        ("fr", "ETATS-UNIS", "US"),
        ("ru", "Великобритания", "GB"),
        ("tr", "birleşik krallık", "GB"),
        ("az", "Çexiya", "CZ"),
        ("de", "Elfenbeinküste", None),
        ("de", "Côte d’Ivoire", "CI"),
    ],
)
def test_a_country_is_found_by_its_name_in_a_language(
    language: str, name: str, code: str | None
) -> None:
    """Names of the locale data and of our tables are found without accents and case."""
    codes = {name_key(name): code for name, code in country_names(language, VOCABULARY).items()}
    assert codes.get(name_key(name)) == code


def test_names_are_as_written_and_of_known_codes() -> None:
    """Areas of the locale data that are no countries of the vocabulary are left out."""
    names = country_names("en", VOCABULARY)
    assert names["Türkiye"] == "TR"
    assert set(names.values()) <= VOCABULARY.countries.keys()
    assert "Eurozone" not in names


@each("language", TABLES)
def test_tables_of_names_are_sorted_and_of_known_codes(language: str) -> None:
    """A table names countries by their codes, in order, and each name is of one."""
    table = languages.words(language, "countries")
    assert list(table) == sorted(table)
    assert table.keys() <= VOCABULARY.countries.keys()
    names = [key for forms in table.values() for key in {name_key(form) for form in forms}]
    assert sorted(names) == sorted(set(names))


@each("language", ["xx", "../en", "", "en_" * 1000])
def test_an_unknown_language_is_an_error(language: str) -> None:
    """A language comes from users."""
    with pytest.raises(UnknownName, match="unknown language"):
        country_names(language, VOCABULARY)


def test_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Babel is optional."""
    from healthcoop.contribute import localized_names

    localized_names._territories.cache_clear()
    monkeypatch.setitem(sys.modules, "babel", None)
    with pytest.raises(HealthcoopError, match="Babel") as error:
        country_names("es", VOCABULARY)
    assert error.value.hint == "pip install 'healthcoop[contribute]'"
