"""A debtor, for the Debtors Team: one person's debts across organisations and what they come to together."""

from typing import Annotated

from fastapi import Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.debts import matches
from app.debts.debtors import debtor
from app.http.deps import Id, Reading
from app.organisations import service as organisations
from app.web.debt_lines import lines_of
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

debtors = pages()


@debtors.get("/debtors/{debtor_id}")
def get_debtor(debtor_id: Id, visit: Annotated[Visit, May(Permission.DEBTOR_READ)], db: Reading) -> Response:
    found = debtor(db, visit.actor, debtor_id)
    names = organisations.names(db, found.organisations)
    return page(
        visit, "debtors/debtor.html", debtor=found, lines=lines_of(found.debts, names),
        people=accounts.names(db, (one.by for one in found.joins)),
        waiting=matches.of_person(db, visit.actor, found.members) if visit.may(Permission.MATCH_DECIDE) else (),
        may_tell_all=visit.may(Permission.ACCESS_REQUEST_ANSWER),
    )  # fmt: skip
