"""Values that a shell completes: codes, names of columns, record ids.

The data set is that of the command line so far. Where there is none, or its vocabularies are
invalid, nothing is completed: a shell shows no messages.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from healthcoop.dataset import Dataset
from healthcoop.errors import HealthcoopError
from healthcoop.model.folding import name_key
from healthcoop.model.vocabulary import Term

# A shell inserts a value as it is: the file name “2020-x;rm y.yaml” would become two commands.
_ONE_WORD = re.compile(r"\w[\w.-]*")
Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _of_dataset(items: Callable[[Dataset, str], Iterator[CompletionItem]]) -> Complete:
    """Return a completion by what a data set contains, of which any error completes nothing."""

    @wraps(items)
    def complete(ctx: click.Context, _: click.Parameter, text: str) -> list[CompletionItem]:
        try:
            found = [*items(Dataset.open(ctx.find_root().params.get("root")), text)]
        except (HealthcoopError, OSError):
            return []
        return [each for each in found if _ONE_WORD.fullmatch(each.value)]

    return complete


def codes(*vocabularies: str) -> Complete:
    """Complete a code of one of the vocabularies, or a name, by its beginning.

    A single match becomes its code. Several begin with what was typed, in the same case, since
    shells replace it by what all of them have in common. Capitals are taken for a code.
    """

    def items(dataset: Dataset, text: str) -> Iterator[CompletionItem]:
        known = [each for name in vocabularies for each in dataset.vocabulary.terms(name).values()]
        beginning = text.casefold()
        found = {each: each.code for each in known if each.code.casefold().startswith(beginning)}
        if text and not (found and text.isupper()):
            found = {each: found.get(each) or _name(each, text) for each in known}
        if text.islower():
            found = {each: value.lower() for each, value in found.items()}
        same = {each: value for each, value in found.items() if value.startswith(text)}
        found = same or {each: value for each, value in found.items() if value}
        for each, value in found.items():
            yield CompletionItem(value if len(found) > 1 else each.code, help=each.label)

    return _of_dataset(items)


def _name(term: Term, text: str) -> str:
    """Return a name that begins with a text, as one word; empty where there is none."""
    names = [
        "-".join(re.findall(r"\w+", name.replace("'", "").replace("’", "")))
        for name in (term.label, *term.names)
        if name_key(name).startswith(name_key(text))
    ]
    same_letters = (name for name in names if name.casefold().startswith(text.casefold()))
    return next(same_letters, names[0] if names else "")


@_of_dataset
def record_ids(dataset: Dataset, text: str) -> Iterator[CompletionItem]:
    """Complete the id of a record, which is the name of its file."""
    for path in dataset.files:
        ident = Path(path).stem
        if ident.startswith(text):
            yield CompletionItem(ident)


def names(known: Callable[[], Iterable[str]]) -> Complete:
    """Complete the last of some names that are separated by commas; ``-`` may precede each."""

    def complete(_: click.Context, __: click.Parameter, text: str) -> list[CompletionItem]:
        before, comma, last = text.rpartition(",")
        bare = last.removeprefix("-")
        sign = last.removesuffix(bare)
        return [
            CompletionItem(f"{before}{comma}{sign}{name}")
            for name in known()
            if name.startswith(bare)
        ]

    return complete
