"""The result: what is recommended, how sure, why, and everything else that a co-founder would ask about."""

from xml.etree.ElementTree import Element

import pytest
from django.test import Client

from advisor.content.editions import LoadedEdition
from advisor.decision.recommendation import Certainty, Recommendation, recommend
from tests.assessment.addresses import PAGES, question, result
from tests.assessment.reading import Page, path_of, query_of, read, read_sent, text_of
from tests.conftest import ANSWERS, GUIDE
from tests.decision.answer_sets import said

pytestmark = pytest.mark.usefixtures("published")

QUERIES = {
    **ANSWERS,
    "no signals": "software=unsure&ai=unsure&both=software",
    "a contradiction": (
        "software=no&signal=messy-stack&signal=no-ai-component&ai=yes&signal=ai-is-the-product"
        "&signal=strong-cto-no-ai&both=both&team-size=unsure&ai-place=none&scope=unsure"
    ),
    "everything ticked": (
        "software=yes&signal=directionless-team&signal=fundraising&signal=messy-stack&signal=first-vp-engineering"
        "&signal=no-ai-component&ai=yes&signal=ai-is-the-product&signal=failed-ai-attempt&signal=strong-cto-no-ai"
        "&signal=strategy-before-team&signal=ai-risks&both=neither"
        "&team-size=unsure&ai-place=unsure&scope=unsure"
    ),
    "by what was ticked": "software=unsure&signal=fundraising&signal=messy-stack&ai=unsure&signal=none.ai&both=unsure",
}
EACH = pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)


def recommended(published: LoadedEdition, query: str) -> Recommendation:
    return recommend(published.guide, said(query, published.guide))


def test_the_address_of_the_contract_answers_whole_at_once(visitor: Client) -> None:
    address = "/cto-or-head-of-ai/result/?software=yes&signal=messy-stack&ai=no&both=software"

    answer = visitor.get(address)

    page = Page(answer)
    main = page.one("main")
    assert answer.status_code == 200
    assert page.is_whole
    assert (main.get("data-outcome"), main.get("data-certainty")) == ("fractional-cto", "clear")


@EACH
def test_it_says_what_is_recommended_and_how_sure(visitor: Client, published: LoadedEdition, query: str) -> None:
    expected = recommended(published, query)

    page = read(visitor, result(query))

    hero = page.text("section[@class='hero']")
    sure = {
        Certainty.CLEAR: published.guide.clear,
        Certainty.LEANING: published.guide.leaning,
        Certainty.MIXED: published.guide.mixed,
    }
    assert page.outcome == expected.outcome.key
    assert page.one("main").get("data-certainty") == expected.certainty.value
    assert page.text("h1") == expected.outcome.title
    assert page.title.startswith(expected.outcome.title)
    for words in (expected.outcome.text, f"How sure: {expected.certainty.value}", sure[expected.certainty]):
        assert words in hero
    assert bool(page.all("ul[@class='doubts']")) is (expected.certainty is not Certainty.CLEAR)


@EACH
def test_every_reason_is_there_with_what_it_rests_on_and_a_change_link(
    visitor: Client, published: LoadedEdition, query: str
) -> None:
    expected = recommended(published, query)

    page = read(visitor, result(query))

    why = page.one("section[@aria-labelledby='why']")
    links = {path_of(link.attrib["href"]) for link in why.findall(".//a")}
    for reason in expected.reasons:
        assert reason.text in text_of(why)
        assert {f"/{GUIDE}/{published.guide.page_of[basis.question].key}/" for basis in reason.rests_on} <= links
    assert all(text_of(link).startswith("Change") for link in why.findall(".//a"))


@EACH
def test_every_change_link_comes_straight_back_to_the_same_result(visitor: Client, query: str) -> None:
    page = read(visitor, result(query))
    links = {href for words, href in page.links() if words.startswith("Change")}

    for link in links:
        asked = read(visitor, link)
        back = read_sent(visitor, asked.form.send(visitor), link)

        assert asked.errors == []
        assert asked.ticked
        assert back.address == f"{result(query)}&edition=1"
        assert back.html == page.html

    assert len(links) >= 3


def test_each_fact_of_a_follow_up_has_a_link_that_names_it_and_leads_to_it(visitor: Client) -> None:
    page = read(visitor, result(ANSWERS["one-leader"]))

    for name, key in (("Engineering team size", "team-size"), ("Place of AI", "ai-place"), ("Kind of work", "scope")):
        href = page.link(f"Change: {name}")
        field = href.partition("#")[2]
        asked = read(visitor, href)
        assert asked.one(f"input[@id='{field}']").get("name") == key


def test_who_changes_an_answer_can_go_back_to_the_result_without_it(visitor: Client) -> None:
    page = read(visitor, result(ANSWERS["fractional-cto"]))
    asked = read(visitor, page.link("Change: Making AI work"))

    back = read(visitor, asked.link("Back to the result"))

    assert back.html == page.html


def test_several_contradictions_are_one_doubt(visitor: Client) -> None:
    page = read(
        visitor,
        result(
            "software=no&signal=none.software&ai=no&signal=none.ai&both=both"
            "&team-size=unsure&ai-place=unsure&scope=unsure"
        ),
    )

    doubts = page.texts("ul[@class='doubts']/li")

    assert doubts[0] == "Several of your answers do not fit together; see “This does not fit together” below."
    assert sum("fit together" in doubt for doubt in doubts) == 1


def test_an_answer_changed_by_its_link_changes_the_result(visitor: Client) -> None:
    page = read(visitor, result(ANSWERS["one-leader"]))
    asked = read(visitor, page.link("Change: Software, AI or both"))

    after = read_sent(visitor, asked.form.send(visitor, {"both": "ai"}))

    assert after.outcome == "head-of-ai"


def test_a_signal_taken_back_by_its_link_is_gone(visitor: Client) -> None:
    page = read(visitor, result(ANSWERS["fractional-cto"]))
    asked = read(visitor, page.link("Change: Running software"))

    after = read_sent(visitor, asked.form.send(visitor, {"signal": None}))

    assert ("signal", "messy-stack") not in query_of(after.address)
    assert after.texts("dl[@class='evidence']//strong") == ["0 of 5 signals", "0 of 5 signals"]


@EACH
def test_it_counts_the_signals_of_each_role(visitor: Client, published: LoadedEdition, query: str) -> None:
    expected = recommended(published, query)

    page = read(visitor, result(query))

    roles = [published.guide.role[found.role].name for found in expected.evidence]
    assert page.texts("dl[@class='evidence']//dt") == ["You said", *roles]
    assert page.texts("span[@class='dots']") == [
        "●" * len(found.ticked) + "○" * (5 - len(found.ticked)) for found in expected.evidence
    ]
    assert page.texts("dl[@class='evidence']//strong") == [
        f"{len(found.ticked)} of 5 signals" for found in expected.evidence
    ]


@EACH
def test_every_remark_is_there_with_all_it_rests_on(visitor: Client, published: LoadedEdition, query: str) -> None:
    expected = {remarked.remark.key: remarked for remarked in recommended(published, query).remarks}

    page = read(visitor, result(query))

    shown = {remark.attrib["data-remark"]: remark for remark in page.all("article[@data-remark]")}
    assert shown.keys() == expected.keys()
    for key, remarked in expected.items():
        words = text_of(shown[key])
        sides = shown[key].findall(".//ul[@class='rests']/li")
        assert remarked.remark.title in words
        assert remarked.remark.text in words
        assert len(sides) == len(remarked.rests_on)
        assert remarked.remark.kind.value in shown[key].attrib["class"]


def test_a_contradiction_names_both_sides_and_asks_which_is_true(visitor: Client) -> None:
    page = read(visitor, result(QUERIES["a contradiction"]))

    remark = page.one("article[@data-remark='no-ai-but-product']")
    sides = [text_of(side) for side in remark.findall("./ul/li")]
    assert "Which is true today?" in text_of(remark)
    assert sides == [
        "You ticked “No AI planned” Change: Running software",
        "You ticked “AI is the product” Change: Making AI work",
    ]
    assert page.all("article[@data-remark]")[0].attrib["class"] == "remark contradiction"


@EACH
def test_the_table_has_all_rows_and_marks_the_recommended_roles_in_words(
    visitor: Client, published: LoadedEdition, query: str
) -> None:
    expected = recommended(published, query)

    page = read(visitor, result(query))

    guide = published.guide
    tables = page.all("table[@class='compare']")
    names = [f"{role.name} Needed" if role.key in expected.outcome.roles else role.name for role in guide.roles]
    assert all([text_of(head) for head in table.findall("./thead//th")] == names for table in tables)
    rows = [[text_of(cell) for cell in row.findall(".//td")] for table in tables for row in table.findall("./tbody")]
    assert sorted(rows) == sorted([cell.text for cell in dimension.cells] for dimension in guide.dimensions)
    # A cell that stands alone on a small screen says itself whose it is.
    labels = [name.replace(" Needed", " · Needed") for name in names]
    rows_of_cells = [row.findall(".//td") for table in tables for row in table.findall("./tbody")]
    assert all([cell.get("data-of") for cell in cells] == labels for cells in rows_of_cells)


@EACH
def test_the_rows_that_the_ticked_signals_speak_to_are_marked_with_why(
    visitor: Client, published: LoadedEdition, query: str
) -> None:
    ticked = [signal for found in recommended(published, query).evidence for signal in found.ticked]

    page = read(visitor, result(query))

    touched: list[tuple[str, int]] = []
    others: list[tuple[str, int]] = []
    for dimension in published.guide.dimensions:
        speaking = [signal.name for signal in ticked if dimension.key in signal.speaks_to]
        why = f" because you ticked {', '.join(speaking)}" if speaking else ""
        (touched if speaking else others).append((f"{dimension.label}{why}", len(speaking)))
    # Who touches many rows sees those open that most of what was ticked speaks to.
    by_signals = sorted(touched, key=lambda row: -row[1])
    is_open = [(words, True) for words, count in touched if (words, count) in by_signals[:3]]
    is_folded = [(words, bool(count)) for words, count in touched + others if (words, True) not in is_open]
    section = "section[@aria-labelledby='compare']"
    assert marked(page.all(f"{section}/table[@class='compare']/tbody")) == is_open
    assert sorted(marked(page.all(f"{section}/details/table[@class='compare']/tbody"))) == sorted(is_folded)
    folded = page.texts(f"{section}/details/summary")
    assert len(folded) == bool(is_folded)
    begins = "All 10 rows" if not touched else f"{len(is_folded)} {'more ' if len(touched) > 3 else ''}row"
    assert all(words.startswith(begins) for words in folded)


def marked(rows: list[Element]) -> list[tuple[str, bool]]:
    """Of each row its heading, and whether it is marked."""
    return [("".join(map(text_of, row.findall(".//th"))), "spoken-to" in row.get("class", "")) for row in rows]


@EACH
def test_it_says_who_owns_what_and_what_is_shared(visitor: Client, published: LoadedEdition, query: str) -> None:
    expected = recommended(published, query)

    page = read(visitor, result(query))

    cards = page.all("section[@aria-labelledby='ownership']//article")
    for card, role in zip(cards, published.guide.roles, strict=True):
        entries = [text_of(entry) for entry in card.findall(".//li")]
        assert entries == [*role.owns, *role.not_theirs, *role.own_domain]
        assert ("Needed" in text_of(card)) is (role.key in expected.outcome.roles)
    shared = page.text("p[@class='shared']")
    assert shared.endswith(": Compute costs, Data storage, API design, Hiring priorities.")


@EACH
def test_it_plays_back_every_answer(visitor: Client, published: LoadedEdition, query: str) -> None:
    page = read(visitor, result(query))

    entries = page.texts("section[@aria-labelledby='said']//dt")
    answers = said(query, published.guide)
    assert entries == [published.guide.question[key].text for key in answers.choices]


@EACH
def test_it_offers_the_call_the_link_and_to_start_again(visitor: Client, query: str) -> None:
    page = read(visitor, result(query))

    calls = [href for words, href in page.links() if words == "Book an intro call"]
    canonical = f"http://testserver{result(query)}&edition=1"
    assert calls == [f"/{GUIDE}/call/?{query}&edition=1"] * 2
    assert page.one("link[@rel='canonical']").get("href") == canonical
    assert f"http://testserver/r/{page.text('code')}/" in [href for _, href in page.links()]
    assert path_of(page.link("Start again")) == f"/{GUIDE}/"


@EACH
def test_what_needs_scripts_is_hidden_without_them(visitor: Client, query: str) -> None:
    page = read(visitor, result(query))

    buttons = page.all("main//button[@type='button']")
    to_pass_on = ["Copy link", "Share link"]
    assert [text_of(button) for button in buttons] == [*to_pass_on, "Print or save as PDF", *to_pass_on]
    assert all("hidden" in button.attrib for button in buttons)
    # The only other one sends a form.
    assert [text_of(button) for button in page.all("main//button") if button not in buttons] == ["Send"]
    code = page.text("code")
    asked, short = f"http://testserver/{GUIDE}/together/?code={code}", f"http://testserver/r/{code}/"
    assert [button.get("data-copy") or button.get("data-share") for button in buttons] == [
        *[short] * 2,
        None,
        *[asked] * 2,
    ]


def test_the_canonical_address_has_the_guides_order_and_nothing_else(visitor: Client) -> None:
    jumbled = "utm_source=news&both=software&edition=1&signal=messy-stack&signal=fundraising&ai=no&software=yes&x=1"

    page = read(visitor, result(jumbled))

    canonical = page.one("link[@rel='canonical']").attrib["href"]
    assert canonical == "http://testserver" + result(
        "software=yes&signal=fundraising&signal=messy-stack&ai=no&both=software&edition=1"
    )


def test_answers_to_a_follow_up_that_is_not_asked_any_more_are_named_and_kept(visitor: Client) -> None:
    page = read(visitor, PAGES["result with answers left over"])

    left_over = page.texts("section[@class='note']//li")
    again = read(visitor, page.link("Change: Software, AI or both"))
    assert left_over == [
        "How many engineers do you have? Not sure",
        "What should this person do for you? Strategy and architecture only",
    ]
    assert page.outcome == "fractional-cto"
    assert "team-size" not in page.one("link[@rel='canonical']").attrib["href"]
    assert ("team-size", "unsure") in again.form.pairs()


def test_what_was_left_over_counts_again_when_it_is_asked_again(visitor: Client) -> None:
    changed = read(visitor, question("both", f"{ANSWERS['one-leader']}".replace("both=both", "both=software")))

    after = read_sent(visitor, changed.form.send(visitor, {"both": "both"}))

    assert after.outcome == "one-leader"
    assert not after.all("section[@class='note']")


def test_nothing_is_left_over_of_a_result_that_uses_every_answer(visitor: Client) -> None:
    page = read(visitor, result(ANSWERS["one-leader"]))

    assert not page.all("section[@class='note']")
