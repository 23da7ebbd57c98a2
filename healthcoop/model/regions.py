"""Regions of the world: which countries each of them has, and from when until when."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from healthcoop.model.vocabulary import Vocabulary

KINDS = ("who", "m49-global", "m49-region", "m49-subregion", "m49-intermediate")
"""The kinds of regions: WHO's, and the levels of the United Nations' M49."""


class Membership(NamedTuple):
    """A country's membership of a region, from ``starts`` until ``ends`` (EDTF); None: no bound."""

    region: str
    country: str
    starts: str | None
    ends: str | None


def memberships(vocabulary: "Vocabulary") -> Iterator[Membership]:
    """Yield the members of every region, those of its parts and former states included.

    A former state is in the regions of the state that it folds into; one that folds into none is in
    the regions that all its successors are in throughout.
    """
    listed: dict[str, list[Membership]] = {}
    for region in vocabulary.regions.values():
        for member in region.more.get("members", ()):
            code = member["country"]
            membership = Membership(region.code, code, member.get("from"), member.get("until"))
            listed.setdefault(code, []).append(membership)
        for code in (*region.more.get("countries", ()), *region.more.get("added", ())):
            whole = (
                Membership(each, code, None, None) for each in _wholes(vocabulary, region.code)
            )
            listed.setdefault(code, []).extend(whole)
    for code in vocabulary.countries:
        for membership in _memberships(vocabulary, listed, code):
            yield membership._replace(country=code)


def _wholes(vocabulary: "Vocabulary", region: str) -> list[str]:
    """Return a region and those that it is part of, the smallest first."""
    chain = [region]
    while whole := vocabulary.regions[chain[-1]].more.get("part_of"):
        chain.append(whole)
    return chain


def _memberships(
    vocabulary: "Vocabulary", listed: dict[str, list[Membership]], code: str
) -> list[Membership]:
    """Return the memberships of a country, those of a former state by what came after it.

    ``listed`` has those that are known, and gets the others. No state comes after itself.
    """
    if code not in listed:
        more = vocabulary.countries[code].more
        if heir := more.get("folds_into"):
            listed[code] = _memberships(vocabulary, listed, heir)
        else:
            later = [
                {
                    each.region
                    for each in _memberships(vocabulary, listed, successor)
                    if not (each.starts or each.ends)
                }
                for successor in more.get("successors", ())
            ]
            shared = set.intersection(*later) if later else set()
            listed[code] = [
                Membership(region, code, None, None)
                for region in vocabulary.regions
                if region in shared
            ]
    return listed[code]
