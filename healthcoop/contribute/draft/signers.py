"""Which of the people in an article signed what it reports."""

from collections.abc import Sequence

from healthcoop.contribute.draft.offices import Phrase, Words
from healthcoop.model.folding import fold

_FARTHEST = 25  # words between “signed” and “by”


def find_signers(read: Words, mentions: Sequence[Sequence[Phrase]]) -> set[int]:
    """Return the positions of the people who signed, of whom all mentions are given.

    These are the subjects of “signed”, and those named after “signed by” or “signed a plan with”.
    """
    at = {
        word: person
        for person, names in enumerate(mentions)
        for name in names
        for word in range(*name)
    }
    verbs = read.table["signed"]
    found: set[int] = set()
    for index, word in enumerate(read.items):
        if word.kind == "w" and fold(word.text) in verbs:
            subjects = _subjects(read, index, at)
            names = "signed_with" if subjects else "signed_by"
            found |= subjects | _named_after(read, _next(read, index, names), at)
            found |= _named_after(read, index, at)
    return found


def _subjects(read: Words, verb: int, at: dict[int, int]) -> set[int]:
    """Return who stands before the verb, with nothing between but names, offices and adverbs."""
    found: set[int] = set()
    for index in range(verb - 1, -1, -1):
        if index in at:
            found.add(at[index])
        elif not _may_stand_between(read, index):
            break
    return found


def _next(read: Words, verb: int, names: str) -> int:
    """Return the position of a word of a list in the sentence of the verb, or the text's end."""
    end = read.sentence(verb).end
    wanted = read.table[names]
    near = range(verb + 1, min(verb + _FARTHEST, end))
    return next((n for n in near if fold(read.items[n].text) in wanted), len(read.items))


def _named_after(read: Words, position: int, at: dict[int, int]) -> set[int]:
    """Return who is named after a position, with nothing between but names and offices."""
    found: set[int] = set()
    for index in range(position + 1, len(read.items)):
        if index in at:
            found.add(at[index])
        elif not _may_stand_between(read, index):
            break
    return found


def _may_stand_between(read: Words, index: int) -> bool:
    word = read.items[index]
    return word.kind in "HRKMPCSaAToldOVNp,()" or fold(word.text) in read.table["beside_signed"]
