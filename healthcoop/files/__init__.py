"""Files as bytes, as data and as text with positions; on disk and in git."""
