"""The two letters: whether somebody wants a result, and the result."""

from django.conf import settings
from django.urls import reverse

from advisor.assessment import paper
from advisor.assessment.visit import Visit, address_beside_result
from advisor.delivery.letters import Heading, Letter, Link
from advisor.mailing.addresses import stop_token
from advisor.mailing.models import ResultMail


def confirmation(visit: Visit, asked: ResultMail, link: str) -> Letter:
    """It holds nothing that was answered, and nothing that somebody typed: whoever asked may have given any address."""
    return Letter(
        "Do you want your result by e-mail?",
        f"Somebody, most likely you, asked us to send a result of “{visit.guide.title}” to this address.",
        Link("Yes, send me the result", link),
        "The link works for a day. If it was not you, do nothing, and nothing more will come of it.",
        *_stopping(asked),
    )


def result_letter(visit: Visit, asked: ResultMail) -> Letter:
    """What is on the first page of the memo, in short, with the way to everything."""
    words = paper.memo(visit)
    reasons = [" ".join(filter(None, [one["lead"], one["text"]])) for one in words["reasons"]]
    changes = [f"{one['outcome']}: {one['words']}" for one in words["changes"]]
    return Letter(
        words["title_line"],
        f"{words['sentence']} {words['more']}",
        f"How sure: {words['certainty']}. {words['certainty_text']}",
        Heading("Why"),
        reasons,
        *((Heading("What would tip it"), changes) if changes else ()),
        Heading("Everything else"),
        Link("The whole result", words["link"]),
        Link("The memo as PDF", settings.SITE_URL + address_beside_result("memo", visit)),
        f"Result code: {visit.code}",
        "You asked for this e-mail. It is the only one: your address is not kept for another.",
        *_stopping(asked),
    )


def _stopping(asked: ResultMail) -> tuple[Link]:
    address = settings.SITE_URL + reverse("stop-mail", args=[stop_token(asked.address_hash)])
    return (Link("Never send a result to this address again", address),)
