"""The sample of a release: drawn when it is prepared, and judged line by line."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.errors import NotFound, Refused
from app.debts import holds
from app.debts.models import Hold
from app.debts.posting import Source
from app.debts.rules.holding import HoldKind
from app.policy.in_force import policy_in_force
from app.releases.models import Release, ReleaseLine, SampleLine
from app.releases.rules import sampling as rules
from app.releases.rules.sampling import Wrong
from app.releases.rules.sign_off import check_samples
from app.releases.rules.words import State
from app.releases.turns import locked

RIGHT_AFTER_ALL = "the line was marked right after all"


def draw(db: Session, release: Release, lines_of: Mapping[str, Sequence[int]]) -> None:
    """Chooses the lines to look at, from the release's seed: whoever draws again gets the same. `lines_of` are the numbers
    of each organisation's lines, in their order.
    """
    counts = {code: len(numbers) for code, numbers in lines_of.items()}
    wanted = rules.size(sum(counts.values()), policy_in_force().sampling_on(clock.uk_date(release.as_at)))
    for code, places in rules.places(counts, wanted, release.seed).items():
        db.add_all(SampleLine(release_id=release.id, line=lines_of[code][place]) for place in sorted(places))
    db.flush()


def judge(
    db: Session, actor: Actor, release_id: str, line: int, correct: bool, reason: str | None = None
) -> SampleLine:
    """Marks a line of the sample right or wrong. A wrong one holds its debt at once; right again ends that hold.

    Raises NotFound (404), Conflict (409) unless the release is being checked, Refused (422) for wrong without a reason.
    """
    release = locked(db, release_id, "register")
    check_samples(release.number, State(release.state))
    if (found := db.get(SampleLine, (release.id, line), populate_existing=True)) is None:
        raise NotFound
    code = None if correct else _reason(reason)
    found.correct, found.reason, found.judged_by, found.judged_at = correct, code, actor.id, clock.now()
    db.add(found)
    _hold(db, Source(actor.id, clock.now(), clock.today()), _line(db, found), code)
    record(
        db, actor, AuditAction.RELEASE_SAMPLED, "release", release.id, outcome="right" if correct else "wrong",
        line=line, reason=code,
    )  # fmt: skip
    return found


def _reason(reason: str | None) -> str:
    if reason not in set(Wrong):
        raise Refused(f"Say what is wrong with the line: one of {', '.join(Wrong)}.", field="reason")
    return str(reason)


def _line(db: Session, found: SampleLine) -> ReleaseLine:
    return db.get_one(ReleaseLine, (found.release_id, found.line))


def _hold(db: Session, source: Source, line: ReleaseLine, code: str | None) -> None:
    """The new hold comes before the old one goes, so that the debt is never free between the two."""
    if code is not None:
        holds.place(db, source, HoldKind.SAMPLE, {line.debt_id: [code]})
    over = [hold for hold in _standing(db, line.debt_id) if hold.code != code]
    if over:
        holds.lift(
            db, source, over, RIGHT_AFTER_ALL if code is None else "the line was marked wrong for another reason"
        )


def _standing(db: Session, debt_id: str) -> Sequence[Hold]:
    return [hold for hold in holds.standing_of(db, debt_id) if hold.kind == HoldKind.SAMPLE]
