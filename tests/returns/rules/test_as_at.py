"""Of which day a row speaks: what is newer in the register stays, what was prefilled says nothing (docs/promises.md)."""

from datetime import date

from tests.returns.rules.building import finding, held, judged, outcome, register_of, row

NOVEMBER_15 = date(2026, 11, 15)
REPAID = {"status": "repaid", "status_date": NOVEMBER_15, "amount_outstanding": 0, "as_at": NOVEMBER_15}
ARRANGEMENT = {"status": "arrangement", "status_date": date(2026, 9, 1), "as_at": date(2026, 9, 1)}


def test_an_untouched_row_is_unchanged():
    assert outcome(row(), register=held()) == ("unchanged", [])


def test_an_older_status_is_left_alone_and_said_so():
    paid_since = held(**REPAID, status_from="outstanding", status_period="2026-11")
    assert outcome(row(), register=paid_since) == ("unchanged", ["W09"])
    assert "a newer change of 15 November 2026 is kept" in finding("W09", row(), register=paid_since).message


def test_an_older_row_is_not_judged_against_what_it_would_have_changed():
    paid_since = held(**REPAID, status_from="outstanding", status_period="2026-11")
    older = row(status="Repayment arrangement", status_date=date(2026, 10, 1), amount_outstanding="2550.00")
    assert outcome(older, register=paid_since) == ("unchanged", ["W09"])


def test_a_row_with_a_status_date_speaks_as_at_that_day():
    arranged = held(status="arrangement", status_date=date(2026, 11, 10), as_at=date(2026, 11, 10))
    later = row(status="Debt repaid", status_date=date(2026, 11, 12), amount_outstanding="0")
    (one,) = judged(later, register=arranged)
    assert (one.result, one.row.codes()) == ("changed", set())
    assert one.statement is not None
    assert one.statement.as_at == date(2026, 11, 12)
    earlier = row(status="Debt repaid", status_date=date(2026, 11, 9), amount_outstanding="0")
    assert outcome(earlier, register=arranged) == ("unchanged", ["W09"])


def test_a_row_whose_status_and_day_are_as_held_speaks_as_at_the_reporting_day():
    arranged = held(**ARRANGEMENT)
    less = row(status="Repayment arrangement", status_date=date(2026, 9, 1), amount_outstanding="2000.00")
    (one,) = judged(less, register=arranged)
    assert one.statement is not None
    assert (one.result, one.statement.as_at) == ("changed", date(2026, 10, 31))
    assert outcome(less, register=held(**ARRANGEMENT | {"as_at": date(2026, 11, 1)})) == ("unchanged", ["W09"])


def test_an_older_amount_is_left_alone_with_the_status():
    reduced = held(amount_outstanding=100000, as_at=NOVEMBER_15)
    assert outcome(row(amount_outstanding="1500.00"), register=reduced) == ("unchanged", ["W09"])


def test_particulars_are_compared_with_the_day_they_were_last_stated():
    patched = held(uk_address="2 Newer Street", particulars_on=NOVEMBER_15)
    assert outcome(row(), register=patched) == ("unchanged", ["W09"])
    assert outcome(row(), register=patched, period="2026-11") == ("changed", [])


def test_a_return_that_speaks_of_the_same_day_as_the_newest_change_is_not_older():
    that_day = held(as_at=date(2026, 10, 31), particulars_on=date(2026, 10, 31), status_period=None)
    assert outcome(row(amount_outstanding="2000.00"), register=that_day) == ("changed", [])
    assert outcome(row(uk_address="2 New Street"), register=that_day) == ("changed", [])
    assert outcome(row(uk_address="2 New Street"), register=held(particulars_on=date(2026, 11, 1))) == (
        "unchanged",
        ["W09"],
    )


def test_an_older_word_that_the_patient_was_not_told_is_left_alone_and_not_judged():
    told_since = held(particulars_on=NOVEMBER_15)
    assert outcome(row(patient_informed="No"), register=told_since) == ("unchanged", ["W09"])
    assert outcome(row(patient_informed="not yet"), register=told_since) == ("unchanged", ["W09"])
    assert outcome(row(patient_informed="No"), register=held()) == ("rejected", ["R18"])
    assert '"not yet" is entered' in finding("R18", row(patient_informed="not yet"), register=held()).message


def test_an_older_reference_of_the_trust_is_left_alone_without_a_word():
    patched = held(your_reference="case 2", particulars_on=NOVEMBER_15)
    assert outcome(row(your_reference="case 1"), register=patched) == ("unchanged", [])


def test_each_part_is_weighed_by_itself():
    patched = held(uk_address="2 Newer Street", particulars_on=NOVEMBER_15)
    (one,) = judged(row(amount_outstanding="2000.00"), register=patched)
    assert one.statement is not None
    assert (one.result, one.statement.keys, one.row.codes()) == ("changed", {"amount_outstanding"}, {"W09"})
    assert one.row.uk_address == "2 Newer Street"


def test_a_cell_equal_to_what_was_prefilled_says_nothing():
    paid_since = held(**REPAID, status_from="outstanding")
    shown = {"status": "outstanding", "status_date": None, "amount_outstanding": 255000}
    prefilled = register_of(paid_since, prefilled={paid_since.id: shown})
    assert outcome(row(), register=prefilled) == ("unchanged", [])
    assert outcome(row(), register=paid_since) == ("unchanged", ["W09"])


def test_an_edited_cell_of_a_prefilled_row_is_a_statement():
    arranged = held(**ARRANGEMENT | {"as_at": date(2026, 10, 10), "status_date": date(2026, 10, 10)})
    shown = {"status": "outstanding", "status_date": None, "amount_outstanding": 255000}
    prefilled = register_of(arranged, prefilled={arranged.id: shown})
    (one,) = judged(row(amount_outstanding="2000.00"), register=prefilled)
    assert one.statement is not None
    assert (one.result, one.statement.keys, one.row.status) == ("changed", {"amount_outstanding"}, "arrangement")


def test_a_later_return_for_the_same_month_corrects_what_an_earlier_one_said():
    mistaken = held(status="repaid", status_date=date(2026, 10, 20), amount_outstanding=0, as_at=date(2026, 10, 20),
                    status_from="outstanding", status_period="2026-10")  # fmt: skip
    (one,) = judged(row(), register=mistaken)
    assert one.statement is not None
    assert (one.result, one.statement.move, one.row.codes()) == ("changed", "corrected", set())


def test_a_status_that_is_put_right_without_a_day_does_not_keep_the_day_of_the_mistake():
    mistaken = held(status="repaid", status_date=date(2026, 10, 20), amount_outstanding=0, as_at=date(2026, 10, 20),
                    status_from="outstanding", status_period="2026-10")  # fmt: skip
    (one,) = judged(row(), register=mistaken)
    assert one.statement is not None
    assert (one.row.status_date, "status_date" in one.statement.keys) == (None, True)


def test_a_status_that_is_said_again_without_its_day_keeps_the_day_that_is_held():
    (one,) = judged(row(status="Repayment arrangement", amount_outstanding="2000"), register=held(**ARRANGEMENT))
    assert one.statement is not None
    assert (one.row.status_date, one.statement.keys) == (date(2026, 9, 1), {"amount_outstanding"})


def test_a_correction_goes_before_the_newer_day():
    mistaken = held(**ARRANGEMENT | {"as_at": NOVEMBER_15, "status_date": NOVEMBER_15}, status_from="outstanding",
                    status_period="2026-10")  # fmt: skip
    assert outcome(row(), register=mistaken) == ("changed", [])
    earlier = row(status="Repayment arrangement", status_date=date(2026, 10, 2))
    assert outcome(earlier, register=mistaken) == ("changed", [])


def test_a_correction_is_judged_from_the_status_before_the_mistake():
    mistaken = held(status="withdrawn", status_date=date(2026, 10, 20), as_at=date(2026, 10, 20), status_from="arrangement",
                    status_period="2026-10")  # fmt: skip
    assert outcome(row(), register=mistaken) == ("rejected", ["R14"])
    arrangement = row(status="Repayment arrangement", status_date=date(2026, 9, 1))
    assert outcome(arrangement, register=mistaken)[0] == "changed"


def test_what_was_recorded_on_the_page_is_not_corrected_by_a_return():
    on_the_page = held(status="repaid", status_date=date(2026, 10, 20), amount_outstanding=0, as_at=date(2026, 10, 20),
                       status_from="outstanding", status_period=None)  # fmt: skip
    assert outcome(row(), register=on_the_page) == ("rejected", ["R14"])


def withdrawn(**changes):
    gone = {
        "status": "withdrawn",
        "status_date": NOVEMBER_15,
        "as_at": NOVEMBER_15,
        "withdrawal_reason": "raised_in_error",
    }
    return held(**gone | {"status_from": "outstanding"} | changes)


def test_a_row_of_a_withdrawn_debt_that_speaks_of_an_earlier_day_is_unchanged():
    assert outcome(row(), register=withdrawn()) == ("unchanged", ["W09"])
    assert outcome(row(uk_address="2 Other Street"), register=withdrawn()) == ("unchanged", ["W09"])
    another = row(family_name="Quite-Another", given_names="Name", passport_number="B7654321")
    assert outcome(another, register=withdrawn()) == ("unchanged", ["W09"])


def test_a_row_of_a_withdrawn_debt_that_speaks_of_a_later_day_is_sent_back():
    assert outcome(row(), register=withdrawn(as_at=date(2026, 10, 2))) == ("rejected", ["R14"])


def test_saying_again_that_a_debt_is_withdrawn_is_no_move():
    gone = withdrawn(as_at=date(2026, 10, 2), status_date=date(2026, 10, 2))
    again = {"status": "Withdrawn - reported in error", "status_date": date(2026, 10, 2)}
    assert outcome(row(**again), register=gone) == ("unchanged", [])
    assert outcome(row(**again, amount_outstanding="0"), register=gone) == ("changed", [])


def test_a_number_withdrawn_as_the_wrong_person_is_free_for_a_new_report():
    another = row(family_name="Quite-Another", given_names="Name", passport_number="B7654321")
    assert outcome(another, register=withdrawn(withdrawal_reason="wrong_person")) == ("new", [])
    assert outcome(row(), register=withdrawn(report_undone=True)) == ("new", [])


def test_the_newest_debt_of_a_number_decides_when_it_was_withdrawn_twice():
    first = withdrawn(id="1", withdrawal_reason="wrong_person")
    assert outcome(row(), register=register_of(withdrawn(id="2"), first)) == ("unchanged", ["W09"])
    assert outcome(row(), register=register_of(held(id="2"), first)) == ("unchanged", [])


def test_rules_of_a_first_report_are_judged_again_only_when_a_cell_they_rest_on_changes():
    known = held(nationality="DEU", invoice_date=date(2026, 10, 1))
    same = row(nationality="Germany", invoice_date=date(2026, 10, 1))
    assert outcome(same, register=known) == ("unchanged", [])
    assert outcome(row(nationality="France", invoice_date=date(2026, 10, 1)), register=known) == ("rejected", ["R07"])
    young = row(nationality="Germany", invoice_date=date(2026, 10, 2))
    assert outcome(young, register=known) == ("rejected", ["R07", "R10"])
