"""The derived database: built from the files, asked by every read command."""
