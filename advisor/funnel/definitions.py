"""The definition of each figure, which the owner's page shows beside it."""

from advisor.funnel.models import Step
from advisor.funnel.sources import MAX_SOURCES_PER_DAY

DEFINITIONS = {
    Step.LANDING: "The first page of the guide was opened before any answer was given.",
    Step.SHOWN: (
        "A page of questions was shown for the first time: all pages before it were answered, and this one was not. "
        "Coming back to a page by Back or Change does not count."
    ),
    Step.ANSWERED: (
        "Complete answers to a page were sent, and no page after it had been answered. Changing an answer later does "
        "not count again."
    ),
    Step.RESULT: (
        "A recommendation was shown at the end of the questions, or through a link to a shared result. A result after "
        "a changed answer does not count, and neither does going back to a result."
    ),
    Step.SIGNAL: "A situation was ticked in answers that led to a counted result.",
    Step.CONTRADICTION: "A counted result pointed out a contradiction.",
    Step.CALL_PAGE: "The page for requesting a call was opened. Looking at other times there does not count.",
    Step.LEAD: "A request was sent and stored. The same form counts once, and an erased person still counts.",
    Step.CALL: "A request was sent with a time, and the call was booked. A call that is cancelled later still counts.",
    Step.RESPONSE: (
        "Staff recorded for the first time that they reached the person: by the status Contacted, by a note that they "
        "spoke or wrote, or by a call that was held. It counts on the day of the request, by the time since then."
    ),
}

WHO = (
    "These do not count: robots that name themselves, and programs without a name; staff who are logged in; link "
    "previews of office, mail and chat programs; drafts; pages that a browser loads ahead, until they are shown; "
    "reloaded pages, if the browser says so, as Chrome does; refused forms. Requests and calls always count, whoever "
    "sends them."
)

LIMITS = (
    "These are numbers of steps and not of people, because we do not distinguish visitors and store nothing in their "
    "browsers. A person who comes back another day, opens a bookmark, or goes back in the browser and answers again "
    "may count twice. If a browser crashes, or nobody follows a link, nothing is counted."
)

DAYS = "Days begin and end at midnight UTC."

SOURCES = (
    "The source is utm_source or ref in the link to this site, or else the site with the link. If a visitor had "
    "several sources, the first one counts. "
    f"After {MAX_SOURCES_PER_DAY} different sources on a day, further ones become “(other)”. "
    "So do sources that are too long, that look like an address or a phone number, or that were counted longer ago "
    "than /privacy/ allows."
)

ENTRANCES = "“Embedded” visitors began in a frame on another site, according to their browser."
