"""What each figure means, in words: shown beside it, so that nobody has to guess. The only place where they stand."""

from advisor.funnel.models import Step
from advisor.funnel.sources import MOST_A_DAY

DEFINITIONS = {
    Step.LANDING: "The first page of the guide was opened with nothing answered yet.",
    Step.SHOWN: (
        "A page of questions was shown for the first time: everything before it was answered, and it was not. One that "
        "is come back to by Back or Change is not shown anew."
    ),
    Step.ANSWERED: (
        "The answers to a page were sent, complete, and nothing after it had been answered. An answer that is changed "
        "later is not counted again."
    ),
    Step.RESULT: (
        "A recommendation was shown: at the end of the questions, or by a link to it, such as a result that was passed "
        "on. One that comes of changing an answer, and one that is gone back to, is not counted."
    ),
    Step.SIGNAL: "A situation was ticked in answers that led to a counted result.",
    Step.CONTRADICTION: "A contradiction was pointed out on a counted result.",
    Step.CALL_PAGE: "The page that asks for a call was opened. Looking at other times there is not counted.",
    Step.LEAD: "A request was sent and kept. Exact, also after the person was erased; the same form counts once.",
    Step.CALL: "A request was sent with a time, and the call booked. Calls cancelled later are counted.",
    Step.RESPONSE: (
        "Staff noted for the first time that they reached the person: by the status Contacted, a note that they spoke "
        "or wrote, or a call that was held. Counted on the day of the request, by how long after it this was."
    ),
}

WHO = (
    "Not counted: robots by the name they give themselves, and whoever gives none; everyone who is logged in as staff; "
    "link previews of office, mail and chat programs; drafts; pages that a browser would fetch ahead, until they are "
    "shown; pages loaded anew, as far as the browser says so, which Chrome does; "
    "forms that were refused. Requests and calls are counted whoever sends them."
)

LIMITS = (
    "Visitors are not told apart and nothing is stored with them, so these are numbers of steps and not of people: who "
    "comes back another day, opens a bookmark, or goes back in the browser and answers once more may count twice. A "
    "browser killed or a link never followed leaves nothing behind."
)

DAYS = "Days begin and end at midnight UTC."

SOURCES = (
    "The source is what the link to this site said of itself (utm_source, else ref), else the site that linked here; "
    f"the first one, where there were several. After {MOST_A_DAY} different ones on a day, further ones are “(other)”. "
    "So is what is too long for the name of a source, looks like an address or a phone number, or was counted longer "
    "ago than /privacy/ allows."
)

ENTRANCES = "“Embedded” visitors began in a frame on another site, as their browser says."
