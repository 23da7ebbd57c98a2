"""Bars and sparklines of block characters."""

from collections.abc import Sequence

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = " ▁▂▃▄▅▆▇█"


def bar(value: float, maximum: float, width: int) -> str:
    """Draw a bar of at most ``width`` cells, exact to an eighth; never empty for a value over 0."""
    if maximum <= 0 or value <= 0:
        return ""
    eighths = max(1, round(value / maximum * width * 8))
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def sparkline(values: Sequence[int]) -> str:
    """Draw one character a value, the highest full; never empty for a value over 0."""
    highest = max(values, default=0)
    if highest == 0:
        return " " * len(values)
    return "".join(
        _HEIGHTS[0 if not value else max(1, round(value / highest * 8))] for value in values
    )
