"""The examples of a rule page are tests: one fails with that rule only, the other passes."""

import re

from healthcoop.checks import engine
from healthcoop.checks.registry import rules
from healthcoop.checks.rule_pages import page
from tests.cases import each

ENCOUNTER = """\
id: 2022-az-cu-visit
type: visit
title: Azerbaijan's health minister visits Cuba
date: "2022-10-07"
parties:
  - country: AZ
  - country: CU
topics: [vaccines]
summary: The minister spoke of vaccines there.
sources:
  - url: https://example.org/news
    kind: agency
    supports: [date]
collection: news-search-2026
"""
INSTRUMENT = ENCOUNTER.replace("visit", "memorandum").replace("type: memorandum", "type: mou")
OF_INSTRUMENTS = re.compile(r"^terms:|^type: (?:mou|agreement|treaty|protocol|amendment)", re.M)
FIELD = re.compile(r"^([a-z_]+):", re.M)

WITHOUT_EXAMPLE = {
    "HC101",  # bytes that are not text
    "HC102",  # a file of 257 KiB
    "HC117",  # a list of 1,001 items
    "HC104",  # docstrings have spaces for tabs
    "HC112",  # an example is completed, so it is never empty or a list
    "HC115",  # about the file system, not the content
    "HC209",  # for schema keywords that the schema does not use
    "HC901",  # about schema/accepted.yaml
    "HC902",  # about files that are not records
    "HC903",  # as HC902
    "HC904",  # as HC902
    "HC906",
    "HC907",
    "HC908",  # as HC901
    "HC909",  # as HC902
    "HC951",  # compares two revisions: test_deletions.py
}


def files_of(example: str) -> dict[str, bytes]:
    """Complete each record of an example with the fields that do not matter for it."""
    files = {}
    for number, part in enumerate(re.split(r"^---\n", example, flags=re.M)):
        path, body = "", part
        if named := re.match(r"# (records/\S+)\n", part):
            path, body = named[1], part[named.end() :]
        base = INSTRUMENT if OF_INSTRUMENTS.search(body) else ENCOUNTER
        present = set(FIELD.findall(body))
        if path and "id" not in present:
            body = f"id: {path.rpartition('/')[2].rpartition('.')[0]}\n{body}"
            present.add("id")
        blocks = re.split(r"^(?=[a-z])", base, flags=re.M)
        kept = [block for block in blocks if block and block.partition(":")[0] not in present]
        text = "".join(kept) + body.rstrip("\n") + "\n"
        ident = re.search(r"^id: (\S+)", text, re.M)
        if not path:
            assert ident
            path = f"records/{ident[1][:4]}/{ident[1]}.yaml"
        assert path not in files, f"record {number} has the path of another: give it an id"
        files[path] = text.encode()
    return files


@each("code", sorted(set(rules()) - WITHOUT_EXAMPLE))
def test_examples_of_a_rule_page_fail_and_pass(code: str, context: engine.CheckContext) -> None:
    """The failing example has findings of this rule only; the passing one has none."""
    shown = page(rules()[code])
    assert shown.reason
    assert shown.fails, "the page lacks “Fails:”"
    assert shown.passes, "the page lacks “Passes:”"
    found = engine.check(files_of(shown.fails), context, jobs=1).findings
    assert {finding.code for finding in found} == {code}
    assert engine.check(files_of(shown.passes), context, jobs=1).findings == ()


@each("code", sorted(WITHOUT_EXAMPLE))
def test_rule_pages_without_examples_are_exactly_the_listed_ones(code: str) -> None:
    """They still have a reason."""
    shown = page(rules()[code])
    assert shown.reason
    assert not shown.fails
    assert not shown.passes
