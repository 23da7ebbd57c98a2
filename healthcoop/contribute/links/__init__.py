"""Checking that the pages of records are still there."""
