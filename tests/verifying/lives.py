"""A register that lives: trusts and the Debtors Team do one thing after another, at random but the same for the same seed."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from app.accounts.access import Actor
from app.core import clock
from app.core.db import Database
from app.core.errors import ServiceError
from app.debts import holds, warnings_index
from app.debts import service as debts
from app.debts.models import Debt
from app.debts.service import Move
from app.return_template.choices import Status
from app.returns import amending, open_rows
from app.returns.answering import answer, questions
from app.returns.models import Return
from tests.returns.conftest import Trust, at, row

FIRST_DAY, NUMBERS = date(2026, 9, 1), 8
PEOPLE = [
    {"given_names": "Ada", "passport_number": "A0123456"}, {"given_names": "Ada", "passport_number": ""},
    {"given_names": "Ada", "passport_number": "A7654321"}, {"given_names": "Eva", "passport_number": "A0123456"},
    {"given_names": "Eva", "passport_number": ""}, {"given_names": "Ida", "passport_number": "", "date_of_birth": "01/01/1980"},
]  # fmt: skip
AMOUNTS = ("300.00", "450.00", "600.00", "2550.00")
STATUSES = (
    "Debt outstanding", "Debt outstanding", "Debt outstanding", "Repayment arrangement",
    "Defaulted - debt still outstanding", "Debt repaid", "Withdrawn - reported in error",
)  # fmt: skip


class Life:
    """Whatever is refused is simply not done. `day` goes on by some days after each deed."""

    def __init__(self, seed: int, trusts: list[Trust], team: Actor) -> None:
        self.dice, self.trusts, self.team, self.day = Random(seed), trusts, team, FIRST_DAY
        self.database: Database = trusts[0].database
        self.sent: list[tuple[Trust, Return]] = []
        self.done: list[str] = []

    def live(self, deeds: int) -> None:
        choices: list[tuple[Callable[[Trust], object], int]] = [
            (self.send, 8), (self.record, 5), (self.amend, 4), (self.hold, 2), (self.unhold, 2), (self.release, 2),
            (self.reopen, 2), (self.take_back, 2), (self.mend, 2), (self.close, 1), (self.template, 2),
        ]  # fmt: skip
        for _ in range(deeds):
            (deed,) = self.dice.choices([one for one, _ in choices], [weight for _, weight in choices])
            try:
                deed(self.dice.choice(self.trusts))
                self.done.append(f"{self.day} {deed.__name__}")
            except ServiceError:
                pass
            self.day += timedelta(days=self.dice.choice((0, 0, 1, 3)))

    def send(self, trust: Trust) -> None:
        month = self.day.replace(day=1) - timedelta(days=self.dice.choice((0, 1, 1, 40)))
        rows = {number: self._row(number) for number in self.dice.sample(range(NUMBERS), self.dice.randint(1, 4))}
        returned = trust.send(rows.values(), period=f"{month:%Y-%m}", on=self.day.isoformat()).return_
        if returned is not None:
            self.sent.append((trust, returned))

    def _row(self, number: int) -> dict[str, str]:
        status, amount = self.dice.choice(STATUSES), self.dice.choice(AMOUNTS)
        on = (self.day - timedelta(days=self.dice.randint(0, 20))).strftime("%d/%m/%Y")
        more = self.dice.choice(({}, {}, {}, {"patient_informed": "No"}, {"nationality": "France"}, {"other_names": "X"},
                                 {"nationality": "Ghana"}, {"uk_address": "Ward 7"}, {"invoice_date": "20/08/2026"}))  # fmt: skip
        left = "0.00" if status == "Debt repaid" else self.dice.choice((amount, "100.00"))
        return row(f"N{number}", invoice_amount=amount, amount_outstanding=left, status=status,
                   status_date="" if status == "Debt outstanding" else on, **self.dice.choice(PEOPLE)) | more  # fmt: skip

    def template(self, trust: Trust) -> None:
        """Sends the template back as it was filled."""
        returned = trust.send(trust.template(f"{self.day:%Y-%m}", self.day.isoformat()), f"{self.day:%Y-%m}",
                              on=self.day.isoformat()).return_  # fmt: skip
        if returned is not None:
            self.sent.append((trust, returned))

    def record(self, trust: Trust) -> None:
        debt, status = self._debt(trust), self.dice.choice(list(Status))
        left = 0 if status is Status.REPAID else self.dice.choice((debt.amount_outstanding or 10000, 10000))
        reason = self.dice.choice((None, "duplicate", "wrong_person")) if status is Status.WITHDRAWN else None
        on = self.dice.choice((None, self.day - timedelta(days=self.dice.randint(0, 5))))
        move = Move(status, on, left, reason, correction=self.dice.random() < 0.2)
        with at(self.day.isoformat()), self.database.writing() as db:
            debts.change_status(db, trust.officer, debt.id, move)

    def reopen(self, trust: Trust) -> None:
        debt = self._debt(trust)
        with at(self.day.isoformat()), self.database.writing() as db:
            move = Move(Status.OUTSTANDING, self.day, debt.invoice_amount, "still_owed")
            debts.change_status(db, self.team, debt.id, move)

    def amend(self, trust: Trust) -> None:
        typed = self.dice.choice((*PEOPLE, {"invoice_amount": "700.00"}, {"uk_address": ""}, {"nationality": "Kenya"}))
        with at(self.day.isoformat()), self.database.writing() as db:
            amending.amend_as_typed(db, trust.officer, self._debt(trust).id, typed)

    def hold(self, trust: Trust) -> None:
        with at(self.day.isoformat()), self.database.writing() as db:
            holds.hold(db, self.team, self._debt(trust).id, "to be looked into")

    def unhold(self, trust: Trust) -> None:
        with at(self.day.isoformat()), self.database.writing() as db:
            holds.unhold(db, self.team, self._debt(trust).id, "all is well")

    def release(self, _trust: Trust) -> None:
        """A release carries every debt."""
        with at(self.day.isoformat()), self.database.writing() as db:
            warnings_index.carried(db, clock.now(), [debt.id for debt in self.trusts[0].debts()])

    def take_back(self, _trust: Trust) -> None:
        trust, returned = self.sent.pop(self.dice.randrange(len(self.sent))) if self.sent else (None, None)
        if trust is not None and returned is not None:
            trust.withdraw(returned, on=self.day.isoformat())

    def mend(self, trust: Trust) -> None:
        asked = [(one.id, given) for one in trust.open_rows() for given, _ in questions(one)]
        if asked:
            id_, given = self.dice.choice(asked)
            with at(self.day.isoformat()), self.database.writing() as db:
                answer(db, trust.officer, id_, given)

    def close(self, trust: Trust) -> None:
        if found := trust.open_rows():
            with at(self.day.isoformat()), self.database.writing() as db:
                open_rows.close(db, trust.officer, self.dice.choice(found).id, "will not be mended")

    def _debt(self, trust: Trust) -> Debt:
        theirs = [debt for debt in trust.debts() if debt.organisation_code in trust.officer.grants[0].codes]
        if not theirs:
            raise ServiceError("There is no debt yet.")
        return self.dice.choice(theirs)
