"""The demo's managers: every trust has one, the year's contacts are the same each time, and some steps are open."""

from datetime import timedelta

from sqlmodel import select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import PortfolioCover
from app.contact_log import queries
from app.contact_log.models import ContactEntry
from app.core import clock
from app.demo import database as demo
from app.demo.accounts import MANAGER
from app.demo.partnership import NAMES, contacts, portfolios
from app.demo.year import year_before
from app.periods.calendar import Period
from app.submissions.standings import lpms_by_organisation

CODES = [f"R{number:03d}" for number in range(160)]


def test_every_trust_has_one_manager_and_the_tours_keeps_twenty():
    found = portfolios(CODES)
    assert len(found) == len(NAMES) == 6
    assert sorted(code for codes in found.values() for code in codes) == CODES
    assert len(found[MANAGER]) == 20


def test_a_year_has_sixty_to_a_hundred_contacts_and_they_are_the_same_each_time():
    now = clock.now()
    found = list(contacts(CODES, now))
    assert 60 <= len(found) <= 100
    assert found == list(contacts(CODES, now))
    assert found[0].at < now - timedelta(days=200)


def test_a_demo_shows_managers_contacts_open_steps_and_a_cover(database):
    actors = demo.prepare(database, 12, year_before(Period(2026, 11), 1)[0])
    demo.finish(database, list(actors))
    with database.reading() as db:
        lpms = lpms_by_organisation(db)
        entries = db.exec(select(ContactEntry)).all()
        steps = queries.open_steps(db, COMMAND_LINE, list(actors), clock.today())
        covers = db.exec(select(PortfolioCover)).all()
        manager = accounts.user_by_email(db, MANAGER)
    assert set(lpms) == set(actors)
    assert all(one.phone and one.name in NAMES for of_one in lpms.values() for one in of_one)
    assert len(entries) >= 5 and steps and len(covers) == 2
    assert manager is not None and manager.name == NAMES[0]
