"""Text of strangers in GitHub's Markdown."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from healthcoop.files.markdown import escape, link
from healthcoop.files.visible import visible
from tests.cases import each

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
GAP = "\u200b"
# What GitHub links in the text of a rendered page, whatever markup it came from.
LINKED = re.compile(
    r"@\w|#\d|\bgh-\d|https?://\S|\bwww\.|:[a-z0-9+_-]*[a-z+_-][a-z0-9+_-]*:|:100:", re.IGNORECASE
)


def shown(markdown: str) -> str:
    """Return the text of a paragraph of Markdown, which has no element within it."""
    html = RENDERER.render(markdown)
    match = re.fullmatch(r"<p>([^<]*)</p>\n", html)
    assert match, html
    return unescape(match[1])


@each(
    "text",
    [
        *("- a", "+ a", "= a", "===", "---", "1. a", "12) a", "# a", "###", "> a", "| a | b |"),
        *("**a** _b_ ~~c~~", "`a`", "[a](javascript:alert(1))", "![a](https://x.org/a.png)"),
        *(
            "<script>alert(1)</script>",
            "<!-- a",
            "&lt; &#60;",
            r"\*a\*",
            "a | b",
            "    code",
            "$x$",
        ),
        *("@octocat and @org/team", "#1 GH-1 gh-2 org/repo#3", "http://x.org www.x.org"),
        *("a@example.org", ":tada: :+1: :-1: :100:", "10:30:15", "U+000D", "a = b + c!"),
    ],
)
def test_escaped_text_shows_its_characters_and_nothing_else(text):
    rendered = shown(escape(text))
    assert rendered.replace(GAP, "") == " ".join(text.split())
    assert not LINKED.search(rendered)


@given(st.text(alphabet=st.sampled_from("@#:/-+=.)1aw_*`[]()<>&|~\\!$ \n\u202e"), max_size=30))
def test_no_text_is_markup_or_a_mention(text):
    expected = " ".join(visible(text.replace("\n", " ")).split())
    if expected:
        rendered = shown(f"- **Title**: {escape(text)}".removeprefix("- **Title**: "))
        assert rendered.replace(GAP, "") == expected
        assert not LINKED.search(rendered)


def test_long_text_is_cut():
    assert escape("a" * 500, most=10) == f"{'a' * 9}…"


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//x.org", "x", ""),
        *("http://[::1", "http://", "ftp://x.org", "https://github.com/a/b/issues/1"),
        *("https://gist.github.com/a", "https://GitHub.com./a"),
    ],
)
def test_address_that_is_none_or_leaves_a_reference_is_not_linked(address):
    shown(f"x {link('Agency', address)}")  # raises for an element


@each(
    ("address", "target"),
    [
        ("https://x.org/a?b=c&d=e#f", "https://x.org/a?b=c&d=e#f"),
        ("https://x.org/a>)|`b\\", "https://x.org/a%3E)%7C%60b%5C"),
        ("https://x.org/@me", "https://x.org/%40me"),
        ("https://x.org/é", "https://x.org/%C3%A9"),
        ("https://x.org/%20&colon;", "https://x.org/%20&colon;"),
    ],
)
def test_link_leads_to_its_address(address, target):
    html = RENDERER.render(link("[A] (b)", address))
    (href, label) = re.fullmatch(r'<p><a href="([^"]*)">([^<]*)</a></p>\n', html).groups()
    assert (unescape(href), label) == (target, "[A] (b)")
