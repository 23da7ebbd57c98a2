"""What a page carries beside its article: menus, forms, links to other articles."""

import re

# A line of these words alone; everything after it belongs to the page, not to the article.
_TAIL = re.compile(
    r"(?:no comments|\d+ comments?|comments|leave a (?:reply|comment)|you (?:might|may) also like"
    r"|similar posts|related (?:articles?|news|posts|stories|topics|content)|read also"
    r"|more (?:news|stories|from .{1,40})|most (?:read|popular)|latest news|recommended"
    r"|share this(?: article| post| story)?|tags?|about the author|previous (?:post|article)"
    r"|exit mobile version|your email address will not be published.*|post navigation"
    r"|(?:noticias|artículos) relacionad[ao]s|te puede interesar|leia (?:também|mais)"
    r"|notícias relacionadas|articles similaires|lire aussi|à lire aussi"
    r"|читайте также|похожие новости|новости по теме|ilgili haberler|digər xəbərlər)\s*[:.…]*",
    re.IGNORECASE,
)
# A line that begins like this is left out, wherever it is.
_LINE = re.compile(
    r"(?:stay up[- ]to[- ]date with|follow us|subscribe|sign up for|share on|click here"
    r"|advertisement|photo(?: credit)?\s*:|image(?: credit)?\s*:|read more|read also|also read"
    r"|see also|©|copyright|all rights reserved|please enter your|home\s*[>›»/|]"
    r"|for more (?:news|information),? (?:visit|contact)|download (?:the|our) app|source\s*:"
    r"|lea también|lea además|te recomendamos|leia também|lire aussi|читайте также|фото\s*:"
    r"|exit mobile version|you (?:might|may) also like|whatsapp\b|telegram\b|facebook\b|twitter\b)",
    re.IGNORECASE,
)
_LAST_WORDS = re.compile(
    r"\s(?:exit mobile version|you might also like"
    r"|stay up-to-date with [^.\n]{0,120}(?:channel|app))\s*\Z",
    re.IGNORECASE,
)
_MIN_BODY = 200  # characters before a tail: an article does not begin with one
_LONGEST_LINE = 200  # what is longer is a paragraph of the article


def without_debris(text: str) -> str:
    """Return the text with page debris replaced by spaces, of the same length."""
    lines = text.split("\n")
    kept: list[str] = []
    body = 0
    for number, line in enumerate(lines):
        words = line.strip()
        if body >= _MIN_BODY and _TAIL.fullmatch(words):
            kept.extend(" " * len(rest) for rest in lines[number:])
            break
        debris = len(words) <= _LONGEST_LINE and (_LINE.match(words) or _TAIL.fullmatch(words))
        if debris or _is_menu(words, lines[number + 1 : number + 7]):
            kept.append(" " * len(line))
        else:
            body += len(words)
            kept.append(line)
    whole = "\n".join(kept)
    if last := _LAST_WORDS.search(whole):
        whole = whole[: last.start()] + re.sub(r"[^\n]", " ", whole[last.start() :])
    return whole


def _is_menu(line: str, following: list[str]) -> bool:
    """Return whether a line is a path of menus that ends in the title, which follows alone."""
    following = [words for each in following if (words := each.strip())]
    title = following[0] if following else ""
    return bool(title) and len(title) > 20 and line != title and line.endswith(title)
