"""The minimum that a list of records needs: the imports, and the status of every file."""

import os
import sqlite3  # noqa: F401
import sys

import click  # noqa: F401


def walk(folder: str) -> int:
    """Count the files below a folder, with a stat call for each."""
    count = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                count += walk(entry.path)
            else:
                entry.stat(follow_symlinks=False)
                count += 1
    return count


if __name__ == "__main__":
    sys.stdout.write(f"{walk(sys.argv[1])}\n")
