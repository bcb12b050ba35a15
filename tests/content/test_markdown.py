"""Staff-written copy: a little Markdown, and nothing that is ever executed."""

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from advisor.content.drafts import read_draft
from advisor.content.markdown import TAGS, plain, render
from advisor.content.models import FrequentQuestion, Outcome
from tests.assessment.reading import Page
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import draft, publish_draft

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b onclick='alert(1)'>bold</b>",
    "<style>body{display:none}</style>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox)",
    "<javascript:alert(1)>",
    "![picture](https://elsewhere.example.com/pixel.png)",
    "<iframe src=//elsewhere.example.com></iframe>",
    "[x]: javascript:alert(1)\n\n[x]",
    "<svg/onload=alert(1)>",
    "**<script>alert(1)</script>**",
    "`<script>alert(1)</script>`",
    "# A heading",
    "A heading\n=========",
]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Plain words.", "<p>Plain words.</p>"),
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("One line\nand the next", "<p>One line<br>\nand the next</p>"),
        ("Ask **first** and *then*.", "<p>Ask <strong>first</strong> and <em>then</em>.</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("2 < 3 & 4 > 3", "<p>2 &lt; 3 &amp; 4 &gt; 3</p>"),
        (
            "[us](https://example.com/a?b=1&c=2)",
            '<p><a href="https://example.com/a?b=1&amp;c=2" rel="noopener nofollow">us</a></p>',
        ),
        ("", ""),
    ],
)
def test_markdown_becomes_a_few_tags(text: str, html: str) -> None:
    rendered = render(text)

    assert rendered == html


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_text_is_executed_or_fetched(text: str) -> None:
    rendered = render(text)

    tags = elements(rendered)
    assert {tag for tag, _ in tags} <= TAGS
    assert all(set(attributes) <= {"href", "rel", "start"} for _, attributes in tags)
    assert all(attributes.get("href", "https:").startswith(("http:", "https:", "mailto:")) for _, attributes in tags)


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a piece of HTML, as a browser would make it."""
    root = Page(HttpResponse(html), strict=False).root
    return [(element.tag, dict(element.attrib)) for element in root.iter() if element is not root]


@given(st.text(alphabet=st.sampled_from("<>\"'&/=()[]*_`-# \n:abonerscriptj"), max_size=60))
def test_whatever_is_typed_only_the_few_tags_come_out(text: str) -> None:
    rendered = render(text)

    tags = elements(rendered)
    assert {tag for tag, _ in tags} <= TAGS
    assert all(set(attributes) <= {"href", "rel", "start"} for _, attributes in tags)


@pytest.mark.parametrize(
    "text", ["\u202egnihtemos", "👩‍🔧 works", "word " * 10_000, "[" * 5_000, "> " * 2_000, "- " * 2_000, "*" * 5_000]
)
def test_strange_and_long_texts_come_through(text: str) -> None:
    rendered = render(text)

    assert plain(text).split()[:1] == text.split()[:1] or text[0] in "[>-*"
    assert {tag for tag, _ in elements(rendered)} <= TAGS


def test_the_words_alone_have_no_marks() -> None:
    words = plain("Ask **first**:\n\n- [who](https://example.com) owns it\n- 2 < 3")

    assert words == "Ask first: who owns it 2 < 3"


@pytest.mark.django_db
def test_a_visitor_reads_it_as_it_was_rendered_when_it_was_published(visitor: Client) -> None:
    Outcome.objects.filter(key="fractional-cto").update(text="Hire **one** <script>alert(1)</script>.")
    publish_draft()

    page = Page(visitor.get(f"/{GUIDE}/result/?{ANSWERS['fractional-cto']}"))

    assert "one" in page.texts("main//strong")
    assert "Hire one <script>alert(1)</script>." in page.texts("main//p")
    assert page.one("meta[@name='description']").get("content") == "Hire one <script>alert(1)</script>."


@pytest.mark.django_db
def test_the_rendering_is_part_of_the_edition() -> None:
    FrequentQuestion.objects.filter(position=1).update(answer="- yes\n- no")

    document = read_draft(draft())

    assert document.html["- yes\n- no"] == "<ul>\n<li>yes</li>\n<li>no</li>\n</ul>"


@pytest.mark.django_db
def test_an_edition_from_before_there_was_markdown_shows_its_texts_as_they_were(visitor: Client) -> None:
    page = Page(visitor.get("/"))

    assert "**" not in page.text("main")
