"""The derived database: built from the files, queried by every read command."""
