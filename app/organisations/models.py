"""Organisations: English trusts and the Welsh, Scottish and Northern Irish bodies."""

from datetime import date

from sqlmodel import Field, SQLModel


class Organisation(SQLModel, table=True):
    """One NHS body. `code` is its key everywhere (ODS code where confirmed); `close_date` is its last open day."""

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
