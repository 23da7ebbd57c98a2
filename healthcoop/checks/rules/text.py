"""HC81: the wording of titles, summaries, outcomes and notes."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from healthcoop.checks.findings import Problem, Severity
from healthcoop.checks.registry import CheckedRecord, rule
from healthcoop.checks.rules.characters import field_name
from healthcoop.files.fixes import Replace
from healthcoop.files.nodes import Pointer

MAX_RUN = 11
"""The most words in a row that a quote and the summary may share: names of bodies are as long."""

MAX_ABBREVIATIONS = 4
"""The most words of a text that may be in capitals: WHO, PAHO and UNICEF are."""

_WORD = re.compile(r"\w+")
_LINK = re.compile(r"!?\[([^\]\n]+)\]\((?:https?:|mailto:|www\.|/|#)[^)\s]*\)")
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<star>\*{2,3})(?=[^\s*])([^*\n]*[^\s*])(?P=star)(?![\w*])"
    r"|(?<!\w)(?P<line>_{2,3})(?=[^\s_])([^_\n]*[^\s_])(?P=line)(?!\w)"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()]+[^\s<>().,;:!?]")


@rule("HC816", "plain-words", severity=Severity.WARNING)
def plain_words(checked: CheckedRecord) -> Iterator[Problem]:
    """Title, summary, outcomes and notes are plain text, without Markdown and web addresses.

    `[text](address)`, `**bold**` and `__bold__` are displayed as they are. An address in a title, a
    summary or an outcome is neither checked nor archived: move it to `sources`, `text_url` or
    `links`. In `notes` an address is allowed.

    Fails:

        summary: The minister spoke of [vaccines](https://example.org/vaccines).

    Passes:

        summary: The minister spoke of vaccines.
    """
    notes = checked.record.notes or ""
    if not (_has_markup(_joined(checked)) or _has_markup(notes)):
        return  # as nearly always
    for pointer, text in [*_own_texts(checked), (("notes",), notes)]:
        field = field_name(pointer)
        if match := _LINK.search(text) or _EMPHASIS.search(text):
            yield Problem(
                f"“{match[0]}” in “{field}” is Markdown, which is displayed as it is.",
                f"Write “{_words_of(match)}”.",
                pointer,
                substring=match[0],
                edits=(Replace(pointer, _EMPHASIS.sub(_words_of, _LINK.sub(_words_of, text))),),
            )
        elif field != "notes" and (match := _ADDRESS.search(text)):
            message = f"“{field}” contains the web address {match[0]}."
            hint = "Move it to “sources”, “text_url” or “links”."
            yield Problem(message, hint, pointer, substring=match[0])


def _has_markup(text: str) -> bool:
    """Return quickly whether a text may contain Markdown or an address."""
    return "**" in text or "__" in text or "](" in text or "://" in text or "www." in text


def _words_of(markdown: re.Match[str]) -> str:
    """Return the words of a link or of emphasis without its markup."""
    return next(str(group) for group in reversed(markdown.groups()) if group)


_SPACING = re.compile(r" [ ,.;:!?)\n]|\( |\n ")
_EXTRA_SPACE = re.compile(r" +(?=[,.;:!?)](?:\s|\Z))|(?<=\() +|^ +| +$|(?<= ) +", re.M)


@rule("HC810", "spacing", severity=Severity.WARNING)
def spacing(checked: CheckedRecord) -> Iterator[Problem]:
    """Words are separated by one space, with none before a comma or a full stop.

    Quotes keep their spaces. `validate --fix` removes extra spaces.

    Fails:

        summary: The minister spoke of vaccines , and of medicines.

    Passes:

        summary: The minister spoke of vaccines, and of medicines ("first steps").
    """
    if not _SPACING.search(_joined(checked)):
        return  # as nearly always
    for pointer, text in _own_texts(checked):
        if extra := _EXTRA_SPACE.search(text):
            word = "".join(text[: extra.end()].split()[-1:])
            message = f"“{field_name(pointer)}” has an extra space{word and f' after “{word}”'}."
            edits = (Replace(pointer, _EXTRA_SPACE.sub("", text)),)
            yield Problem(message, "Delete it.", pointer, edits=edits, safe=True)


def _own_texts(checked: CheckedRecord) -> Iterator[tuple[Pointer, str]]:
    yield ("title",), checked.record.title
    yield ("summary",), checked.record.summary
    yield from checked.each("outcomes")


@lru_cache(maxsize=1)  # for the two rules that read it
def _joined(checked: CheckedRecord) -> str:
    """Return title, summary and outcomes, with a line break before and after each."""
    record = checked.record
    return "\n".join(("", record.title, record.summary, *record.outcomes, ""))


_ABBREVIATIONS = frozenset({"Inc.", "Ltd.", "Co.", "Corp.", "Jr.", "Sr.", "St.", "No.", "etc."})


@rule("HC811", "title-full-stop", reads="title", severity=Severity.WARNING)
def title_full_stop(checked: CheckedRecord) -> Iterator[Problem]:
    """A title does not end with a full stop.

    Titles are used in lists and inside sentences. Abbreviations such as “U.S.” and “Inc.” keep
    their full stop. `validate --fix` removes others.

    Fails:

        title: Azerbaijan's health minister visits Cuba.

    Passes:

        title: Azerbaijan's health minister visits the U.S.
    """
    title = checked.record.title
    last = title.split()[-1] if title.endswith(".") else ""
    if last and last not in _ABBREVIATIONS and "." not in last.rstrip(".…"):
        message = f"The title ends with a full stop, after “{last.rstrip('.')}”."
        edits = (Replace(("title",), title.rstrip(". ")),)
        yield Problem(message, "Remove the full stop.", ("title",), edits=edits, safe=True)


@rule("HC812", "capitals", severity=Severity.WARNING)
def capitals(checked: CheckedRecord) -> Iterator[Problem]:
    """Title and summary are not in capitals.

    Headlines and treaties often are, but names cannot be recognised then. A few abbreviations are
    allowed.

    Fails:

        title: HEALTH MINISTER OF AZERBAIJAN VISITS CUBA

    Passes:

        title: WHO and UNICEF visit Cuba
    """
    for name, text in (("title", checked.record.title), ("summary", checked.record.summary)):
        if text.isupper() and len(_words(text)) > MAX_ABBREVIATIONS:
            message = f"The {name} is in capitals."
            hint = "Write a sentence, with capitals only for its first letter and for names."
            yield Problem(message, hint, (name,))


@rule("HC813", "summary-is-quote", on="sources.quote", severity=Severity.WARNING)
def summary_is_quote(checked: CheckedRecord) -> Iterator[Problem]:
    """The summary is in our own words, without twelve words in a row of a quote.

    Facts are free, sentences are not: the licence of the data set does not cover a newspaper's
    sentences. Long names of bodies have fewer words.

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
    summary = checked.record.summary
    for source in checked.record.sources:
        if not source.quote or source.quote.count(" ") < MAX_RUN:
            continue  # too short: true for nearly all
        if source.language and not source.language.startswith("en"):
            continue
        if _may_share_run(summary, source.quote) and (run := _shared_run(summary, source.quote)):
            message = f"The summary repeats a quote word for word: “{run}”."
            hint = "Write it in your own words; the quote stays in its source."
            yield Problem(message, hint, ("summary",))
            return


def _may_share_run(text: str, other: str) -> bool:
    """Return quickly whether both may share a run: it would include three of these words."""
    text = text.lower()
    words = other.lower().split()
    return any(
        all(_bare(word) in text for word in words[start : start + 3])
        for start in range(MAX_RUN - 2, len(words) - 2, MAX_RUN - 1)
    )


def _bare(word: str) -> str:
    match = _WORD.search(word)
    return match[0] if match else ""


def _shared_run(text: str, other: str) -> str:
    """Return the first run of more than ``MAX_RUN`` words in both texts, or an empty text."""
    words = _words(text)
    others = f" {' '.join(_words(other))} "
    runs = (" ".join(words[at : at + MAX_RUN + 1]) for at in range(len(words) - MAX_RUN))
    return next((run for run in runs if f" {run} " in others), "")


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


@rule("HC814", "copied-title", reads="sources", severity=Severity.WARNING)
def copied_title(checked: CheckedRecord) -> Iterator[Problem]:
    """The title is in our own words, not the headline of a source or the instrument's own name.

    A headline is somebody's work, and an official title says little about what happened. Its place
    is `official_title`, verbatim.

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
    if record.official_title and _is_same(record.title, record.official_title.text):
        what, field = "the instrument's own name", "official_title"
    elif any(source.title and _is_same(record.title, source.title) for source in record.sources):
        what, field = "the headline of a source", "sources"
    else:
        return
    hint = f"Write in your own words what happened; the name stays in “{field}”."
    yield Problem(f"The title is {what}.", hint, ("title",))


@rule("HC815", "summary-is-title", reads="title summary", severity=Severity.WARNING)
def summary_is_title(checked: CheckedRecord) -> Iterator[Problem]:
    """The summary adds something to the title.

    Readers of a summary have read the title. Write what the event was about, what was agreed and
    what followed.

    Fails:

        title: Azerbaijan's health minister visits Cuba
        summary: Azerbaijan's health minister visits Cuba.

    Passes:

        title: Azerbaijan's health minister visits Cuba
        summary: The minister spoke of vaccines there.
    """
    title = checked.record.title
    if title and _is_same(title, checked.record.summary):
        message = "The summary repeats the title."
        hint = "Write what the event was about and what was agreed."
        yield Problem(message, hint, ("summary",))


def _is_same(text: str, other: str) -> bool:
    # The lengths are compared first because that is fast.
    return abs(len(text) - len(other)) < 4 and _words(text) == _words(other)


_IN_QUOTES = re.compile("[“”„‟«»‘’‚‛‹›][^“”„‟«»]*[“”„‟«»‘’‹›]")
_BARE = {"places": ("city", "venue"), "people": ("name", "role"), "sources": ("publisher",)}
_MARKS = "“”„‟«»"
_CURLY = re.compile("[“”„‟«»‘’‚‛‹›]")


@rule("HC817", "quotation-marks", severity=Severity.WARNING)
def quotation_marks(checked: CheckedRecord) -> Iterator[Problem]:
    """A title, a summary, a name or a body does not begin and end with curly quotation marks.

    In YAML only straight ones, `"`, are taken off; a word processor's `“` and `”` become part of
    the text, and so of every table.

    Fails:

        title: “Azerbaijan's health minister visits Cuba”

    Passes:

        title: "Azerbaijan's health minister visits Cuba"
    """
    for pointer, text in _curly_texts(checked):
        if _IN_QUOTES.fullmatch(text):
            message = f"“{field_name(pointer)}” begins and ends with curly quotation marks."
            hint = "Remove them, or write straight ones, which are not part of the text."
            edits = (Replace(pointer, text[1:-1].strip()),)
            yield Problem(message, hint, pointer, edits=edits)


@lru_cache(maxsize=1)  # for the two rules that read them
def _curly_texts(checked: CheckedRecord) -> Sequence[tuple[Pointer, str]]:
    """Return the texts with a curly quotation mark, and their places; no quotes of sources."""
    record = checked.record
    places = [(("title",), record.title), (("summary",), record.summary)]
    found: list[tuple[Pointer, str]] = [each for each in places if _is_curly(each[1])]
    for part, names in _BARE.items():
        for number, item in enumerate(getattr(record, part)):
            texts = [(name, text) for name in names if (text := getattr(item, name))]
            found += [((part, number, name), text) for name, text in texts if _is_curly(text)]
    for number, party in enumerate(record.parties):
        at = ("parties", number, "bodies")
        bodies = enumerate(party.bodies)
        found += [((*at, place), body) for place, body in bodies if _is_curly(body)]
    return found


def _is_curly(text: str) -> bool:
    return not text.isascii() and _CURLY.search(text) is not None


@rule("HC818", "quotation-mark-alone")
def quotation_mark_alone(checked: CheckedRecord) -> Iterator[Problem]:
    """A text does not begin or end with a curly quotation mark whose other half is missing.

    In YAML only straight ones, `"`, quote: a comma between `“` and `”` divides an item of a list in
    two. Quotes and names of sources, which may begin or end anywhere, are not checked.

    Fails:

        parties:
          - country: AZ
            bodies: [“Ministry of Health, Labour and Welfare”]
          - country: CU

    Passes:

        parties:
          - country: AZ
            bodies: ["Ministry of Health, Labour and Welfare"]
          - country: CU
    """
    divided: set[Pointer] = set()
    for pointer, text in _curly_texts(checked):
        if pointer in divided or not (mark := _mark_alone(text)):
            continue
        at, number = pointer[:-1], pointer[-1]
        if isinstance(number, int) and text.startswith(mark):
            bodies = checked.record.parties[int(at[1])].bodies
            if joined := _divided(bodies[number:]):
                divided |= {(*at, number + offset) for offset in range(len(joined))}
                whole = ", ".join(joined)[1:-1].strip()
                left = [*bodies[:number], whole, *bodies[number + len(joined) :]]
                message = "Curly quotation marks do not quote: this was divided at a comma."
                hint = f'Write straight ones: "{whole}".'
                edits = (Replace(at, left),)
                yield Problem(message, hint, pointer, substring=mark, edits=edits)
                continue
        where = "begins" if text.startswith(mark) else "ends"
        message = f"“{field_name(pointer)}” {where} with a curly quotation mark alone: {mark}."
        hint = "Remove it, or write straight ones before and after the text."
        yield Problem(message, hint, pointer, substring=mark)


def _mark_alone(text: str) -> str:
    """Return the only double quotation mark of a text if it is its first or last character."""
    marks = [mark for mark in text if mark in _MARKS]
    return marks[0] if len(marks) == 1 and marks[0] in (text[0], text[-1]) else ""


def _divided(items: Sequence[str]) -> Sequence[str]:
    """Return the items, from the first on, that were one text in curly quotation marks."""
    for number, item in enumerate(items[1:], 1):
        if mark := _mark_alone(item):
            return items[: number + 1] if item.endswith(mark) else ()
    return ()
