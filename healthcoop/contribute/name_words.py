"""The words of a country's name, in a form that does not depend on order and spelling."""

import re

from healthcoop.model.folding import name_key

GOVERNMENT = frozenset(("government", "governments", "govt", "governo", "gobierno", "gouvernement"))
"""Words that say who acted, and nothing about which state."""
FORMS = GOVERNMENT | {
    *(
        "republic",
        "kingdom",
        "empire",
        "state",
        "union",
        "federation",
        "commonwealth",
        "principality",
    ),
    *("duchy", "grand", "sultanate", "emirate", "emirates", "confederation", "dominion", "realm"),
    *("democratic", "people", "socialist", "soviet", "federal", "islamic", "arab", "united"),
    *("independent", "plurinational", "bolivarian", "cooperative", "oriental", "jamahiriya"),
    *("hashemite", "multinational"),
}
"""Words for the form of a state, which sources use, leave out and change."""

_SMALL = frozenset(
    (
        "a",
        "an",
        "and",
        "the",
        "of",
        "for",
        "in",
        "de",
        "do",
        "da",
        "dos",
        "das",
        "del",
        "la",
        "el",
        "los",
        "las",
        "le",
        "les",
        "du",
        "des",
        "di",
        "y",
        "e",
        "et",
    )
)
_SPELLINGS = {
    **dict.fromkeys(
        ("rep", "republica", "republique", "repub", "republik", "respublika"), "republic"
    ),
    **dict.fromkeys(("dem", "democratica", "democratique", "demo"), "democratic"),
    **dict.fromkeys(("peoples", "popular", "populaire"), "people"),
    **dict.fromkeys(("fed", "federative", "federativa", "federated", "federale"), "federal"),
    **dict.fromkeys(("soc", "socialista", "socialiste"), "socialist"),
    **dict.fromkeys(("states", "estado", "estados", "etat", "etats"), "state"),
    **dict.fromkeys(("unido", "unidos", "unida", "unidas", "uni", "unis"), "united"),
    **dict.fromkeys(("reino", "royaume", "reinado"), "kingdom"),
    **dict.fromkeys(("imperio", "imperial"), "empire"),
    **dict.fromkeys(("islamica", "islamique"), "islamic"),
    **dict.fromkeys(("federacao", "federacion"), "federation"),
    **dict.fromkeys(("uniao", "unione"), "union"),
    **dict.fromkeys(("confederacao", "confederacion"), "confederation"),
    **dict.fromkeys(("sovietica", "sovieticas", "sovietique", "sovietiques"), "soviet"),
    **dict.fromkeys(("socialistas", "socialistes"), "socialist"),
    **dict.fromkeys(("republicas", "republiques", "republics"), "republic"),
    **dict.fromkeys(("hachemita", "hachemite"), "hashemite"),
    **dict.fromkeys(("bolivariana", "bolivarienne"), "bolivarian"),
    **dict.fromkeys(("plurinacional",), "plurinational"),
    **dict.fromkeys(("cooperativa", "cooperativista"), "cooperative"),
    **dict.fromkeys(("principado", "principaute"), "principality"),
    **dict.fromkeys(("independente", "independiente"), "independent"),
    **dict.fromkeys(("islands", "island", "isl", "isle", "isles", "is"), "islands"),
    **dict.fromkeys(("st", "saint", "ste"), "saint"),
    **{
        "em": "emirates",
        "sultanato": "sultanate",
        "arabe": "arab",
        "northern": "north",
        "southern": "south",
    },
    **{"eastern": "east", "western": "west", "co": "cooperative", "terr": "territory"},
}
_LETTERS = {
    "us": ("united", "state"),
    "usa": ("united", "state"),
    "uk": ("united", "kingdom"),
    "dr": ("democratic", "republic"),
    "pr": ("people", "republic"),
    "pdr": ("people", "democratic", "republic"),
    "ar": ("arab", "republic"),
    "rd": ("democratic", "republic"),
    "rf": ("federal", "republic"),
    "rp": ("people", "republic"),
    "dpr": ("democratic", "people", "republic"),
    "ssr": ("soviet", "socialist", "republic"),
    "sr": ("socialist", "republic"),
    "fr": ("federal", "republic"),
    "fyr": ("former", "yugoslav", "republic"),
}
"""Abbreviations by their letters; ``fr`` and ``sr`` only where other words are beside them."""


def words_of(name: str) -> frozenset[str]:
    """Return the words of a name: folded, abbreviations written out, without articles.

    “Korea, Dem. Rep.” and “Democratic Republic of Korea” have the same words.
    """
    found: set[str] = set()
    for word in joined_letters(name_key(name)):
        if word not in _SMALL:
            found.update(_LETTERS.get(word) or (_SPELLINGS.get(word, word),))
    if {"united", "state"} <= found:
        found.discard("america")
    return frozenset(found)


def joined_letters(key: str) -> list[str]:
    """Return the words of a folded name; single letters in a row, such as u s a, as one word."""
    return re.sub(r"\b(\w) (?=\w\b)", r"\1", key).split()
