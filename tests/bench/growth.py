"""How cost grows with the number of records: a table and a picture of the fastest runs."""

from collections.abc import Iterator, Mapping
from math import ceil, floor, log10
from xml.sax.saxutils import escape

Growth = Mapping[str, Mapping[int, float]]
"""Seconds by number of records, by the name of a command."""

_WIDTH, _HEIGHT = 760, 440
_LEFT, _TOP, _RIGHT, _BOTTOM = 70, 20, 290, 50
# Okabe and Ito's colours, which colour-blind people can distinguish.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000", "#777777")
_APART = 15  # between the names beside the lines


def table(growth: Growth) -> Iterator[str]:
    """Write the fastest runs in milliseconds, and by which power of the records the last grew."""
    sizes = sorted({size for measured in growth.values() for size in measured})
    yield f"| fastest run, ms | {' | '.join(f'{size:,}' for size in sizes)} | last power |"
    yield f"| --- |{' ---: |' * (len(sizes) + 1)}"
    for name, measured in growth.items():
        cells = [f"{measured[size] * 1000:,.0f}" if size in measured else "" for size in sizes]
        yield f"| `{name}` | {' | '.join(cells)} | {_power(measured)} |"


def picture(growth: Growth) -> str:
    """Draw both axes by powers of ten: linear growth rises by about 45 degrees."""
    sizes = [size for measured in growth.values() for size in measured]
    times = [seconds for measured in growth.values() for seconds in measured.values()]
    first, last = log10(min(sizes)), log10(max(sizes))
    low, high = floor(log10(min(times))), ceil(log10(max(times)))
    wide, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def across(size: float) -> float:
        return _LEFT + wide * (log10(size) - first) / ((last - first) or 1)

    def down(seconds: float) -> float:
        return _TOP + tall * (high - log10(seconds)) / ((high - low) or 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img"'
        ' font-family="sans-serif" font-size="12">',
        "<title>Seconds of the fastest run by number of records, both by powers of ten</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(low, high + 1):
        y, label = down(10.0**power), f"{10.0**power:g} s"
        parts.append(_line(_LEFT, y, _LEFT + wide, y))
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
    for size in sorted(set(sizes)):
        x = across(size)
        parts.append(_line(x, _TOP, x, _TOP + tall))
        parts.append(
            f'<text x="{x:.1f}" y="{_TOP + tall + 18}" text-anchor="middle">{size:,}</text>'
        )
    parts.append(
        f'<text x="{_LEFT + wide / 2}" y="{_HEIGHT - 10}" text-anchor="middle">records</text>'
    )
    beside = _TOP + 0.0
    # Names from the top down, each as near to the end of its line as the one above leaves room.
    for number, name in sorted(enumerate(growth), key=lambda item: -_last(growth[item[1]])):
        measured, colour = growth[name], _COLOURS[number % len(_COLOURS)]
        points = [(across(size), down(measured[size])) for size in sorted(measured)]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = "" if number < len(_COLOURS) else ' stroke-dasharray="6 3"'
        style = f'fill="none" stroke="{colour}" stroke-width="2"{dashes}'
        parts.append(f'<polyline points="{joined}" {style}/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        beside = max(beside, points[-1][1])
        dashed = "- - " if dashes else ""
        parts.append(
            f'<text x="{_LEFT + wide + 10}" y="{beside + 4:.1f}" fill="{colour}">'
            f"{dashed}{escape(name)}</text>"
        )
        beside += _APART
    return "\n".join([*parts, "</svg>"]) + "\n"


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#dddddd"/>'


def _last(measured: Mapping[int, float]) -> float:
    return measured[max(measured)]


def _power(measured: Mapping[int, float]) -> str:
    """Return p if the time grew with the power p of the number of records in the last step."""
    if len(measured) < 2:
        return ""
    before, last = sorted(measured)[-2:]
    return f"{log10(measured[last] / measured[before]) / log10(last / before):.2f}"
