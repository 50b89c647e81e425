"""The guidance: what a return is, its columns, the rules that judge it, and the policy in force. Made from their lists."""

from fastapi import Response

from app.core import clock
from app.policy import in_words
from app.policy.in_force import policy_in_force
from app.return_template import guidance as columns
from app.returns import catalogue
from app.returns.rules.engine import Severity
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import Anybody

guidance = pages()
# Each kind of rule: its anchor, heading, and what follows for whoever sent the file.
_KINDS = (
    (Severity.REFUSED, "files-refused", "When a whole file is refused", "Nothing of the file’s content is kept. Mend it and send it again."),
    (Severity.REJECTED, "rows-rejected", "When a row goes back", "The other rows are taken. The row comes back to you with what to fix."),
    (Severity.WARNING, "remarks", "Remarks on rows that are taken", "The row is taken. Check what the remark says, and send a correction if it is right."),
)  # fmt: skip


@guidance.get("/guidance")
def get_guidance(visit: Anybody) -> Response:
    policy = policy_in_force()
    rules = list(catalogue.entries())
    return page(
        visit,
        "guidance/guidance.html",
        how_to=columns.HOW_TO_FILL_IN,
        columns=list(columns.entries(clock.today())),
        declaration=columns.DECLARATION,
        kinds=[(*words, [rule for rule in rules if rule.severity is severity]) for severity, *words in _KINDS],
        sources=catalogue.SOURCES,
        ruleset=catalogue.RULESET,
        policy=policy,
        thresholds=in_words.thresholds(policy),
        scopes=in_words.scopes(policy),
        memberships=list(in_words.memberships(policy)),
        due_day=visit.settings.due_day,
        open_months=visit.settings.open_period_months,
        largest_file=visit.settings.max_upload_mb,
        most_rows=visit.settings.max_rows,
        help=columns.WHERE_TO_GET_HELP,
    )
