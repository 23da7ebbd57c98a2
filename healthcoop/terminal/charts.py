"""Bars and sparklines of block characters, or of what ASCII has."""

from collections.abc import Sequence

_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = " ▁▂▃▄▅▆▇█"
SECOND = "▒"
"""The cells of a bar's second part, told from the first without colour too."""

_ASCII = str.maketrans(
    {
        **dict(zip("▏▎▍▌▋▊▉█", "---==###", strict=True)),
        **dict(zip("▁▂▃▄▅▆▇", "_.,:-=+", strict=True)),
        **{SECOND: ":", "·": ".", "–": "-", "’": "'", "“": '"', "”": '"', "…": "~"},
    }
)


def bar(value: float, maximum: float, width: int) -> str:
    """Draw a bar of at most ``width`` cells, exact to an eighth; never empty for a value over 0."""
    if maximum <= 0 or value <= 0 or width <= 0:
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


def two_bars(first: int, second: int, maximum: int, width: int) -> tuple[str, str]:
    """Draw two parts of a bar in whole cells; none is empty that has a value, if there is room."""
    if maximum <= 0:
        return "", ""
    both = max((first > 0) + (second > 0), round((first + second) / maximum * width))
    cells = min(max(first > 0, round(first / maximum * width)), both - (second > 0))
    return "█" * cells, SECOND * (both - cells)


def in_ascii(drawn: str) -> str:
    """Write a drawing without block characters, for a terminal that has none; as wide as it was."""
    return drawn.translate(_ASCII)
