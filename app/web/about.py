"""What everybody may know about the service: privacy, accessibility, cookies. What can be made from the code is."""

from dataclasses import dataclass
from datetime import timedelta

from fastapi import Response

from app.accounts import sessions
from app.accounts.providers import ERRAND_LASTS
from app.core import clock
from app.debts import searches
from app.policy import in_words
from app.policy.in_force import policy_in_force
from app.retention.debts import OBSTACLES, UNTOLD
from app.return_template.columns import columns_on
from app.web.page_route import pages
from app.web.providers import errand_cookie
from app.web.render import page
from app.web.visit import Anybody, Visit

about = pages()


@dataclass(frozen=True)
class Cookie:
    """One cookie as the page tells it."""

    name: str
    purpose: str
    kept: str


@about.get("/privacy")
def get_privacy(visit: Anybody) -> Response:
    columns = [column for column in columns_on(clock.today()) if column.judged]
    return page(
        visit,
        "about/privacy.html",
        passed_on=[column.heading for column in columns if column.leaves],
        never_passed_on=[column.heading for column in columns if not column.leaves],
        searches=_length(searches.KEPT),
        numbers=policy_in_force().numbers,
        kept=in_words.kept(policy_in_force(), clock.today()),
        stay_longer=[*(obstacle.words for obstacle in OBSTACLES), UNTOLD],
        least=policy_in_force().threshold_on(clock.today()),
    )


@about.get("/accessibility")
def get_accessibility(visit: Anybody) -> Response:
    return page(visit, "about/accessibility.html", idle=_length(sessions.IDLE))


@about.get("/cookies")
def get_cookies(visit: Anybody) -> Response:
    return page(visit, "about/cookies.html", cookies=_cookies(visit))


def _cookies(visit: Visit) -> list[Cookie]:
    kept = (
        f"Until you close the browser. The service ends it earlier: after {_length(sessions.IDLE)} in which you do "
        f"nothing, and {_length(sessions.LONGEST)} after you signed in at the latest."
    )
    signing_in = "Brings you back when you sign in at another provider, and makes sure that it was you who went there."
    session = Cookie(
        visit.cookie.name, "Keeps you signed in, and makes sure that a form comes from a page of ours.", kept
    )
    errand = Cookie(errand_cookie(visit), signing_in, f"{_length(ERRAND_LASTS)} at most.")
    return [session, errand] if visit.settings.oidc else [session]


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    return f"{minutes // 60} hours" if minutes % 60 == 0 and minutes > 60 else f"{minutes} minutes"
