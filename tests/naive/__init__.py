"""Naive implementations: the same answers computed in a slower and simpler way."""
