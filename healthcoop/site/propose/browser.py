"""What the page's worker calls: JSON in, JSON out. Runs in the browser, under Pyodide."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from healthcoop.checks.suppressions import Accepted, stem
from healthcoop.contribute.record_ids import path_of
from healthcoop.model.vocabulary import Vocabulary
from healthcoop.site.propose import corpus, form

Fetch = Callable[[str], str | None]
"""Returns the text of the record with an id from the site: None where there is none, an empty one
where it could not be loaded."""


class _Records(Mapping[str, bytes]):
    """The files of records, each fetched when it is first read; raises OSError where it is not."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._contents: dict[str, bytes | None] = {}

    def __getitem__(self, path: str) -> bytes:
        if path not in self._contents:
            text = self._fetch(stem(path))
            if text == "":
                raise OSError(f"{path} could not be loaded")
            self._contents[path] = None if text is None else text.encode()
        content = self._contents[path]
        if content is None:
            raise KeyError(path)
        return content

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)


class Api:
    """The calls of the worker."""

    def __init__(self, data: str, records: str, fetch: Fetch, today: str = "") -> None:
        """Take the texts of ``checks.json`` and ``records.json``; ``today`` is for tests."""
        given = json.loads(data)
        self._files = _Records(fetch)
        self._proposer = form.Proposer(
            Vocabulary(given["vocabulary"]),
            today=date.fromisoformat(today) if today else date.today(),
            others=corpus.load(records),
            accepted=[Accepted(**entry) for entry in given["accepted"]],
            files=self._files,
        )

    def call(self, name: str, arguments: str) -> str:
        """Call a method below with a JSON list of arguments; return its result as JSON."""
        calls: Mapping[str, Callable[..., Any]] = {
            "preview": self._preview,
            "find": self._proposer.find,
            "similar": self._proposer.similar_ids,
            "read": self._read,
        }
        return json.dumps(calls[name](*json.loads(arguments)), ensure_ascii=True)

    def _preview(self, data: Mapping[str, Any], path: str = "") -> dict[str, Any]:
        return self._proposer.preview(data, path=path).to_data()

    def _read(self, ident: str) -> dict[str, Any] | None:
        """Return what ``form.read`` does of an existing record, and its path; None without one."""
        path = path_of(ident)
        try:
            return {"path": path, **form.read(self._files[path])}
        except KeyError:
            return None
