"""Text from strangers, safe to print."""

# No-break spaces, and the joiners that Persian and Indic words need.
_HARMLESS = "\u00a0\u202f\u200c\u200d"


def visible(text: str) -> str:
    r"""Make control characters and bidirectional overrides visible, as ``\u202e``."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or character in _HARMLESS
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )
