"""The columns of the machine files of a release, as the register of data sharing names them."""

MIDAS: tuple[str, ...] = (
    "reference", "organisation_code", "invoice_number", "date_of_debt", "amount_outstanding", "status", "status_date",
    "family_name", "given_names", "date_of_birth", "nationality", "passport_number", "home_office_reference", "change",
)  # fmt: skip
WARNINGS_INDEX: tuple[str, ...] = (
    "reference", "action", "family_name", "given_names", "date_of_birth", "nationality", "passport_number",
    "organisation_code", "invoice_number", "as_at",
)  # fmt: skip
