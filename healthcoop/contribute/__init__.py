"""New data sets, and what changed in a record."""
