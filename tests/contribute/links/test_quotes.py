"""Whether a page contains a quote."""

from time import process_time

import pytest

from healthcoop.contribute.links.quotes import find, key, why_unknown
from healthcoop.contribute.web import Answer
from tests.cases import each

QUOTE = "The ministers signed a “Memorandum” on health co-operation"


def found(quote: str, content: bytes | str, content_type: str = "text/html", **more) -> bool | None:
    body = content if isinstance(content, bytes) else content.encode()
    answer = Answer("http://a.example/", 200, {"content-type": content_type}, body, **more)
    return find(answer, {quote})[key(quote)]


@each(
    "content",
    [
        "<p>The ministers signed a &ldquo;Memorandum&rdquo; on health co&#8209;operation.</p>",
        "<p>THE MINISTERS\n\tsigned&nbsp;a <b>Memo</b>randum<br>on <i>health</i> cooperation",
        'the ministers signed a "memorandum" on health co-oper\u00adation',
        '<script>{"body": "The ministers signed a \'Memorandum\' on health co-operation"}</script>',
        "<p title='a > b'>The ministers signed a Memorandum on health co-operation",
        "<!-- note --><p>The ministers signed a <!-- here -->Memorandum on health co-operation",
    ],
)
def test_layout_case_and_typography_do_not_matter(content):
    assert found(QUOTE, content) is True


@each(
    ("quote", "content"),
    [
        (QUOTE, "<p>The ministers discussed a Memorandum on health co-operation</p>"),
        (QUOTE, ""),
        (QUOTE, "<html><title>Page not found</title></html>"),
        ("health ... signed", "signed, for health"),
    ],
)
def test_other_words_do(quote, content):
    assert found(quote, content) is False


def test_words_left_out_of_a_quote_may_be_anything():
    page = "The minister of health, Mr X, signed the plan"
    for quote in (
        "The minister of health ... signed the plan",
        "The minister […] signed [the] plan",
    ):
        assert found(quote, page) is True


def test_accents_and_other_scripts():
    assert found("Sağlık Bakanı imzaladı", "SAĞLIK BAKANI imzaladı") is True
    assert found("Министр подписал", "<p>министр <i>подписал</i>".encode("cp1251")) is False
    declared = "text/html; charset=windows-1251"
    assert found("Министр подписал", "<p>министр подписал".encode("cp1251"), declared) is True
    wrong = "text/html; charset=iso-8859-1"
    assert found("Министр подписал", "<p>министр подписал", wrong) is True
    assert found("보건 협력", "<p>보건&nbsp;협력</p>") is True
    assert found("quotés", "quotés".encode("latin-1")) is True


@each(
    ("content", "content_type", "reason"),
    [
        (b"%PDF-1.7 text", "application/pdf", "the page is not text"),
        (b"%PDF-1.7 text", "text/html", "the page is not text"),
        (b"\x89PNG", "image/png", "the page is not text"),
        (b"{}", "application/json", "the page is not text"),
    ],
)
def test_what_is_not_text_is_not_searched(content, content_type, reason):
    assert found(QUOTE, content, content_type) is None
    assert why_unknown(Answer("u", 200, {"content-type": content_type}, content)) == reason


def test_the_rest_of_a_long_page_may_contain_the_quote():
    assert found(QUOTE, "<p>beginning", truncated=True) is None
    assert found("beginning", "<p>beginning", truncated=True) is True
    assert found("...", "<p>beginning") is None


@pytest.mark.slow
@each("content", ["<" * 4_000_000, "<a " * 1_300_000, "&" * 4_000_000, "<!--" * 1_000_000])
def test_hostile_pages_take_linear_time(content):
    start = process_time()
    found(QUOTE, content)
    assert process_time() - start < 6
