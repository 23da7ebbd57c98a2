"""Articles as text: titles, paragraphs, sentences, languages and what pages carry beside them."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcoop.contribute.draft.article import Article, load
from healthcoop.contribute.draft.debris import without_debris
from healthcoop.contribute.draft.markup import attribute_counts
from healthcoop.errors import HealthcoopError
from tests.cases import each

BODY = (
    "The two ministers spoke about hospitals for an hour, the ministry of the country reported.\n\n"
    "They agreed that doctors of both countries should learn from each other in the next years.\n\n"
    "A working group is to prepare the first list of hospitals that take part in the exchange."
)


def article(text: str) -> Article:
    return load(text.encode())


@each(
    ("text", "sentences"),
    [
        ("Dr. A. Kaya met Mr. Silva. They spoke.", ["Dr. A. Kaya met Mr. Silva.", "They spoke."]),
        ("The U.S. Secretary came. He left.", ["The U.S. Secretary came.", "He left."]),
        ("He flew to the U.S. The talks went on.", ["He flew to the U.S.", "The talks went on."]),
        ("H.E. Dr. Amina Diallo spoke of No. 5 and Oct. 7.", None),
        ("“Health first,” he said. “We agree.”", ["“Health first,” he said.", "“We agree.”"]),
        ("Turnover was 3.5 million. It grew.", ["Turnover was 3.5 million.", "It grew."]),
        ("Did they sign? No. They will.", ["Did they sign?", "No.", "They will."]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, sentences):
    found = Article(text)
    assert [found.words(span) for span in found.sentences] == (sentences or [text])


def test_short_first_line_is_the_title():
    found = article(f"Ministers discuss hospitals\n\n{BODY}")
    assert found.title == "Ministers discuss hospitals"
    assert found.words(found.body[0]).startswith("The two ministers")
    assert not article(BODY).title


def test_hard_wrapped_lines_are_one_paragraph():
    wrapped = BODY.replace("the ministry of", "the ministry\nof")
    found = article(f"{wrapped}\n\n• a first point\n• another")
    assert len(found.paragraphs) == 5
    assert "the ministry of the country" in found.words(found.paragraphs[0])


@each(
    "debris",
    [
        "\n\nNO COMMENTS\n\nLEAVE A REPLY\n\nPlease enter your name here",
        "\n\nRelated articles\n\nChile and Peru sign a plan against malaria",
        "\n\nExit mobile version",
        "\n\nYou Might Also Like ",
        " Exit mobile version",
    ],
)
def test_page_debris_is_not_read(debris):
    found = article(BODY + debris)
    assert found.words(found.paragraphs[-1]) == article(BODY).words(article(BODY).paragraphs[-1])
    assert len(found.paragraphs) == 3


def test_menu_before_the_title_is_not_the_title():
    title = "Peru and Chile agree on joint hospitals"
    assert article(f"Home World News {title}\n\n{title}\n\n0\n\n{BODY}").title == title


@given(st.text(alphabet="ab A.!?\n\t•Comments", max_size=400))
def test_offsets_survive_cleaning_and_every_sentence_is_in_a_paragraph(text):
    assert len(without_debris(text)) == len(text)
    found = Article(text)
    for sentence in found.sentences:
        assert any(paragraph.contains(sentence) for paragraph in found.paragraphs)
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end]
    kept = "".join("".join(found.words(span).split()) for span in found.sentences)
    assert kept == "".join(text.split())


@each(
    ("language", "text"),
    [
        ("en", "The minister of health met with the ambassador and discussed the plan"),
        ("es", "El ministro de Salud se reunió con la embajadora para hablar de los hospitales"),
        ("pt", "O ministro da Saúde reuniu-se com a embaixadora e assinou um acordo em Lisboa"),
        ("fr", "Le ministre de la Santé a reçu l’ambassadeur et les médecins dans la capitale"),
        ("ru", "Министр здравоохранения встретился с послом и обсудил сотрудничество"),
        ("tr", "Sağlık Bakanı ile büyükelçi bir araya geldi ve iki ülke arasında iş birliği için"),
        ("az", "Səhiyyə naziri ilə səfir arasında görüş keçirilib və əməkdaşlıq müzakirə edilib"),
    ],
)
def test_language_is_recognised(language, text):
    assert article(f"{text}.").language == language


def test_html_gives_title_site_day_and_text_without_menus():
    text = "".join(f"<p>{paragraph}</p>" for paragraph in BODY.split("\n"))
    page = f"""<!doctype html><html lang="en"><head><title>x</title>
    <meta property="og:title" content="Ministers discuss hospitals">
    <meta property="og:site_name" content="The Example">
    <meta property="article:published_time" content="2024-05-06T10:00:00Z"></head>
    <body><nav><a href="/">Home</a><a href="/w">World</a></nav>
    <article><h1>Ministers discuss hospitals</h1>{text}
    </article><footer>Imprint</footer></body></html>"""
    found = load(page.encode(), url="https://news.example/1")
    assert (found.title, found.publisher) == ("Ministers discuss hospitals", "The Example")
    assert (found.published, found.url) == ("2024-05-06", "https://news.example/1")
    assert "Home" not in found.text
    assert "working group" in found.text


@each(
    "content",
    [
        *(b"", b"  \n", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, b"\xff\xfe\xfd" * 50, b"<html></html>"),
        *(b"<html>" + b"<div>" * 20_000 + BODY.encode(), b"<html><body>" + b"<p>a</p>" * 50_000),
        b"<html><p " + b" ".join(b"a%d" % n for n in range(20_000)) + f">{BODY}".encode(),
        b"<html><p " + b" ".join(b"a%d='>'" % n for n in range(90_000)) + f">{BODY}".encode(),
        b"a" * 5_000_000,
    ],
)
def test_what_is_no_article_is_an_error(content):
    with pytest.raises(HealthcoopError):
        load(content)


@each(
    ("page", "counts"),
    [
        (b"<p>a b", [0]),
        (b"<p a b=1 c='>' d=\">\" e = x>y</p z>", [5, 1]),
        (b"<p a=\"it's\" b='\"' c=don't d><p/a/b>", [4, 2]),
        (b'<p =">x<p a"b c>', [1, 2]),  # quotes in names begin no value
        (b"<p a='not closed> b c <p d>", [1]),
        (b"<!-- <p a=\"b --><b y='>' z><!--><i x>", [2, 1]),
        (b"<!doctype html a='><?x a='><p b>", [1]),
        (b"<script x>if (a<b) c=\"</b d=</SCRIPT><p a='>' b>", [1, 0, 2]),
    ],
)
def test_attributes_are_counted_as_a_parser_reads_them(page, counts):
    assert [*attribute_counts(page)] == counts


@pytest.mark.slow
@each(
    "piece", [b"<", b"<p ", b"<a x='", b"<a x", b"<a x=\"'>", b" =", b"<!--", b"<!-", b"</script"]
)
@each("begin", [b"", b"<p ", b"<p x='", b"<script>", b"<!--"])
def test_attributes_are_counted_in_linear_time(begin, piece):
    start = process_time()
    sum(attribute_counts(begin + piece * (1_000_000 // len(piece))))
    assert process_time() - start < 3


def test_quoted_values_of_any_length_are_read():
    data = b'{"a": "b > c/d"}, ' * 50_000
    page = b"<html><body data-page='%b'><p>%b</p></body></html>" % (data, BODY.encode())
    assert "working group" in load(page).text
