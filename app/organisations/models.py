"""Organisations: English trusts and the Welsh, Scottish and Northern Irish bodies, and whom to ask there."""

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id


class Organisation(SQLModel, table=True):
    """One NHS body. `code` is its key everywhere (ODS code where confirmed); `close_date` is its last open day.

    `counted_with` is the successor with whose debts its own are summed for the threshold: the same from that one's first
    day on, as soon as the marks have been counted anew.
    """

    __tablename__ = "organisations"

    code: str = Field(primary_key=True, max_length=20)
    ods_code: str | None = Field(default=None, max_length=20)
    name: str = Field(max_length=200)
    nation: str = Field(max_length=40)
    region: str = Field(max_length=80)
    organisation_type: str = Field(max_length=80)
    postcode: str | None = Field(default=None, max_length=12)
    icb_code: str | None = Field(default=None, max_length=20)
    icb_name: str | None = Field(default=None, max_length=200)
    acute_provider: bool = False
    open_date: date | None = None
    close_date: date | None = None
    successor_code: str | None = Field(default=None, foreign_key="organisations.code", max_length=20, index=True)
    successor_from: date | None = None
    counted_with: str | None = Field(default=None, max_length=20)

    def successor_on(self, day: date) -> str | None:
        return self.successor_code if self.successor_from is not None and self.successor_from <= day else None


class ContactPurpose(StrEnum):
    """What a contact is for."""

    URGENT_CHECKS = "urgent_checks"  # answers while somebody waits at the border
    DEBTS = "debts"


class OrganisationContact(SQLModel, table=True):
    """An office or function of an organisation, not a person, with a phone number, an e-mail address or both."""

    __tablename__ = "organisation_contacts"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20, index=True)
    purpose: str = Field(max_length=20)
    office: str = Field(max_length=120)
    phone: str | None = Field(default=None, max_length=40)
    email: str | None = Field(default=None, max_length=254)
    hours: str | None = Field(default=None, max_length=120)
    changed_at: datetime = Field(sa_type=Instant)
