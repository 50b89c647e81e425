"""Approves a release by a second person, or gives it up with a reason."""

from collections.abc import Set

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.audit.models import AuditAction, AuditEvent
from app.audit.service import record
from app.core import clock
from app.core.errors import Conflict, Refused
from app.policy.in_force import policy_in_force
from app.releases.models import Release, SampleLine
from app.releases.rules.sampling import too_many_wrong
from app.releases.rules.sign_off import check_approver, check_move
from app.releases.rules.words import State
from app.releases.turns import locked

LONGEST_REASON = 500


def approve(db: Session, actor: Actor, release_id: str) -> Release:
    """Signs a release off. Raises NotFound (404), Forbidden (403) for whoever prepared or sampled it, Conflict (409) while
    lines wait to be judged, when too many are wrong, or from another state.
    """
    release = locked(db, release_id)
    check_move(release.number, State(release.state), State.APPROVED)
    sample = db.execute(select(SampleLine).where(col(SampleLine.release_id) == release.id)).scalars().all()
    check_approver(release.number, actor.id, release.prepared_by, samplers(db, release.id))
    wrong = sum(line.correct is False for line in sample)
    if waiting := sum(line.correct is None for line in sample):
        raise Conflict(_still_to_judge(release, waiting, len(sample)))
    policy = policy_in_force().sampling_on(clock.uk_date(release.as_at))
    if too_many_wrong(len(sample), wrong, policy):
        raise Conflict(
            f"{wrong} of the {len(sample)} lines of the sample are wrong, which is more than {policy.wrong_percent}%. "
            f"Abandon release {release.number}, have the records mended, and prepare a new one."
        )
    release.state, release.approved_by, release.approved_at = State.APPROVED, actor.id, clock.now()
    db.add(release)
    record(db, actor, AuditAction.RELEASE_APPROVED, "release", release.id, sample=len(sample), wrong=wrong)
    return release


def abandon(db: Session, actor: Actor, release_id: str, reason: str) -> Release:
    """Gives a release up; its lines and the reason are kept. Raises NotFound (404), Conflict (409), Refused (422)."""
    release = locked(db, release_id)
    check_move(release.number, State(release.state), State.ABANDONED)
    was = release.state
    release.state, release.abandoned_by, release.abandoned_at = State.ABANDONED, actor.id, clock.now()
    release.abandoned_because = _words(reason)
    db.add(release)
    record(db, actor, AuditAction.RELEASE_ABANDONED, "release", release.id, was=was)
    return release


def samplers(db: Session, release_id: str) -> Set[str]:
    """Everybody who ever judged a line of it, also where another judged that line again later."""
    query = select(col(AuditEvent.actor)).where(
        col(AuditEvent.subject_type) == "release",
        col(AuditEvent.subject_id) == release_id,
        col(AuditEvent.action) == AuditAction.RELEASE_SAMPLED.value,
    )
    last = select(col(SampleLine.judged_by)).where(
        col(SampleLine.release_id) == release_id, col(SampleLine.judged_by).is_not(None)
    )
    return {who for who in db.execute(query.union(last)).scalars() if who}


def _still_to_judge(release: Release, waiting: int, whole: int) -> str:
    lines = "1 line" if waiting == 1 else f"{waiting} lines"
    return (
        f"{lines} of the sample of {whole} still {'waits' if waiting == 1 else 'wait'} to be compared with the source. "
        f"Mark each as right or wrong, then approve release {release.number}."
    )


def _words(reason: str) -> str:
    if not reason.strip():
        raise Refused("Say why the release is abandoned.", field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(f"Shorten the reason to {LONGEST_REASON} characters or fewer.", field="reason")
    return reason.strip()
