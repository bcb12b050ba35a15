"""The guide's own page, and what visitors are offered."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from advisor.content.drafts import read_draft, write_guide
from advisor.content.models import Cell, Guide, NeedRow, Outcome, Rule, Signal
from tests.content.admin_pages import read_admin
from tests.content.making import draft, load_copy, publish_draft

pytestmark = pytest.mark.django_db


def address(name: str = "overview", *more: object) -> str:
    return reverse(f"admin:content_guide_{name}", args=[draft().pk, *more])


def test_every_part_is_linked_from_the_page(editor: Client) -> None:
    page = read_admin(editor, address())

    links = {link.get("href") for link in page.all("div[@id='content-main']//a")}
    for model in ("role", "signal", "question", "followup", "outcome", "scenario"):
        parts = getattr(draft(), f"{model}_set").all()
        assert {reverse(f"admin:content_{model}_change", args=[part.pk]) for part in parts} <= links
    assert {address(name) for name in ("table", "rules", "remarks", "publish", "proof", "previews")} <= links


def test_every_link_of_the_page_opens(publisher: Client) -> None:
    page = read_admin(publisher, address())

    links = {link.attrib["href"] for link in page.all("div[@id='content-main']//a")}
    statuses = {link: publisher.get(link).status_code for link in links}

    assert set(statuses.values()) == {200}, statuses


def test_what_is_unfinished_is_listed_with_a_link(editor: Client) -> None:
    Cell.objects.filter(dimension__key="focus", role__key="head-of-ai").delete()
    Signal.objects.filter(key="ai-risks").update(text="")
    Outcome.objects.create(guide=draft(), key="new-one", name="New", title="New", text="New.")

    page = read_admin(editor, address())

    listed = [
        (item.text or "").strip() or (item[0].text, item[0].get("href"))
        for item in page.all("ul[@class='blockers']/li")
    ]
    signal, outcome = Signal.objects.get(key="ai-risks"), Outcome.objects.get(key="new-one")
    assert ("Table focus", address("table")) in listed
    assert ("Signal ai-risks text", reverse("admin:content_signal_change", args=[signal.pk])) in listed
    assert ("Outcome new-one", reverse("admin:content_outcome_change", args=[outcome.pk])) in listed


def states(client: Client) -> dict[str, str]:
    """What the list of what there is to do says about each part."""
    rows = read_admin(client, address()).all("table[@class='tasks']/tbody/tr")
    return {" ".join(row[0].itertext()).strip(): " ".join(" ".join(row[2].itertext()).split()) for row in rows}


def test_a_complete_guide_says_so_for_each_part(editor: Client) -> None:
    said = states(editor)

    assert set(said.values()) == {
        "Complete",
        "All as expected",
        "Each set gets an outcome",
        "Live since 26 November 2026",
    }
    assert [*said][:4] == ["Words of the guide", "Roles", "Comparison table", "Signals"]
    assert said.keys() >= {"When is “Fractional CTO” needed?", "Outcome table", "Scenarios", "Proof"}


def test_each_part_says_how_much_there_is_to_do(editor: Client) -> None:
    Guide.objects.update(summary="")
    Cell.objects.filter(dimension__key="focus").delete()
    Signal.objects.filter(key="ai-risks").update(text="", reason="")
    NeedRow.objects.filter(role__key="head-of-ai").update(reason="")

    said = states(editor)

    assert said["Words of the guide"] == "1 to do"
    assert said["Comparison table"] == "2 to do"
    assert said["Signals"] == "2 to do"
    assert said["When is “Fractional Head of AI” needed?"] == "9 to do"
    assert said["When is “Fractional CTO” needed?"] == said["Roles"] == "Complete"
    assert said["Compare and publish"] == "The draft differs from what is live"


def test_what_the_proof_and_the_scenarios_find_is_said(editor: Client) -> None:
    rule = draft().rule_set.last()
    assert rule
    rule.delete()

    said = states(editor)

    assert said["Scenarios"].endswith("something else than expected")
    assert said["Proof"].endswith("to do")


def test_nothing_is_tried_while_a_rule_names_what_is_missing(editor: Client) -> None:
    Rule.objects.filter(position=1).update(when={"no-such-question": ["yes"]})

    said = states(editor)

    assert said["Proof"] == "Cannot be proved yet: a condition names something that does not exist"
    assert said["Outcome table"] == "1 to do"


def test_it_says_whether_the_draft_differs_from_what_is_live(editor: Client) -> None:
    before = read_admin(editor, address()).html
    Guide.objects.update(summary="In other words.")

    after = read_admin(editor, address()).html

    assert "The draft differs" not in before
    assert "The draft differs from what is live" in after


def test_the_list_of_guides_leads_to_the_page(editor: Client) -> None:
    page = read_admin(editor, reverse("admin:content_guide_changelist"))

    assert address() in {link.get("href") for link in page.all("table//a")}


def test_the_default_guide_cannot_be_retired(publisher: Client) -> None:
    page = read_admin(publisher, address())

    publisher.post(address("state", "retire"))

    assert "Retire it" not in page.html
    assert not draft().is_retired


def test_a_state_that_does_not_exist_is_not_found(publisher: Client) -> None:
    answer = publisher.post(address("state", "famous"))

    assert answer.status_code == 404


def test_a_published_draft_is_as_it_is_live(editor: Client) -> None:
    Guide.objects.update(summary="In other words.")
    publish_draft()

    page = read_admin(editor, address())

    assert "The draft differs" not in page.html
    assert "Edition 2 is live" in page.html


def write_copy(key: str) -> Guide:
    return write_guide(value=read_draft(draft()), key=key, title="Another one", cases=[])


def test_an_editor_deletes_a_guide_that_was_never_published(editor: Client, tmp_path: Path) -> None:
    guide = load_copy(tmp_path, "second-guide")
    page = reverse("admin:content_guide_throw_away", args=[guide.pk])
    overview = read_admin(editor, reverse("admin:content_guide_overview", args=[guide.pk]))
    assert page in {link.get("href") for link in overview.all("div[@id='content-main']//a")}

    asked = read_admin(editor, page).html
    assert Guide.objects.filter(pk=guide.pk).exists()
    editor.post(page)

    assert "nothing brings it back" in asked
    assert not Guide.objects.filter(pk=guide.pk).exists()


def test_a_guide_that_was_published_or_is_the_default_is_not_deleted(editor: Client, tmp_path: Path) -> None:
    load_copy(tmp_path, "second-guide")
    publish_draft("second-guide")
    published, unpublished = Guide.objects.get(key="second-guide"), write_copy("third-guide")
    Guide.objects.update(is_default=False)
    Guide.objects.filter(pk=unpublished.pk).update(is_default=True)

    for guide, reason in ((published, "It was published"), (unpublished, "It is the default guide")):
        page = reverse("admin:content_guide_throw_away", args=[guide.pk])
        assert reason in read_admin(editor, editor.post(page)["Location"]).html
        overview = read_admin(editor, reverse("admin:content_guide_overview", args=[guide.pk]))
        assert page not in {link.get("href") for link in overview.all("div[@id='content-main']//a")}
    assert Guide.objects.count() == 3
