"""How well articles are read, against gold facts: ``python -m tests.eval --texts DIR GOLD``."""
