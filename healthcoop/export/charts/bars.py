"""Bars that lie: topics, organisations, pairs."""

from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.frame import (
    KIND_COLORS,
    NARROW,
    SAID,
    About,
    Chart,
    Row,
    Spec,
    distinct,
    framed,
    quantity,
    said,
    sentence,
)

STEP = 13
"""Pixels of a bar and what is between two."""

_MOST = 60  # bars that a page has room for
_MOST_PAIRS = 30
_ORG = "organisation"
_LONG = 34  # letters of a name, beside which a legend has room for one word


def topics(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each topic has."""
    terms = about.names.topics

    def label(code: str) -> str:
        return terms[code].label if code in terms else code

    named = distinct({row["topic"]: label(row["topic"]) for row in rows})
    more = ["A record counts in each of its topics"]
    return _by_kind(rows, [*named.values()], about, title="Topics", name="topic", extra=more)


def organisations(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each organisation has."""
    named = distinct({code: about.names.label(code) for code in (row[_ORG] for row in rows)})
    return _by_kind(rows, [*named.values()], about, title="Organisations", name=_ORG)


def pairs(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each of the first pairs has."""
    named = distinct(
        {
            f"{row['a']} {row['b']}": " – ".join(about.names.label(row[end]) for end in "ab")
            for row in rows
        }
    )
    return _by_kind(rows, [*named.values()], about, title="Pairs", name="pair", most=_MOST_PAIRS)


def _by_kind(
    rows: Sequence[Row],
    labels: Sequence[str],
    about: About,
    *,
    title: str,
    name: str,
    most: int = _MOST,
    extra: Sequence[str] = (),
) -> Chart:
    columns = (name, "kind", "records")
    if not rows:
        return sentence(about, title=title, columns=columns)
    order = labels[:most]
    drawn: list[dict[str, Any]] = [
        {name: label, "kind": kind, "records": row[kind.lower()]}
        for row, label in zip(rows, order, strict=False)
        for kind in KIND_COLORS
    ]
    if len(order) < len(rows):
        extra = [*extra, f"The first {len(order)} of {len(rows):,}"]
    body: Spec = {
        "data": {"values": [said(row, row[name], row["kind"], row["records"]) for row in drawn]},
        "mark": {"type": "bar"},
        "encoding": {
            "y": names(name, order),
            "x": quantity("records", "Records", max(row["records"] for row in rows[:most])),
            "color": by_kind(columns=2 if max(map(len, order)) < _LONG else 1),
            "order": {"field": "kind", "sort": "descending"},
            "description": {"field": SAID},
        },
    }
    spec = framed(body, about, title=title, size=(NARROW, STEP * len(order)), extra=extra)
    return Chart(spec, columns, drawn)


def by_kind(*, columns: int = 2) -> Spec:
    """Give the colours of instruments and encounters, with their legend above the picture."""
    legend = {"orient": "top", "title": None, "columns": columns}
    colors = {"domain": [*KIND_COLORS], "range": [*KIND_COLORS.values()]}
    return {"field": "kind", "type": "nominal", "scale": colors, "legend": legend}


def names(field: str, order: Sequence[str]) -> Spec:
    """Give an axis of names, from above in their order."""
    return {
        "field": field,
        "type": "nominal",
        "sort": [*order],
        "title": None,
        "axis": {"ticks": False, "domain": False, "labelOverlap": False, "labelFontSize": 8.5},
        "scale": {"paddingInner": 0.25, "paddingOuter": 0.1},
    }
