"""Several guides beside each other, one that is not offered any more, and one with three roles."""

from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client
from msgspec import structs
from pytest_django import DjangoAssertNumQueries

from advisor.content import editions
from advisor.content.editions import shelf
from advisor.content.models import Edition, Guide
from advisor.decision.guide import Cell, Outcome, Rule, Signal, encode
from tests.assessment.reading import FRAGMENT, Page
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import NOON, draft, load_copy, publish_draft
from tests.decision.small_guides import question
from tests.guides import first_guide, role

pytestmark = pytest.mark.django_db

SECOND = "second-guide"


@pytest.fixture
def second(tmp_path: Path) -> Guide:
    """A second guide beside the first, published."""
    guide = load_copy(tmp_path, SECOND)
    Guide.objects.filter(pk=guide.pk).update(title="The second guide?", summary="Another decision.")
    publish_draft(SECOND)
    return guide


@pytest.mark.usefixtures("second")
def test_the_front_page_lists_the_guides_that_are_offered_the_default_one_first(visitor: Client) -> None:
    page = Page(visitor.get("/"))

    assert flaws(page) == []
    assert page.texts("article/h2") == [first_guide().title, "The second guide?"]
    assert [href for text, href in page.links() if text.startswith("Start")] == [f"/{GUIDE}/", f"/{SECOND}/"]


@pytest.mark.usefixtures("second")
def test_the_list_of_guides_comes_as_a_fragment_and_without_a_query(
    visitor: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(editions, "LOOK_EVERY", 3600.0)
    visitor.get("/")

    with django_assert_num_queries(0):
        fragment = Page(visitor.get("/", headers=FRAGMENT))

    assert not fragment.is_whole
    assert len(fragment.all("article")) == 2


@pytest.fixture
def retired(second: Guide) -> Guide:
    """The second guide, retired."""
    Guide.objects.filter(pk=second.pk).update(is_retired=True)
    shelf.forget()
    return second


@pytest.mark.usefixtures("retired")
@pytest.mark.parametrize("path", ["", "software/", f"result/?{ANSWERS['both-roles']}"])
def test_a_retired_guide_is_not_offered_any_more_and_names_those_that_are(visitor: Client, path: str) -> None:
    answer = visitor.get(f"/{SECOND}/{path}")

    page = Page(answer)
    assert answer.status_code == 410
    assert flaws(page) == []
    assert "not offered any more" in page.text("h1")
    assert page.texts("article/h2") == [first_guide().title]


@pytest.mark.usefixtures("retired")
def test_its_results_stay_readable_by_link_and_by_code(visitor: Client) -> None:
    address = f"/{SECOND}/result/?{ANSWERS['both-roles']}&edition=1"
    page = Page(visitor.get(address))
    code = page.text("code")

    by_code = visitor.get(f"/r/{code}/")

    assert page.outcome == "both-roles"
    assert by_code["Location"] == address
    assert page.link("Start again") == "/"
    assert visitor.get(f"/{SECOND}/software/?{ANSWERS['both-roles']}&edition=1").status_code == 200


@pytest.mark.usefixtures("retired")
def test_with_one_guide_left_the_front_page_is_its_landing(visitor: Client) -> None:
    page = Page(visitor.get("/"))

    assert page.text("h1") == first_guide().title


def test_a_guide_that_is_offered_again_is_back(visitor: Client, retired: Guide) -> None:
    Guide.objects.filter(pk=retired.pk).update(is_retired=False)
    shelf.forget()

    assert visitor.get(f"/{SECOND}/").status_code == 200


@pytest.fixture
def with_three_roles() -> None:
    """The first guide with a Head of Data beside the two others, published."""
    first = first_guide()
    guide = structs.replace(
        first,
        roles=(*first.roles, structs.replace(role("data-lead"), name="Fractional Head of Data")),
        dimensions=tuple(
            structs.replace(row, cells=(*row.cells, Cell("data-lead", f"Data: {row.label}")))
            for row in first.dimensions
        ),
        signals=(
            *first.signals,
            Signal("numbers-disagree", "data-lead", "Numbers disagree", "They do.", "So.", ("risk",)),
        ),
        questions=(*first.questions[:3], question("data", 2, "data-lead"), *first.questions[3:]),
        outcomes=(*first.outcomes, Outcome("data-lead", "Head of Data", "Hire a Head of Data", "Do.", ("data-lead",))),
        rules=(Rule({"data": ("c0",)}, "data-lead", "Because."), *first.rules),
    )
    document = encode(guide)
    Edition.objects.create(
        guide=draft(),
        number=2,
        document=document,
        checksum=sha256(document.encode()).hexdigest(),
        published_at=NOON,
        note="Three roles.",
    )
    shelf.forget()


@pytest.mark.usefixtures("with_three_roles")
def test_a_third_role_is_compared_asked_about_and_recommended(visitor: Client) -> None:
    landing = Page(visitor.get(f"/{GUIDE}/"))
    page = Page(visitor.get(f"/{GUIDE}/result/?{ANSWERS['not-yet']}&data=c0&signal=numbers-disagree"))

    assert flaws(landing) == flaws(page) == []
    assert "Fractional Head of Data" in landing.texts("thead//th")
    assert page.outcome == "data-lead"
    assert "Fractional Head of Data Recommended" in page.texts("thead//th")
    assert "1 of 1 signal " in page.text("dl[@class='evidence']")
    assert "when both work together" not in page.text("main").lower()


@pytest.mark.usefixtures("with_three_roles")
def test_every_question_is_counted_in_the_progress(visitor: Client) -> None:
    page = Page(visitor.get(f"/{GUIDE}/data/?{ANSWERS['not-yet']}"))

    assert page.text("p[@class='progress']") == "Question 4 of 4, perhaps one more page"
