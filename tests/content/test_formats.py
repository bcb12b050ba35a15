"""Editions of every format that was ever published stay readable, and one that is newer than this release says so."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from urllib.parse import parse_qsl

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from advisor.content.actions import publish_again
from advisor.content.documents import read_edition
from advisor.content.drafts import read_draft
from advisor.content.editions import UnreadableEditionError, edition_cache
from advisor.content.models import Edition, EditionCases
from advisor.content.portable import import_guide, read_file
from advisor.content.scenarios import cases_of_edition, run_case
from advisor.decision import formats, result_code
from advisor.decision import guide as guides
from advisor.decision.answers import read
from advisor.decision.formats import FORMAT, Document
from advisor.decision.guide import decode
from advisor.decision.recommendation import recommend
from advisor.leads.models import Lead
from tests.assessment.reading import Page
from tests.conftest import ANSWERS, GUIDE
from tests.content.admin_pages import read_admin
from tests.content.making import NOON, draft, publish_draft, store_edition
from tests.editions import SAMPLES, Sample, folder_of, shape

pytestmark = pytest.mark.django_db

EACH_SAMPLE = pytest.mark.parametrize("sample", SAMPLES, ids=str)


def address(name: str, *more: object) -> str:
    return reverse(f"admin:content_{name}", args=[draft().pk, *more])


def test_the_document_has_the_shape_that_is_written_down_for_its_format() -> None:
    """If this fails the document has changed, and every edition that was published before would be unreadable, or be
    unreadable to the release before. Raise ``FORMAT`` in ``advisor/decision/formats.py``, write the step to it, and
    put samples and ``shape.json`` of the new format into ``tests/editions``; those that are there stay as they are.
    """
    written_down = json.loads((folder_of(FORMAT) / "shape.json").read_text())

    assert shape() == written_down


def test_every_format_has_samples() -> None:
    found = {sample.folder.parent for sample in SAMPLES}

    assert found == {folder_of(number) for number in range(1, FORMAT + 1)}


@EACH_SAMPLE
def test_a_document_of_any_format_is_read_and_its_checksum_is_that_of_the_published_bytes(sample: Sample) -> None:
    edition = store_edition(sample.document)

    guide = read_edition(edition)

    assert (guide.key, guide.format) == (GUIDE, FORMAT)
    assert edition.checksum == sample.checksum
    assert Edition.objects.get(number=2).document == sample.document


@EACH_SAMPLE
def test_answers_lead_where_they_led_and_codes_stay_what_they_were(sample: Sample, visitor: Client) -> None:
    guide = read_edition(store_edition(sample.document))
    edition = Edition.objects.get(number=1)

    for result in sample.results:
        answers, problems = read(guide, parse_qsl(result["answers"]))
        page = Page(visitor.get(f"/{GUIDE}/result/?{result['answers']}&edition=2"))
        assert problems == ()
        recommendation = recommend(guide, answers)
        assert page.outcome == recommendation.outcome.key == result["outcome"]
        if "certainty" in result:
            assert recommendation.certainty == result["certainty"]
        assert result_code.write(guide, edition.number, answers) == result["code"]


@EACH_SAMPLE
def test_the_scenarios_kept_with_an_edition_of_any_format_are_tried_on_it(sample: Sample) -> None:
    edition = store_edition(sample.document)
    if sample.cases:
        EditionCases.objects.create(edition=edition, document=sample.cases)

    runs = [run_case(case, read_edition(edition)) for case in cases_of_edition(edition)]

    assert bool(runs) == bool(sample.cases)
    assert all(run.passed for run in runs)


@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample.export], ids=str)
def test_a_file_of_any_version_becomes_a_draft(sample: Sample) -> None:
    guide, cases = read_file(sample.export)

    made = import_guide(sample.export, key="read-again")

    assert (read_draft(made).rules, read_draft(made).roles) == (guide.rules, guide.roles)
    assert len(cases) == made.scenario_set.count() > 0


class LaterGuide(guides.Guide, frozen=True, dict=True, eq=False, kw_only=True):
    """The guide of a made-up later release."""

    motto: str = "Written by hand"
    format: int = FORMAT + 1


def add_a_motto(document: Document) -> Document:
    return {**document, "motto": f"{document['title']} Think first."}


@pytest.fixture
def later_release(published: object) -> Iterator[None]:
    """A release with another format, on the database of this one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(formats, "FORMAT", FORMAT + 1)
        patch.setattr(formats, "UPGRADES", {**formats.UPGRADES, FORMAT: add_a_motto})
        patch.setattr(guides, "Guide", LaterGuide)
        patch.setattr("advisor.content.portable.VERSION", FORMAT + 1)
        patch.setattr("advisor.content.portable.Guide", LaterGuide)
        edition_cache.clear()
        yield


@pytest.mark.usefixtures("later_release")
def test_a_later_release_shows_the_editions_results_and_codes_of_this_one(visitor: Client) -> None:
    code = result_code.write(
        edition_cache.live(GUIDE).guide, 1, read(decode_first(), parse_qsl(ANSWERS["both-roles"]))[0]
    )

    page = Page(visitor.get(f"/{GUIDE}/result/?{ANSWERS['both-roles']}&edition=1"))
    by_code = visitor.get(f"/r/{code}/")

    assert page.outcome == "both-roles"
    assert by_code["Location"] == f"/{GUIDE}/result/?{ANSWERS['both-roles']}&edition=1&from={code}"
    assert getattr(edition_cache.live(GUIDE).guide, "motto", "").endswith("Think first.")


def decode_first() -> guides.Guide:
    return decode(Edition.objects.get(number=1).document)


def test_a_later_release_shows_the_lead_who_asked_by_this_one(
    lead: Lead, sales: Client, visitor: Client, later_release: None
) -> None:
    page = read_admin(sales, reverse("admin:leads_lead_change", args=[lead.pk]))
    result = Page(visitor.get(lead.result_address))

    assert "Briefing" in page.html
    assert result.outcome == lead.outcome


@pytest.mark.usefixtures("later_release")
def test_a_later_release_walks_the_draft_and_compares_it_with_an_edition_of_this_one(
    publisher: Client, visitor: Client
) -> None:
    page = read_admin(publisher, address("guide_publish"))
    walk = publisher.post(address("preview_walk"))

    assert "Cannot be published yet" not in page.html
    assert visitor.get(walk["Location"]).status_code == 200


@pytest.mark.usefixtures("later_release")
def test_a_later_release_publishes_an_edition_of_this_one_again_in_its_own_bytes(publisher: Client) -> None:
    first = Edition.objects.get(number=1)
    publish_draft()

    again = publish_again(edition=first, by="editor", note="Back.", now=NOON + timedelta(days=1), after=2)

    assert (again.document, again.checksum) == (first.document, first.checksum)
    assert EditionCases.objects.get(edition=again).document == EditionCases.objects.get(edition=first).document


@pytest.mark.usefixtures("later_release")
@pytest.mark.parametrize("sample", [sample for sample in SAMPLES if sample.export], ids=str)
def test_a_later_release_reads_the_files_of_this_one_and_writes_its_own(sample: Sample) -> None:
    guide, _ = read_file(sample.export)
    first, out = edition_cache.live(GUIDE).guide, StringIO()

    call_command("exportguide", GUIDE, "--edition", "1", stdout=out)

    written = json.loads(out.getvalue())
    assert getattr(guide, "motto", "") == f"{guide.title} Think first."
    assert (written["version"], written["guide"]["motto"]) == (FORMAT + 1, f"{first.title} Think first.")


@pytest.mark.usefixtures("later_release")
def test_a_file_that_a_step_cannot_do_with_is_refused_and_not_an_error() -> None:
    content = json.dumps({"format": "advisor-guide", "version": 1, "guide": {"key": "no-title"}}).encode()
    said = f"guide: It cannot be read: it cannot be brought from format {FORMAT} to {FORMAT + 1}: 'title'"

    with pytest.raises(ValueError, match=said):
        read_file(content)


def newer_document() -> str:
    """What a later release published, before it was taken back."""
    document = json.loads(Edition.objects.get(number=1).document)
    return json.dumps(document | {"format": FORMAT + 1, "motto": "Think first."})


NEWER = f"it is in format {FORMAT + 1}, and this release reads formats up to {FORMAT}: a newer release published it."


def test_after_going_back_a_release_the_edition_before_is_live_and_the_log_says_why(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    store_edition(newer_document())

    page = Page(visitor.get("/"))

    (record,) = caplog.records
    assert edition_cache.live(GUIDE).number == 1
    assert page.title == edition_cache.live(GUIDE).guide.title
    assert record.levelno == logging.ERROR
    assert record.getMessage() == f"Edition 2 of {GUIDE} cannot be read: {NEWER} It is passed over."


def test_links_to_the_edition_of_a_newer_release_wait_and_do_not_say_that_it_does_not_exist(visitor: Client) -> None:
    store_edition(newer_document())
    edition_cache.live(GUIDE)

    answer = visitor.get(f"/{GUIDE}/result/?{ANSWERS['both-roles']}&edition=2")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "We cannot show this just now" in answer.content.decode()


@pytest.mark.usefixtures("empty_database")
@pytest.mark.parametrize("path", ["/", f"/{GUIDE}/", f"/{GUIDE}/result/?edition=1", "/r/222-QMW-3QF/"])
def test_where_no_edition_can_be_read_the_walk_waits(visitor: Client, path: str) -> None:
    call_command("loaddata", GUIDE, verbosity=0)
    store_edition(f'{{"format":{FORMAT + 1}}}', number=1)

    answer = visitor.get(path)

    assert answer.status_code == 503
    assert "We cannot show this just now" in answer.content.decode()


@pytest.mark.parametrize("name", ["guide_overview", "guide_publish", "guide_editions", "guide_proof"])
def test_the_pages_about_the_draft_work_beside_an_edition_that_cannot_be_read(publisher: Client, name: str) -> None:
    store_edition(newer_document())

    answer = publisher.get(address(name))

    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["guide_publish", "guide_editions"])
def test_staff_are_told_which_edition_cannot_be_read_and_what_to_do(publisher: Client, name: str) -> None:
    store_edition(newer_document())

    page = read_admin(publisher, address(name))

    said = page.text("div[@id='content-main']")
    assert f"Edition 2 of {GUIDE} cannot be read: {NEWER}" in said
    assert "Visitors are shown the newest edition that this release can read" in said


def test_the_front_page_of_the_admin_says_it_too(editor: Client) -> None:
    store_edition(newer_document())

    page = read_admin(editor, "/admin/")

    assert f"Edition 2 of {GUIDE} cannot be read: {NEWER}" in page.text("ul[@class='messagelist']")


@pytest.mark.parametrize(
    "name", ["guide_edition", "guide_publish_edition", "edition_export", "edition_drawing", "edition_sheet"]
)
def test_a_page_about_an_edition_that_cannot_be_read_says_so(publisher: Client, name: str) -> None:
    store_edition(newer_document())

    answer = publisher.get(address(name, 2))

    assert answer.status_code == 409
    assert NEWER in answer.content.decode()


@pytest.mark.parametrize("command", [["exportguide", GUIDE, "--edition", "2"], ["prove", GUIDE]])
def test_commands_say_that_an_edition_cannot_be_read(command: list[str]) -> None:
    store_edition(newer_document())

    with pytest.raises(CommandError, match="a newer release published it"):
        call_command(*command, stdout=StringIO())


def test_the_older_edition_can_be_published_again_beside_one_that_cannot_be_read(publisher: Client) -> None:
    store_edition(newer_document())

    publish_again(edition=Edition.objects.get(number=1), by="editor", note="Back.", now=NOON, after=2)
    edition_cache.clear()

    assert edition_cache.live(GUIDE).number == 3
    with pytest.raises(UnreadableEditionError):
        edition_cache.edition(GUIDE, 2)


def test_no_page_of_staff_shows_a_document_without_its_checksum(publisher: Client) -> None:
    store_edition(newer_document().replace(f'"format": {FORMAT + 1}', f'"format": {FORMAT}'), damaged=True)

    answer = publisher.get(address("edition_export", 2))

    assert answer.status_code == 409
    assert "does not have the checksum it was published with" in answer.content.decode()


def test_a_draft_is_not_different_only_because_what_is_live_has_an_older_format(
    publisher: Client, later_release: None
) -> None:
    # Undone before the release is: the other way round, its step would stay for other tests.
    with pytest.MonkeyPatch.context() as patch:
        step = {FORMAT: lambda document: {**document, "motto": "Written by hand"}}
        patch.setattr(formats, "UPGRADES", {**formats.UPGRADES, **step})

        page = read_admin(publisher, address("guide_publish"))
        overview = read_admin(publisher, address("guide_overview"))

    assert "This is what is live: there is nothing to publish." in page.html
    assert "The draft differs" not in overview.html
