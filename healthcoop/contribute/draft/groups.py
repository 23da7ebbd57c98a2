"""Triggers of one event, collected; and where in an article a sentence stands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from healthcoop.contribute.draft.article import Article, Span
from healthcoop.contribute.draft.parties import SURE, Mention
from healthcoop.contribute.draft.tables import alternatives
from healthcoop.contribute.draft.triggers import Trigger
from healthcoop.contribute.languages import words

LEAD = 4
"""Sentences, the title among them, in which an article says what it reports."""

FOR_HEALTH = frozenset(
    "WHO PAHO UNICEF UNFPA UNAIDS GAVI GFATM AFRICA-CDC ECDC WAHO CARPHA SEEHN IVI COMISCA"
    " GULF-HEALTH-COUNCIL".split()
)
_SHORT = 50  # characters: a shorter sentence before the body is a caption or a date


@dataclass(slots=True)
class Group:
    """Triggers of one event, while they are collected.

    ``introduction`` is the sentence that says who held the several meetings of which it is one.
    """

    type: str
    triggers: list[Trigger] = field(default_factory=list)
    introduction: tuple[Span, ...] = ()

    @property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences of the triggers, each once."""
        return tuple(dict.fromkeys(trigger.sentence for trigger in self.triggers))


def position(article: Article, sentence: Span) -> int:
    """Return the number of a sentence, with the title, and without captions."""
    titled = article.title_span
    lead = [*([titled] if titled else ())]
    lead += [each for each in article.body if each.end - each.start > _SHORT]
    return next((n for n, span in enumerate(lead) if span.contains(sentence)), len(lead))


@cache
def pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of the phrases of a table, whatever their case."""
    return re.compile(alternatives(phrases), re.IGNORECASE)


def is_instrument(trigger: Trigger, article: Article) -> bool:
    """Return whether a trigger reports a text that was signed or adopted."""
    return not trigger.type or trigger.type in words(article.language, "instruments")


def codes_in(mentions: Sequence[Mention], sentence: Span) -> set[str]:
    """Return the codes that a sentence surely names as sides."""
    return {each.code for each in mentions if each.score >= SURE and sentence.contains(each.span)}


def is_about_health(
    article: Article, mentions: Sequence[Mention], sentences: Sequence[Span]
) -> bool:
    """Return whether sentences have a word of health, or name an organisation for it.

    Always so in a language whose table has no such words.
    """
    phrases = tuple(words(article.language, "health").get("words", ()))
    has_word = pattern(phrases).search
    return not phrases or any(
        has_word(article.text, span.start, span.end)
        or any(each.code in FOR_HEALTH and span.contains(each.span) for each in mentions)
        for span in sentences
    )
