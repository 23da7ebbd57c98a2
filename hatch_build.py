"""Build hook: a wheel contains the records with a prebuilt index, and the commit they are from.

A source distribution contains the commit, so that a wheel built from it has it too.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class SnapshotHook(BuildHookInterface):
    """Adds the files that are derived from the records."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the files to a temporary folder, and name them to the build."""
        self._folder = Path(tempfile.mkdtemp())
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, self.root)
        try:
            from healthcoop.export.provenance import provenance
            from healthcoop.files import snapshot, vocabularies
            from healthcoop.files.tree import Tree
            from healthcoop.index import prebuilt

            tree = Tree(root)
            known = provenance(root, vocabularies.load(tree))
            taken = self._folder / snapshot.NAME
            taken.write_text(snapshot.text(snapshot.Snapshot(known.revision, known.day)), "utf-8")
            if self.target_name == "sdist":
                build_data["force_include"][str(taken)] = snapshot.NAME
                return
            index = self._folder / prebuilt.NAME
            prebuilt.write(tree, index, cache=self._folder / "cache")
            for path in (taken, index):
                build_data["force_include"][str(path)] = f"healthcoop/_snapshot/{path.name}"
        finally:
            sys.path.remove(self.root)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the temporary folder."""
        shutil.rmtree(self._folder, ignore_errors=True)
