"""HC80: characters that are invisible, look like others, or come from other encodings."""

import html
import re

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import text_rule
from healthcoop.files import characters
from healthcoop.files.fixes import Replace
from healthcoop.files.nodes import Pointer
from healthcoop.files.visible import character_name

OWN_WORDS = frozenset({"title", "summary", "outcomes", "notes"})
"""The fields that curators write; other texts are those of sources and keep their characters."""

_ADDRESSES = frozenset({"url", "archived", "text_url"})


def field_name(pointer: Pointer) -> str:
    """Return the name of the field to which a text belongs."""
    return next(str(part) for part in reversed(pointer) if isinstance(part, str))


@text_rule("HC801", "bidirectional-control")
def bidirectional_control(pointer: Pointer, text: str) -> Problem | None:
    r"""A text has no characters that change the order in which it is displayed.

    With embeddings, overrides and isolates (U+202A to U+202E, U+2066 to U+2069) a reviewer sees
    different words than a program reads ("Trojan Source", CVE-2021-42574; Unicode UTR 36). Names in
    Arabic, Persian or Hebrew do not need them: letters have a direction. The marks U+200E and
    U+200F are allowed in texts with right-to-left letters.

    Fails:

        summary: "The minister spoke of \u202eseniccav\u202c there."

    Passes:

        people:
          - name: Hossein Amir
            native_name: "\u200Fحسین امیر"
            party: AZ
    """
    match = characters.BIDIRECTIONAL.search(text)
    if not match:
        return None
    return _problem(
        pointer,
        f"“{field_name(pointer)}” contains {character_name(match[0])}, which changes the order in "
        "which the text is displayed.",
        "Delete it, and check that the text is still correct.",
        match[0],
        characters.BIDIRECTIONAL.sub("", text),
    )


@text_rule("HC802", "invisible-character")
def invisible_character(pointer: Pointer, text: str) -> Problem | None:
    r"""A text has no invisible characters, except where its script needs them.

    Zero width spaces, soft hyphens, word joiners and fillers are copied from web pages and PDFs. A
    search then misses the word, and two texts that look the same differ. Allowed are joiners in
    Persian and Indic words and in emoji, zero width spaces between Thai, Khmer or Burmese words,
    and direction marks next to right-to-left letters.

    Fails:

        title: "Azerbaijan's health mini\u00adster visits Cuba"

    Passes:

        people:
          - name: Mina Khah
            native_name: "نمی\u200Cخواهم"
            party: AZ
    """
    character = next(characters.hidden(text), "")
    if not character:
        return None
    return _problem(
        pointer,
        f"“{field_name(pointer)}” contains {character_name(character)}, which is invisible.",
        "Write a space instead, or delete it." if characters.is_blank(character) else "Delete it.",
        character,
        characters.without_hidden(text),
        safe=not any(map(characters.is_blank, text)),
    )


@text_rule("HC803", "private-character")
def private_character(pointer: Pointer, text: str) -> Problem | None:
    r"""A text has only characters that Unicode defines.

    A private-use character is defined by one font: a bullet of Word, a logo, an old encoding of a
    script. Without that font it is an empty box.

    Fails:

        summary: "The minister spoke of vaccines \uf0b7 and of medicines."

    Passes:

        summary: The minister spoke of vaccines • and of medicines.
    """
    match = characters.PRIVATE.search(text)
    if not match:
        return None
    code = f"U+{ord(match[0]):04X}"
    return _problem(
        pointer,
        f"“{field_name(pointer)}” contains {code}, a private-use character that most fonts lack.",
        "Replace it with the character that is meant, or delete it.",
        match[0],
    )


@text_rule("HC804", "garbled-text")
def garbled_text(pointer: Pointer, text: str) -> Problem | None:
    """A text was decoded with the encoding in which it was written.

    `MÃ¼nster` is `Münster` in UTF-8, decoded as Windows-1252; `�` replaces a letter that could not
    be decoded. The first can be reversed; for the second, check the source.

    Fails:

        places: [{city: SÃ£o Paulo, country: BR}]

    Passes:

        places: [{city: São Paulo, country: BR}]
    """
    field = field_name(pointer)
    if "\ufffd" in text:
        message = f"A letter of “{field}” was lost and replaced by “\ufffd”."
        hint = "Check the spelling in the source and retype this character."
        return _problem(pointer, message, hint, "\ufffd")
    garbled = characters.garbled(text)
    if not garbled:
        return None
    run, meant = garbled
    message = f"“{run}” in “{field}” is “{meant}” in the wrong encoding."
    fixed = characters.without_garbling(text)
    return _problem(pointer, message, f"Write “{meant}”.", run, fixed)


@text_rule("HC805", "normal-form", severity=Severity.WARNING)
def normal_form(pointer: Pointer, text: str) -> Problem | None:
    r"""A letter with an accent is one character where Unicode has one (form NFC, UAX 15).

    `u` and a combining diaeresis look like `ü`, but a search for `ü` does not find them. They are
    copied from PDFs and from file names on a Mac. `validate --fix` composes them.

    Fails:

        places: [{city: "Mu\u0308nster", country: DE}]

    Passes:

        places: [{city: Münster, country: DE}]
    """
    fixed = characters.composed(text)
    if fixed == text:
        return None
    pairs = enumerate(zip(text, fixed, strict=False))
    at = next(at for at, (before, after) in pairs if before != after)
    field, letter = field_name(pointer), text[at]
    accent = text[at + 1 : at + 2]
    message = (
        f"“{field}” contains “{letter}” and an accent as two characters, but NFC has one for both."
        if accent and characters.is_accent(accent)
        else f"“{field}” is not in Unicode normal form (NFC) at “{letter}”."
    )
    hint = "Run “healthcoop validate --fix”, or retype the letter."
    return _problem(pointer, message, hint, letter, fixed, safe=True)


@text_rule("HC806", "mixed-scripts", severity=Severity.WARNING)
def mixed_scripts(pointer: Pointer, text: str) -> Problem | None:
    """A word has no look-alike letters of another script.

    A Cyrillic `А` in `Аzerbaijan` comes from the wrong keyboard layout, or is meant to deceive
    (Unicode UTS 39): a search for the word does not find it. Letters of other scripts that look
    different are allowed: `TNFα`, `µg`, `COVIDом`.

    Fails:

        title: Аzerbaijan's health minister visits Cuba

    Passes:

        notes: "The source is in Russian: ВОЗ is WHO, and TNFα is a protein."
    """
    mixed = characters.mixed_word(text)
    if not mixed:
        return None
    word, letter = mixed
    message = f"“{word}” contains {character_name(letter)} among look-alike letters."
    hint = f"Retype the word in one script: “{characters.without_mixing(word)}”."
    return _problem(pointer, message, hint, word, characters.without_mixing(text))


@text_rule("HC807", "odd-space", severity=Severity.NOTE)
def odd_space(pointer: Pointer, text: str) -> Problem | None:
    r"""Title, summary, outcomes and notes have plain spaces only.

    A no-break, narrow or ideographic space looks like a space, but a search for the two words does
    not match it. Quotes, names and titles of sources keep theirs: French has one before a colon.
    `validate --fix` replaces them.

    Fails:

        title: "Azerbaijan's health\u00a0minister visits Cuba"

    Passes:

        sources:
          - url: https://example.org/news
            kind: agency
            quote: "Santé\u00a0: le ministre est à Cuba"
            supports: [date]
    """
    match = characters.WIDE_SPACES.search(text) if pointer[0] in OWN_WORDS else None
    if not match:
        return None
    message = f"“{field_name(pointer)}” contains {character_name(match[0])}, not a plain space."
    fixed = characters.WIDE_SPACES.sub(" ", text)
    return _problem(pointer, message, "Write a plain space.", match[0], fixed, safe=True)


@text_rule("HC808", "letter-shape", severity=Severity.WARNING)
def letter_shape(pointer: Pointer, text: str) -> Problem | None:
    """A text has plain letters, not ligatures or mathematical letters.

    `ﬁ`, copied from a PDF, is one character, and `𝐇𝐞𝐚𝐥𝐭𝐡`, from a social network, are mathematical
    symbols: a search finds neither. `validate --fix` replaces them.

    Fails:

        summary: The ministers signed in the oﬃce of the Prime Minister.

    Passes:

        summary: The ministers signed in the office of the Prime Minister.
    """
    match = characters.LETTER_SHAPES.search(text)
    if not match:
        return None
    message = f"“{match[0]}” in “{field_name(pointer)}” is a ligature or mathematical letters."
    hint = f"Write “{characters.plain_letters(match[0])}”."
    return _problem(pointer, message, hint, match[0], characters.plain_letters(text), safe=True)


_MARKUP = re.compile(
    r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
    r"|</?(?:a|b|br|div|em|font|h[1-6]|hr|i|img|li|ol|p|q|small|span|strong|su[bp]|t[dhr]|table|u|ul)"
    r"(?: [^<>]*)?/?>"
    r"|\\u[0-9A-Fa-f]{4}"
)
_MARKUP_NAMES = {"&": "an HTML entity", "<": "an HTML tag", "\\": "a JSON escape"}


@text_rule("HC809", "markup", severity=Severity.WARNING)
def markup(pointer: Pointer, text: str) -> Problem | None:
    r"""A text has no HTML tags or entities, and no JSON escapes.

    `&amp;`, `<br>` and `\u00fc` are copied from the source code of a page, and would be displayed
    as they are.

    Fails:

        summary: The ministers spoke of research &amp; development.

    Passes:

        summary: The ministers spoke of research & development, and of doses < 5 ml.
    """
    if field_name(pointer) in _ADDRESSES:
        return None
    matches = _MARKUP.finditer(text)
    match = next((match for match in matches if _plain(match) != match[0]), None)
    if not match:
        return None
    plain = _plain(match)
    what = _MARKUP_NAMES[match[0][0]]
    message = f"“{match[0]}” in “{field_name(pointer)}” is {what}, not text."
    instead = "Remove the tag." if what == "an HTML tag" else "Write a space instead."
    hint = f"Write “{plain}” instead." if plain.strip() else instead
    return _problem(pointer, message, hint, match[0], _MARKUP.sub(_plain, text).strip())


def _plain(match: re.Match[str]) -> str:
    """Return the text that a tag, an entity or an escape stands for."""
    markup = match[0]
    if markup[0] == "&":
        return html.unescape(markup)
    if markup[0] == "\\":
        character = chr(int(markup[2:], 16))
        return character if character.isprintable() else markup
    return " " if markup.strip("</> ") in ("br", "p", "li", "div", "td") else ""


def _problem(
    pointer: Pointer,
    message: str,
    hint: str,
    substring: str,
    fixed: str | None = None,
    *,
    safe: bool = False,
) -> Problem:
    edits = () if fixed is None else (Replace(pointer, fixed),)
    return Problem(message, hint, pointer, substring=substring, edits=edits, safe=safe)
