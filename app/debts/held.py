"""A debt as the register holds it, as a plain value: what the rules compare a row with."""

from datetime import date, datetime

import msgspec

from app.return_template.columns import KEYS


class Held(msgspec.Struct):
    """The held values by column key (choices as stored words, money in pence) and the days of which they speak."""

    id: str
    organisation_code: str
    debtor_id: str
    invoice_fold: str
    name_match: str | None
    passport_match: str | None
    as_at: date
    particulars_on: date
    confirmed_on: date
    status_from: str | None
    status_period: str | None
    withdrawal_reason: str | None
    report_undone: bool
    below_threshold: bool
    changed_at: datetime
    return_id: str | None
    return_row: int | None
    import_id: str | None
    invoice_number: str
    invoice_date: date
    invoice_amount: int
    amount_outstanding: int
    status: str
    status_date: date | None
    family_name: str
    given_names: str
    other_names: str | None
    date_of_birth: date | None
    sex: str | None
    nationality: str | None
    passport_number: str | None
    home_office_reference: str | None
    ni_number: str | None
    uk_address: str | None
    uk_postcode: str | None
    overseas_address: str | None
    site: str | None
    patient_informed: str | None
    your_reference: str | None

    @property
    def is_withdrawn(self) -> bool:
        return self.status == "withdrawn"

    @property
    def status_is_second_hand(self) -> bool:
        """The status stands as the register before this service had it, without a day: its trust has not dated it yet."""
        return self.import_id is not None and self.status_date is None and self.status_from is None

    @property
    def may_be_reported_anew(self) -> bool:
        """Withdrawn because it named the wrong person, or because the return that first reported it was withdrawn."""
        return self.is_withdrawn and (self.withdrawal_reason == "wrong_person" or self.report_undone)


class KnownDebt(msgspec.Struct, frozen=True):
    """What is told of a debt by its invoice number: which it is, the loading by which it came, and whose it is."""

    id: str
    reference: str
    import_id: str | None
    family_name: str | None
    given_names: str | None
    date_of_birth: date | None
    nationality: str | None
    passport_number: str | None


STATUS_KEYS = ("status", "status_date", "amount_outstanding")
PARTICULARS_KEYS = tuple(key for key in KEYS if key not in STATUS_KEYS and key != "invoice_number")
