"""What comes in: likely duplicates, and what changed in a record."""
