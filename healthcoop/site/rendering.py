"""Templates to pages: the one place where text of records becomes HTML.

Every value is escaped by Jinja2, and what is invisible or reorders text is made visible before.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from healthcoop import __version__
from healthcoop.export.markup import web_address
from healthcoop.files.visible import HIDDEN, counted, visible
from healthcoop.index.statistics.left_out import without_options
from healthcoop.site import addresses, charts, elements, words

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markupsafe import Markup

    from healthcoop.site.source import Source

NAVIGATION = (
    ("Records", addresses.RECORDS),
    ("Countries", addresses.COUNTRIES),
    ("Pairs", addresses.PAIRS),
    ("Organisations", addresses.ORGANISATIONS),
    ("Topics", addresses.TOPICS),
    ("Statistics", addresses.STATISTICS),
    ("Data", addresses.DATA),
    ("About", addresses.ABOUT),
    ("Contribute", addresses.CONTRIBUTE),
)
"""The links at the top of every page."""


def page(
    source: "Source",
    path: str,
    template: str,
    *,
    title: str,
    description: str,
    data: str = "",
    script_policy: str = "'self'",
    absolute: bool = False,
    **context: Any,
) -> bytes:
    """Render a page of the site.

    ``path`` is that of the page below the site's root, from which its links are relative;
    ``description`` is one sentence for search engines and previews; ``data`` is the path of its
    data as JSON; ``script_policy`` is what the content security policy says of scripts. The links
    of an ``absolute`` page begin with the base URL: it is shown at any address.
    """
    names = source.vocabulary
    return _encoded(
        _template(template).render(
            path=path,
            title=title,
            description=description,
            data=data,
            script_policy=script_policy,
            navigation=NAVIGATION,
            to=_absolute(source) if absolute else partial(addresses.relative, page=path),
            address=addresses,
            names=names,
            label=names.label,
            label_in=names.label_in,
            provenance=source.provenance,
            settings=source.settings,
            today=source.today,
            source=source,
            version=__version__,
            **context,
        )
    )


def _absolute(source: "Source") -> Callable[[str], str]:
    return lambda target: source.settings.base_url + addresses.relative(target, addresses.HOME)


def drawing(template: str, **context: Any) -> str:
    """Render a picture as SVG."""
    return _template(template).render(**context)


def data_file(data: Mapping[str, Any] | list[Any]) -> bytes:
    """Return data as a JSON file in UTF-8, each key or item of it on a line."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    if isinstance(data, Mapping):
        lines = [f"{encode(key)}: {encode(value)}" for key, value in data.items()]
        return _encoded("{\n" + ",\n".join(lines) + "\n}\n")
    return _encoded("[\n" + ",\n".join(map(encode, data)) + "\n]\n")


def script_data(data: Any) -> str:
    """Return JSON that can stand inside a ``script`` element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    if not text.isprintable():
        text = HIDDEN.sub(lambda match: json.dumps(match.group())[1:-1], text)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def load_templates() -> None:
    """Compile every template, so that processes forked from this one need not."""
    for name in _environment().list_templates(
        filter_func=lambda name: name.endswith((".html", ".svg"))
    ):
        _template(name)


@cache
def _template(name: str) -> "Template":
    return _environment().get_template(name)


@cache
def _environment() -> "Environment":
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("healthcoop.site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
        auto_reload=False,
    )
    filters: Mapping[str, Callable[..., Any]] = {
        "counted": counted,
        "date": words.date_in_words,
        "dates": words.with_dates,
        "fact_name": words.fact_name,
        "day": words.day_in_words,
        "datetime": words.machine_date,
        "web_address": lambda text: web_address(text or ""),
        "host": words.host,
        "language": words.language_tag,
        "script_data": script_data,
        "number": words.number,
        "share": words.share,
        "lines": words.lines,
        "without_options": without_options,
        "code": _with_code,
        "size": words.size,
        "published": words.published_path,
        "reason": words.reason_in_words,
        "when": elements.when,
        "status": elements.status,
        "years_chart": charts.years_chart,
    }
    environment.filters.update(filters)
    return environment


def _with_code(text: str) -> "Markup":
    """Return a text of ours with what is between backticks as code."""
    from markupsafe import Markup, escape

    parts = (
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(text.split("`"))
    )
    return Markup("").join(parts)


def _shown(value: Any) -> Any:
    return value if hasattr(value, "__html__") else visible(str(value))
