"""A record proposed from a submitted issue form: what the form states, then what a text adds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from healthcoop.contribute.draft.article import MAX_CHARACTERS, Article, load_text
from healthcoop.contribute.draft.drafting import Drafts, known_records
from healthcoop.contribute.draft.issue_form import LABELS, IssueForm, read_form
from healthcoop.contribute.draft.language import guess_language
from healthcoop.contribute.draft.proposal import Evidence, Gap, Proposal, gaps, propose
from healthcoop.contribute.draft.reading import Reading, read
from healthcoop.contribute.draft.source_kinds import source_kind
from healthcoop.contribute.draft.stated import (
    stated_date,
    stated_person,
    stated_place,
    stated_sides,
)
from healthcoop.contribute.draft.titles import draft_title
from healthcoop.contribute.draft.topics import find_topics
from healthcoop.contribute.form.answers import is_deduced, record_data
from healthcoop.contribute.record_ids import propose_id
from healthcoop.errors import HealthcoopError, UnknownName
from healthcoop.index import suggestions
from healthcoop.index.database import Index
from healthcoop.index.records import taken_ids
from healthcoop.model.spec import ORDER
from healthcoop.model.vocabulary import Vocabulary

_MOST = 60  # lines of an answer: sides, or people
_MOST_PROBLEMS = 5  # of an answer: each takes a search for similar names
_LONGEST = 400  # characters of a line
_FIELD_OF = {"parties": "sides", "sources.url": "url"}
_MOST_SUMMARY = 2000  # characters
_PROVEN = ("date", "type", "places", "parties", "people")


def draft_issue(content: bytes, index: Index, *, collection: str, today: date) -> Drafts:
    """Return the record proposed from the body of an issue, a submitted form.

    What the form states goes first; the page's text, if it was pasted, and the words of the form
    fill gaps. Raises HealthcoopError for a text that is no such form.
    """
    form = read_form(content)
    answers = _Answers(form, index)
    texts = [*_texts(form, index, today)]
    found = [_of_event(text, answers, index.vocabulary) for text in texts]
    data = record_data(answers.values, index.vocabulary, today.isoformat())
    evidence = [*answers.evidence]
    for text, filler in zip(texts, found, strict=True):
        if filler:
            evidence += _fill(data, filler, is_page=text.is_page)
    if "topics" not in data and (topics := _topics(texts, index.vocabulary)):
        data["topics"] = topics
    data = _completed(data, index, collection)
    proposal = Proposal(data, tuple(evidence), (*answers.problems, *_gaps(data, answers)), 1.0)
    known = known_records(index, data) if "id" in data else ()
    article = Article(form.text, url=answers.values.get("source.1.url", ""))
    reading = Reading(article, (), ())
    return Drafts(reading, index.vocabulary, (proposal,), (known,))


def _completed(data: dict[str, Any], index: Index, collection: str) -> dict[str, Any]:
    """Return the data with what follows from it, in canonical order."""
    data["collection"] = collection
    proven = [name for name in _PROVEN if name in data]
    if is_deduced(data.get("date", "")):
        proven.remove("date")
    for source in data.get("sources", ())[:1]:
        source["supports"] = proven
    if {"type", "parties"} <= data.keys() and (title := draft_title(data, index.vocabulary)):
        data["title"] = title
    if {"date", "type", "parties"} <= data.keys():
        data["id"] = propose_id(data, index.vocabulary, taken_ids(index))
    return {key: data[key] for key in ORDER[""] if key in data}


def _gaps(data: Mapping[str, Any], answers: "_Answers") -> Iterator[Gap]:
    """Yield what the record lacks, by the field of the form that was left empty."""
    reported = {gap.field for gap in answers.problems}
    for gap in gaps(data):
        label = LABELS.get(_FIELD_OF.get(gap.field, gap.field), "")
        if label and f"“{label}”" not in reported:
            rest = f"; {_CURATOR}" if gap.field == "topics" else ""
            yield Gap(f"“{label}”", f"no answer, and not found in the text{rest}")
        elif not label and gap.field != "id":  # its parts are gaps themselves
            yield gap


class _Answers:
    """The answers of a form as those of ``healthcoop new``, and what was not understood."""

    def __init__(self, form: IssueForm, index: Index) -> None:
        """Read the answers."""
        self.values: dict[str, str] = {}
        self.evidence: list[Evidence] = []
        self.problems: list[Gap] = []
        self.codes: list[str] = []
        self._form = form
        self._vocabulary = index.vocabulary
        for name, read_answer in {
            "type": self._type,
            "date": self._date,
            "sides": self._sides,
            "people": self._people,
            "place": self._place,
            "topics": self._topics,
        }.items():
            problems: list[Gap] = []
            for line in (each[:_LONGEST] for each in form.lines(name)[:_MOST]):
                try:
                    read_answer(line)
                except HealthcoopError as error:
                    problem = " ".join(filter(None, (f"{error}.", error.hint)))
                    problems.append(Gap(f"“{LABELS[name]}”", problem))
                if len(problems) == _MOST_PROBLEMS:
                    break
            self.problems += problems
        self.values["summary"] = form.answer("summary")
        self._sources(index)

    def _add(self, field: str, value: str, name: str, line: str) -> None:
        span = self._form.spans[name]
        offset = max(self._form.text.find(line, span.start, span.end), span.start)
        self.evidence.append(Evidence(field, value, offset, line, 1.0))

    def _type(self, line: str) -> None:
        code = self._vocabulary.find("types", line)
        self.values["type"] = code
        self._add("type", code, "type", line)

    def _date(self, line: str) -> None:
        day = stated_date(line)
        self.values["date"] = day
        self._add("date", day, "date", line)

    def _sides(self, line: str) -> None:
        for code, body in stated_sides(line, self._vocabulary):
            if code not in self.codes:
                self.codes.append(code)
                self.values[f"party.{len(self.codes)}"] = code
                self._add(f"parties.{code}", code, "sides", line)
            bodies = filter(None, (self.values.get(f"bodies.{code}"), body))
            self.values[f"bodies.{code}"] = "; ".join(bodies)

    def _people(self, line: str) -> None:
        person = stated_person(line, self.codes, self._vocabulary)
        number = sum(each.field.startswith("people.") for each in self.evidence) + 1
        key = f"person.{number}"
        self.values |= {key: person.name, f"{key}.role": person.role, f"{key}.party": person.party}
        self._add(f"people.{number}", person.name, "people", line)
        if not person.party:
            raise HealthcoopError(f"the side of {person.name} is not clear", hint=_PERSON_HINT)

    def _place(self, line: str) -> None:
        place = stated_place(line, self._vocabulary)
        self.values |= {"country": place.country, "city": place.city, "venue": place.venue}
        self.values["online"] = "yes" if place.online else ""
        self._add("places", line, "place", line)

    def _topics(self, line: str) -> None:
        codes = dict.fromkeys(self.values.get("topics", "").split(", "))
        for words in filter(None, map(str.strip, re.split("[,;]", line))):
            found = _topics_of(words, self._vocabulary)
            for code in found:
                self._add("topics", code, "topics", words)
            codes |= dict.fromkeys(found)
            if not found:
                self.problems.append(
                    Gap(f"“{LABELS['topics']}”", f"“{words}” is none of the topics: {_CURATOR}")
                )
        self.values["topics"] = ", ".join(filter(None, codes))

    def _sources(self, index: Index) -> None:
        number = 0
        for line in self._form.lines("url")[:_MOST]:
            host = _host(line)
            if not host:
                reason = f"“{line}” is not a web address: it begins with https://"
                self.problems.append(Gap(f"“{LABELS['url']}”", reason))
                continue
            number += 1
            known = suggestions.publisher(index, host)
            facts = known._asdict() if known else {"kind": source_kind(line)}
            source = {"url": line, **facts, "quote": self._form.answer("quote")}
            if number == 1 and not source.get("language"):
                words = self._form.block("text") or self._form.block("quote")
                source["language"] = guess_language(words)
            if number > 1:
                del source["quote"]
            self.values |= {f"source.{number}.{key}": value or "" for key, value in source.items()}


_CURATOR = "a curator will choose"
_PERSON_HINT = (
    "Write the name, then the office with the country: Ana Sol, Minister of Health of Peru."
)


def _host(url: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and not {*url} & {*' <>"'}:
            return parts.hostname or ""
    return ""


class _Text(NamedTuple):
    """A text of a form, at its place in it, and the records proposed from it."""

    article: Article
    proposals: Sequence[Proposal]
    is_page: bool


def _texts(form: IssueForm, index: Index, today: date) -> Iterator[_Text]:
    """Yield the pasted text of the page, and what happened in a few words, as they are read.

    Spaces stand for the rest of the form, so that offsets are those in the form.
    """
    for name in ("text", "summary"):
        words = form.block(name)[: MAX_CHARACTERS if name == "text" else _MOST_SUMMARY]
        if not words:
            continue
        text = " " * form.spans[name].start + words
        article = Article(text, language=guess_language(words) or "en")
        if name == "text":
            with suppress(HealthcoopError):  # too short: it is read as it is
                article = load_text(text.encode(), form.answer("url"))
        reading = read(article, index.vocabulary)
        proposals = propose(reading, index.vocabulary, collection="", today=today, taken=())
        yield _Text(article, proposals, name == "text")


def _of_event(text: _Text, answers: "_Answers", vocabulary: Vocabulary) -> Proposal | None:
    """Return the proposal of the stated kind that shares most sides with the form, at least one.

    That of the first text states the kind where the form does not.
    """
    kind = vocabulary.kind(answers.values.get("type", ""))

    def shared(each: Proposal) -> int:
        return sum(_code(party) in answers.codes for party in each.data["parties"])

    of_kind = [each for each in text.proposals if kind in ("", vocabulary.kind(each.data["type"]))]
    best = max(of_kind, key=shared, default=None)
    if best is None or not shared(best):
        return None
    answers.values.setdefault("type", best.data["type"])
    return best


def _fill(data: dict[str, Any], found: Proposal, *, is_page: bool) -> Iterator[Evidence]:
    """Add what the form leaves open; yield the words behind it."""
    codes = [_code(party) for party in data["parties"]]
    new = dict(found.data)
    new["people"] = [each for each in new.get("people", ()) if each["party"] in codes]
    for name in ("date", "places", "people", "topics"):
        if name not in data and new.get(name) and not (name == "places" and "online" in data):
            data[name] = new[name]
            yield from (each for each in found.evidence if each.field.startswith(name))
    bodies = {_code(party): party.get("bodies") for party in new["parties"]}
    for party in data["parties"]:
        if "bodies" not in party and (named := bodies.get(_code(party))):
            party["bodies"] = named
    if is_page:
        for source in data.get("sources", ())[:1]:
            source.setdefault("quote", new["sources"][0]["quote"])


def _topics(texts: Sequence[_Text], vocabulary: Vocabulary) -> list[str]:
    """Return what the first text that names a topic is about."""
    for article in (text.article for text in texts):
        if found := find_topics(article, article.sentences, vocabulary):
            return [topic.code for topic in found]
    return []


def _topics_of(text: str, vocabulary: Vocabulary) -> list[str]:
    """Return the topics of a few words: the one with this name, or those that they name."""
    with suppress(UnknownName):
        return [vocabulary.find("topics", text)]
    article = Article(text, language=guess_language(text) or "en")
    return [topic.code for topic in find_topics(article, article.sentences, vocabulary)]


def _code(party: Mapping[str, Any]) -> str:
    return str(party.get("country") or party["organisation"])
