"""Write a data set of N plausible, valid, canonical records, the same for the same seed.

``python -m tests.bench.generate 10000 DIR [--seed 1]``
"""

import argparse
import random
import shutil
import sys
from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from string import Template
from typing import Any

from healthcoop.files import canonical, reader, vocabularies
from healthcoop.files.tree import Tree
from healthcoop.model import dates
from healthcoop.model.vocabulary import Term, Vocabulary

ROOT = Path(__file__).resolve().parents[2]
FIRST_YEAR, LAST_DAY = 1948, date(2026, 9, 30)

Data = dict[str, Any]


class Weighted:
    """Values to draw from, each with its weight."""

    def __init__(self, weights: dict[str, float]) -> None:
        self.values = list(weights)
        self._sums = list(accumulate(weights.values()))

    def draw(self, rng: random.Random) -> str:
        """Draw one value."""
        return self.values[bisect(self._sums, rng.random() * self._sums[-1])]


class Generator:
    """Makes records in the order of their dates, so that links lead to what is there."""

    def __init__(self, vocabulary: Vocabulary, words: Data, seed: int) -> None:
        self._rng = random.Random(seed)
        self._vocabulary = vocabulary
        self._words = words
        self._topics = Weighted(_zipf(words["topics"], vocabulary.topics, 0.8))
        self._types = Weighted({code: float(share) for code, share in words["types"].items()})
        self._cities = words["cities"]
        self._names = {
            country: family for family in words["names"] for country in family["countries"]
        }
        self._pools: dict[int, tuple[Weighted, Weighted]] = {}
        self._templates: dict[str, Template] = {}
        self._ids: dict[str, int] = {}
        self._numbers: set[str] = set()
        self._past: dict[tuple[str, ...], list[Data]] = {}

    def records(self, count: int) -> Iterator[Data]:
        """Return the plain data of ``count`` records."""
        span = LAST_DAY.year - FIRST_YEAR + 1
        # A record's year: most are recent, a long tail is not.
        years = sorted(FIRST_YEAR + int(span * self._rng.random() ** 0.35) for _ in range(count))
        host: Data | None = None
        for year in years:
            record = self._signed_at(host) if host else self._event(year)
            yield record
            is_host = host is None and record["type"] in ("meeting", "visit", "conference")
            is_host = is_host and "withdrawn" not in record
            # Now and then the next record is the instrument signed there.
            host = record if is_host and "X" not in record["date"] and self._often(0.2) else None

    def _event(self, year: int) -> Data:
        draw = self._rng.random()
        if draw < 0.05:
            return self._record(self._many(year), self._when(year))
        countries, organisations = self._pool(year)
        if draw < 0.055:
            adopted = self._rng.choice(["regulation", "declaration", "action-plan"])
            alone = [organisations.draw(self._rng)]
            return self._record(alone, self._when(year), event_type=adopted)
        first = countries.draw(self._rng)
        others = organisations if draw < 0.22 else countries
        codes = _distinct(first, *(others.draw(self._rng) for _ in range(2 if draw > 0.96 else 1)))
        while len(codes) < 2:
            codes = _distinct(first, others.draw(self._rng))
        return self._record(codes, self._when(year))

    def _signed_at(self, host: Data) -> Data:
        codes = [_code(party) for party in host["parties"]]
        day = dates.parse(host["date"])
        anchor = day.earliest or LAST_DAY
        text = host["date"] if day.form == "date" else anchor.isoformat()
        event_type = self._rng.choice(["mou", "mou", "agreement", "action-plan", "protocol"])
        return self._record(codes, (text, anchor), event_type=event_type, host=host)

    def _record(
        self,
        codes: Sequence[str],
        when: tuple[str, date],
        *,
        event_type: str | None = None,
        host: Data | None = None,
    ) -> Data:
        event_type = event_type or self._types.draw(self._rng)
        kind = self._vocabulary.kind(event_type)
        many = len(codes) > 3
        if many and kind == "encounter":
            event_type = "conference"
        topics = self._about(when[1].year)
        text, anchor = self._as(event_type, when)
        fill = self._filling(codes, topics[0], event_type)
        verb = "signed" if kind == "instrument" else "met"
        style = {1: "alone", 2: "", 3: ""}.get(len(codes), "many")
        record: Data = {
            "id": self._id(text, codes, f"{topics[0]}-{event_type}"),
            "type": event_type,
            "title": _sentence(self._fill("titles", style or verb, fill)),
            "date": text,
            "parties": [self._party(code, codes, fill) for code in codes],
            "topics": topics,
            "summary": self._summary(verb, fill),
        }
        self._add_setting(record, codes, fill, host)
        if kind == "instrument":
            self._add_terms(record, fill, anchor)
        self._add_links(record, codes, kind, host)
        self._add_sources(record, fill, anchor)
        self._add_rest(record)
        return record

    def _about(self, year: int) -> list[str]:
        since = self._words["since"]
        drawn = [self._topics.draw(self._rng) for _ in range(self._tail(1, 0.4, 6))]
        return _distinct(*(topic for topic in drawn if int(since.get(topic, 0)) <= year)) or [
            "health-system"
        ]

    def _pool(self, year: int) -> tuple[Weighted, Weighted]:
        """Return the countries and organisations that exist during a whole year."""
        if year not in self._pools:
            words, vocabulary = self._words, self._vocabulary
            ranks = {code: rank for rank, code in enumerate(words["countries"])}
            for code, like in words["former"].items():
                ranks[code] = ranks[like]
            states = {
                code: term
                for code, term in vocabulary.countries.items()
                if (term.kind == "state" or code in words["former"]) and _exists(term, year)
            }
            bodies = {
                code: term for code, term in vocabulary.organisations.items() if _exists(term, year)
            }
            order = sorted(states, key=lambda code: (ranks.get(code, len(ranks)), code))
            self._pools[year] = (
                Weighted(_zipf(order, states, 0.9)),
                Weighted(_zipf(words["organisations"], bodies, 1.2)),
            )
        return self._pools[year]

    def _many(self, year: int) -> list[str]:
        countries, organisations = self._pool(year)
        wanted = min(30, 4 + int(self._rng.expovariate(0.16)))
        codes = [organisations.draw(self._rng)] if self._often(0.6) else []
        while len(codes) < wanted:
            codes = _distinct(*codes, countries.draw(self._rng))
        return codes

    def _when(self, year: int) -> tuple[str, date]:
        """Return a date of a year with a realistic precision, and the exact day."""
        first = date(year, 1, 4)  # hardly anything happens on New Year's Day
        last = min(LAST_DAY, date(year, 12, 20))
        day = first + timedelta(days=self._rng.randrange((last - first).days + 1))
        draw = self._rng.random()
        if draw < 0.76:
            return day.isoformat(), day
        for share, text in (
            (0.84, f"{day}~"),
            (0.85, f"{day}?"),
            (0.86, f"{day}%"),
            (0.93, f"{day:%Y-%m}"),
            (0.94, f"{day:%Y-%m}-XX"),
            (0.96, f"{year}"),
            (0.97, f"{year}~"),
            (0.975, f"{year}-XX-XX"),
            (0.98, f"{year // 10}X" if year < 2020 else f"{day:%Y-%m}~"),
        ):
            if draw < share:
                return text, day
        return f"{day}..", day  # a span or a set, once the type is known

    def _as(self, event_type: str, when: tuple[str, date]) -> tuple[str, date]:
        """Return an interval for an encounter and a set of days for an instrument."""
        text, day = when
        encounter = self._vocabulary.kind(event_type) == "encounter"
        end = min(LAST_DAY, day + timedelta(days=1 + self._tail(0, 0.6, 20)))
        if event_type in ("visit", "conference", "mission") and text == day.isoformat():
            return (f"{day}/{end}" if end > day and self._often(0.5) else text), day
        if not text.endswith("..") or event_type in ("meeting", "call", "ceremony"):
            return text.removesuffix(".."), day
        if encounter:
            return (f"{day}~/{end}~" if self._often(0.3) and end > day else f"{day}/{end}"), day
        return (f"[..{day}]" if self._often(0.3) else f"[{day}..{end}]"), day

    def _id(self, text: str, codes: Sequence[str], what: str) -> str:
        who = "multi" if len(codes) > 3 else "-".join(codes).lower()
        stem = f"{dates.parse(text).year}-{who}-{what}"
        number = self._ids[stem] = self._ids.get(stem, 0) + 1
        return stem if number == 1 else f"{stem}-{number}"

    def _filling(self, codes: Sequence[str], topic: str, event_type: str) -> dict[str, str]:
        text = self._words["instruments"].get(event_type, event_type)
        label = self._vocabulary.topics[topic].label
        return {
            "a": self._name(codes[0]),
            "b": self._name(codes[-1] if len(codes) < 3 else codes[1]),
            "topic": label if label[1].isupper() else label[0].lower() + label[1:],
            "text": text,
            "one": f"an {text}" if text[0] in "aeiou" else f"a {text}",
            "Text": _sentence(text),
            "count": str(len(codes)),
        }

    def _name(self, code: str) -> str:
        label = self._vocabulary.label(code)
        return label if len(label) <= 45 else code

    def _fill(self, key: str, style: str, fill: dict[str, str]) -> str:
        return self._filled(self._rng.choice(self._words[key][style]), fill)

    def _filled(self, text: str, fill: dict[str, str]) -> str:
        template = self._templates.get(text)
        if template is None:
            template = self._templates[text] = Template(text)
        return template.substitute(fill)

    def _summary(self, style: str, fill: dict[str, str]) -> str:
        sentences = self._rng.sample(self._words["summaries"][style], self._tail(1, 0.45, 6))
        return " ".join(self._filled(sentence, fill) for sentence in sentences)

    def _party(self, code: str, codes: Sequence[str], fill: dict[str, str]) -> Data:
        if code in self._vocabulary.organisations:
            return {"organisation": code}
        party: Data = {"country": code}
        if self._often(0.8 if len(codes) < 4 else 0.3):
            count = self._tail(1, 0.2, 4)
            bodies = [self._rng.choice(self._words["bodies"]) for _ in range(count)]
            if self._often(0.1):
                bodies.append(f"Embassy of {fill['a']} in {fill['b']}")
            party["bodies"] = _distinct(*bodies)
        if len(codes) > 3 and self._often(0.08):
            party["role"] = "observer"
        return party

    def _add_setting(
        self, record: Data, codes: Sequence[str], fill: dict[str, str], host: Data | None
    ) -> None:
        """Add where it was and who was there."""
        if record["type"] == "call":
            record["online"] = True
        elif host:
            if "places" in host:
                record["places"] = host["places"]
        elif self._often(0.85):
            known = [code for code in codes[:2] if code in self._cities]
            code = self._rng.choice(known) if known else "CH"
            place = {"city": self._cities[code], "country": code}
            if self._often(0.06):
                place["venue"] = "Palais des Nations" if code == "CH" else "Ministry of Health"
            record["places"] = [place]
        if self._often(0.7):
            people = [self._person(code, fill) for code in codes[: self._tail(1, 0.55, 9)]]
            record["people"] = list({person["name"]: person for person in people}.values())

    def _person(self, code: str, fill: dict[str, str]) -> Data:
        family = self._names.get(code, self._words["names"][-1])
        given, native_given = _spellings(self._rng.choice(family["given"]))
        surname, native_surname = _spellings(self._rng.choice(family["family"]))
        person: Data = {"name": f"{given} {surname}"}
        if native_given and native_surname and self._often(0.4):
            person["native_name"] = f"{native_given} {native_surname}"
        own = self._name(code)
        names = {"a": own, "b": fill["a"] if fill["b"] == own else fill["b"]}
        if code in self._vocabulary.organisations:
            person["role"] = self._filled(self._rng.choice(self._words["offices"]), names)
        else:
            person["role"] = self._filled(self._rng.choice(self._words["roles"]), names)
        person["party"] = code
        return person

    def _add_terms(self, record: Data, fill: dict[str, str], anchor: date) -> None:
        onlookers = [_code(party) for party in record["parties"] if "role" in party]
        for person in record.get("people", ()):
            if person["party"] not in onlookers and self._often(0.6):
                person["signed"] = True
        if self._often(0.2):
            language, text = self._rng.choice(self._words["official_titles"]).split("|")
            record["official_title"] = {"text": self._filled(text, fill), "language": language}
        if self._often(0.45):
            record["terms"] = self._terms(anchor)
        if record["type"] == "treaty":
            for party in record["parties"]:
                # A former state may not have lived to ratify what it signed.
                if "role" in party or party.get("country") in self._words["former"]:
                    continue
                ratified = _not_new_year(anchor + timedelta(days=self._rng.randrange(30, 900)))
                party["ratified"] = ratified.isoformat() if ratified <= LAST_DAY else "unknown"
        if self._often(0.1):
            record["text_url"] = f"https://treaties.example.org/texts/{record['id']}.pdf"
        if self._often(0.08):
            scheme = self._rng.choice(["unts", "wti", "uk-treaties"])
            number = self._unused(str(self._rng.randrange(1000, 80_000)))
            record["identifiers"] = [{"scheme": scheme, "value": number}]

    def _terms(self, anchor: date) -> Data:
        later = timedelta(days=self._rng.choice([0, 0, 30, self._rng.randrange(400)]))
        begins = _not_new_year(anchor + later)
        years = self._rng.choice([2, 3, 5, 5, 10])
        if self._often(0.15):
            return {"period": f"{begins.year}/{begins.year + years}"}
        terms: Data = {}
        if begins <= LAST_DAY:
            terms["in_force"] = begins.isoformat()
        terms["term"] = "indefinite" if self._often(0.2) else f"P{years}Y"
        if terms["term"] != "indefinite" and self._often(0.6):
            terms["renewal"] = self._rng.choice(["automatic", "automatic", "by-agreement", "none"])
            if terms["renewal"] == "automatic":
                terms |= {"renewal_term": f"P{years}Y", "notice": "P6M"}
        if begins.year + years < LAST_DAY.year:
            draw = self._rng.random()
            if draw < 0.15:
                terms |= {"ended": f"{begins.year + 1}", "end_reason": "terminated"}
            elif draw < 0.3 and terms.get("renewal") == "automatic":
                terms |= {"ended": "none", "checked": "2026-10-01"}
            elif draw < 0.45:
                terms |= {"ended": "unknown", "checked": "2026-10-02"}
        return terms

    def _add_links(self, record: Data, codes: Sequence[str], kind: str, host: Data | None) -> None:
        """Link it to earlier records of the same parties, and remember it."""
        past = self._past.setdefault(tuple(sorted(codes)), [])
        links = [{"rel": "signed-at", "record": host["id"]}] if host else []
        if past and self._often(0.3):
            earlier = self._rng.choice(past)
            both = kind == "instrument" == self._vocabulary.kind(earlier["type"])
            if earlier is not host and _can_lead(record, earlier):
                rel = self._rng.choice(
                    ["renews", "supersedes", "amends", "implements"]
                    if both
                    else ["follows-up", "related"]
                )
                links.append({"rel": rel, "record": earlier["id"]})
        elif self._often(0.03):
            year = record["id"][:4]
            title = "Agreement on cooperation in health, as a page mentions in passing"
            links.append({"rel": "related", "title": title, "date": f"{year}~"})
        if links:
            record["links"] = links
        past.append(record)

    def _add_sources(self, record: Data, fill: dict[str, str], anchor: date) -> None:
        count = self._tail(1, 0.35, 12)
        record["sources"] = [self._source(record, fill, anchor, n) for n in range(count)]
        quoted: set[str] = set()
        for source in record["sources"]:
            if source.get("quote") in quoted:
                del source["quote"]
            quoted.add(source.get("quote", ""))
        if self._often(0.04):
            for source in record["sources"]:
                page = source["url"].removeprefix("https://")
                source["archived"] = f"https://archive.example.org/2026/{page}"

    def _source(self, record: Data, fill: dict[str, str], anchor: date, number: int) -> Data:
        publishers = self._words["publishers"]
        entry = self._rng.choice(publishers[:-1] if number == 0 else publishers)
        kind, publisher = self._filled(entry, fill).split("|")
        page = f"{kind}.example.org/{anchor:%Y/%m}/{self._rng.randrange(10**6, 10**7)}"
        source: Data = {
            "url": f"https://{page}.html",
            "kind": kind,
            "publisher": publisher,
        }
        if self._often(0.25):
            source["title"] = f"{publisher}: {fill['Text']} on {fill['topic']}"
        if self._often(0.6):
            later = anchor + timedelta(days=self._rng.randrange(4))
            published = min(LAST_DAY, _not_new_year(later))
            source["published"] = published.isoformat()
        if self._often(0.3):
            source["accessed"] = f"2026-10-{self._rng.randrange(1, 31):02}"
        language, quote = self._rng.choice(self._words["quotes"]).split("|")
        source["language"] = language
        if self._often(0.6):
            source["quote"] = self._filled(quote, fill)
        source["supports"] = self._supports(record, first=number == 0)
        if number and self._often(0.03):
            source["says"] = {"date": (anchor + timedelta(days=6)).isoformat()}
        return source

    def _supports(self, record: Data, *, first: bool) -> list[str]:
        provable = ("official_title", "places", "people", "outcomes", "terms", "text_url")
        names = ["type", "parties", *(key for key in provable if key in record)]
        if "in_force" in record.get("terms", ()):
            names.append("terms.in_force")
        if "ratified" in record["parties"][0]:
            names.append(f"parties.{_code(record['parties'][0])}.ratified")
        chosen = [name for name in names if self._often(0.6)] or ["type"]
        return ["date", *chosen] if first or self._often(0.4) else chosen

    def _add_rest(self, record: Data) -> None:
        if self._often(0.3):
            record["outcomes"] = self._rng.sample(self._words["outcomes"], self._tail(1, 0.5, 12))
        british = any(party.get("country") == "GB" for party in record["parties"])
        treaty = british and self._vocabulary.kind(record["type"]) == "instrument"
        record["collection"] = "uk-treaties-online-2026" if treaty else "news-search-2026"
        if self._often(0.02):
            record["former_ids"] = [f"{record['id']}-first"]
        if self._often(0.003):
            reason = "the same event is told in another record"
            record["withdrawn"] = {"date": "2026-10-20", "reason": reason}
        if self._often(0.08):
            notes = self._rng.sample(self._words["notes"], self._tail(1, 0.3, 6))
            record["notes"] = " ".join(notes)

    def _unused(self, number: str) -> str:
        """Return a number that no other record has."""
        while number in self._numbers:
            number = str(int(number) + 1)
        self._numbers.add(number)
        return number

    def _often(self, share: float) -> bool:
        return self._rng.random() < share

    def _tail(self, least: int, more: float, most: int) -> int:
        """Return ``least`` plus a geometrically distributed number.

        A few counts have a greater mean, which makes the long tail.
        """
        count = least
        if self._often(0.02):
            more = 0.85
        while count < most and self._rng.random() < more:
            count += 1
        return count


def write(count: int, folder: Path, *, seed: int = 1) -> int:
    """Write a data set into a new or empty folder; return the bytes of its records.

    Raises FileExistsError where the folder already holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    # The accepted findings of the real records do not apply here.
    mine = shutil.ignore_patterns("accepted.yaml")
    shutil.copytree(ROOT / "schema", folder / "schema", ignore=mine)
    vocabulary = vocabularies.load(Tree(ROOT))
    words = reader.parse((Path(__file__).parent / "words.yaml").read_bytes()).data
    assert words is not None, "words.yaml cannot be read"
    (folder / "records").mkdir()
    years: set[str] = set()
    size = 0
    for record in Generator(vocabulary, words, seed).records(count):
        year = record["id"][:4]
        if year not in years:
            years.add(year)
            (folder / "records" / year).mkdir()
        content = canonical.layout(record).encode()
        size += len(content)
        with open(f"{folder}/records/{year}/{record['id']}.yaml", "wb") as file:
            file.write(content)
    return size


def main() -> None:
    """Write a data set by the command line's arguments, and print its size."""
    parser = argparse.ArgumentParser(description="Write a data set of plausible records.")
    parser.add_argument("count", type=int, metavar="N")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    try:
        size = write(arguments.count, arguments.folder, seed=arguments.seed)
    except FileExistsError as error:
        parser.error(str(error))
    average = size // max(1, arguments.count)
    sys.stdout.write(f"{arguments.count:,} records, {average:,} bytes each on average\n")


def _zipf(order: Sequence[str], known: dict[str, Term], power: float) -> dict[str, float]:
    """Weigh codes by 1 / (rank + 2) ** power, those that are not in ``order`` last."""
    ranked = [code for code in order if code in known]
    ranked += [code for code in known if code not in set(ranked)]
    return {code: (rank + 2) ** -power for rank, code in enumerate(ranked)}


def _exists(term: Term, year: int) -> bool:
    starts = dates.parse(term.starts).latest if term.starts else None
    ends = dates.parse(term.ends).earliest if term.ends else None
    return (starts or date.min) < date(year, 1, 1) and (ends or date.max) > date(year, 12, 31)


def _distinct(*codes: str) -> list[str]:
    return list(dict.fromkeys(codes))


def _not_new_year(day: date) -> date:
    """Avoid 1 January, which often means that only the year was known."""
    return day + timedelta(days=1) if (day.month, day.day) == (1, 1) else day


def _can_lead(record: Data, earlier: Data) -> bool:
    """Return whether a record can have a link to an earlier one that is not withdrawn."""
    day, before = dates.parse(record["date"]).earliest, dates.parse(earlier["date"]).latest
    return day is not None and before is not None and before <= day and "withdrawn" not in earlier


def _code(party: Data) -> str:
    code: str = party.get("country") or party["organisation"]
    return code


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _spellings(entry: str) -> tuple[str, str]:
    latin, _, native = entry.partition("|")
    return latin, native


if __name__ == "__main__":
    main()
