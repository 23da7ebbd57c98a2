"""The words of the full-text table: how often each occurs, and where."""

from collections.abc import Iterator, Sequence

from healthcoop.index.database import Index, retry_after_damage

_TABLE = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.word_{0} USING fts5vocab(main, words, {0})"


@retry_after_damage
def word_counts(index: Index) -> Sequence[tuple[str, int]]:
    """Return each word, folded, with the number of its occurrences, sorted by code points."""
    index.connection.execute(_TABLE.format("row"))
    return index.connection.execute("SELECT term, cnt FROM temp.word_row").fetchall()


@retry_after_damage
def word_places(index: Index, first: str, last: str) -> Iterator[tuple[str, str, int]]:
    """Return where the words from first to last occur: the word, the record's path, its position.

    They are sorted by word, and by position within a record; withdrawn records are there, too.
    """
    index.connection.execute(_TABLE.format("instance"))
    rows = index.connection.execute(
        "SELECT term, file.path, offset FROM temp.word_instance"
        " JOIN file ON file.id = word_instance.doc"
        " WHERE term >= ? AND term <= ? ORDER BY term, file.id, offset",
        (first, last),
    )
    return iter(rows.fetchall())
