"""What is typed to find a person is kept for its owner alone, for a day."""

from datetime import timedelta

import pytest
from sqlmodel import select

from app.accounts.access import Actor
from app.core import clock
from app.core.db import Session
from app.core.errors import NotFound, Refused
from app.debts import searches
from app.debts.models import Search

ADA, BEN = Actor("a" * 32, "Ada"), Actor("b" * 32, "Ben")


def test_what_was_typed_is_found_again_by_its_id(db: Session):
    assert searches.words(db, ADA, searches.keep(db, ADA, "  O'Brien \0 100%  ")) == "O'Brien 100%"


def test_a_search_is_its_owners_alone(db: Session):
    kept = searches.keep(db, ADA, "Okonkwo")
    for nobody, id_ in ((BEN, kept), (ADA, "0" * 32)):
        with pytest.raises(NotFound):
            searches.words(db, nobody, id_)


def test_a_search_is_gone_after_a_day_and_the_next_one_sweeps_it_out(db: Session):
    old = Search(actor=ADA.id, q="Okonkwo", created_at=clock.real_now() - timedelta(hours=24, minutes=1))
    db.add(old)
    db.flush()
    with pytest.raises(NotFound):
        searches.words(db, ADA, old.id)
    kept = searches.keep(db, BEN, "Example")
    assert db.exec(select(Search.id)).all() == [kept]


@pytest.mark.parametrize("q", ["", " \0\t", "x" * 10_001])
def test_nothing_and_too_much_are_refused(db: Session, q: str):
    with pytest.raises(Refused):
        searches.keep(db, ADA, q)


@pytest.mark.parametrize("q", ["x" * 10_000, "\ud800", "😀 _%'", "א\u202e"])
def test_whatever_can_be_typed_can_be_kept(db: Session, q: str):
    assert searches.words(db, ADA, searches.keep(db, ADA, q)) == q.replace("\ud800", "?")
