"""A picture as a file's bytes: SVG, PNG, or a page of HTML that needs no network."""

import json
import re
from collections.abc import Callable
from html import escape
from pathlib import PurePath
from types import ModuleType
from typing import Any

from healthcoop.errors import HealthcoopError
from healthcoop.export.charts.frame import Spec

_VEGA_LITE = "6.1"  # one version, so that a newer library draws the same
_SCALE = 2

# What is behind the first digit is too small to see, and not the same on every machine.
_DRAWN = re.compile(r'(?<= d=")[^"]*(?=")')
_LONG_NUMBER = re.compile(r"\d+\.\d{2,}")

# Nothing may be fetched, whatever is in the specification; Vega compiles its expressions.
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:">
<title>{title}</title>
</head>
<body>
<div id="picture"></div>
<script>{library}</script>
<script>
vegaEmbed("#picture", {spec}, {options});
</script>
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
            "pictures need a library that is not installed", hint="Install healthcoop[charts]."
        ) from None
    return lambda spec: _RENDERERS[ending](vl_convert, spec)


def _svg(library: ModuleType, spec: Spec) -> bytes:
    drawn: str = library.vegalite_to_svg(spec, **_OPTIONS)
    return _DRAWN.sub(lambda path: _LONG_NUMBER.sub(_rounded, path[0]), drawn).encode()


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _png(library: ModuleType, spec: Spec) -> bytes:
    drawn: bytes = library.vegalite_to_png(spec, scale=_SCALE, **_OPTIONS)
    return drawn


def _html(library: ModuleType, spec: Spec) -> bytes:
    options = {
        "mode": "vega-lite",
        "renderer": "svg",
        "actions": {"export": True, "source": False, "compiled": False, "editor": False},
    }
    page = _PAGE.format(
        title=escape(" ".join(spec["title"]["text"])),
        library=library.javascript_bundle(vl_version=_VEGA_LITE).replace("</script", "<\\/script"),
        spec=_in_script(json.dumps(spec)),
        options=json.dumps(options),
    )
    return page.encode()


def _in_script(text: str) -> str:
    """Write what a text has of HTML so that no tag begins or ends in it."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


_OPTIONS: dict[str, Any] = {"vl_version": _VEGA_LITE, "allowed_base_urls": []}
_RENDERERS = {".svg": _svg, ".png": _png, ".html": _html}
