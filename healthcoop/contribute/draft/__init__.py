"""Proposing records from a news article: what it reports, and the words that say so."""
