"""The result of checking links, for people: what needs a curator first, in as few lines as tell."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from healthcoop.checks.addresses import host
from healthcoop.contribute.links.checking import STATES
from healthcoop.files.visible import counted, visible

Row = Mapping[str, Any]
_HEADINGS = {
    "gone": "Gone",
    "quote-missing": "Quote not on the page",
    "moved": "Moved for good",
    "blocked": "Access refused",
    "unreachable": "Not reached",
}
_HOSTS_LISTED = 3


def report(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the lines of a report: a heading for each state but ``ok``, then its links.

    Links that were refused or not reached for one reason are counted rather than listed: nobody
    corrects a record for them.
    """
    numbers = Counter(row["state"] for row in rows)
    listed = ", ".join(f"{numbers[state]:,} {state}" for state in STATES[::-1] if numbers[state])
    yield f"{counted(len(rows), 'link')}: {listed}" if rows else "No links"
    for state, heading in _HEADINGS.items():
        some = [row for row in rows if row["state"] == state]
        if some:
            yield ""
            yield f"{heading}: {len(some):,}"
            counts_only = state in ("blocked", "unreachable")
            yield from (_counts(some) if counts_only else _links(some))


def _links(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        reason = visible(_reason(row))
        yield f"  {row['record']} {row['field']}{reason and f': {reason}'}"
        yield f"    {visible(row['url'])}"
        if row["state"] == "moved":
            yield f"    now {visible(row['final_url'])}"
        elif row["archived_proposal"]:
            yield f"    perhaps a copy: {visible(row['archived_proposal'])}"


def _reason(row: Row) -> str:
    status = row["status"] if row["state"] not in ("quote-missing", "moved") else None
    return " ".join(str(part) for part in (status, row["detail"]) if part)


def _counts(rows: Sequence[Row]) -> Iterator[str]:
    by_reason = defaultdict(list)
    for row in rows:
        by_reason[_reason(row)].append(row)
    for reason, some in sorted(by_reason.items(), key=lambda item: -len(item[1])):
        hosts = Counter(host(row["url"]) for row in some)
        names = [visible(name) for name, _ in hosts.most_common(_HOSTS_LISTED)]
        more = [f"{counted(len(hosts) - len(names), 'more host')}"] if len(hosts) > 3 else []
        yield f"  {visible(reason)}: {counted(len(some), 'link')} ({', '.join([*names, *more])})"
