"""Which language a text is in: by script, letters and the most frequent function words."""

import re
from collections import Counter

_FUNCTION_WORDS = {
    "en": "the of and to in a for on with that is was by as at from between has",
    "es": "el la los las de del y en que con para por una un se su entre al como",
    "pt": "o a os as de do da dos das e em que com para por uma um se no na ao entre são",
    "fr": "le la les de des du et en que pour par une un dans au aux sur entre avec est",
    "tr": "ve bir bu ile için da de olarak olan arasında sonra iki gibi ise çok",
    "az": "və bir bu ilə üçün da də olan arasında sonra iki kimi ki edib olub",
    "de": "der die das und in den von zu mit für auf ist im dem ein eine zwischen",
    "it": "il la lo gli le di e in che per con una un del della dei tra al alla è",
    "id": "yang dan di dari untuk dengan pada dalam ini itu ke oleh antara akan",
}
_WORDS = {code: frozenset(words.split()) for code, words in _FUNCTION_WORDS.items()}
_SAMPLE = 6000  # characters: enough for a safe guess
_MIN_SHARE = 0.08  # of all words: less is no running text of any of these languages

_LETTERS = {
    "az": re.compile("[əƏ]"),
    "tr": re.compile("[ğıİ]"),
    "ru": re.compile("[а-яё]", re.IGNORECASE),
}
_OTHER_CYRILLIC = {"uk": re.compile("[іїєґ]"), "kk": re.compile("[әғқңөұүһ]")}


def guess_language(text: str) -> str:
    """Return the code of the language of a text; empty where it is none of those known."""
    sample = text[:_SAMPLE]
    letters = sum(character.isalpha() for character in sample) or 1
    if len(_LETTERS["ru"].findall(sample)) > letters / 2:
        for code, own in _OTHER_CYRILLIC.items():
            if len(own.findall(sample.lower())) > letters / 100:
                return code
        return "ru"
    if len(_LETTERS["az"].findall(sample)) > letters / 50:
        return "az"
    if len(_LETTERS["tr"].findall(sample)) > letters / 50:
        return "tr"
    words = Counter(re.findall(r"[^\W\d_]+", sample.lower()))
    shares = {
        code: sum(words[word] for word in own) / (words.total() or 1)
        for code, own in _WORDS.items()
    }
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= _MIN_SHARE else ""
