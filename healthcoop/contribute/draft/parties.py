"""Which countries and organisations an event is between."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.names import FoundName
from healthcoop.contribute.draft.people import FoundPerson
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.languages import words
from healthcoop.model.folding import fold

SURE = 0.8  # the score of a name that is a side by what stands beside it
_GATHERING = "ssembl"  # “World Health Assembly”, a name of WHO, is where others meet
_ABROAD = 0.6  # the score of a country in which an official of another is
_PLAIN = 0.65  # the score of a name beside which nothing says what it is there for
_LISTED = 0.9  # that of the names of a list
_PERSON = 0.9  # the score of a holder of an office
_NAMED = 0.3  # the sum of scores in an article that makes a country a side where one is missing
_BEFORE = 70  # characters
_LEAD = 4  # sentences of the body in which an article says who met
_LIST = 3  # members of a list whose organisation is then not named as a side of its own

# Between the members of a list: “Peru, Chile and the Republic of Bolivia”.
_BETWEEN = re.compile(
    r"\s*(?:,|;|and|y|e|et|ve|və|и|&|/)?\s*(?:and|y|e|et|и)?\s*(?:d[aeo]s?|del|du|d['’]|с)?"
    r"\s*(?:the|la|o|a)?\s*"
)
# Between those of a list with names: “of Peru, A. Paz; of Chile, B. Rey”.
_BETWEEN_NAMED = re.compile(
    r",\s*[^.;:,]{3,40}[;,]\s*(?:y|e|et|and|и)?\s*(?:d[aeo]|del|d['’]|of|from)\s*(?:the|la|l['’])?\s*"
)
_AFTER_PLACE = re.compile(r"[\s,(\[]+")

# An organisation that is a part of another, or acts for it, stands for it.
PARENTS = {"PAHO": ("WHO",), "IDA": ("IBRD",)}
_UN_AGENCIES = frozenset({"WHO", "UNICEF", "UNFPA", "UNDP", "UNAIDS", "FAO", "WFP", "IBRD", "IDA"})


@dataclass(frozen=True, slots=True)
class Side:
    """A country or organisation that took part, where the text says so, and how sure that is."""

    code: str
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in an article, and how surely it is there as a side of something, 0 to 1.

    ``form`` is that of ``FoundName``, or ``person`` for somebody who acts for a side.
    """

    span: Span
    code: str
    score: float
    form: str

    def side(self) -> Side:
        """Return the side that the mention names."""
        return Side(self.code, self.span, self.score)


@dataclass(frozen=True)
class _Cues:
    """What a language has around the name of a side.

    ``genitive`` says that the name itself shows whose official somebody is, without a preposition;
    the sets are of suffixes that do for a name what prepositions do in English.
    """

    genitive: bool
    officials: re.Pattern[str]
    of_official: re.Pattern[str]
    after_official: re.Pattern[str]
    accredited: re.Pattern[str]
    within: re.Pattern[str]
    within_endings: frozenset[str]
    to_endings: frozenset[str]
    accredited_endings: frozenset[str]
    joined: re.Pattern[str]
    joined_after: re.Pattern[str]
    joined_endings: frozenset[str]
    visited: re.Pattern[str]
    reporting: re.Pattern[str]
    of_ministers: re.Pattern[str]
    occasion: re.Pattern[str]
    occasion_after: re.Pattern[str]


@cache
def _cues(language: str) -> _Cues:
    table = words(language, "sides")

    def group(name: str) -> str:
        return alternatives(table.get(name, ()))

    def compiled(expression: str) -> re.Pattern[str]:
        return re.compile(expression, re.IGNORECASE)

    follows = "officials" if "not_of" in table else ""  # “ministro chileno”, “министр Чили”
    genitive = bool(follows) and not table["of"]
    between = 0 if genitive else 2  # “турецкий министр”, “Turkish health minister”
    end = r"(?:\s+|(?<=['’]))\Z"
    gap = r"(?:\s+[^\s.;:]+){0,8}?\s+"
    noun = rf"(?!{group('not_of')})[^\s.,;:]+"
    return _Cues(
        genitive=genitive,
        officials=compiled(
            rf"(?:['’]s?)?[\s-]+(?:[^\s.,;:]+\s+){{0,{between}}}?{group('officials')}"
        ),
        of_official=compiled(rf"{group('officials')}{gap}{group('of')}{end}"),
        of_ministers=compiled(rf"{group('ministers')}{gap}{group('of')}{end}"),
        after_official=compiled(rf"{group(follows)}(?:\s+{noun}){{0,6}}?{end}"),
        accredited=compiled(rf"{group('accredited')}{gap}{group('to')}{end}"),
        within=compiled(rf"{group('in')}{end}"),
        within_endings=frozenset(map(fold, table.get("in_endings", ()))),
        to_endings=frozenset(map(fold, table.get("to_endings", ()))),
        accredited_endings=frozenset(map(fold, table.get("accredited_endings", ()))),
        joined=compiled(rf"(?:{group('with')}|,){end}"),
        joined_after=compiled(rf"\s+{group('with_after')}"),
        joined_endings=frozenset(map(fold, table.get("joined_endings", ("",)))),
        visited=compiled(rf"{group('visited')}\s+(?:the\s+)?\Z"),
        reporting=compiled(group("reporting")),
        occasion=compiled(group("occasions")),
        occasion_after=compiled(
            group("occasions_after" if "occasions_after" in table else "occasions")
        ),
    )


def weigh(
    article: Article, names: Sequence[FoundName], people: Sequence[FoundPerson]
) -> list[Mention]:
    """Return every name and person with a score, in the order of the text."""
    mentions: list[Mention] = []
    listed = 1  # names in a row
    for name in names:
        score = _score(article, name)
        previous = mentions[-1] if mentions else None
        between = article.text[previous.span.end : name.span.start] if previous else "."
        listing = between.strip() and _BETWEEN.fullmatch(between)
        listed = listed + 1 if listing or _BETWEEN_NAMED.fullmatch(between) else 1
        of_place = previous and previous.form in ("city", "capital") and name.form == "name"
        if of_place and _AFTER_PLACE.fullmatch(between):
            score = min(score, 0.2)  # “Geneva, Switzerland”
        elif previous and listed > 1:
            low = previous.score < SURE  # “director for Peru and Chile”
            score = previous.score if low else max(score, previous.score)
        mentions.append(Mention(name.span, name.code, score, name.form))
        if listed >= _LIST and score == _PLAIN:  # “six countries - Peru, Chile, Brazil ...”
            mentions[-listed:] = [replace(each, score=_LISTED) for each in mentions[-listed:]]
    mentions += [
        Mention(span, person.party, _PERSON, "person")
        for person in people
        if person.party
        for span in person.mentions
    ]
    return sorted(mentions, key=lambda mention: mention.span)


def _score(article: Article, name: FoundName) -> float:
    """Return how surely a mention is of a side, by the words beside it."""
    cues = _cues(article.language)
    sentence = article.sentence_at(name.span.start) or name.span
    before = article.text[max(sentence.start, name.span.start - _BEFORE) : name.span.start]
    after = article.text[name.span.end : min(sentence.end, name.span.end + 40)]
    tail = before.split(",")[-1]
    country = name.kind == "country"
    bare = name.form == "demonym" or (country and cues.genitive)
    official = cues.of_official.search(before) or (bare and cues.after_official.search(before))
    abroad = name.suffix in cues.accredited_endings
    within = name.suffix in cues.within_endings or cues.within.search(before)
    cases = (
        (name.form == "city", 0.0),
        (name.form == "capital" and bool(within), 0.1),
        (_GATHERING in article.words(name.span) or _of_occasion(cues, tail), 0.1),
        (_is_source(cues, tail, after), 0.1),
        (abroad or bool(cues.accredited.search(before)), _ABROAD if country else 0.1),
        (country and name.suffix in cues.within_endings, 0.1),
        (country and name.suffix in cues.to_endings, 0.6),
        (bool(official), 0.8 if name.form == "capital" else 1.0),
        (bool(cues.officials.match(after)), 0.8 if name.form == "capital" else 1.0),
        (bool(within), 0.1),
        (name.suffix in cues.joined_endings and bool(cues.joined_after.match(after)), 0.9),
        (bool(cues.occasion_after.match(after.lstrip())), 0.2),
        (bool(cues.visited.search(before)), 0.7),
        (name.form == "capital", 0.3),
        (name.form == "demonym", 0.5),
        (bool(cues.joined.search(before)) or not before.strip(), 0.9),
    )
    return next((score for case, score in cases if case), _PLAIN)


def _of_occasion(cues: _Cues, before: str) -> bool:
    """Return whether a name is that of an occasion: not “conference of ministers of Peru”."""
    after = 0
    for match in cues.occasion.finditer(before):
        after = match.end()
    return bool(after) and not cues.of_official.search(before, after)


def _is_source(cues: _Cues, before: str, after: str) -> bool:
    """Return whether a name says who reported: “WHO reports”, “according to WHO”."""
    return bool(cues.reporting.match(after.lstrip()) or cues.reporting.search(before[-30:]))


def sides_of(
    article: Article,
    mentions: Sequence[Mention],
    sentences: Sequence[Span],
    *,
    others: Sequence[Side] = (),
    least: float = SURE,
) -> list[Side]:
    """Return the sides of the event that some sentences report, in the order of the text.

    A side is a name with a score of ``least``. Where there are fewer than two, the title and the
    first sentences are read too, then what the whole article names most. ``others`` are the sides
    of the event reported before: they are those of an event of which no side is named, and the
    one that is named most is that of an event of which one is.
    """
    within = [each for each in mentions if _within(each.span, sentences)]
    chosen = {code: side for code, side in _best(within).items() if side.confidence >= least}
    if not chosen:
        plain = {code: side for code, side in _best(within).items() if side.confidence >= _PLAIN}
        if len(plain) > 1:
            chosen = plain
        elif len(others) > 1:
            return list(others)
    if len(chosen) < 2 and not others:
        lead = [*([article.title_span] if article.title_span else ()), *article.body[:_LEAD]]
        near = _best(each for each in mentions if _within(each.span, lead))
        whole = {} if chosen else _named_together(article, mentions, lead)
        for code, side in (whole or near).items():
            if side.confidence >= SURE and (whole or len(chosen) < 2):
                chosen.setdefault(code, side)
    if len(chosen) < 2:
        # Of an event of which nobody is surely a side, only its own sentences say more.
        named = most_named(mentions if chosen or others else within)
        beside = {each.code for each in within if each.score >= _ABROAD}
        before = {side.code for side in others}
        for side in sorted(named, key=lambda s: (s.code not in beside, s.code not in before)):
            if len(chosen) < 2:
                chosen.setdefault(side.code, side)
    sides = _without_parents(chosen, mentions)
    first = {mention.code: mention.span for mention in reversed(mentions) if mention.score > 0}
    return sorted(_without_hosts(article, sides), key=lambda side: first[side.code])


def _named_together(
    article: Article, mentions: Sequence[Mention], passages: Sequence[Span]
) -> dict[str, Side]:
    """Return the sides that the first sentence names of those that name more than one."""
    for sentence in article.sentences:
        if _within(sentence, passages):
            named = _best(each for each in mentions if sentence.contains(each.span))
            if sum(side.confidence >= SURE for side in named.values()) > 1:
                return named
    return {}


def _within(span: Span, sentences: Iterable[Span]) -> bool:
    return any(sentence.contains(span) for sentence in sentences)


def _best(mentions: Iterable[Mention]) -> dict[str, Side]:
    """Return the best mention of each code, in the order of the text."""
    best: dict[str, Side] = {}
    for mention in mentions:
        code = mention.code
        if code not in best or mention.score > best[code].confidence:
            best[code] = mention.side()
    return best


def most_named(mentions: Sequence[Mention]) -> list[Side]:
    """Return the codes of the whole article, those named most often as a side first."""
    totals: dict[str, float] = {}
    for mention in mentions:
        totals[mention.code] = totals.get(mention.code, 0) + mention.score
    best = _best(mentions)
    order = sorted(totals, key=lambda code: -totals[code])
    return [
        replace(best[code], confidence=min(0.5, totals[code] / 4))
        for code in order
        if totals[code] >= _NAMED
    ]


def _without_parents(chosen: dict[str, Side], mentions: Sequence[Mention]) -> list[Side]:
    """Leave out an organisation where the article names the part of it that acted."""
    named = {mention.code: mention.side() for mention in mentions}
    for child, parents in PARENTS.items():
        for parent in parents:
            if parent in chosen and child in named and child not in chosen:
                chosen[child] = named[child]
    hidden = {parent for code in chosen for parent in PARENTS.get(code, ())}
    if _UN_AGENCIES & chosen.keys():
        hidden.add("UN")
    return [side for code, side in chosen.items() if code not in hidden]


def _without_hosts(article: Article, sides: list[Side]) -> list[Side]:
    """Leave out an organisation that only says of which states the listed ministers are."""
    countries = [side for side in sides if len(side.code) == 2]
    if len(countries) < _LIST:
        return sides
    cues = _cues(article.language)
    kept = []
    for side in sides:
        before = article.text[max(0, side.span.start - _BEFORE) : side.span.start]
        after = article.text[side.span.end : side.span.end + 40]
        ministers = (
            cues.officials.match(after)
            or cues.occasion_after.match(after.lstrip())
            or cues.of_ministers.search(before)
        )
        if side in countries or not ministers:
            kept.append(side)
    return kept
