"""Urgent status checks: how the debt of one exactly named person stands, and whom to ask. No list, no search."""

from typing import Annotated

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import May, Store, router
from app.api.shapes.status_checks import AnswerOut, QuestionIn
from app.http.status_checks import ask

status_checks = router("status checks")


@status_checks.post("/status-checks", summary="How a debt stands, for an exact match only")
def post_status_check(
    question: QuestionIn, actor: Annotated[Actor, May(Permission.STATUS_CHECK)], store: Store
) -> AnswerOut:
    """Each check is recorded. So many an hour for each person, then 429 with Retry-After."""
    return AnswerOut.of(ask(store, actor, question.to_domain()))
