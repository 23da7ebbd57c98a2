"""``python -m healthcoop``."""

from healthcoop.cli import main

main()
