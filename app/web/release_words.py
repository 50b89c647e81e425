"""What pages say about releases: states, changes, reasons, why lines stay, and who does which step next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.releases.models import Change, Release, Scope, State
from app.releases.rules.sampling import Wrong
from app.web.words import counted

_STATES = {
    State.DRAFT: ("Being prepared", "grey"),
    State.CHECKING: ("Sample to check", "blue"),
    State.APPROVED: ("Approved", "yellow"),
    State.RELEASED: ("Released", "green"),
    State.ABANDONED: ("Abandoned", "grey"),
}
SCOPES = {
    Scope.FULL: ("Full", "Every debt now open, and removals that the recipient does not know yet."),
    Scope.CHANGES: ("Changes", "Only what differs from what the recipient received last."),
}
CHANGES = {change: change.label for change in Change}
CHOICES = [(scope.value, *words) for scope, words in SCOPES.items()]


@dataclass(frozen=True)
class Step:
    """One step of a release: what it is, where it stands (done, next or later), and what is known of it."""

    title: str
    stands: str
    told: str = ""


def release_tag(state: str) -> dict[str, str]:
    """The parameters of a tag."""
    word, colour = _STATES[State(state)]
    return {"text": word, "classes": f"govuk-tag--{colour}"}


def change_word(change: str) -> str:
    return Change(change).label


def scope_word(scope: str) -> str:
    return SCOPES[Scope(scope)][0]


def file_size(size: int) -> str:
    """“812 bytes”, “41 kB”, “1.2 MB”."""
    if size < 1000:
        return counted(size, "byte")
    return f"{size // 1000:,} kB" if size < 1_000_000 else f"{size / 1_000_000:,.1f} MB"


def step_tag(step: Step) -> dict[str, str]:
    word, colour = {"done": ("Done", "green"), "next": ("Next", "blue")}.get(step.stands, ("Not yet", "grey"))
    return {"text": word, "classes": f"govuk-tag--{colour}"}


def steps(release: Release, sample: Sequence[bool | None], people: Mapping[str, str], answered: int) -> list[Step]:
    """`sample`: whether each line of it is right, None while nobody has looked; `answered`: lines the recipient marked."""
    judged = sum(correct is not None for correct in sample)
    at = list(State).index(State(release.state))
    wrong = sum(correct is False for correct in sample)
    checking = f"{judged:,} of {counted(len(sample), 'line')} checked, {wrong:,} marked wrong."
    approved_by = people.get(release.approved_by or "", release.approved_by or "")
    released_by = people.get(release.released_by or "", release.released_by or "")
    return [
        Step("Prepare", "done", f"By {people.get(release.prepared_by, release.prepared_by)}."),
        Step("Check the sample against its sources", _stands(at, 1, judged == len(sample)), checking),
        Step("Approve", _stands(at, 1, False) if judged == len(sample) or at > 1 else "later",
             f"By {approved_by}." if release.approved_by else "By somebody who neither prepared nor checked it."),
        Step("Release", _stands(at, 2, False), f"By {released_by}." if release.released_by else
             "The files are made and do not change any more."),
        Step("Note the recipient’s answer", "done" if answered else _stands(at, 3, False),
             f"{counted(answered, 'line')} answered." if answered else "Lines that it rejects go back to their trusts."),
    ]  # fmt: skip


def _stands(at: int, turn: int, is_done: bool) -> str:
    if at > turn or is_done:
        return "done"
    return "next" if at == turn else "later"


def wrong_word(reason: str | None) -> str:
    """What is wrong with a line of the sample."""
    return Wrong(reason).label if reason else ""


FILTERS = {
    "release_tag": release_tag, "change_word": change_word, "scope_word": scope_word, "file_size": file_size,
    "step_tag": step_tag, "wrong_word": wrong_word,
}  # fmt: skip
