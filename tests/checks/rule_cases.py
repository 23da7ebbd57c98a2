"""The cases of the rules: tests/data/rules/<code>.yaml, small edits of the records in base.yaml.

A file lists the cases that fail and those that pass. A case names the ``base`` it starts from
(``visit`` by default), the fields that ``change``, as YAML text, and those to ``remove``. Where
its bytes matter it has the whole ``text`` instead, and where several files matter, ``files``, each
such a mapping, or a symbolic ``link``. Paths follow from the ids, where no ``path`` is given.
A case that fails describes its one finding: its place, and a part of its message.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import yaml

from healthcoop.checks import suppressions
from healthcoop.checks.engine import CheckContext, Checker
from healthcoop.checks.findings import Finding
from healthcoop.files.tree import Tree
from healthcoop.model.record import Record

FOLDER = Path(__file__).parents[1] / "data" / "rules"
_ORDER = [field.name for field in fields(Record)]
_FIELD = re.compile(r"^(?=[a-z_]+:)", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Files by their paths, and the finding expected in them: None where they pass.

    ``links`` are symbolic links, from their path to where they lead.
    """

    code: str
    name: str
    files: Mapping[str, bytes]
    links: Mapping[str, str]
    expected: Mapping[str, Any] | None


@cache
def cases() -> Sequence[Case]:
    """Return the cases of all rules, in order of codes."""
    return [case for path in sorted(FOLDER.glob("HC*.yaml")) for case in _cases_in(path)]


class CaseChecker:
    """Checks cases one after another, with a schema that is compiled once."""

    def __init__(self, context: CheckContext, folder: Path) -> None:
        """Store an empty folder for the cases that need a file system."""
        self._files: dict[str, bytes] = {}
        self._checker = Checker(self._files, context)
        self._folder = folder

    def check(self, case: Case) -> list[Finding]:
        """Return the findings in a case's files, less those that it accepts."""
        unexpected = []
        if case.links or any(map(_needs_a_tree, case.files)):
            tree = Tree(self._write(case))
            self._files |= tree
            unexpected = [*tree.unexpected_files()]
        else:
            self._files |= {path: case.files[path] for path in case.files if _is_record(path)}
        checked = self._checker.check_files(sorted(self._files))
        results = {result.summary.path: result for result in checked}
        findings = [finding for result in checked for finding in result.findings]
        findings += self._checker.check_corpus(results, unexpected)
        self._files.clear()
        return suppressions.remove_accepted(sorted(findings), suppressions.read(case.files))[0]

    def _write(self, case: Case) -> Path:
        root = Path(mkdtemp(dir=self._folder))
        for path, content in case.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        for path, target in case.links.items():
            (root / path).symlink_to(target)
        return root


def _is_record(path: str) -> bool:
    return path.startswith("records/") and path.lower().endswith((".yaml", ".yml"))


def _needs_a_tree(path: str) -> bool:
    return "/." in path or not (_is_record(path) or path == suppressions.PATH)


def _cases_in(path: Path) -> Iterator[Case]:
    listed = _load(path)
    for kind in ("fails", "passes"):
        for name, entry in listed[kind].items():
            entries = entry.get("files", [entry])
            links = {item["path"]: item["link"] for item in entries if "link" in item}
            files = dict(_file(item) for item in entries if "link" not in item)
            expected = None
            if kind == "fails":
                expected = {"path": next(iter(files)), **entry["finding"]}
            yield Case(code=path.stem, name=name, files=files, links=links, expected=expected)


def _file(entry: Mapping[str, Any]) -> tuple[str, bytes]:
    text = entry.get("text")
    if text is None:
        base = bases()[entry.get("base", "visit")]
        text = edited(base, entry.get("change", ""), entry.get("remove", ()))
    content = text.encode(entry.get("encoding", "utf-8"))
    return entry.get("path") or path_of(content), content


def edited(base: str, change: str, remove: Iterable[str] = ()) -> str:
    """Return a record with some fields replaced, added (in canonical order) or removed."""
    blocks = {block.partition(":")[0]: block for block in _FIELD.split(base) + _FIELD.split(change)}
    order = [name for name in _ORDER if name in blocks] + [
        name for name in blocks if name not in _ORDER
    ]
    return "".join(blocks[name] for name in order if name not in remove)


def path_of(content: bytes) -> str:
    """Return where the file of a record belongs, by the id in its text."""
    ident = re.search(rb"^id: (\S+)", content, re.MULTILINE)
    name = ident[1].decode() if ident else "2022-az-cu-visit"
    return f"records/{name[:4]}/{name}.yaml"


@cache
def bases() -> Mapping[str, str]:
    """Return the text of each base record by its name."""
    return _load(FOLDER / "base.yaml")


def _load(path: Path) -> Any:
    return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
