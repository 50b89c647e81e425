"""A release as its page shows it: its steps, what it holds in numbers, its sample, what was taken out, what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.db import Session
from app.core.errors import Forbidden
from app.organisations import service as organisations
from app.releases import afterwards, deliveries, funnel, queries, sign_off
from app.releases.models import Change, Release, State
from app.releases.queries import TakenOut
from app.releases.rules import taking_out
from app.releases.rules.sign_off import check_approver
from app.releases.sample_lines import Looked, next_to_check, sample_lines
from app.return_template.choices import Status
from app.web import release_words
from app.web.visit import Visit

LARGEST, SHOWN = 10, 100


@dataclass(frozen=True)
class Sum:
    """A line of a table of numbers."""

    words: str
    number: int
    pence: int
    address: str = ""


def of(db: Session, visit: Visit, release: Release) -> dict[str, Any]:
    """Everything that the page of one release lays out."""
    sample = sample_lines(db, release.id)
    is_out = release.state == State.RELEASED
    found = funnel.funnel(db, release.id).whole if is_out else funnel.Funnel()
    handovers, number = afterwards.handovers(db, release.id, SHOWN)
    answers = afterwards.acknowledgements(db, release.id)
    people = _people(db, release, sample, [*(one.by for one in handovers), *(one.by for one in answers)])
    return {
        "people": people,
        "steps": release_words.steps(release, [one.correct for one in sample], people, found.loaded + found.rejected),
        "sample": sample,
        "judged": sum(one.correct is not None for one in sample),
        "wrong": sum(one.correct is False for one in sample),
        "next_line": next_to_check(sample) if visit.may(Permission.RELEASE_SAMPLE) else None,
        "hindered": hindered(db, visit.actor, release),
        "preview": preview(db, release),
        "files": queries.files_of(db, release),
        "handovers": handovers,
        "handovers_number": number,
        "deliveries": deliveries.deliveries_of(db, release.id),
        "acknowledgements": answers,
        "funnel": _funnel(found),
        "unanswered": found.unanswered,
        "may_acknowledge": visit.may(Permission.RELEASE_ACKNOWLEDGE),
        "may_abandon": visit.may(Permission.RELEASE_PREPARE) and release.state in (State.CHECKING, State.APPROVED),
        **taken_out(queries.taken_out_of(db, release)),
    }


def waiting(db: Session, actor: Actor) -> dict[str, Any] | None:
    """The release that is open and what it waits for, for the home page; None when none is open."""
    release = queries.open_release(db)
    if release is None:
        return None
    sample = sample_lines(db, release.id)
    return {
        "release": release, "to_check": sum(one.correct is None for one in sample),
        "is_mine_to_approve": not hindered(db, actor, release),
    }  # fmt: skip


def hindered(db: Session, actor: Actor, release: Release) -> str:
    """Why this person cannot approve it; empty for whoever may."""
    try:
        check_approver(release.number, actor.id, release.prepared_by, sign_off.samplers(db, release.id))
    except Forbidden as error:
        return error.detail
    return ""


def taken_out(lines: Iterable[TakenOut]) -> dict[str, Any]:
    """The first of the lines that do not leave, each with why in words."""
    found = list(lines)
    shown = [(one, taking_out.TakenOut(one.reason).label) for one in found[:SHOWN]]
    return {"taken_out": shown, "taken_out_number": len(found)}


def preview(db: Session, release: Release) -> dict[str, list[Sum]]:
    """Numbers and money by change, status, organisation (the largest first) and nation."""
    counts = {name: release.counts.get(f"by_{name}", {}) for name in ("change", "status", "organisation", "nation")}
    names = organisations.names(db, counts["organisation"])
    by_organisation = sorted(
        _sums(counts["organisation"], {code: f"{name} ({code})" for code, name in names.items()}),
        key=lambda one: (-one.number, one.words),
    )
    here = f"/releases/{release.id}/lines?change="
    changes = [
        Sum(words, counts["change"][change]["lines"], counts["change"][change]["pence"], here + change)
        for change, words in release_words.CHANGES.items()
        if change in counts["change"]
    ]
    return {
        "changes": changes,
        "statuses": _sums(
            {status.value: counts["status"][status] for status in Status if status in counts["status"]},
            {status.value: status.label for status in Status},
        ),
        "organisations": by_organisation[:LARGEST],
        "rest": by_organisation[LARGEST:],
        "nations": _sums(counts["nation"], {}),
    }


def number_of(release: Release, change: Change) -> int:
    return int(release.counts.get("by_change", {}).get(change, {}).get("lines", 0))


def _sums(counts: Mapping[str, Mapping[str, int]], words: Mapping[str, str]) -> list[Sum]:
    return [Sum(words.get(key, key), one["lines"], one["pence"]) for key, one in counts.items()]


def _people(db: Session, release: Release, sample: list[Looked], others: Iterable[str]) -> dict[str, str]:
    those = (release.prepared_by, release.approved_by, release.released_by, release.abandoned_by)
    return accounts.names(db, {*those, *(one.by for one in sample), *others})


def _funnel(found: funnel.Funnel) -> list[tuple[int, str]]:
    return [
        (found.sent, "sent"), (found.loaded, "loaded"), (found.rejected, "rejected"),
        (found.mended, "of them mended"), (found.to_mend, "of them still to mend"),
        (found.ended, "of them closed without mending"), (found.sent_again, "sent again once mended"),
        (found.sent_unmended, "sent again before that"), (found.unanswered, "not answered"),
    ]  # fmt: skip
