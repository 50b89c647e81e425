"""The outbox as an administrator reads it: what was written to whom, what became of it, and trying again."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Response

from app.accounts import mailing
from app.accounts.models import Purpose
from app.accounts.permissions import Permission
from app.core import outbox as mails
from app.core.errors import Refused
from app.core.mail import sending
from app.core.outbox import Message, State
from app.http.deps import Reading, Writing
from app.settings import Environment
from app.web import mail_words
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

outbox = pages()
PATH, A_PAGE = "/outbox", 20
Admin = Annotated[Visit, May(Permission.USER_MANAGE)]
Named = Annotated[str, Query(max_length=100)]


@outbox.get(PATH)
def get_outbox(visit: Admin, db: Reading, state: Named = "", kind: Named = "", cursor: Named = "") -> Response:
    asked, way_out = _asked(state, kind), mail_words.way_out(visit.settings)
    found = mails.list_messages(db, A_PAGE, cursor or None, state=state, kind=kind)
    return page(
        visit,
        "outbox/outbox.html",
        messages=found.items,
        kept_back={message.id for message in found.items if _is_for_its_reader_alone(visit, message)},
        asked=asked,
        here=_address(asked),
        following=_address({**asked, "cursor": found.next}) if found.next else None,
        is_later=bool(cursor),
        states=mail_words.state_choices(),
        kinds=mail_words.kind_choices(),
        way_out=way_out,
        failed=mails.number_failed(db),
        seems_idle=way_out != "" and sending.seems_idle(db),
    )


@outbox.post(PATH)
def post_try_again(visit: Admin, db: Writing, state: Named = "", kind: Named = "") -> Response:
    mailing.try_again(db, visit.actor, visit.entries.text("message"))
    return to(PATH, said="mail-tried-again", **_asked(state, kind))


def _is_for_its_reader_alone(visit: Visit, message: Message) -> bool:
    """A link to a new password opens somebody's account, so only the demo and tests show it. An invitation is shown where
    no mail leaves, since nobody else could pass it on.
    """
    if visit.settings.environment is not Environment.PRODUCTION:
        return False
    return message.kind == Purpose.RESET or (message.blank_when_sent and message.state != State.KEPT)


def _asked(state: str, kind: str) -> dict[str, str]:
    if (state and state not in set(State)) or (kind and kind not in mail_words.KINDS):
        raise Refused("There is nothing like that to choose by. Open the list again and choose from it.")
    return {key: text for key, text in (("state", state), ("kind", kind)) if text}


def _address(asked: dict[str, str]) -> str:
    return PATH + ("?" + urlencode(asked) if asked else "")
