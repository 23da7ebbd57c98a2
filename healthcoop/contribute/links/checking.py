"""Checking the web addresses of records: whether their pages are there and contain the quote."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from healthcoop.checks.addresses import host
from healthcoop.checks.findings import is_below
from healthcoop.contribute.hosts import NO_NAMES, ON_PRIVATE_NETWORK
from healthcoop.contribute.links import quotes
from healthcoop.contribute.links.host_queue import HostQueue, Turns
from healthcoop.contribute.links.requests import CopyJob, Job, Requests
from healthcoop.contribute.links.results import ResultFile, UrlResult
from healthcoop.contribute.web import Limits
from healthcoop.index.database import Index
from healthcoop.index.query import Query
from healthcoop.index.records import select
from healthcoop.index.results import LINK_COLUMNS, Table
from healthcoop.index.sync import cache_file
from healthcoop.model.columns import IndexedRecord

STATES = ("gone", "quote-missing", "moved", "blocked", "unreachable", "ok")
"""The states of a link, those that need a curator first."""
FAILING = frozenset({"gone", "quote-missing"})
"""The states that are faults of the data; the others may be those of a server or a network."""

_ARCHIVE = "https://web.archive.org/web"
_FIRST_COPIES = "1996"
_YEAR_MONTH_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Link:
    """A web address of a record; ``field`` is its JSON pointer.

    ``day`` is one near which the page was probably there, as EDTF. ``is_archived``: no copy is
    looked for, since the record has its address, or has no place for it.
    """

    record: str
    field: str
    url: str
    day: str
    quote: str = ""
    is_archived: bool = True

    @property
    def stamp(self) -> str:
        """The day as the archive writes it: ``20221007``, or less of it; empty before its time."""
        found = _YEAR_MONTH_DAY.match(self.day)
        return "".join(filter(None, found.groups())) if found and found[1] >= _FIRST_COPIES else ""


def links_of(records: Iterable[IndexedRecord]) -> Iterator[Link]:
    """Yield the addresses of the texts of instruments and of the records' sources."""
    for item in records:
        record = item.record
        if record.text_url:
            yield Link(record.id, "/text_url", record.text_url, record.date)
        for number, source in enumerate(record.sources):
            yield Link(
                record.id,
                f"/sources/{number}/url",
                source.url,
                source.accessed or source.published or record.date,
                source.quote or "",
                is_archived=source.archived is not None,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCheck:
    """How links are checked.

    ``refresh`` asks for addresses with a fresh result too, ``archived`` asks the Internet Archive
    for copies; ``progress`` is called with the numbers of addresses done and in all.
    """

    limits: Limits
    refresh: bool = False
    archived: bool = False
    progress: Progress | None = None

    def run(self, index: Index, among: Sequence[str]) -> Table:
        """Check the links of the records in these files or folders; return a row for each.

        Of ``left_out``, ``fresh`` is the number of addresses that were not asked for again, and
        ``private`` and ``offline`` are those of links that were not asked for, since their host is
        on a private network, or there is no network. What was asked is kept in the user's cache
        folder, where the run is interrupted too.
        """
        selected = select(index, Query(), sort=("id",))
        records = (item for item in selected if any(is_below(item.path, each) for each in among))
        links = [*links_of(records)]
        file = cache_file(index.root)
        results = ResultFile(file and file.with_suffix(".links.jsonl"))
        every = [*_jobs(links, results)]
        jobs = [job for job in every if self.refresh or not _is_fresh(job)]
        checked: dict[str, UrlResult] = {}
        try:
            for result in self._ask(jobs):
                checked[result.url] = result
                if result.is_definite:
                    results.add(result)
            if self.archived:
                self._find_copies(links, checked, results)
        finally:
            results.save()
        rows = []
        for link in links:
            kept = results.get(link.url)
            if final := checked.get(link.url) or kept:
                rows.append(_row(link, final, kept.archived if kept else None))
        details = Counter(row["detail"] for row in rows)
        left_out = {
            "fresh": len(every) - len(jobs),
            "private": details[ON_PRIVATE_NETWORK],
            "offline": details[NO_NAMES],
        }
        return Table(rows, LINK_COLUMNS, left_out=left_out)

    def _ask(self, jobs: Sequence[Job]) -> Iterator[UrlResult]:
        turns = Turns()
        queue = HostQueue(Requests(self.limits, turns).ask_host, turns)
        for done, result in enumerate(queue.run(jobs, host=lambda job: host(job.url)), start=1):
            yield result
            if self.progress:
                self.progress(done, len(jobs))

    def _find_copies(
        self, links: Iterable[Link], checked: Mapping[str, UrlResult], results: ResultFile
    ) -> None:
        """Ask the archive for copies of pages that it was not asked for yet."""
        jobs = {}
        for link in links:
            known = results.get(link.url)
            if not link.is_archived and (self.refresh or not known or known.archived is None):
                jobs[link.url] = CopyJob(link.url, link.stamp)
        turns = Turns()
        queue = HostQueue(Requests(self.limits, turns).find_copies, turns)
        found = queue.run([*jobs.values()], host=lambda _: "")
        for done, (url, copy) in enumerate(found, start=1):
            if known := results.get(url) or checked.get(url):
                results.add(replace(known, archived=copy))
            if self.progress:
                self.progress(done, len(jobs))


def _jobs(links: Iterable[Link], results: ResultFile) -> Iterator[Job]:
    """Yield a job for each address, with all quotes that records have of its page."""
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for link in links:
        wanted[link.url].update([link.quote] if link.quote else [])
    for url, of_page in wanted.items():
        yield Job(url, frozenset(of_page), results.get(url))


def _is_fresh(job: Job) -> bool:
    known = job.previous
    return known is not None and known.is_fresh and (known.state != "ok" or known.knows(job.quotes))


def _row(link: Link, result: UrlResult, archived: str | None) -> dict[str, Any]:
    state: str = result.state
    detail = result.detail
    if state == "ok":
        found = result.quotes.get(quotes.key(link.quote)) if link.quote else True
        detail = detail if found is None else ""
        if found is False:
            state, detail = "quote-missing", "the page does not contain the quote"
        elif result.moved_to:
            state = "moved"
    proposal = None
    if not link.is_archived:
        guess = "/".join(filter(None, [_ARCHIVE, link.stamp, link.url]))
        proposal = guess if archived is None else archived or None
    return {
        "record": link.record,
        "field": link.field,
        "url": link.url,
        "state": state,
        "status": result.status,
        "final_url": (result.moved_to if state == "moved" else result.final_url) or None,
        "detail": detail,
        "archived_proposal": proposal,
        "checked": result.checked,
    }
