"""The tags of an HTML page as a parser sees them, in linear time: how much work they are for it."""

import re
from collections.abc import Iterator

# As https://html.spec.whatwg.org/multipage/parsing.html#tokenization has it: only the value of an
# attribute can be in quotes; what is not closed goes on to the end.
_SPACE = rb"[ \t\n\f\r]"
_ATTRIBUTE = (
    rb"[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+"
    rb"(?:%b*+=%b*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^ \t\n\f\r>\"'][^ \t\n\f\r>]*+)?+)?+"
) % (_SPACE, _SPACE)
_TOKEN = re.compile(
    rb"<!--(?:-?>|.*?(?:--!?>|\Z))"
    rb"|<[!?][^>]*+"
    rb"|</?(?P<name>[a-zA-Z][^ \t\n\f\r/>]*+)(?P<attributes>(?:[ \t\n\f\r/]++|%b)*+)" % _ATTRIBUTE,
    re.DOTALL,
)
_ONE = re.compile(_ATTRIBUTE)
_ENDS = {
    name: re.compile(rb"</%b(?=[ \t\n\f\r/>])" % name, re.IGNORECASE)
    for name in (b"script", b"style", b"xmp", b"iframe", b"noembed", b"noframes")
}
"""Elements whose content is no markup, and where they end."""


def attribute_counts(content: bytes) -> Iterator[int]:
    """Yield the number of attributes of each tag."""
    position = 0
    while token := _TOKEN.search(content, position):
        position = token.end()
        if token["name"] is None:  # a comment or the like
            continue
        yield sum(1 for _ in _ONE.finditer(token["attributes"]))
        end = _ENDS.get(token["name"].lower())
        if end and not token[0].startswith(b"</"):
            closing = end.search(content, position)
            position = closing.start() if closing else len(content)
