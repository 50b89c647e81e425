"""Reasons that people write in their own words about months and due dates: others read them, so they are never about patients."""

from app.core import clock
from app.core.errors import Refused
from app.policy.in_force import policy_in_force
from app.policy.patients import told_of_a_patient


def check_reason(reason: str) -> None:
    """Raises Refused (422) for a reason that seems to be about a patient."""
    year, is_clinical = clock.today().year, policy_in_force().has_clinical_words
    if (sentence := told_of_a_patient(reason, year, is_clinical, "A reason")) is not None:
        raise Refused(f"{sentence}.", field="reason")
