"""The page “Propose a record”: a form, and the checks of healthcoop in the browser."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from healthcoop.checks import suppressions
from healthcoop.contribute.creation import summaries_in
from healthcoop.errors import HealthcoopError
from healthcoop.site import addresses, hosts, rendering
from healthcoop.site.propose import bundle, corpus, form, pyodide

if TYPE_CHECKING:
    from healthcoop.site import Content
    from healthcoop.site.source import Source

FOLDER = "assets/propose"
_FEW = 25


def files(source: "Source") -> "Iterator[tuple[str, Content]]":
    """Yield the page, and what it loads: Pyodide, the code, vocabularies and summaries.

    Where Pyodide cannot be read or downloaded, the page says how to contribute without the form.
    """
    engine = _pyodide(source)
    yield addresses.PROPOSE, partial(_page, source, has_form=engine is not None)
    if engine is not None:
        yield f"{FOLDER}/codes.json", lambda: _encoded(form.code_lists(source.vocabulary))
        for name, content in engine.items():
            yield f"{FOLDER}/pyodide/{name}", partial(bytes, content)
        yield f"{FOLDER}/python.zip", bundle.bundle
        yield f"{FOLDER}/checks.json", partial(_checks, source)
        yield f"{FOLDER}/records.json", partial(_records, source)


def _pyodide(source: "Source") -> Mapping[str, bytes] | None:
    if not source.settings.has_form:
        return None
    copy = source.settings.pyodide
    try:
        return pyodide.load(copy)
    except HealthcoopError as error:
        if copy is not None:
            raise
        source.note(f"the page “Propose a record” has no form: {error.message}")
        return None


def _page(source: "Source", *, has_form: bool) -> bytes:
    repository, branch = source.settings.repository, source.settings.branch
    host = hosts.host_of(repository)
    return rendering.page(
        source,
        addresses.PROPOSE,
        "propose.html",
        title="Propose a record",
        description="Describe a meeting or an instrument in a form, and download its record.",
        script_policy="'self' 'wasm-unsafe-eval'",
        folder=FOLDER,
        fields=form.fields() if has_form else [],
        few={name: terms for name, terms in _few_codes(source).items() if has_form},
        collection=source.vocabulary.usual_collection,
        host=host.name if host else "",
        new_address=f"{repository}/{host.new}".replace("{branch}", quote(branch)) if host else "",
        edit_address=f"{repository}/{host.edit}".replace("{branch}", quote(branch)) if host else "",
        pyodide_version=pyodide.VERSION,
    )


def _few_codes(source: "Source") -> dict[str, list[dict[str, Any]]]:
    """Return the code lists that are short enough to choose from without typing."""
    lists = form.code_lists(source.vocabulary)
    return {name: terms for name, terms in lists.items() if len(terms) <= _FEW}


def _checks(source: "Source") -> bytes:
    accepted = [
        {"code": one.code, "record": one.record, "reason": one.reason, "pointer": one.pointer}
        for one in suppressions.read(source.files)
    ]
    return _encoded({"vocabulary": source.vocabulary.data, "accepted": accepted})


def _records(source: "Source") -> bytes:
    return corpus.dump(summaries_in(source.index)).encode("utf-8", "backslashreplace")


def _encoded(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
