"""A debt that the recipient rejected, on the pages of its trust."""

import re

from app.accounts.permissions import Role
from app.releases import acknowledgement
from tests.api.conftest import row
from tests.releases.released import answer, references, release
from tests.releases.test_acknowledgement import TEAM
from tests.web.conftest import said
from tests.web.test_returns import sent


def test_the_recipients_reason_is_words_on_the_page_and_the_row_can_be_answered(visitor, database):
    ovm = visitor(Role.TRUST)
    sent(ovm, row(1), row(2))
    with database.writing() as db:
        of = release(db)
        ref = references(database)["INV00001"]
        acknowledgement.take(db, TEAM, of.id, "a.csv", answer((ref, "rejected", "<script>alert(1)</script>")))
    page = ovm.get("/open-rows")
    assert "&lt;script&gt;alert(1)" in page.text and "<script>alert(1)" not in page.text
    assert "1 row" in said(ovm.get("/"))
    link = re.search(r"/open-rows/[0-9a-f]{32}", page.text)[0]
    assert "MIDAS did not load this debt from release 1" in said(ovm.get(link))
    ovm.follow(ovm.post(f"{link}/answer", {"answer": "earlier_facts_stand"}))
    assert "Nothing is waiting to be mended." in said(ovm.get("/open-rows"))


def test_another_trust_and_the_debtors_team_are_not_told_the_reason(visitor, database):
    sent(visitor(Role.TRUST), row(1))
    with database.writing() as db:
        of = release(db)
        ref = references(database)["INV00001"]
        acknowledgement.take(db, TEAM, of.id, "a.csv", answer((ref, "rejected", "no match")))
    assert "MIDAS" not in visitor(Role.TRUST, "RYJ").get("/open-rows").text
    team = said(visitor(Role.DEBTORS_TEAM).get("/open-rows"))
    assert "MIDAS did not load this debt" in team and "no match" not in team
