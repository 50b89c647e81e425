"""Templates to answers: one environment with the design system's macros, the words of pages, and the headers of a page."""

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from re import DOTALL, findall
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from app.organisations import nations
from app.web import charts, mail_words, navigation, notices, release_words, staff_words, words
from app.web.visit import Visit

STATIC = Path(__file__).parent / "static"
SERVICE = "NHS debtor returns"


@cache
def environment() -> Environment:
    design = PackageLoader("govuk_frontend_jinja")
    made = Environment(
        loader=ChoiceLoader([PackageLoader("app.web"), PrefixLoader({"govuk_frontend_jinja": design})]),
        autoescape=True,
        undefined=ChainableUndefined,  # the design system's macros ask for what was not given
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    made.filters |= {
        "money": words.money, "day": words.day, "moment": words.moment, "counted": words.counted,
        "status_tag": words.status_tag, "country": words.country,
        "state_tag": words.state_tag, "state_word": words.state_word, "ordinal": words.ordinal,
        "outcome_tag": words.outcome_tag, "dispute_tag": words.dispute_tag, "dispute_reason": words.dispute_reason,
        "contact_kind": words.contact_kind, "contact_outcome": words.contact_outcome,
    }  # fmt: skip
    made.filters |= staff_words.FILTERS
    made.filters |= mail_words.FILTERS
    made.filters |= release_words.FILTERS
    made.filters["figure"] = charts.shown
    made.filters["passing_body"] = nations.passing_body
    made.globals |= {"asset": asset, "service_name": SERVICE}
    return made


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for good."""
    return f"/assets/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:10]}"


def page(visit: Visit, template: str, /, status: int = 200, **values: Any) -> Response:
    """A whole page. `values` are ready to show: a template holds words and order."""
    response = HTMLResponse(_rendered(visit, template, values), status)
    response.headers.update(page_headers())
    if visit.needs_cookie:
        set_session(response, visit, visit.token)
    return response


def _rendered(visit: Visit, template: str, values: Mapping[str, Any]) -> str:
    return environment().get_template(template).render(
        visit=visit,
        entries=visit.entries,
        faults=visit.faults,
        fault_of={fault.field: {"text": fault.message} for fault in reversed(visit.faults) if fault.field},
        notice=notices.NOTICES.get(visit.notice),
        notice_is_good=visit.notice not in notices.IMPORTANT,
        navigation=navigation.items(visit),
        **values,
    )  # fmt: skip


def set_session(response: Response, visit: Visit, token: str) -> None:
    """Gives the browser its session, for as long as it stays open; the server ends it earlier."""
    cookie = visit.cookie
    response.set_cookie(cookie.name, token, path="/", secure=cookie.secure, httponly=True, samesite="lax")


def drop_session(response: Response, visit: Visit) -> None:
    cookie = visit.cookie
    response.delete_cookie(cookie.name, path="/", secure=cookie.secure, httponly=True, samesite="lax")


@cache
def page_headers() -> Mapping[str, str]:
    """The policy of what a page may load: our own files, and the design system's one inline line by its digest."""
    layout = environment().get_template("blank.html").render()
    digests = [
        b64encode(sha256(script.encode()).digest()).decode()
        for script in findall(r"<script>(.*?)</script>", layout, DOTALL)
    ]
    policy = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)]),
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class Assets(StaticFiles):
    """Our static files, which browsers may keep: their addresses change with them."""

    def file_response(self, *args: Any, **more: Any) -> Response:
        response = super().file_response(*args, **more)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
