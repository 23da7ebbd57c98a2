"""What a record is. Pure: no file, no database, no terminal."""
