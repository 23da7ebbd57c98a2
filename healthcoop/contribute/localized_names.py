"""Names of countries in other languages: of the Unicode locale data, and of our own tables."""

from collections.abc import Mapping
from functools import cache

from healthcoop.contribute.languages import words
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.model.vocabulary import Vocabulary


def country_names(language: str, vocabulary: Vocabulary) -> dict[str, str]:
    """Return the codes of the vocabulary's countries by their names in a language, as written.

    ``language`` is a code such as ``pt`` or ``pt_BR``. Raises UnknownName for an unknown language,
    HealthcoopError where Babel is not installed.
    """
    named = {name: code for code, name in _territories(language).items()}
    for code, names in words(_base(language), "countries").items():
        named |= dict.fromkeys(names, code)
    return {name: code for name, code in named.items() if code in vocabulary.countries}


def _base(language: str) -> str:
    return language.replace("-", "_").partition("_")[0].lower()


@cache
def _territories(language: str) -> Mapping[str, str]:
    """Return the names of the locale data by code, that of the European Union and others among."""
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        raise HealthcoopError(
            "names of countries in other languages need Babel",
            hint="pip install 'healthcoop[contribute]'",
        ) from None
    try:
        return dict(Locale.parse(language.replace("-", "_")).territories)
    except (UnknownLocaleError, ValueError):
        raise UnknownName(
            "language", language, otherwise="Use a code such as en, es, fr, pt or ru."
        ) from None
