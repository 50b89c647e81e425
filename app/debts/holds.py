"""Holds: placed by a rule, a sample, a dispute or by hand, and lifted again, each with its event in the debt's history."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import among, take_turns
from app.core.errors import Conflict, Refused
from app.debts import queries, warnings_index
from app.debts.models import Debt, DebtEvent, Hold
from app.debts.posting import HELD, RELEASED, Source
from app.debts.rules.holding import HoldKind

LONGEST_REASON = 500


def place(db: Session, source: Source, kind: HoldKind, codes: Mapping[str, Collection[str | None]],
          reason: str | None = None) -> None:  # fmt: skip
    """Holds debts (by id) for these codes. A hold that stands for the same kind and code already is not placed twice."""
    standing = {(hold.debt_id, hold.code) for hold in _standing(db, kind, codes)}
    new = [
        Hold(debt_id=debt_id, kind=kind, code=code, reason=reason, placed_at=source.at, placed_by=source.actor,
             placed_by_return=source.return_id)
        for debt_id, wanted in codes.items()
        for code in sorted(wanted, key=str)
        if (debt_id, code) not in standing
    ]  # fmt: skip
    if new:
        db.add_all(new)
        db.add_all(_event(source, HELD, hold) for hold in new)
        _settle(db, source, {hold.debt_id for hold in new})


def lift(db: Session, source: Source, holds: Sequence[Hold], because: str) -> None:
    """Ends these holds. A debt is free when none of its holds stands any more."""
    for hold in holds:
        hold.lifted_at, hold.lifted_by, hold.lifted_because = source.at, source.actor, because
        hold.lifted_by_return = source.return_id
        db.add(hold)
        db.add(_event(source, RELEASED, hold))
    _settle(db, source, {hold.debt_id for hold in holds})


def lift_of_rules(db: Session, source: Source, debt_ids: Collection[str], because: str) -> None:
    """A later row is good, or the trust says that the earlier facts stand: the rules let go."""
    lift(db, source, _standing(db, HoldKind.RULE, debt_ids), because)


def lift_of_import(db: Session, source: Source, mended: Mapping[str, Collection[str]], because: str) -> None:
    """A later row is good and changed what the rule rests on: `mended` gives by debt the codes of those rules.

    A row that says the same again lets nothing go: the old register said it too.
    """
    holds = _standing(db, HoldKind.IMPORT, mended)
    lift(db, source, [hold for hold in holds if hold.code in mended[hold.debt_id]], because)


@dataclass(frozen=True)
class Rest:
    """Whether a hold stands still, with the return that asks for it; if not, with the return that has answered it since."""

    stands: bool
    return_id: str | None


def undo_return(
    db: Session, source: Source, return_id: str, rests: Callable[[Sequence[Hold]], Mapping[str, Rest]]
) -> None:
    """A return is withdrawn: the holds that it placed end, and those that it lifted stand again, as far as no other return
    says otherwise. `rests` looks at the returns that stand; a hold that another asks for as well goes on and is that one's.
    """
    mine = col(Hold.placed_by_return) == return_id
    placed = db.execute(select(Hold).where(mine, col(Hold.lifted_at).is_(None)).order_by(col(Hold.id))).scalars().all()
    theirs = col(Hold.placed_by_return).is_distinct_from(return_id)
    query = select(Hold).where(col(Hold.lifted_by_return) == return_id, theirs).order_by(col(Hold.id))
    lifted = db.execute(query).scalars().all()
    now = rests([*placed, *lifted])
    lift(db, source, [each for each in placed if not now[each.id].stands], "the return was withdrawn")
    for each in placed:
        if now[each.id].stands:
            each.placed_by_return = now[each.id].return_id
    db.flush()
    _stand_again(db, source, lifted, now)


def _stand_again(db: Session, source: Source, lifted: Sequence[Hold], now: Mapping[str, Rest]) -> None:
    """Each once, and no second one beside another for the same kind and code: that one's return ends it then."""
    query = select(Hold).where(
        among(db, col(Hold.debt_id), {each.debt_id for each in lifted}), col(Hold.lifted_at).is_(None)
    )
    standing = {_what(each): each.placed_by_return for each in db.execute(query).scalars()} if lifted else {}
    for each in lifted:
        if now[each.id].stands and _what(each) not in standing:
            each.lifted_at = each.lifted_by = each.lifted_by_return = each.lifted_because = None
            each.placed_by_return = standing[_what(each)] = now[each.id].return_id
            db.add(_event(source, HELD, each))
        else:
            each.lifted_by_return = standing.get(_what(each)) if now[each.id].stands else now[each.id].return_id
        db.add(each)
    _settle(db, source, {each.debt_id for each in lifted})


def _what(hold: Hold) -> tuple[str, str, str | None]:
    return hold.debt_id, hold.kind, hold.code


def hold(db: Session, actor: Actor, debt_id: str, reason: str) -> Debt:
    """Holds a debt by hand. Raises NotFound (404), Refused (422) without a reason, Conflict (409) if it is held so already."""
    debt = _locked(db, actor, debt_id)
    check_free_of_hand(db, debt)
    words = _words(reason, "Say why the debt is held.")
    place(db, _source(actor), HoldKind.HAND, {debt.id: [None]}, words)
    record(db, actor, AuditAction.DEBT_HELD, "debt", debt.id, debt.organisation_code, kind=HoldKind.HAND.value)
    db.refresh(debt)
    return debt


def check_free_of_hand(db: Session, debt: Debt) -> None:
    """Raises Conflict (409) when somebody holds the debt by hand already."""
    if _standing(db, HoldKind.HAND, [debt.id]):
        raise Conflict("The Debtors Team holds this debt already. The debt’s page says why.")


def to_end(db: Session, debt: Debt) -> list[Hold]:
    """The holds that end by hand: every one but a dispute's. Raises Conflict (409) when there is none."""
    found = [each for each in standing_of(db, debt.id) if each.kind != HoldKind.DISPUTE]
    if not found:
        disputed = "A dispute holds it: settle that." if debt.held else "The debt’s page says how it stands."
        raise Conflict(f"There is no hold here to end. {disputed}")
    return found


def unhold(db: Session, actor: Actor, debt_id: str, reason: str) -> Debt:
    """Ends every hold but a dispute's, which its own answer ends. Raises Conflict (409) when there is nothing to end."""
    debt = _locked(db, actor, debt_id)
    holds = to_end(db, debt)
    lift(db, _source(actor), holds, _words(reason, "Say why the debt is released from hold."))
    kinds = sorted({each.kind for each in holds})
    record(db, actor, AuditAction.DEBT_RELEASED, "debt", debt.id, debt.organisation_code, kinds=kinds)
    db.refresh(debt)
    return debt


def standing_of(db: Session, debt_id: str) -> Sequence[Hold]:
    """The holds that stand on one debt, oldest first."""
    query = select(Hold).where(col(Hold.debt_id) == debt_id, col(Hold.lifted_at).is_(None)).order_by(col(Hold.id))
    return db.execute(query).scalars().all()


def _standing(db: Session, kind: HoldKind, debt_ids: Collection[str]) -> Sequence[Hold]:
    if not debt_ids:
        return []
    query = select(Hold).where(
        col(Hold.kind) == kind.value, col(Hold.lifted_at).is_(None), among(db, col(Hold.debt_id), list(debt_ids))
    )
    return db.execute(query.order_by(col(Hold.id))).scalars().all()


def _settle(db: Session, source: Source, debt_ids: Collection[str]) -> None:
    """Writes on each debt whether a hold stands and whether one is a dispute's, and takes it off the Warnings Index if so."""
    if not debt_ids:
        return
    db.flush()
    counted = select(func.count()).where(col(Hold.debt_id) == col(Debt.id), col(Hold.lifted_at).is_(None))
    disputes = counted.where(col(Hold.kind) == HoldKind.DISPUTE.value)
    db.execute(
        update(Debt).where(among(db, col(Debt.id), debt_ids))
        .values(held=counted.scalar_subquery() > 0, disputed=disputes.scalar_subquery() > 0, changed_at=source.at),
        execution_options={"synchronize_session": False},
    )  # fmt: skip
    warnings_index.settle(db, source.at, debt_ids)


def _event(source: Source, kind: str, hold: Hold) -> DebtEvent:
    reason = hold.code if hold.kind == HoldKind.RULE else hold.kind
    return DebtEvent(
        debt_id=hold.debt_id, at=source.at, actor=source.actor, kind=kind, as_at=source.day, reason=reason,
        return_id=source.return_id, import_id=source.import_id,
    )  # fmt: skip


def _locked(db: Session, actor: Actor, debt_id: str) -> Debt:
    debt = queries.get_debt(db, actor, debt_id, Permission.DEBT_HOLD)
    take_turns(db, ["register"])
    db.refresh(debt)
    return debt


def _source(actor: Actor) -> Source:
    return Source(actor.id, clock.now(), clock.today())


def _words(reason: str, missing: str) -> str:
    if not reason.strip():
        raise Refused(missing, field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise Refused(f"Shorten the reason to {LONGEST_REASON} characters or fewer.", field="reason")
    return reason.strip()
