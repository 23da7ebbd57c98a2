"""An article as text: loading it, and its paragraphs and sentences as spans of that text."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from healthcoop.contribute.draft.debris import without_debris
from healthcoop.contribute.draft.language import guess_language
from healthcoop.contribute.draft.markup import attribute_counts
from healthcoop.errors import HealthcoopError
from healthcoop.files.visible import HIDDEN

MAX_BYTES = 4 * 1024 * 1024
MAX_CHARACTERS = 20_000
"""No article is longer; what follows is left out."""

_MIN_TEXT = 40
_MAX_TAGS = 40_000
_MAX_COMPARISONS = 200_000_000  # of the attributes of each tag with each other: some seconds
_MAX_SENTENCES = 400
_LONGEST_SENTENCE = 1500  # characters: a longer one is a table, or a list of participants
_DATE_LINE = re.compile(r"\s*date (\d{4}-\d{2}-\d{2})\s")  # as collections of news texts begin
_WRAPPED = 110  # characters of the longest line of a hard-wrapped text
_SHORT_LINE = 60  # characters: the line after a shorter one begins a paragraph
_SHORT_TITLE, _ENOUGH, _MAX_TITLE = 20, 45, 200  # characters
_LONG_LINE = 140  # characters: a paragraph of the body
_BYLINE = re.compile(r"(?:by|por|par|published|posted|updated|photo|[•*|+–—-])\b|[•*|+–—-]", re.I)

_MARK = r"[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u20d0-\u20f0]"
_MARKS = re.compile(rf"(?<={_MARK}{{4}}){_MARK}+")  # more than four are no letter of any language

# Spaces that are not the plain one; each is replaced by one character, so that offsets stay.
_SPACES = str.maketrans(dict.fromkeys("\t\v\f\xa0\u2002\u2003\u2007\u2009\u200a\u202f", " "))

# Never the end of a sentence; and those that are only one before a number: “No. 5”, “Oct. 7”.
_ABBREVIATIONS = frozenset(
    "dr mr mrs ms rt prof st sr sra dra jr gen col lt capt hon rev amb dept sen gov pres exmo vs "
    "approx mme mlle ing lic им ул д-р проф акад тыс млн млрд руб долл".split()
)
_BEFORE_NUMBERS = frozenset(
    "no nos vol art p min jan feb mar apr jun jul aug sep sept oct nov dec núm n".split()
)
# After “the U.S.”, only these begin a sentence: “the U.S. Secretary” does not end one.
_STARTERS = frozenset("The In On At He She It They This These A An Both During After".split())
_SENTENCE_END = re.compile(r"(?<![.!?…。])[.!?…。]+[\"'”’»)\]]*(?=\s+[\"'“‘«(\[—–•-]*\s*[\w¿¡])")
_LAST_WORD = re.compile(r"[\w.\-’']+\Z")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of an article's text: the offsets of its first character and after its last."""

    start: int
    end: int

    def contains(self, other: "Span") -> bool:
        """Return whether the other span lies within this one."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True)
class Article:
    """A news article; ``text`` contains its title where it has one, after menus and the like.

    ``published`` is a day (EDTF) or empty, ``language`` a code such as ``en``. Page debris has been
    replaced by spaces, so that offsets in ``text`` are offsets in the file.
    """

    text: str
    title: str = ""
    url: str = ""
    publisher: str = ""
    published: str = ""
    language: str = "en"

    def words(self, span: Span) -> str:
        """Return the text of a span, on one line."""
        return " ".join(self.text[span.start : span.end].split())

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """The first paragraphs in their order, without surrounding space."""
        return tuple(_paragraphs(self.text)[:_MAX_SENTENCES])

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The first sentences in their order; none crosses the border of a paragraph."""
        every = (
            sentence
            for paragraph in self.paragraphs
            for sentence in _sentences(self.text, paragraph)
        )
        return tuple(islice(every, _MAX_SENTENCES))

    @cached_property
    def title_span(self) -> Span | None:
        """Where the title is in the text; None without one."""
        start = self.text.find(self.title) if self.title else -1
        return Span(start, start + len(self.title)) if start >= 0 else None

    @cached_property
    def body(self) -> tuple[Span, ...]:
        """The sentences after the title."""
        start = self.title_span.end if self.title_span else 0
        return tuple(sentence for sentence in self.sentences if sentence.start >= start)

    def sentence_at(self, offset: int) -> Span | None:
        """Return the sentence that has the character at an offset."""
        place = bisect_right(self.sentences, offset, key=lambda each: each.start) - 1
        found = self.sentences[place] if place >= 0 else None
        return found if found and offset < found.end else None


def load(content: bytes, *, url: str = "") -> Article:
    """Return the article in the bytes of a text file or an HTML page.

    Raises HealthcoopError for what is neither, is too long, or has no text.
    """
    if len(content) > MAX_BYTES:
        raise HealthcoopError(f"the article is longer than {MAX_BYTES // 1024**2} MiB")
    start = content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<!--", b"<head", b"<body")):
        return load_html(content, url)
    return load_text(content, url)


def load_text(content: bytes, url: str = "") -> Article:
    """Return the article in a text file, UTF-8; its first line is its title if it looks like one.

    Raises HealthcoopError for other bytes.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HealthcoopError(
            "the article is neither UTF-8 text nor HTML", hint="Save it as a UTF-8 text file."
        ) from error
    if "\0" in text:
        raise HealthcoopError("the article is a binary file", hint="Save it as a text file.")
    return _article(text.replace("\r\n", "\n").replace("\r", "\n"), url=url)


def load_html(content: bytes, url: str = "") -> Article:
    """Return the article of an HTML page: its text, title, site and day of publication.

    Nothing that the page refers to is fetched. Raises HealthcoopError where no text is found, or
    trafilatura is not installed.
    """
    try:
        from trafilatura import bare_extraction
    except ImportError as error:
        raise HealthcoopError(
            "reading an HTML page needs trafilatura",
            hint="Install it with: pip install 'healthcoop[contribute]'",
        ) from error
    comparisons = sum(number**2 for number in attribute_counts(content))
    if content.count(b"<") > _MAX_TAGS or comparisons > _MAX_COMPARISONS:
        raise HealthcoopError("the page is too large", hint="Save its text in a file.")
    page = bare_extraction(
        content,
        url=url or None,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if page is None or isinstance(page, dict) or len(page.text or "") < _MIN_TEXT:
        raise HealthcoopError("no article text was found in the page")
    title = " ".join((page.title or "").split())[:_MAX_TITLE]
    text = page.text or ""
    if title and not text.startswith(title):
        text = f"{title}\n\n{text}"
    declared = re.search(rb"<html[^>]{0,500}?\blang=[\"']?([a-zA-Z]{2})\b", content[:4096])
    return _article(
        text,
        url=url or page.url or "",
        publisher=page.sitename or "",
        published=page.date or "",
        language=declared[1].decode().lower() if declared else "",
    )


def _article(
    text: str, *, url: str, publisher: str = "", published: str = "", language: str = ""
) -> Article:
    text = without_debris(_printable(text[:MAX_CHARACTERS]))
    if dated := _DATE_LINE.match(text):
        published = published or dated[1]
        text = " " * dated.end() + text[dated.end() :]
    if len(text.strip()) < _MIN_TEXT:
        raise HealthcoopError("the article has no text")
    guess = guess_language(text)
    return Article(
        text=text,
        title=_title(text),
        url=url,
        publisher=" ".join(_printable(publisher).split())[:_MAX_TITLE],
        published=published,
        language=guess or language or "en",
    )


def _printable(text: str) -> str:
    """Return a text of the same length with spaces for characters that a record cannot have."""
    text = HIDDEN.sub(lambda match: match[0] if match[0] == "\n" else " ", text.translate(_SPACES))
    return text if text.isascii() else _MARKS.sub(lambda match: " " * len(match[0]), text)


def _title(text: str) -> str:
    """Return the first long line like a title before the first paragraph like a body."""
    title = ""
    for span in _paragraphs(text):
        line = text[span.start : span.end]
        if _is_title(line):
            title = max(title, line, key=lambda each: min(len(each), _ENOUGH))
        elif (
            len(line) > _LONG_LINE
            or len(_SENTENCE_END.findall(f"{line} A")) > 1
            or (line.endswith(".") and title)
        ):
            return title
    return ""


def _is_title(line: str) -> bool:
    return (
        _SHORT_TITLE <= len(line) <= _MAX_TITLE
        and not re.search(r"\n|://|@", line)
        and not line.endswith((".", ":", ",", ";"))
        and not _BYLINE.match(line)
        and len(re.findall(r"[^\W\d_]{2,}", line)) > 2
    )


def _paragraphs(text: str) -> list[Span]:
    """Return the lines; of a hard-wrapped text, runs of lines of which the last is short or ends.

    An empty line, or one that begins with a bullet, begins a paragraph.
    """
    found: list[Span] = []
    wrapped = max(map(len, text.split("\n"))) <= _WRAPPED
    offset, start, end, ended = 0, -1, -1, True
    for line in text.split("\n"):
        words = line.strip()
        if not words:
            ended = True
        else:
            begin = offset + line.index(words[0])
            if ended or words[0] in "•*-–—·":
                if start >= 0:
                    found.append(Span(start, end))
                start = begin
            end = begin + len(words)
            ended = not wrapped or len(words) < _SHORT_LINE or words[-1] in '.!?:;…"”»'
        offset += len(line) + 1
    if start >= 0:
        found.append(Span(start, end))
    return found


def _sentences(text: str, paragraph: Span) -> list[Span]:
    found: list[Span] = []
    start = paragraph.start
    for match in _SENTENCE_END.finditer(text, paragraph.start, paragraph.end):
        if text[match.start()] == "." and not _ends_sentence(text, start, match):
            continue
        found.append(Span(start, match.end()))
        start = match.end()
        while text[start].isspace():
            start += 1
    found.append(Span(start, paragraph.end))
    return [part for sentence in found for part in _parts(text, sentence)]


def _parts(text: str, sentence: Span) -> Iterator[Span]:
    """Yield a sentence; one that is too long for a sentence in parts."""
    start = sentence.start
    while sentence.end - start > _LONGEST_SENTENCE:
        end = text.rfind(" ", start, start + _LONGEST_SENTENCE)
        end = end if end > start else start + _LONGEST_SENTENCE
        yield Span(start, end)
        start = end + 1 if text[end].isspace() else end
    yield Span(start, sentence.end)


def _ends_sentence(text: str, start: int, stop: re.Match[str]) -> bool:
    """Return whether a full stop ends a sentence, and is not that of an abbreviation."""
    rest = text[stop.end() : stop.end() + 40].lstrip()
    if rest[:1].islower():
        return False
    before = _LAST_WORD.search(text, max(start, stop.start() - 40), stop.start())
    word = before[0] if before else ""
    if len(word) == 1 and word.isupper():  # an initial
        return False
    if word.isdigit() and stop.start() - start == len(word):  # the number of a paragraph
        return False
    if "." in word:
        return rest.split(maxsplit=1)[0] in _STARTERS
    if word.lower() in _BEFORE_NUMBERS:
        return not rest[:1].isdigit()
    return word.lower() not in _ABBREVIATIONS
