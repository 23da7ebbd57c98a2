"""Reformat the record files of a data set in the canonical layout."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from healthcoop.errors import HealthcoopError
from healthcoop.files import canonical
from healthcoop.files.atomic import write_text
from healthcoop.files.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedFile:
    """A file that is not in the canonical layout.

    ``after`` is its canonical text, None where it cannot be reformatted. ``error`` is why it cannot
    be reformatted or written, else empty.
    """

    path: str
    before: bytes
    after: str | None = None
    error: str = ""


def format_files(
    tree: Tree, paths: Sequence[str] | None, *, write: bool
) -> Iterator[FormattedFile]:
    """Yield the files, of all or of those below ``paths``, that are not in the canonical layout.

    With ``write`` they are written first, unless they changed since they were read.
    """
    for path in tree:
        if paths and not any(path == part or path.startswith(f"{part}/") for part in paths):
            continue
        content, text = b"", None
        error = "it cannot be parsed (healthcoop validate reports why)"
        try:
            content = tree[path]
            text = canonical.reformat(content)
        except KeyError:  # deleted since its folder was listed
            continue
        except OSError:
            pass
        except canonical.CannotReformat as refusal:
            error = refusal.message
        if text is None:
            yield FormattedFile(path=path, before=content, error=error)
            continue
        if text.encode() == content:
            continue
        error = ""
        if write:
            try:
                write_text(tree.root / path, [text], expected=content)
            except HealthcoopError as failure:
                error = failure.message
        yield FormattedFile(path=path, before=content, after=text, error=error)
