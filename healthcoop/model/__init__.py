"""What a record is. Pure: no file, no database, no terminal."""

FORMAT_VERSION = 1
"""The version of the record format that this tool reads and writes."""
