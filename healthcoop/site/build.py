"""A site written to a folder: whole, or not at all."""

import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from healthcoop.errors import HealthcoopError, NotExportable
from healthcoop.export.charts.rendering import is_started
from healthcoop.export.records import BESIDE
from healthcoop.files import atomic
from healthcoop.files.parallel import map_parallel
from healthcoop.site import Site, rendering

if TYPE_CHECKING:
    from healthcoop.index.database import Index
    from healthcoop.site.source import Source

_CHUNK = 80  # files that a process makes at a time: those of a record mostly together
_OF_RECORD = re.compile("records/[0-9]")
MANIFEST = ".healthcoop-site"
"""The file that lists a site's own files, so that another build may replace them."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: the number of files, and of their bytes."""

    files: int
    size: int


def build(
    source: "Source",
    folder: str | os.PathLike[str],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Built:
    """Write the site to a folder that does not exist, is empty, or has an earlier site.

    ``progress`` is called with the number of files written and that of all. Raises HealthcoopError
    for any other folder, also for one among the records and for an earlier site with other files
    in it, and where it cannot be written.
    """
    _check_outside(source.index.root, folder)
    if not source.settings.repository:
        source.note(
            "no page says where a proposed record is sent:"
            " give --repository URL, or repository-code in CITATION.cff"
        )
    site = Site(source)
    rendering.load_templates()  # once for all processes
    apart = {*site.drawn, *site.exported, *site.last}
    paths = [path for path in site if path not in apart]
    # What needs the figures of all parties comes first, so that one process counts them.
    paths.sort(key=lambda path: _OF_RECORD.match(path) is not None)
    exports = [
        [*names] for _, names in groupby(site.exported, lambda name: name.removesuffix(BESIDE))
    ]
    chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
    done = size = 0
    with atomic.new_folder(folder, replaceable=_is_own) as new:
        write = partial(_write_chunk, source.index, site, new)
        drawn = [site.drawn]
        # What draws charts keeps a hundred megabytes, and works in no process forked after it.
        ours = is_started()
        made = map_parallel(
            write, [*exports, *chunks], apart=() if ours else drawn, only_forked=True
        )
        for files, written in chain(made, map(write, [*(drawn if ours else ()), site.last])):
            done, size = done + files, size + written
            if progress:
                progress(done, len(site))
        for name, reason in source.exports.left_out.items():
            source.note(f"{name} is left out: {reason}")
        _write(new / MANIFEST, "".join(f"{path}\n" for path in sorted(site)).encode())
    return Built(done, size)


def _check_outside(root: Path, folder: str | os.PathLike[str]) -> None:
    """Raise HealthcoopError for a folder in which files would be read as part of the data set."""
    target = Path(os.path.realpath(folder))
    for name in ("records", "schema"):
        if target.is_relative_to(os.path.realpath(root / name)):
            raise HealthcoopError(
                f"{folder} is in {name}/, which is part of the data set",
                hint="Choose another folder with -o.",
            )


def _write_chunk(index: "Index", site: Site, folder: Path, paths: Sequence[str]) -> tuple[int, int]:
    """Write some files, maybe in a forked process; return their number and that of their bytes."""
    index.reconnect_after_fork()
    sizes = []
    for path in paths:
        with suppress(NotExportable):
            sizes.append(_write(folder / path, site[path]))
    return len(sizes), sum(sizes)


def _write(file: Path, content: bytes) -> int:
    try:
        size = file.write_bytes(content)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        size = file.write_bytes(content)
    return size


def _is_own(folder: Path) -> bool:
    """Return whether a folder has nothing but an earlier site; raises HealthcoopError otherwise."""
    try:
        listed = (folder / MANIFEST).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        return False
    own = {MANIFEST, *listed}
    for top, _, names in os.walk(folder):
        for name in names:
            path = (Path(top) / name).relative_to(folder).as_posix()
            if path not in own:
                raise HealthcoopError(
                    f"{folder} has a file that does not belong to the site: {path}",
                    hint="Move it away, or choose another folder with -o.",
                )
    return True
