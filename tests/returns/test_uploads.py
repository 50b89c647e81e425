"""What an upload does to the register and to the trust's work, on both databases."""

from sqlalchemy import text

from app.returns import parts
from tests.returns.conftest import MakeTrust, Trust, csv_of, row


def numbers(trust: Trust, rows, **more):
    got = trust.send(rows, **more).return_
    return {
        "read": got.read,
        "new": got.new,
        "changed": got.changed,
        "unchanged": got.unchanged,
        "rejected": got.rejected,
    }


def test_good_rows_become_debts_and_bad_rows_stay_open(rj1: Trust):
    got = rj1.send([row("1"), row("2", date_of_birth=""), row("3", nationality="France")]).return_
    assert (got.reference, got.outcome, got.read, got.new, got.rejected) == (
        "DR-2026-10-RJ1-01", "accepted_with_rejections", 3, 1, 2,
    )  # fmt: skip
    assert [debt.invoice_number for debt in rj1.debts()] == ["1"]
    assert [(open_.invoice_number, open_.row) for open_ in rj1.open_rows()] == [("2", 3), ("3", 4)]


def test_the_same_file_again_is_the_same_return_and_nothing_happens_twice(rj1: Trust):
    first, again = rj1.send([row("1")]), rj1.send([row("1")])
    assert (first.created, again.created) == (True, False)
    assert again.return_.id == first.return_.id
    assert len(rj1.debts()) == 1


def test_version_one_after_version_two_is_judged_anew(rj1: Trust):
    rj1.send([row("1")])
    rj1.send([row("1", amount_outstanding="100.00", invoice_amount="2550.00")])
    third = rj1.send([row("1")])
    assert third.created
    assert third.return_.changed == 1
    assert rj1.debt("1").amount_outstanding == 255000


def test_the_same_file_is_judged_anew_after_one_of_its_debts_changed(rj1: Trust):
    first = rj1.send([row("1")])
    rj1.send([row("1", status="Debt repaid", status_date="21/11/2026", amount_outstanding="0")], period="2026-11")
    again = rj1.send([row("1")])
    assert again.created and again.return_.id != first.return_.id
    assert rj1.results(again.return_) == {2: ("unchanged", ["W09"])}
    assert rj1.debt("1").status == "repaid"


def test_the_same_file_is_judged_anew_when_its_person_owes_enough_since_then(rj1: Trust):
    ada = {"given_names": "Ada", "passport_number": "A0123"}
    small = [row("1", **ada, invoice_amount="300", amount_outstanding="300")]
    first = rj1.send(small)
    assert rj1.codes(first.return_) == ["R09"]
    rj1.send([row("8")], period="2026-11")
    assert not rj1.send(small).created, "what another person owes changes nothing"
    rj1.send([row("2", **ada, invoice_amount="800", amount_outstanding="800")], period="2026-11")
    again = rj1.send(small)
    assert again.created and rj1.results(again.return_) == {2: ("new", [])}
    assert not rj1.send(small).created


def test_a_corrected_date_that_came_to_too_little_is_judged_anew_by_the_passport_that_is_held(rj1: Trust):
    ada = {"given_names": "Ada", "passport_number": "A0123"}
    rj1.send([row("1", **ada, invoice_amount="600", amount_outstanding="600")])
    earlier = [row("1", given_names="Ada", passport_number="", invoice_date="14/03/2016", invoice_amount="600",
                   amount_outstanding="600")]  # fmt: skip
    assert "R09" in rj1.codes(rj1.send(earlier).return_)
    rj1.send([row("2", **ada | {"given_names": "Adaa"})], period="2026-11")
    again = rj1.send(earlier)
    assert again.created and again.return_.changed == 1


def test_rows_that_are_not_there_change_nothing_and_are_counted_as_not_confirmed(rj1: Trust):
    rj1.send([row("1"), row("2"), row("3")])
    got = rj1.send([row("2")], period="2026-11").return_
    assert (got.unchanged, got.confirmed, got.not_confirmed) == (1, 1, 2)
    assert len(rj1.debts()) == 3


def test_blank_rows_are_counted_apart(rj1: Trust):
    got = rj1.send(csv_of([row("1"), {}, {}, row("2")])).return_
    assert (got.read, got.blank, got.new) == (2, 2, 2)


def test_a_file_for_a_month_that_is_not_open_is_refused_and_only_the_attempt_is_kept(rj1: Trust):
    got = rj1.send([row("1")], period="2027-01")
    assert [finding.code for finding in got.refusal] == ["F07"]
    assert rj1.debts() == []


def test_a_row_sent_back_again_replaces_the_open_row(rj1: Trust):
    rj1.send([row("1", date_of_birth="")])
    rj1.send([row("1", date_of_birth="31/02/1985")])
    (left,) = rj1.open_rows()
    assert [finding["code"] for finding in left.findings] == ["R02"]


def test_an_open_row_closes_when_its_invoice_is_accepted(rj1: Trust):
    rj1.send([row("1", date_of_birth="")])
    rj1.send([row("1")])
    assert rj1.open_rows() == []


def test_rows_that_are_too_young_or_too_small_are_returned_but_are_no_open_work(rj1: Trust):
    got = rj1.send([row("1", invoice_date="20/10/2026"), row("2", amount_outstanding="10.00")]).return_
    assert sorted(rj1.codes(got)) == ["R09", "R10"]
    assert rj1.open_rows() == []


def test_one_trust_sees_nothing_of_another(hospital: MakeTrust):
    one, other = hospital("RJ1"), hospital("RYJ")
    one.send([row("1")])
    got = other.send([row("1", given_names="Ada 1", passport_number="A0000001")]).return_
    assert got.new == 1
    first, second = one.debts()
    assert first.organisation_code != second.organisation_code
    assert first.debtor_id == second.debtor_id, "the same person, for the Debtors Team alone to see"


def test_clinical_words_are_neither_stored_nor_shown(rj1: Trust):
    secret = "HIV positive, chemotherapy ward"
    got = rj1.send([row("1", uk_address=secret)]).return_
    assert rj1.codes(got) == ["R17"]
    with rj1.database.reading() as db:
        kept = parts.rows(db, got.id, parts.REJECTED)
        assert "HIV" not in str(kept)
        assert parts.content(db, got.id, parts.ORIGINAL) is None
        assert "HIV" not in str(db.connection().execute(text("SELECT findings, cells FROM open_rows")).all())


def test_a_text_that_looks_like_a_formula_is_stored_as_text(rj1: Trust):
    rj1.send([row("1", other_names="'=HYPERLINK(1)", uk_address="'+1 Example Street")])
    debt = rj1.debt("1")
    assert (debt.other_names, debt.uk_address) == ("=HYPERLINK(1)", "+1 Example Street")


def test_a_person_below_the_threshold_after_a_part_payment_stays_and_is_marked(rj1: Trust):
    rj1.send([row("1")])
    rj1.send([row("1", amount_outstanding="100.00")], period="2026-11")
    assert (rj1.debt("1").amount_outstanding, rj1.debt("1").below_threshold) == (10000, True)
    rj1.send([row("2", given_names="Ada 1", passport_number="A0000001")], period="2026-11")
    assert not rj1.debt("1").below_threshold, "with the second debt the person is over the threshold again"


def test_a_corrected_invoice_date_counts_what_the_person_owes_under_the_passport_that_is_held(rj1: Trust):
    half = {"passport_number": "A0123", "invoice_amount": "300", "amount_outstanding": "300"}
    rj1.send([row("1", **half, given_names="Ada"), row("2", **half, given_names="Adaa")])
    left_blank = row("1", **half | {"passport_number": ""}, given_names="Ada", invoice_date="13/06/2026")
    got = rj1.send([left_blank], period="2026-11").return_
    assert rj1.results(got) == {2: ("changed", [])}
    born = left_blank | {"date_of_birth": "28/03/1985", "invoice_date": "12/06/2026"}
    other_half = row("2", **half, given_names="Adaa", date_of_birth="28/03/1985")
    assert rj1.results(rj1.send([other_half], period="2026-11").return_)[2][0] == "changed"
    assert rj1.results(rj1.send([born], period="2026-11").return_) == {2: ("changed", [])}
