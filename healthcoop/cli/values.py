"""Values that a shell completes: codes, names of columns, record ids.

The data set is that of the command line so far. Where there is none, or its vocabularies are
invalid, nothing is completed: a shell shows no messages.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from healthcoop.dataset import Dataset
from healthcoop.errors import HealthcoopError
from healthcoop.model.folding import name_key

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _of_dataset(items: Callable[[Dataset, str], Iterator[CompletionItem]]) -> Complete:
    """Return a completion by what a data set contains, of which any error completes nothing."""

    @wraps(items)
    def complete(ctx: click.Context, _: click.Parameter, text: str) -> list[CompletionItem]:
        try:
            return [*items(Dataset.open(ctx.find_root().params.get("root")), text)]
        except (HealthcoopError, OSError):
            return []

    return complete


def codes(*vocabularies: str) -> Complete:
    """Complete a code of one of the vocabularies by its beginning, or that of a name."""

    def items(dataset: Dataset, text: str) -> Iterator[CompletionItem]:
        key = name_key(text)
        for vocabulary in vocabularies:
            for term in dataset.vocabulary.terms(vocabulary).values():
                names = (term.code, term.label, *term.names)
                if any(name_key(name).startswith(key) for name in names):
                    yield CompletionItem(term.code, help=term.label)

    return _of_dataset(items)


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
