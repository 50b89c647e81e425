"""Which tables the second wall stands around (`app/core/wall.py`), and by what a row's organisation is known.

A migration lays the wall; a guard compares it with this list, and the list with the tables.
"""

# Rows that name their organisation themselves, in `organisation_code`.
BY_COLUMN = (
    "contact_log",
    "debts",
    "disputes",
    "excusals",
    "open_rows",
    "organisation_contacts",
    "purged_debts",
    "refused_uploads",
    "release_lines",
    "reminders",
    "returns",
    "waiting_checks",
    "warnings_index_events",
)

# Rows that are seen by whoever sees the row they belong to: the table of that row, and the column that names it.
BY_PARENT = {
    "corrections_told": ("debts", "debt_id"),
    "debt_events": ("debts", "debt_id"),
    "holds": ("debts", "debt_id"),
    "return_parts": ("returns", "return_id"),
    "rule_counts": ("returns", "return_id"),
}

# Tables that name an organisation, or a row of a walled table, and stand outside, with the reason.
OUTSIDE = {
    "audit_events": "written about anybody by anybody, read by no trust",
    "obligations": "what an organisation owes is no secret and holds nobody's data",
    "role_grants": "asked before it is known who is there",
}
