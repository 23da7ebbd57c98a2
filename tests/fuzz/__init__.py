"""Fuzzing of what reads, checks and lays out record files; see README.md."""
