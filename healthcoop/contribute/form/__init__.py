"""The questions about a new record, and the record that their answers make."""
