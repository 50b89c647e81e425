"""The one list of what is purged, in the order in which it goes, and of what is kept with the reason why."""

from app.retention import debts, files, open_rows, passing, releases
from app.retention.stage import Stage

# Rows close before what they said goes, and that goes before the return's own copy of it.
STAGES: tuple[Stage, ...] = (
    *passing.STAGES,
    files.ORIGINALS,
    files.WORDS,
    open_rows.EXPIRED,
    open_rows.CLOSED,
    files.REJECTED,
    releases.FILES,
    releases.LINES,
    debts.DEBTS,
    open_rows.ANSWERS,
)

# Tables whose rows go only together with something of the list above.
GO_WITH: dict[str, str] = {
    "debtors": "go with the last of their debts",
    "debtor_joins": "go with the last debt of the person whom they join",
    "possible_matches": "go with the last debt of either person; a decision with the last of both",
    "likeness_keys": "go with the last debt of their debtor",
    "debt_events": "go with their debt",
    "holds": "go with their debt",
    "disputes": "go with their debt",
    "corrections_told": "go with their debt",
    "register_import_parts": "each row of the old register goes with its debt",
    "status_check_debts": "go with their check; that a debt was told may be known for longer than the debt",
    "return_parts": "an original and rejected rows in their time, accepted rows with their debt, a check with its parts",
}

# Tables that are not purged, each with the reason.
KEPT: dict[str, str] = {
    "returns": "who returned what and when, in numbers: the submissions rest on it; a check that was not submitted goes",
    "rule_counts": "how often each rule was broken, without persons; those of a check go with it",
    "warnings_index_events": "the feed has no gaps; its lines lose the person when the debt is purged",
    "purged_debts": "the numbers that stay of purged debts, without persons",
    "register_imports": "what was loaded of the old register and when, in numbers",
    "releases": "what was released to whom, when and by whom, in numbers",
    "release_lines": "which debts a release carried, by id, and whether the recipient took them; what they said goes",
    "carried_debts": "what each recipient was told last, by id; the digests go with the debt",
    "release_files": "name, size and digest of what was given out; the file itself goes",
    "release_acknowledgements": "the recipient's answers, in numbers",
    "release_answers_replaced": "which lines were answered otherwise before, by number",
    "imported_flags_ended": "which flags from before the service each recipient was told to take off, by id",
    "release_handovers": "who took which file out, when and for what",
    "release_deliveries": "what was delivered where",
    "release_delivery_attempts": "what became of each attempt",
    "release_sample_lines": "which lines were looked at, by number, and what was found",
    "disclosures": "to whom a file was given, and for what",
    "disclosure_parts": "which debts stood in it, by id; the id of a purged debt says nothing more",
    "audit_events": "who did what: ids, counts and codes, never personal data",
    "audit_seals": "the chain of who did what: digests, no persons",
    "users": "whoever acted is named in the history as long as there is one",
    "role_grants": "who may do what now; a role that is taken away is deleted at once",
    "identities": "how a person signs in now; one that is unbound is deleted at once",
    "organisations": "public facts",
    "organisation_contacts": "offices, no persons; each trust changes its own",
    "portfolio_covers": "who acted in whose stead, by day; the history names both",
    "worker_rounds": "when the worker last did each job, one row for each",
    "contract_steps": "what migrations need of versions that serve, one row for each that does",
    "indexes_to_build": "indexes that a migration left for afterwards; deleted when they stand",
    "delivery_leases": "who does which work at this moment; deleted when it is done",
    "obligations": "who owes returns, no persons",
    "excusals": "who need not return, no persons",
    "due_dates": "when returns were due, no persons",
    "reminders": "who was reminded of which month and when, staff by id only; the mail itself goes in its time",
    "reminder_wordings": "words, no persons",
}
