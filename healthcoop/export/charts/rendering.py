"""A picture as a file's bytes: SVG, PNG, or a page of HTML that needs no network."""

import re
from collections.abc import Callable
from html import escape
from pathlib import PurePath
from types import ModuleType
from typing import Any

from healthcoop.errors import HealthcoopError
from healthcoop.export.charts.frame import NARROW, Spec

_VEGA_LITE = "6.1"  # one version, so that a newer library draws the same
_PER_INCH = 300  # what a journal asks for; a picture's own pixels are 1/96 inch
_ENLARGED = 2.5  # on a screen, which is read from farther than paper
_POINTS = 72  # an inch: what the library takes a pixel for

# What is behind the first digit is too small to see, and not the same on every machine.
_DRAWN = re.compile(r'(?<= d=")[^"]*(?=")')
_LONG_NUMBER = re.compile(r"\d+\.\d{2,}")

# What a mark says of itself to a reader of the screen, and what a pointer is to be shown.
_MARK = re.compile(r'(<path aria-label="([^"]*)"[^>]*)/>')

# Nothing is fetched and nothing runs, whatever is in the records.
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
    """Give what makes the bytes of a picture for a file of this name.

    Raises HealthcoopError for another ending than .svg, .png and .html, and where the library that
    draws is not installed.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in _RENDERERS:
        raise HealthcoopError(
            f"cannot draw {name}", hint="A picture's name ends in .svg, .png or .html."
        )
    try:
        import vl_convert
    except ImportError:
        raise HealthcoopError(
            "a picture needs vl-convert-python", hint="pip install 'healthcoop[charts]'"
        ) from None
    return lambda spec: _RENDERERS[ending](vl_convert, spec)


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
