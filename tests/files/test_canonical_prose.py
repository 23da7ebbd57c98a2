"""Folded text: a line for each sentence, so that an edit is a diff of its sentence; odd texts."""

import sys
import unicodedata
from itertools import pairwise

import pytest
import yaml
import yaml12
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.files import canonical, reader
from healthcoop.files.visible import HIDDEN
from tests.cases import each


def folded(text: str) -> list[str]:
    """Return the lines of a folded text, without their indentation."""
    lines = canonical.layout({"summary": text}).splitlines()
    assert lines[1] == "summary: >-"
    return [line.removeprefix("  ") for line in lines[2:]]


SENTENCES = [
    "They met in Baku.",
    "He said “yes.”",
    "“No,” said the other.",
    "(It rained [all day].)",
    "2 more came in 2019.",
    "Why?",
    'Because "they did!"',
    "«Да», said one…",
    "Ökonomie first.",
    "Şuşa second.",
    "Жара.",
    "Ởthers met the WHO.",
    "In Europe…",
    "They left on 8 March 2020.",
    "It ends.",
]


def test_each_sentence_begins_a_line() -> None:
    """This is so for all sentences, even where several would fit on one line."""
    assert folded(" ".join(SENTENCES)) == SENTENCES
    assert folded("One came. Two left.") == ["One came.", "Two left."]


@each(
    "text",
    [
        "Dr. Ahmed and H.E. Sara met at the U.S. State Department (Prof. A.F.M. Haque).",
        "They signed No. 5 of Art. 3 (Vol. 2) on Sep. 12 in St. Vincent, with Mr. J.P. Nadda.",
        "It says “Ms. Sebelius” and “M. Burwell”, then Sh. Aliyev.",
        "What of approx. five, i.e. few, at 9 a.m. or at 10.30 a.m. or later?",
        "He speaks ... and goes on; www.example.org. is a name. its dot is its own",
        "Two spaces.  They are kept as they are.",
    ],
)
def test_abbreviation_does_not_end_a_sentence(text: str) -> None:
    """A dot before a small letter, or one that no single space follows, does not end it either."""
    assert folded(text) == [text]


WORDS = st.text("abceğж", min_size=2, max_size=14)
SENTENCE = st.lists(WORDS, min_size=2, max_size=40)


def _written(words: list[str]) -> str:
    return f"X{' '.join(words)}."


@given(st.lists(SENTENCE, min_size=1, max_size=6), st.data())
def test_edit_changes_only_the_lines_of_its_sentence(
    sentences: list[list[str]], data: st.DataObject
) -> None:
    """A word put in, taken out or changed: what stands before and after stays as it was."""
    number = data.draw(st.integers(0, len(sentences) - 1))
    words = sentences[number]
    place = data.draw(st.integers(0, len(words) - 1))
    others = data.draw(st.lists(WORDS, min_size=1 if len(words) == 2 else 0, max_size=2))
    new = [*words[:place], *others, *words[place + 1 :]]
    edited = [*sentences[:number], new, *sentences[number + 1 :]]
    old_lines = folded(" ".join(map(_written, sentences)))
    new_lines = folded(" ".join(map(_written, edited)))

    above = sum(len(folded(_written(words))) for words in sentences[:number])
    below = sum(len(folded(_written(words))) for words in sentences[number + 1 :])
    assert old_lines[:above] == new_lines[:above]
    assert old_lines[len(old_lines) - below :] == new_lines[len(new_lines) - below :]


@given(st.lists(SENTENCE, min_size=1, max_size=4))
def test_lines_are_filled(sentences: list[list[str]]) -> None:
    """No line could have taken the first word of the next one of its sentence."""
    lines = folded(" ".join(map(_written, sentences)))
    for line, following in pairwise(lines):
        assert len(line) <= canonical.WIDTH - 2
        fits = len(line) + 1 + len(following.split(" ")[0]) <= canonical.WIDTH - 2
        assert line.endswith(".") or not fits


ADDRESS = "https://example.org/" + "a-long-path/" * 12


@each(
    "text",
    [
        f"The text is at {ADDRESS} and nowhere else.",
        f"{ADDRESS} {ADDRESS}",
        f"{'a' * 97} # no comment, {'b' * 81} - no item, {'c' * 85} ? no key",
        f"{'a' * 97} --- no mark, {'b' * 81} ... no end, {'c' * 85} key: value, {'d' * 80} | x > y",
        f"{'a' * 97} & * ! % @ ` [no list] {{no: map}} 'quote' \"quote\"",
        f"{'a' * 97}\u00a0b \u00a0c\u00a0 d\u3000 e",
        "A sentence. # no comment either. - Nor an item.",
        f"सचिव ने कहा कि {'ज' * 90} क\u094d\u200dष",
        "First.\n# Second.\n\n\n- Third. And more.",
    ],
)
def test_odd_texts_are_folded_and_parsed_back(text: str) -> None:
    """Words wider than the page, signs of YAML at the beginning of a line, other spaces."""
    laid_out = canonical.layout({"summary": text})
    assert "summary: >-\n" in laid_out
    assert reader.parse(laid_out.encode()).data == {"summary": text}
    assert yaml.safe_load(laid_out) == yaml12.parse_yaml(laid_out) == {"summary": text}


def test_single_word_is_not_broken() -> None:
    """A long address stays one that can be copied."""
    for field in ("text_url", "summary"):
        assert canonical.layout({field: ADDRESS}).splitlines()[1:] == [f"{field}: {ADDRESS}"]


@each(
    "name",
    [
        "علی\u200cرضا مرندی",  # the joiner that Persian needs
        "ශ්\u200dරී",
        "👩\u200d⚕️",
        "\U0001fae9",  # a face of Unicode 16, which Python 3.11 does not know
        "\U00010d50\U00010d70",  # letters of the same
        "Société\u00a0X",
        "東京\u3000都",
    ],
)
def test_visible_characters_are_not_escaped(name: str) -> None:
    """On every version of Python, however old its Unicode."""
    assert f"name: {name}\n" in canonical.layout({"people": [{"name": name}]})


@each("hidden", "\u00ad\u200b\u202e\u2066\u2028\ue000\ufdd0\U0010ffff\x85")
def test_invisible_characters_are_escaped(hidden: str) -> None:
    """A folded text that has some is written in quotes."""
    for field in ("title", "summary"):
        laid_out = canonical.layout({field: f"a {hidden}b. And more"})
        assert hidden not in laid_out
        assert yaml.safe_load(laid_out) == {field: f"a {hidden}b. And more"}


@pytest.mark.slow
def test_fixed_ranges_cover_the_invisible_characters_of_unicode() -> None:
    """The joiners, and visible signs that enclose others, are not in them."""
    seen = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
    for character in map(chr, range(sys.maxunicode + 1)):
        unseen = unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
        if unseen:
            assert HIDDEN.match(character) or character in f"\u200c\u200d{seen}", hex(
                ord(character)
            )
        elif HIDDEN.match(character):
            assert unicodedata.category(character) == "Cn", hex(ord(character))


def test_capitals_of_newer_unicode_versions_begin_no_sentence() -> None:
    """The layout would otherwise differ: these are Cyrillic, Latin and Garay of Unicode 16."""
    for capital in ("\u1c89", "\ua7da", "\U00010d50"):
        text = f"One came. {capital}wo left."
        assert folded(text) == [text]
