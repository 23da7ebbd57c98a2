"""Charts as SVG, PNG, or an HTML page that loads nothing from the network."""

import re
import sys
from collections.abc import Callable
from html import escape
from pathlib import PurePath
from types import ModuleType
from typing import Any

from healthcoop.errors import HealthcoopError
from healthcoop.export.charts.frame import NARROW, Spec

_VEGA_LITE = "6.1"  # fixed, so that a newer library renders the same
_PER_INCH = 300  # usual for journals; a pixel of a chart is 1/96 inch
_ENLARGED = 2.5  # on screens, which are read from farther away than paper
_POINTS = 72  # an inch: the pixel size that the library assumes

# Further decimals are invisible and differ between machines.
_DRAWN = re.compile(r'(?<= d=")[^"]*(?=")')
_LONG_NUMBER = re.compile(r"\d+\.\d{2,}")

# The description of a mark for screen readers, which becomes its tooltip.
_MARK = re.compile(r'(<path aria-label="([^"]*)"[^>]*)/>')

# The content security policy blocks loading and scripts, which records might contain.
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy"
content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
svg {{ width: 100%; max-width: {width}px; height: auto }}
text {{ pointer-events: none }}
</style>
</head>
<body>
{drawn}
</body>
</html>
"""


def renderer(name: str) -> Callable[[Spec], bytes]:
    """Return the function that renders a chart for a file name.

    Raises HealthcoopError for an ending other than .svg, .png and .html, and where the library
    that renders is not installed.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in _RENDERERS:
        raise HealthcoopError(
            f"unknown chart format: {name}", hint="Use a name that ends in .svg, .png or .html."
        )
    library = _library()
    return lambda spec: _RENDERERS[ending](library, spec)


def picture(svg: str) -> bytes:
    """Return an SVG picture as PNG, a pixel for each of its own; raises as ``renderer``."""
    drawn: bytes = _library().svg_to_png(svg, scale=1, ppi=_POINTS)
    return drawn


def is_started() -> bool:
    """Return whether the library is loaded: its threads are missing in a process forked now."""
    return "vl_convert" in sys.modules


def _library() -> ModuleType:
    try:
        import vl_convert
    except ImportError:
        raise HealthcoopError(
            "charts need vl-convert-python", hint="pip install 'healthcoop[charts]'"
        ) from None
    return vl_convert


def _svg(library: ModuleType, spec: Spec) -> bytes:
    drawn: str = library.vegalite_to_svg(spec, **_OPTIONS)
    return _DRAWN.sub(lambda path: _LONG_NUMBER.sub(_rounded, path[0]), drawn).encode()


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _png(library: ModuleType, spec: Spec) -> bytes:
    drawn: bytes = library.vegalite_to_png(spec, scale=_POINTS / 96, ppi=_PER_INCH, **_OPTIONS)
    return drawn


def _html(library: ModuleType, spec: Spec) -> bytes:
    drawn = _MARK.sub(r"\1><title>\2</title></path>", _svg(library, spec).decode())
    title = escape(" ".join(spec["title"]["text"]))
    return _PAGE.format(title=title, width=_ENLARGED * NARROW, drawn=drawn).encode()


_OPTIONS: dict[str, Any] = {"vl_version": _VEGA_LITE, "allowed_base_urls": []}
_RENDERERS = {".svg": _svg, ".png": _png, ".html": _html}
