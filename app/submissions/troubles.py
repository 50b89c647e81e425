"""Why an organisation's newest file did not count, in words, and what to say to its people."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.core.db import among
from app.returns.models import RuleCount
from app.returns.rules.engine import RULES, Severity
from app.submissions.rules.advice import advice
from app.submissions.service import Concern

REASONS = 3  # rules that a concern names


@dataclass(frozen=True)
class Trouble:
    """A concern with the reasons in words, and what to say to the trust."""

    concern: Concern
    reasons: Sequence[str]
    advice: str


def troubles(db: Session, found: Sequence[Concern]) -> list[Trouble]:
    """Concerns in words. Two questions at most, however many there are."""
    sent = [one.return_id for one in found if one.return_id]
    rules = _rules_of(db, sent)
    return [Trouble(one, _reasons(one, rules), advice(one.code)) for one in found]


def _rules_of(db: Session, return_ids: Collection[str]) -> Mapping[str, Sequence[tuple[str, int]]]:
    """By return, the rules that sent rows back, most rows first."""
    query = (
        select(col(RuleCount.return_id), col(RuleCount.code), col(RuleCount.rows))
        .where(among(db, col(RuleCount.return_id), return_ids))
        .order_by(col(RuleCount.rows).desc(), col(RuleCount.code))
    )
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for return_id, code, rows in db.execute(query) if return_ids else ():
        if RULES[code].severity is Severity.REJECTED:
            found[return_id].append((code, rows))
    return found


def _reasons(one: Concern, rules: Mapping[str, Sequence[tuple[str, int]]]) -> list[str]:
    if one.code is not None:
        return [RULES[one.code].summary] if one.code in RULES else []
    most = rules.get(one.return_id or "", ())[:REASONS]
    return [f"{RULES[code].summary.rstrip('.')}: {rows:,} row{'' if rows == 1 else 's'}." for code, rows in most]
