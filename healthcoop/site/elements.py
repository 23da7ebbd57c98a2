"""Elements that are on most pages many times over, written once for each value."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from healthcoop.files.visible import visible
from healthcoop.site.words import date_in_words, machine_date

if TYPE_CHECKING:
    from markupsafe import Markup

_ANSWERS: Mapping[str, str] = {
    "certain": "In force",
    "possible": "Possibly in force",
    "no": "Not in force",
}


@lru_cache(maxsize=10_000)
def when(text: str | None) -> "Markup":
    """Return an EDTF date in words, with what it is for programs: ``<time>`` where HTML has it."""
    from markupsafe import Markup

    shown = visible(date_in_words(text))
    if machine := machine_date(text):
        return Markup('<time datetime="{}">{}</time>').format(machine, shown)
    if text:
        return Markup('<span title="EDTF: {}">{}</span>').format(visible(text), shown)
    return Markup("no date")


@lru_cache(maxsize=10)
def status(answer: str) -> "Markup":
    """Return the mark of an instrument that is certainly, possibly or not in force."""
    from markupsafe import Markup

    return Markup('<span class="status {}">{}</span>').format(answer, _ANSWERS[answer])
