"""Bars that lie: topics, organisations, pairs, completeness."""

from collections.abc import Callable, Sequence
from typing import Any

from healthcoop.export.charts.frame import (
    KIND_COLORS,
    NARROW,
    About,
    Chart,
    Row,
    Spec,
    framed,
    sentence,
)
from healthcoop.text.visible import visible

_STEP = 13  # pixels a bar and what is between two
_MOST = 60  # bars that a page has room for
_LEGEND = {"orient": "top", "title": None, "offset": 2}


def topics(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each topic has."""
    terms = about.names.topics

    def label(row: Row) -> str:
        return terms[row["topic"]].label if row["topic"] in terms else row["topic"]

    more = ["A record counts in each of its topics"]
    return _by_kind(rows, about, title="Topics", name="topic", label=label, extra=more)


def organisations(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each organisation has."""

    def label(row: Row) -> str:
        return about.names.label(row["organisation"])

    return _by_kind(rows, about, title="Organisations", name="organisation", label=label)


def pairs(rows: Sequence[Row], about: About) -> Chart:
    """Draw how many instruments and encounters each of the first pairs has."""

    def label(row: Row) -> str:
        return f"{about.names.label(row['a'])} – {about.names.label(row['b'])}"

    return _by_kind(rows[:30], about, title="Pairs", name="pair", label=label, of=len(rows))


def completeness(rows: Sequence[Row], about: About) -> Chart:
    """Draw the share of records, or of instruments, that give each field; by year where told."""
    title = "Completeness: share of records that give a field"
    drawn = [{**row, "field": visible(row["field"])} for row in rows if row["share"] is not None]
    if not drawn:
        return sentence(about, title=title, columns=("field", "of", "records", "share"))
    by_year = "year" in drawn[0]
    fields = list(dict.fromkeys(row["field"] for row in drawn))
    shares = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"format": ".0%", "tickCount": 5},
        "title": None,
    }
    encoding: Spec = {"y": _names("field", fields)}
    if by_year:
        encoding["x"] = {"field": "year", "type": "ordinal", "title": None, "axis": _YEARS}
        color = {"scheme": "viridis", "reverse": True, "domain": [0, 1]}
        legend = {"title": None, "format": ".0%", "orient": "top", "gradientThickness": 8}
        encoding["color"] = {
            "field": "share",
            "type": "quantitative",
            "scale": color,
            "legend": legend,
        }
    else:
        encoding["x"] = shares
    body: Spec = {
        "data": {"values": drawn},
        "mark": {"type": "rect"}
        if by_year
        else {"type": "bar", "color": KIND_COLORS["Instruments"]},
        "encoding": encoding,
    }
    width = 2 * NARROW if by_year else NARROW
    spec = framed(body, about, title=title, size=(width, _STEP * len(fields)))
    return Chart(spec, tuple(drawn[0]), drawn)


_YEARS = {"labelOverlap": True, "labelAngle": 0, "grid": False}


def _by_kind(
    rows: Sequence[Row],
    about: About,
    *,
    title: str,
    name: str,
    label: Callable[[Row], str],
    of: int = 0,
    extra: Sequence[str] = (),
) -> Chart:
    columns = (name, "kind", "records")
    if not rows:
        return sentence(about, title=title, columns=columns)
    drawn: list[dict[str, Any]] = [
        {name: visible(label(row)), "kind": kind, "records": row[kind.lower()]}
        for row in rows[:_MOST]
        for kind in KIND_COLORS
    ]
    shown = len(drawn) // len(KIND_COLORS)
    of = max(of, len(rows))
    extra = [*extra, *([f"The first {shown} of {of}"] if shown < of else [])]
    order = list(dict.fromkeys(row[name] for row in drawn))
    body: Spec = {
        "data": {"values": drawn},
        "mark": {"type": "bar"},
        "encoding": {
            "y": _names(name, order),
            "x": {
                "field": "records",
                "type": "quantitative",
                "title": "Records",
                "axis": {"tickMinStep": 1, "tickCount": 5},
            },
            "color": by_kind(),
            "order": {"field": "kind", "sort": "descending"},
        },
    }
    spec = framed(body, about, title=title, size=(NARROW, _STEP * len(order)), extra=extra)
    return Chart(spec, columns, drawn)


def by_kind() -> Spec:
    """Give the colours of instruments and encounters, with their legend above the picture."""
    colors = {"domain": [*KIND_COLORS], "range": [*KIND_COLORS.values()]}
    return {"field": "kind", "type": "nominal", "scale": colors, "legend": _LEGEND}


def _names(field: str, order: Sequence[str]) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "sort": [*order],
        "title": None,
        "axis": {"ticks": False, "domain": False, "labelOverlap": False, "labelLimit": 160},
        "scale": {"paddingInner": 0.25, "paddingOuter": 0.1},
    }
