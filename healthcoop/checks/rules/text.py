"""HC8: the texts themselves: what cannot be seen, what looks like another text, what is copied."""

import html
import re
from collections.abc import Iterator

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule, text_rule
from healthcoop.files import characters
from healthcoop.files.edits import Replace
from healthcoop.files.reader import Pointer

OWN_WORDS = frozenset({"title", "summary", "outcomes", "notes"})
"""The fields in our own English; other texts keep what their source has."""

MAX_RUN = 11
"""So many words in a row may stand in a quote and in the summary: names of bodies are as long."""

MOST_ABBREVIATIONS = 4
"""A text of so many words may be all in capitals: WHO, PAHO and UNICEF are."""

_WORD = re.compile(r"\w+")
_ADDRESSES = frozenset({"url", "archived", "text_url"})


def _field(pointer: Pointer) -> str:
    return next(str(part) for part in reversed(pointer) if isinstance(part, str))


@text_rule("HC801", "bidirectional-control")
def bidirectional_control(pointer: Pointer, text: str) -> Problem | None:
    r"""No character makes a text appear in another order than it is stored.

    Embeddings, overrides and isolates (U+202A to U+202E, U+2066 to U+2069) let a reviewer see
    other words than a program reads ("Trojan Source", CVE-2021-42574; Unicode UTR 36). Names in
    Arabic, Persian or Hebrew need none of them: letters bring their own direction. Retype the
    text; the marks U+200E and U+200F are taken where a text has right-to-left letters.

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
    return Problem(
        message=f"“{_field(pointer)}” holds {characters.name(match.group())}, "
        "which shows what follows in another order than it is stored.",
        hint="Delete it, and look whether the text still says what it should.",
        pointer=pointer,
        piece=match.group(),
        edits=(Replace(pointer, characters.BIDIRECTIONAL.sub("", text)),),
    )


@text_rule("HC802", "invisible-character")
def invisible_character(pointer: Pointer, text: str) -> Problem | None:
    r"""No character stands in a text that nobody can see and nothing around it needs.

    Zero width spaces, soft hyphens, word joiners and fillers come along when a web page or a PDF is
    copied. A search then misses the word, and two texts that look the same are not. Where a script
    needs one it is taken: joiners in Persian and Indic words and in emoji, zero width spaces
    between Thai, Khmer or Burmese words, direction marks beside right-to-left letters.

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
    mended = characters.without_hidden(text)
    return Problem(
        message=f"“{_field(pointer)}” holds {characters.name(character)}, which cannot be seen.",
        hint="Write a space, or nothing." if characters.is_blank(character) else "Delete it.",
        pointer=pointer,
        piece=character,
        edits=(Replace(pointer, mended),),
        safe=not any(map(characters.is_blank, text)),
    )


@text_rule("HC803", "private-character")
def private_character(pointer: Pointer, text: str) -> Problem | None:
    r"""Every character is one that Unicode defines.

    Code points for private use mean what one font says: a bullet of Word, a logo, an old encoding
    of a script. Others see an empty box. Write the character that is meant.

    Fails:

        summary: "The minister spoke of vaccines \uf0b7 and of medicines."

    Passes:

        summary: The minister spoke of vaccines • and of medicines.
    """
    match = characters.PRIVATE.search(text)
    if not match:
        return None
    return Problem(
        message=f"“{_field(pointer)}” holds U+{ord(match.group()):04X}, a code for private use: "
        "what it shows depends on the font.",
        hint="Write the character that is meant, or delete it.",
        pointer=pointer,
        piece=match.group(),
    )


@text_rule("HC804", "garbled-text")
def garbled_text(pointer: Pointer, text: str) -> Problem | None:
    """A text is read in the encoding it was written in.

    `MÃ¼nster` is `Münster` in UTF-8, read as Windows-1252; `�` stands where a program could not
    read a letter at all. The first can be undone, and the finding shows how; for the second look at
    the source again.

    Fails:

        places: [{city: SÃ£o Paulo, country: BR}]

    Passes:

        places: [{city: São Paulo, country: BR}]
    """
    if "\ufffd" in text:
        return Problem(
            message=f"A letter of “{_field(pointer)}” is lost: “\ufffd” stands in its place.",
            hint="Look at the source again, and write the letter.",
            pointer=pointer,
            piece="\ufffd",
        )
    found = characters.garbled(text)
    if not found:
        return None
    run, meant = found
    return Problem(
        message=f"“{run}” in “{_field(pointer)}” is “{meant}”, read in the wrong encoding.",
        hint=f"Write “{meant}”.",
        pointer=pointer,
        piece=run,
        edits=(Replace(pointer, characters.without_garbling(text)),),
    )


@text_rule("HC805", "normal-form", severity=Severity.WARNING)
def normal_form(pointer: Pointer, text: str) -> Problem | None:
    r"""Letters with accents are one character where Unicode has one (normal form C, UAX 15).

    `u` and a combining diaeresis look like `ü` and are not found by it. Texts copied from a Mac's
    file names or from a PDF have them. `validate --fix` writes the usual form.

    Fails:

        places: [{city: "Mu\u0308nster", country: DE}]

    Passes:

        places: [{city: Münster, country: DE}]
    """
    mended = characters.composed(text)
    if mended == text:
        return None
    first = next(
        at for at, pair in enumerate(zip(text, mended, strict=False)) if pair[0] != pair[1]
    )
    return Problem(
        message=f"“{_field(pointer)}” holds “{text[first]}” and an accent as two characters; "
        "Unicode's usual form (NFC) has one."
        if text[first + 1 : first + 2] and characters.is_accent(text[first + 1])
        else f"“{_field(pointer)}” is not in Unicode's usual form (NFC) at “{text[first]}”.",
        hint="Run “healthcoop validate --fix”, or type the letter anew.",
        pointer=pointer,
        piece=text[first],
        edits=(Replace(pointer, mended),),
        safe=True,
    )


@text_rule("HC806", "mixed-scripts", severity=Severity.WARNING)
def mixed_scripts(pointer: Pointer, text: str) -> Problem | None:
    """A word has no letter of another script that nobody can tell from its own.

    A Cyrillic `А` in `Аzerbaijan` comes of a keyboard left in the other layout, or of somebody who
    wants to deceive (Unicode UTS 39): a search for the word does not find it. Only letters that
    look the same count: `TNFα`, `µg` and `COVIDом` are meant.

    Fails:

        title: Аzerbaijan's health minister visits Cuba

    Passes:

        notes: "The source is in Russian: ВОЗ is WHO, and TNFα is a protein."
    """
    found = characters.mixed_word(text)
    if not found:
        return None
    word, letter = found
    mended = characters.without_mixing(text)
    return Problem(
        message=f"“{word}” holds {characters.name(letter)} among letters of another script "
        "that looks the same.",
        hint=f"Type the word anew: “{characters.without_mixing(word)}”.",
        pointer=pointer,
        piece=word,
        edits=(Replace(pointer, mended),),
    )


@text_rule("HC807", "odd-space", severity=Severity.NOTE)
def odd_space(pointer: Pointer, text: str) -> Problem | None:
    r"""In our own words a space is a plain space.

    A no-break, narrow or ideographic space looks like one, and a search for two words does not find
    them. Quotes, names and titles of others keep theirs: French sets one before a colon.
    `validate --fix` writes plain ones.

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
    return Problem(
        message=f"“{_field(pointer)}” holds {characters.name(match.group())}; "
        "a plain space is meant.",
        hint="Write a plain space.",
        pointer=pointer,
        piece=match.group(),
        edits=(Replace(pointer, characters.WIDE_SPACES.sub(" ", text)),),
        safe=True,
    )


@text_rule("HC808", "letter-shape", severity=Severity.WARNING)
def letter_shape(pointer: Pointer, text: str) -> Problem | None:
    """A letter is written as itself, not as a ligature or as a letter of formulas.

    `ﬁ` copied from a PDF is one character, and `𝐇𝐞𝐚𝐥𝐭𝐡` from a social network no letters at all: a
    search finds neither. `validate --fix` writes the plain letters.

    Fails:

        summary: The ministers signed in the oﬃce of the Prime Minister.

    Passes:

        summary: The ministers signed in the office of the Prime Minister.
    """
    match = characters.LETTER_SHAPES.search(text)
    if not match:
        return None
    plain = characters.plain_letters(match.group())
    return Problem(
        message=f"“{match.group()}” in “{_field(pointer)}” is the shape of letters, not letters.",
        hint=f"Write “{plain}”.",
        pointer=pointer,
        piece=match.group(),
        edits=(Replace(pointer, characters.plain_letters(text)),),
        safe=True,
    )


_MARKUP = re.compile(
    r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
    r"|</?(?:a|b|br|div|em|font|h[1-6]|hr|i|img|li|ol|p|q|small|span|strong|su[bp]|t[dhr]|table|u|ul)"
    r"(?: [^<>]*)?/?>"
    r"|\\u[0-9A-Fa-f]{4}"
)


@text_rule("HC809", "markup", severity=Severity.WARNING)
def markup(pointer: Pointer, text: str) -> Problem | None:
    r"""A text is plain: no tags or entities of HTML, no escapes of JSON.

    `&amp;`, `<br>` and `\u00fc` come from the source of a page. Every reader of the data would show
    them as they stand.

    Fails:

        summary: The ministers spoke of research &amp; development.

    Passes:

        summary: The ministers spoke of research & development, and of doses < 5 ml.
    """
    if _field(pointer) in _ADDRESSES:
        return None
    match = next(
        (match for match in _MARKUP.finditer(text) if _plain(match) != match.group()), None
    )
    if not match:
        return None
    plain = _plain(match)
    return Problem(
        message=f"“{match.group()}” in “{_field(pointer)}” is left over from the source of a page.",
        hint=f"Write “{plain}”." if plain.strip() else "Remove it.",
        pointer=pointer,
        piece=match.group(),
        edits=(Replace(pointer, _MARKUP.sub(_plain, text).strip()),),
    )


def _plain(match: re.Match[str]) -> str:
    sign = match.group()
    if sign[0] == "&":
        return html.unescape(sign)
    if sign[0] == "\\":
        character = chr(int(sign[2:], 16))
        return character if character.isprintable() else sign
    return " " if sign.strip("</> ") in ("br", "p", "li", "div", "td") else ""


_LINK = re.compile(r"!?\[([^\]\n]+)\]\((?:https?:|mailto:|www\.|/|#)[^)\s]*\)")
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<star>\*{2,3})(?=[^\s*])([^*\n]*[^\s*])(?P=star)(?![\w*])"
    r"|(?<!\w)(?P<line>_{2,3})(?=[^\s_])([^_\n]*[^\s_])(?P=line)(?!\w)"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()]+[^\s<>().,;:!?]")


@rule("HC816", "plain-words", reads="", severity=Severity.WARNING)
def plain_words(checked: CheckedRecord) -> Iterator[Problem]:
    """Our own words are plain: no Markdown in them, and no web addresses.

    `[text](address)`, `**bold**` and `__bold__` are shown as they stand: nothing that reads the
    data makes links or bold type of them. An address in a title, a summary or an outcome is
    proved, archived and looked up by nobody: it goes under `sources`, `text_url` or `links`. In
    `notes` an address may stand.

    Fails:

        summary: The minister spoke of [vaccines](https://example.org/vaccines).

    Passes:

        summary: The minister spoke of vaccines.
    """
    record = checked.record
    own = (record.title, record.summary, *record.outcomes, record.notes or "")
    joined = "\n".join(own)
    if not any(sign in joined for sign in ("**", "__", "](", "://", "www.")):
        return
    places: list[Pointer] = [("title",), ("summary",)]
    places += [("outcomes", number) for number in range(len(record.outcomes))]
    for pointer, text in zip((*places, ("notes",)), own, strict=True):
        if match := _LINK.search(text) or _EMPHASIS.search(text):
            yield _markdown(pointer, text, match)
        elif pointer != ("notes",) and (match := _ADDRESS.search(text)):
            yield Problem(
                message=f"The address {match.group()} stands in “{_field(pointer)}”.",
                hint="Give it under “sources”, “text_url” or “links”, and take it out here.",
                pointer=pointer,
                piece=match.group(),
            )


def _markdown(pointer: Pointer, text: str, match: re.Match[str]) -> Problem:
    def words(found: re.Match[str]) -> str:
        return next(str(group) for group in reversed(found.groups()) if group)

    mended = _EMPHASIS.sub(words, _LINK.sub(words, text))
    return Problem(
        message=f"“{match.group()}” in “{_field(pointer)}” is Markdown; a text is shown as it is.",
        hint=f"Write “{words(match)}”.",
        pointer=pointer,
        piece=match.group(),
        edits=(Replace(pointer, mended),),
    )


_SPACING = re.compile(r" [ ,.;:!?)\n]")
_SLIP = re.compile(r" +(?=[,.;:!?)](?:\s|\Z))|(?<=\() +|^ +| +$|(?<= ) +", re.M)


@rule("HC810", "spacing", reads="", severity=Severity.WARNING)
def spacing(checked: CheckedRecord) -> Iterator[Problem]:
    """Between words of our own stands one space, and none before a comma or a full stop.

    Left by edits and by copying. Quotes keep the spaces they have. `validate --fix` mends it.

    Fails:

        summary: The minister spoke of vaccines , and of medicines.

    Passes:

        summary: The minister spoke of vaccines, and of medicines ("first steps").
    """
    record = checked.record
    own = (record.title, record.summary, *record.outcomes)
    joined = "\n".join(("", *own, ""))
    if not (_SPACING.search(joined) or "( " in joined or "\n " in joined):
        return
    places: list[Pointer] = [("title",), ("summary",)]
    places += [("outcomes", number) for number in range(len(record.outcomes))]
    for pointer, text in zip(places, own, strict=True):
        mended = _SLIP.sub("", text)
        if mended != text:
            slip = next(_SLIP.finditer(text))
            before = text[: slip.end()].split()[-1:]
            yield Problem(
                message=f"A space too many stands in “{_field(pointer)}”"
                + (f", behind “{before[0]}”." if before else "."),
                hint="Delete it.",
                pointer=pointer,
                edits=(Replace(pointer, mended),),
                safe=True,
            )


_SHORTENED = frozenset({"Inc.", "Ltd.", "Co.", "Corp.", "Jr.", "Sr.", "St.", "No.", "etc."})


@rule("HC811", "title-full-stop", reads="title", severity=Severity.WARNING)
def title_full_stop(checked: CheckedRecord) -> Iterator[Problem]:
    """A title ends without a full stop.

    It stands in lists, and in sentences that go on behind it. The stop of an abbreviation stays:
    “U.S.”, “Inc.”. `validate --fix` takes the stop away.

    Fails:

        title: Azerbaijan's health minister visits Cuba.

    Passes:

        title: Azerbaijan's health minister visits the U.S.
    """
    title = checked.record.title
    if not title.endswith("."):
        return
    last = title.split()[-1]
    if last in _SHORTENED or "." in last.rstrip(".…"):
        return
    yield Problem(
        message=f"The title ends with a full stop, behind “{last.rstrip('.')}”.",
        hint="End it without one.",
        pointer=("title",),
        edits=(Replace(("title",), title.rstrip(". ")),),
        safe=True,
    )


@rule("HC812", "capitals", reads="", severity=Severity.WARNING)
def capitals(checked: CheckedRecord) -> Iterator[Problem]:
    """A title or summary is not all in capitals.

    Headlines and treaties are often set so; nobody can tell names from words then. Abbreviations
    alone are taken.

    Fails:

        title: HEALTH MINISTER OF AZERBAIJAN VISITS CUBA

    Passes:

        title: WHO and UNICEF visit Cuba
    """
    for name, text in (("title", checked.record.title), ("summary", checked.record.summary)):
        if text.isupper() and len(_words(text)) > MOST_ABBREVIATIONS:
            yield Problem(
                message=f"The {name} is all in capitals.",
                hint="Write it as a sentence: capitals for its first letter and for names.",
                pointer=(name,),
            )


@rule(
    "HC813", "summary-is-quote", reads="sources", needs=["sources.quote"], severity=Severity.WARNING
)
def summary_is_quote(checked: CheckedRecord) -> Iterator[Problem]:
    """The summary is in our own words: twelve in a row out of a quote are copied.

    Facts are free, sentences are not: the data set is given away under a licence that a newspaper's
    sentence does not have. Long names of bodies are shorter than that.

    Fails:

        summary: The minister came to Havana on Friday morning for talks on vaccines and medicines.
        sources:
          - url: https://example.org/news
            kind: agency
            quote: came to Havana on Friday morning for talks on vaccines and medicines, he said
            supports: [date]

    Passes:

        summary: On Friday the minister spoke in Havana of vaccines and of medicines.
        sources:
          - url: https://example.org/news
            kind: agency
            quote: came to Havana on Friday morning for talks on vaccines and medicines, he said
            supports: [date]
    """
    for source in checked.record.sources:
        # A quote holds a run of twelve only if it is long, and nearly all are done with here.
        if not source.quote or source.quote.count(" ") < MAX_RUN:
            continue
        if source.language and not source.language.startswith("en"):
            continue
        summary = checked.record.summary
        if _may_share(summary, source.quote) and (run := _shared_run(summary, source.quote)):
            yield Problem(
                message=f"The summary repeats a quote word for word: “{run}”.",
                hint="Say it in your own words; the quote stays with its source.",
                pointer=("summary",),
            )
            return


def _may_share(text: str, other: str) -> bool:
    """Say, fast, whether a run can stand in both texts: it would hold three of these words."""
    text = text.lower()
    words = other.lower().split()
    for start in range(MAX_RUN - 2, len(words) - 2, MAX_RUN - 1):
        first, second, third = words[start : start + 3]
        if _bare(first) in text and _bare(second) in text and _bare(third) in text:
            return True
    return False


def _bare(word: str) -> str:
    found = _WORD.search(word)
    return found[0] if found else ""


def _shared_run(text: str, other: str) -> str:
    """Give the first words that stand in a row in both texts, one more than may; or nothing."""
    window = MAX_RUN + 1
    words = _words(text)
    theirs = f" {' '.join(_words(other))} "
    for start in range(len(words) - window + 1):
        run = " ".join(words[start : start + window])
        if f" {run} " in theirs:
            return run
    return ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


@rule(
    "HC814",
    "title-is-borrowed",
    reads="sources",
    needs=["sources.title", "official_title"],
    severity=Severity.WARNING,
)
def title_is_borrowed(checked: CheckedRecord) -> Iterator[Problem]:
    """The title is in our own words, not the headline of a source nor the instrument's own name.

    A headline is somebody's work; and an official title says little of what happened. It goes to
    `official_title`, verbatim.

    Fails:

        title: Health minister of Azerbaijan in Havana
        sources:
          - url: https://example.org/news
            kind: agency
            title: Health Minister of Azerbaijan in Havana
            supports: [date]

    Passes:

        title: Azerbaijan's health minister visits Cuba
        sources:
          - url: https://example.org/news
            kind: agency
            title: Health Minister of Azerbaijan in Havana
            supports: [date]
    """
    record = checked.record
    title = record.title
    official = record.official_title
    if official and _same(title, official.text):
        yield Problem(
            message="The title is the instrument's own name.",
            hint="Say in your own words what happened; the name stays in “official_title”.",
            pointer=("title",),
        )
    elif any(source.title and _same(title, source.title) for source in record.sources):
        yield Problem(
            message="The title is the headline of a source.",
            hint="Say in your own words what happened; the headline stays with its source.",
            pointer=("title",),
        )


@rule("HC815", "summary-is-title", reads="title summary", severity=Severity.WARNING)
def summary_is_title(checked: CheckedRecord) -> Iterator[Problem]:
    """The summary says more than the title.

    Who reads a record has read its title. Say what it was about, what was agreed, what came of it;
    at least what the source adds.

    Fails:

        title: Azerbaijan's health minister visits Cuba
        summary: Azerbaijan's health minister visits Cuba.

    Passes:

        title: Azerbaijan's health minister visits Cuba
        summary: The minister spoke of vaccines there.
    """
    title = checked.record.title
    if title and _same(title, checked.record.summary):
        yield Problem(
            message="The summary says what the title says.",
            hint="Say what it was about and what came of it.",
            pointer=("summary",),
        )


def _same(text: str, other: str) -> bool:
    # Texts of very different length are not the same, and that is soon said.
    return abs(len(text) - len(other)) < 4 and _words(text) == _words(other)
