"""What is left of purged debts: numbers, no persons."""

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel


class PurgedDebts(SQLModel, table=True):
    """How many debts of an organisation ended in a month with a status, and what had been invoiced, in pence."""

    __tablename__ = "purged_debts"

    organisation_code: str = Field(foreign_key="organisations.code", primary_key=True, max_length=20)
    month: str = Field(primary_key=True, max_length=7)
    status: str = Field(primary_key=True, max_length=12)
    number: int
    pence: int = Field(sa_type=BigInteger)
