"""Several guides beside each other, one that is not offered any more, and some with three roles and six."""

from pathlib import Path

import pytest
from django.test import Client
from msgspec import structs
from pytest_django import DjangoAssertNumQueries

from advisor.assessment import partials
from advisor.content import editions
from advisor.content.editions import edition_cache
from advisor.content.models import Guide
from advisor.decision.guide import Cell, Outcome, Rule, Signal, encode
from tests.assessment.reading import FRAGMENT, Page
from tests.assessment.soundness import flaws
from tests.conftest import ANSWERS, GUIDE
from tests.content.making import freeze, load_copy, publish_draft, store_edition
from tests.decision.small_guides import question
from tests.guide_of_six import GUIDE_OF_SIX, NAMES, OF_CFO
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
    monkeypatch.setattr(editions, "REFRESH_INTERVAL", 3600.0)
    visitor.get("/")

    with django_assert_num_queries(0):
        fragment = Page(visitor.get("/", headers=FRAGMENT))

    assert not fragment.is_whole
    assert len(fragment.all("article")) == 2


@pytest.fixture
def retired(second: Guide) -> Guide:
    """The second guide, retired."""
    Guide.objects.filter(pk=second.pk).update(is_retired=True)
    edition_cache.clear()
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
    assert by_code["Location"] == f"{address}&from={code}"
    assert page.link("Start again") == "/"
    assert visitor.get(f"/{SECOND}/software/?{ANSWERS['both-roles']}&edition=1").status_code == 200


@pytest.mark.usefixtures("retired")
def test_with_one_guide_left_the_front_page_is_its_landing(visitor: Client) -> None:
    page = Page(visitor.get("/"))

    assert page.text("h1") == first_guide().title


def test_a_guide_that_is_offered_again_is_back(visitor: Client, retired: Guide) -> None:
    Guide.objects.filter(pk=retired.pk).update(is_retired=False)
    edition_cache.clear()

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
    store_edition(encode(guide))


@pytest.mark.usefixtures("with_three_roles")
def test_a_third_role_is_compared_asked_about_and_recommended(visitor: Client) -> None:
    landing = Page(visitor.get(f"/{GUIDE}/"))
    page = Page(visitor.get(f"/{GUIDE}/result/?{ANSWERS['not-yet']}&data=c0&signal=numbers-disagree"))

    assert flaws(landing) == flaws(page) == []
    assert "Fractional Head of Data" in landing.texts("thead//th")
    assert page.outcome == "data-lead"
    assert "Fractional Head of Data Needed" in page.texts("thead//th")
    assert "1 of 1 signal " in page.text("dl[@class='evidence']")
    assert "when both work together" not in page.text("main").lower()


@pytest.mark.usefixtures("with_three_roles")
def test_every_question_is_counted_in_the_progress(visitor: Client) -> None:
    page = Page(visitor.get(f"/{GUIDE}/data/?{ANSWERS['not-yet']}"))

    assert page.text("p[@class='progress']") == "Page 4 of 4 or 5"


@pytest.fixture
def with_six_roles() -> None:
    """A guide of six roles in the place of the first."""
    freeze(structs.replace(GUIDE_OF_SIX, key=GUIDE, number=1))


@pytest.mark.usefixtures("with_six_roles")
def test_of_many_roles_two_are_compared_first_the_one_that_is_recommended(visitor: Client) -> None:
    page = Page(visitor.get(f"/{GUIDE}/result/?{OF_CFO}"))

    order = [NAMES["cfo"], *(name for name in NAMES.values() if name != NAMES["cfo"])]
    first, second = (select.findall("./option") for select in page.all("select"))
    assert flaws(page) == []
    assert page.outcome == "cfo"
    assert [option.text for option in first] == [option.text for option in second] == order
    assert [option.text for option in (*first, *second) if "selected" in option.attrib] == [order[1]]
    # Both tables, that of the rows that stand open and that of the others.
    assert page.texts("table[@class='compare paired']/thead//th") == [f"{order[0]} Recommended", *order[1:]] * 2


@pytest.mark.usefixtures("with_six_roles")
def test_the_landing_has_the_same_choice_in_the_order_of_the_guide(visitor: Client) -> None:
    page = Page(visitor.get(f"/{GUIDE}/"))

    assert flaws(page) == []
    assert [option.text for option in page.all("select")[0].findall("./option")] == [*NAMES.values()]
    assert page.texts("table[@class='compare paired']/thead//th") == [*NAMES.values()]


@pytest.mark.usefixtures("published")
def test_two_roles_stand_side_by_side_without_a_choice(visitor: Client) -> None:
    for address in (f"/{GUIDE}/", f"/{GUIDE}/result/?{ANSWERS['head-of-ai']}"):
        page = Page(visitor.get(address))
        assert page.all("select") == []
        names = [text.removesuffix(" Needed") for text in page.texts("thead//th[@scope='col']")]
        assert names[-2:] == [role.name for role in first_guide().roles]


@pytest.mark.parametrize(
    ("number", "classes"), [(2, ""), (3, "paired few"), (4, "paired few"), (5, "paired"), (12, "paired"), (13, "")]
)
def test_how_many_roles_are_chosen_from(number: int, classes: str) -> None:
    guide = structs.replace(first_guide(), roles=tuple(role(f"role-{one}") for one in range(number)))

    assert partials.paired(guide) == classes
