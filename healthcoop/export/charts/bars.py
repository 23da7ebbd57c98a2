"""Horizontal bars: topics, organisations, pairs."""

from collections.abc import Sequence
from typing import Any

from healthcoop.export.charts.frame import (
    DESCRIPTION,
    KIND_COLORS,
    NARROW,
    About,
    Chart,
    Row,
    Spec,
    described,
    no_records,
    quantity,
    unique_labels,
    with_frame,
)

STEP = 13
"""Pixels from one bar to the next."""

_MOST = 60  # bars that fit a page
_MOST_PAIRS = 30
_ORG = "organisation"
_LONG = 34  # letters of a name beside which the legend has a single column


def topics(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each topic has."""
    terms = about.names.topics

    def label(code: str) -> str:
        return terms[code].label if code in terms else code

    named = unique_labels({row["topic"]: label(row["topic"]) for row in rows})
    more = ["A record counts in each of its topics"]
    return _by_kind(rows, [*named.values()], about, title="Topics", name="topic", extra=more)


def organisations(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each organisation has."""
    named = unique_labels({code: about.names.label(code) for code in (row[_ORG] for row in rows)})
    return _by_kind(rows, [*named.values()], about, title="Organisations", name=_ORG)


def pairs(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each of the first pairs has."""
    named = unique_labels(
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
        return no_records(about, title=title, columns=columns)
    order = labels[:most]
    drawn: list[dict[str, Any]] = [
        {name: label, "kind": kind, "records": row[kind.lower()]}
        for row, label in zip(rows, order, strict=False)
        for kind in KIND_COLORS
    ]
    if len(order) < len(rows):
        extra = [*extra, f"The first {len(order)} of {len(rows):,}"]
    values = [described(row, row[name], row["kind"], row["records"]) for row in drawn]
    body: Spec = {
        "data": {"values": values},
        "mark": {"type": "bar"},
        "encoding": {
            "y": names(name, order),
            "x": quantity("records", "Records", max(row["records"] for row in rows[:most])),
            "color": by_kind(columns=2 if max(map(len, order)) < _LONG else 1),
            "order": {"field": "kind", "sort": "descending"},
            "description": {"field": DESCRIPTION},
        },
    }
    spec = with_frame(body, about, title=title, size=(NARROW, STEP * len(order)), extra=extra)
    return Chart(spec, columns, drawn)


def by_kind(*, columns: int = 2) -> Spec:
    """Return the colours of instruments and encounters, with a legend above the chart."""
    legend = {"orient": "top", "title": None, "columns": columns}
    colors = {"domain": [*KIND_COLORS], "range": [*KIND_COLORS.values()]}
    return {"field": "kind", "type": "nominal", "scale": colors, "legend": legend}


def names(field: str, order: Sequence[str]) -> Spec:
    """Return an axis of names, from top to bottom in this order."""
    return {
        "field": field,
        "type": "nominal",
        "sort": [*order],
        "title": None,
        "axis": {"ticks": False, "domain": False, "labelOverlap": False, "labelFontSize": 8.5},
        "scale": {"paddingInner": 0.25, "paddingOuter": 0.1},
    }
