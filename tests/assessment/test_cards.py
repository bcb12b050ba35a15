"""What messengers and social networks show beside a link."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from advisor.content.editions import LoadedEdition
from advisor.decision import result_code
from tests.assessment.addresses import LANDING, question, result
from tests.assessment.reading import Page, read
from tests.conftest import ANSWERS, GUIDE
from tests.decision.answer_sets import said

pytestmark = pytest.mark.usefixtures("published")

SITE = "http://testserver"


def tags(page: Page) -> dict[str, str]:
    """What a robot reads of a page's head."""
    found = {meta.get("property") or meta.get("name"): meta.get("content") for meta in page.all("head/meta")}
    return {name: value for name, value in found.items() if name and value and name.startswith(("og:", "twitter:"))}


def picture(visitor: Client, address: str) -> Image.Image:
    assert address.startswith(SITE)
    response = visitor.get(address.removeprefix(SITE))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Vary" not in response or "Cookie" not in response["Vary"]
    return Image.open(BytesIO(response.content))


def contrast_of_words(image: Image.Image) -> int:
    """How many of 255 steps lie between the darkest and the lightest point of the words, as a chat shows them."""
    small = image.convert("L").resize((300, 157)).crop((18, 0, 300, 157))
    darkest, lightest = small.getextrema()
    assert isinstance(darkest, int)
    assert isinstance(lightest, int)
    return lightest - darkest


@pytest.mark.parametrize("outcome", ANSWERS)
def test_a_short_link_shows_the_outcome_and_nothing_that_was_answered(
    visitor: Client, published: LoadedEdition, outcome: str
) -> None:
    code = result_code.write(published.guide, 1, said(ANSWERS[outcome]))

    found = tags(read(visitor, f"/r/{code}/"))

    title = published.guide.outcome[outcome].title
    assert found["og:title"] == f"{title} – {published.guide.title}"
    assert found["og:url"] == f"{SITE}/r/{code}/"
    assert found["og:image"] == f"{SITE}/{GUIDE}/result/{outcome}.png?edition=1"
    assert found["og:image:alt"] == f"Our recommendation: {title}"
    assert found["twitter:card"] == "summary_large_image"
    assert not any("signal=" in value or "software=" in value for value in found.values())
    image = picture(visitor, found["og:image"])
    assert image.size == (1200, 630)
    assert contrast_of_words(image) > 150


def test_the_landing_and_the_invitation_to_answer_show_the_guide(visitor: Client, published: LoadedEdition) -> None:
    code = result_code.write(published.guide, 1, said(ANSWERS["not-yet"]))

    for address in (LANDING, "/", f"/{GUIDE}/together/?code={code}"):
        found = tags(read(visitor, address))
        assert found["og:image"] == f"{SITE}/{GUIDE}/card.png?edition=1"
        assert found["og:url"] in {f"{SITE}/{GUIDE}/", f"{SITE}/{GUIDE}/together/"}
        assert published.guide.outcome["not-yet"].title not in str(found)
    assert picture(visitor, f"{SITE}/{GUIDE}/card.png?edition=1").size == (1200, 630)


def test_a_question_has_no_card(visitor: Client) -> None:
    assert tags(read(visitor, question("software"))) == {}


def test_a_card_without_its_edition_is_that_of_today_and_not_kept_for_long(visitor: Client) -> None:
    response = visitor.get(f"/{GUIDE}/card.png")

    assert response["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "address", [f"/{GUIDE}/result/nothing.png?edition=1", "/no-guide/card.png", f"/{GUIDE}/card.png?edition=99"]
)
def test_there_is_no_card_of_what_there_is_not(visitor: Client, address: str) -> None:
    assert visitor.get(address).status_code == 404


def test_a_card_asks_no_database(visitor: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    visitor.get(result(ANSWERS["not-yet"]))

    with django_assert_num_queries(0):
        visitor.get(f"/{GUIDE}/card.png?edition=1")
