"""What lasts hours or days, and what is kept of staff's ways in: searches, checks, sessions, links, tokens, mails."""

from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlmodel import Session, col

from app.accounts import failures, rate_limits, sessions
from app.accounts.models import ApiToken, BrowserSession, OneTimeLink, RateCount, SignInFailures
from app.contact_log.models import ContactEntry
from app.core import answers
from app.core.answers import KeptAnswer
from app.core.outbox import Message, blanked
from app.debts import searches
from app.debts.models import Search
from app.policy.retention import Kept
from app.retention.limits import Limits
from app.retention.stage import BATCH, Due, Stage, counted, deleting
from app.returns import checks, waiting
from app.returns.models import RefusedUpload, Return, WaitingCheck
from app.status_checks.models import CheckedDebt, StatusCheck


def _ended(limits: Limits, ended_at: Any, expires_at: Any) -> ColumnElement[bool]:
    before = limits.instant(Kept.ENDED_ACCESS)
    return or_(col(ended_at) < before, col(expires_at) < before)


def _in_no_link(limits: Limits) -> ColumnElement[bool]:
    """While it is there, nobody is written to a second time for the same reason."""
    of_links = select(col(OneTimeLink.message_id))
    return and_(col(Message.created_at) < limits.instant(Kept.MAIL), col(Message.id).not_in(of_links))


def _says_what_is_over(limits: Limits) -> ColumnElement[bool]:
    run_out = select(col(OneTimeLink.message_id)).where(col(OneTimeLink.expires_at) < limits.real_now)
    is_old = col(Message.created_at) < limits.instant(Kept.MESSAGE)
    return and_(or_(is_old, col(Message.id).in_(run_out)), col(Message.body) != "")


def _look_at_texts(db: Session, limits: Limits) -> Due:
    return counted(db, col(Message.created_at), _says_what_is_over(limits))


def _blank_texts(db: Session, limits: Limits) -> int:
    some = select(col(Message.id)).where(_says_what_is_over(limits)).limit(BATCH)
    return int(db.connection().execute(update(Message).where(col(Message.id).in_(some)).values(blanked())).rowcount)


def _look_at_checks(db: Session, _limits: Limits) -> Due:
    return counted(db, col(Return.checked_at), checks.over())


def _forget_checks(db: Session, _limits: Limits) -> int:
    return checks.forget(db, db.execute(select(col(Return.id)).where(checks.over()).limit(BATCH)).scalars())


def _old_status_checks(limits: Limits) -> ColumnElement[bool]:
    return col(StatusCheck.at) < limits.instant(Kept.STATUS_CHECK)


def _look_at_status_checks(db: Session, limits: Limits) -> Due:
    return counted(db, col(StatusCheck.at), _old_status_checks(limits))


def _delete_status_checks(db: Session, limits: Limits) -> int:
    ids = list(db.execute(select(col(StatusCheck.id)).where(_old_status_checks(limits)).limit(BATCH)).scalars())
    db.connection().execute(delete(CheckedDebt).where(col(CheckedDebt.check_id).in_(ids)))
    db.connection().execute(delete(StatusCheck).where(col(StatusCheck.id).in_(ids)))
    return len(ids)


STAGES = (
    deleting("searches", "searches for people", Search, col(Search.created_at),
             lambda limits: searches.over(limits.real_now)),
    Stage("checks", "checks of files that were not submitted", (), _look_at_checks, _forget_checks),
    deleting("waiting-checks", "notes of what came of a check", WaitingCheck, col(WaitingCheck.began_at),
             lambda limits: waiting.over(limits.now)),
    deleting("refused-uploads", "notes of files that were refused", RefusedUpload, col(RefusedUpload.at),
             lambda limits: col(RefusedUpload.at) < limits.instant(Kept.REFUSED_UPLOAD)),
    Stage("status-checks", "urgent status checks", ("status_checks",), _look_at_status_checks, _delete_status_checks),
    deleting("sessions", "sessions that have ended", BrowserSession, col(BrowserSession.started_at),
             lambda limits: sessions.over(limits.real_now)),
    deleting("sign-in-failures", "counts of wrong tries", SignInFailures, col(SignInFailures.first_at),
             lambda limits: failures.over(limits.real_now)),
    deleting("rate-counts", "counts of how often somebody did something", RateCount, col(RateCount.until),
             lambda limits: rate_limits.over(limits.real_now)),
    deleting("tokens", "tokens that let nobody in any more", ApiToken, col(ApiToken.created_at),
             lambda limits: _ended(limits, ApiToken.revoked_at, ApiToken.expires_at)),
    deleting("links", "links that let nobody in any more", OneTimeLink, col(OneTimeLink.created_at),
             lambda limits: _ended(limits, OneTimeLink.ended_at, OneTimeLink.expires_at)),
    deleting("contact-log", "entries of the contact log", ContactEntry, col(ContactEntry.day),
             lambda limits: col(ContactEntry.day) <= limits.day(Kept.CONTACT_LOG)),
    Stage("mail-texts", "texts of mails that are old or whose link has run out", (), _look_at_texts, _blank_texts),
    deleting("repeated-answers", "answers kept for programs that ask again", KeptAnswer, col(KeptAnswer.at),
             lambda limits: answers.over(limits.real_now)),
    deleting("mails", "notes of mails to staff", Message, col(Message.created_at), _in_no_link),
)  # fmt: skip
