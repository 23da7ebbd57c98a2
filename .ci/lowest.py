"""Write constraints-lowest.txt: every dependency of pyproject.toml at its declared lower bound.

``python .ci/lowest.py`` writes the file, ``--check`` exits 1 where it differs. CI installs the
project with it (``pip install -c constraints-lowest.txt``) and runs the tests.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "constraints-lowest.txt"
NOTICE = "# Written by .ci/lowest.py from pyproject.toml; change that file, not this one."
# Tools that judge the code rather than run it: CI uses their newest releases only.
EXTRAS = (
    "charts",
    "contribute",
    "duckdb",
    "network",
    "pandas",
    "parquet",
    "polars",
    "site",
    "spark",
)
EXTRAS += ("test", "xlsx")


def constraints() -> str:
    """Return the text of the file; raise ValueError for a dependency without a lower bound."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in EXTRAS:
        wanted += project["optional-dependencies"][extra]
    bounds: dict[str, str] = {}
    for requirement in wanted:
        if requirement.startswith("healthcoop["):
            continue
        match = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?>=([0-9.]+)(?:; .+)?", requirement)
        if match is None:
            raise ValueError(f"{requirement}: write it as “name>=version”")
        name, version = match.groups()
        if bounds.setdefault(name, version) != version:
            raise ValueError(f"{name}: two lower bounds, {bounds[name]} and {version}")
    lines = [f"{name}=={bounds[name]}" for name in sorted(bounds, key=str.lower)]
    return "\n".join([NOTICE, *lines]) + "\n"


def main() -> int:
    """Write or check the file; return the exit code."""
    text = constraints()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text, "utf-8")
    elif not FILE.is_file() or FILE.read_text("utf-8") != text:
        sys.stderr.write("constraints-lowest.txt differs: run python .ci/lowest.py\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
