"""Topics of an event: by phrases of the language in the sentences that tell of it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.languages import words
from healthcoop.model.folding import fold
from healthcoop.model.vocabulary import Vocabulary

MOST = 5
_GENERAL = "health-system"  # beside fewer than three other topics, and where there is none
_HINT = 0.5
_AGAIN = 0.3  # the share of a phrase that is not the first for its topic in a sentence
_ENOUGH = 0.75
_LEAD = 4  # sentences about an event in which an article says what it was about
_WIDE = "infectious-disease"  # named beside any of these, it is what they are examples of
_NARROW = frozenset({"covid-19", "hiv", "malaria", "neglected-diseases", "tb"})
_BODY = 80  # characters of the name of a body before a phrase
# Up to four words with capitals, or such as “of”, or one other: “Ministry of health and”.
_OF_A_NAME = r"(?:(?: (?:(?:[ld]['’])?[^\W\d_a-zß-ÿа-яё][\w'’-]*,?|\w{1,3})){0,4}| [\w'’-]+)"


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic of the event, the places that name it, and how sure it is (0 to 1)."""

    code: str
    spans: tuple[Span, ...]
    confidence: float


def find_topics(
    article: Article,
    spans: Sequence[Span],
    vocabulary: Vocabulary,
    *,
    reports: Sequence[Span] = (),
    offices: Sequence[Span] = (),
) -> list[FoundTopic]:
    """Return at most five topics that the sentences name, what they name most first.

    ``spans`` are the sentences that tell of the event, ``reports`` those that say that it took
    place; the words of ``offices`` are not read. Codes that the vocabulary lacks are left out, so
    that a data set may have topics of its own.
    """
    places: dict[str, list[Span]] = defaultdict(list)
    scores: dict[str, float] = defaultdict(float)
    for position, sentence in enumerate(dict.fromkeys(spans)):
        weight = 1.5 if position < _LEAD and sentence not in reports else 1.0
        if sentence.end <= len(article.title):
            weight = 2.0
        for code, place, strength in _named(article, sentence):
            if code in vocabulary.topics and not any(each.contains(place) for each in offices):
                again = bool(places[code]) and sentence.contains(places[code][-1])
                scores[code] += weight * strength * (_AGAIN if again else 1)
                places[code].append(place)
    ordered = sorted(scores, key=lambda code: -scores[code])
    chosen = [code for code in ordered if code != _GENERAL and scores[code] >= _ENOUGH][:MOST]
    if _WIDE in chosen and not _NARROW.isdisjoint(chosen):
        chosen.remove(_WIDE)
    if places[_GENERAL] and len(chosen) < 3:
        chosen.append(_GENERAL)
    elif not chosen and _GENERAL in vocabulary.topics:
        places[_GENERAL] = _first_word_of_health(article, spans)
        chosen = [_GENERAL] if places[_GENERAL] else []
    return [
        FoundTopic(code, tuple(places[code]), min(0.9, 0.4 + 0.1 * scores[code])) for code in chosen
    ]


def _first_word_of_health(article: Article, spans: Sequence[Span]) -> list[Span]:
    phrases = words(article.language, "topic_context").get("health", ())
    pattern = re.compile(alternatives(phrases), re.IGNORECASE)
    matches = (pattern.search(article.text, span.start, span.end) for span in spans)
    return [Span(*match.span()) for match in matches if match][:1]


def _named(article: Article, sentence: Span) -> Iterator[tuple[str, Span, float]]:
    """Yield the topics of the phrases in a sentence, of overlapping ones the longest."""
    pattern, topics, bodies = _phrases(article.language)
    text = article.text[sentence.start : sentence.end]
    folded = fold(text)
    if len(folded) != len(text):  # so that offsets stay
        folded = "".join(fold(character)[:1] or " " for character in text)
    for match in pattern.finditer(folded):
        if bodies.search(text, max(0, match.start() - _BODY), match.start()):
            continue
        place = Span(sentence.start + match.start(), sentence.start + match.end())
        for code, strength in topics[match.lastgroup or ""]:
            yield code, place, strength


@cache
def _phrases(
    language: str,
) -> tuple[re.Pattern[str], Mapping[str, tuple[tuple[str, float], ...]], re.Pattern[str]]:
    """Return a pattern with a group for each phrase, the topics of each group, and one for bodies.

    The last finds the beginning of a name such as “Ministry of Public”, whose words name no topic.
    """
    topics: dict[str, list[tuple[str, float]]] = defaultdict(list)
    bodies: list[str] = []
    for name in dict.fromkeys(("en", language)):
        for section, strength in (("topics", 1.0), ("topic_hints", _HINT)):
            for code, phrases in words(name, section).items():
                for phrase in phrases:
                    topics[fold(phrase)].append((code, strength))
        bodies += words(name, "topic_context").get("bodies", ())
    ordered = sorted(topics, key=len, reverse=True)
    beginnings: dict[str, list[str]] = defaultdict(list)  # else each place tries every phrase
    for n, phrase in enumerate(ordered):
        beginnings[phrase[:2]].append(f"(?P<p{n}>{_expression(phrase[2:])})")
    parts = (f"{re.escape(two)}(?:{'|'.join(rest)})" for two, rest in beginnings.items())
    return (
        re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)"),
        {f"p{n}": tuple(topics[phrase]) for n, phrase in enumerate(ordered)},
        re.compile(rf"(?i:{alternatives(bodies)}){_OF_A_NAME} (?:[ld]['’])?\Z"),
    )


def _expression(phrase: str) -> str:
    escaped = re.escape(phrase).replace(r"\*", r"\w*").replace(r"\?", r"\w")
    return escaped.replace(r"\ ", r"\s+")
