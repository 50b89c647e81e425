"""The register over HTTP: lists, search, one debt, a new status, amended particulars, the consolidated output."""

import csv
import io

import openpyxl
import pytest

from app.api.shapes.debts import KEPT_BY_THE_TRUST
from app.api.shapes.particulars import ParticularsIn
from app.debts.held import PARTICULARS_KEYS
from tests.api.conftest import row, workbook

MADE = {"purpose": "Monthly load", "recipient": "MIDAS"}


@pytest.fixture
def debt(ovm):
    ovm.upload(workbook(row(1, site="St Example's"), row(2, family_name="O'Brien_100%", amount_outstanding=700)))
    return ovm.get("/debts").json()["items"][0]


def move(person, debt, status="arrangement", left="2000.00", **more):
    wanted = {"status": status, "status_date": "2026-11-10", "amount_outstanding": left} | more
    return person.post(f"/debts/{debt['id']}/status", wanted)


def test_a_debt_is_listed_with_money_as_text_and_its_age(debt):
    assert debt["invoice_amount"] == debt["amount_outstanding"] == "2500.50"
    assert (debt["invoice_date"], debt["age_days"]) == ("2026-06-02", 173)
    assert (debt["status"], debt["held"], debt["unconfirmed"], debt["below_threshold"]) == (
        "outstanding",
        False,
        False,
        False,
    )
    assert (debt["first_reported"], debt["last_confirmed"]) == ("2026-11-22", "2026-10-31")


def test_the_debtor_is_named_to_the_debtors_team_alone(debt, ovm, team):
    assert "debtor_id" not in ovm.get("/debts").text + ovm.get(f"/debts/{debt['id']}").text
    assert team.get("/debts").json()["items"][0]["debtor_id"] == team.get(f"/debts/{debt['id']}").json()["debtor_id"]


def test_what_the_trust_keeps_for_itself_does_not_leave(debt, ovm, team):
    own, seen = ovm.get(f"/debts/{debt['id']}").json(), team.get(f"/debts/{debt['id']}").json()
    assert (own["site"], own["your_reference"]) == ("St Example's", "case 1")
    assert not KEPT_BY_THE_TRUST & set(seen)
    assert own["passport_number"] == seen["passport_number"] == "A0000001"


def test_a_debt_tells_its_history_and_where_it_comes_from(debt, ovm):
    move(ovm, debt)
    seen = ovm.get(f"/debts/{debt['id']}").json()
    assert [(event["from"], event["to"]) for event in seen["history"]] == [
        (None, "outstanding"),
        ("outstanding", "arrangement"),
    ]
    first, second = seen["history"]
    assert first["source"] == "DR-2026-10-RJ1-01, row 2"
    assert (second["source"], second["by"], second["amount_outstanding"]) == ("person", "trust@rj1.example", "2000.00")
    assert seen["provenance"]["return_reference"] == "DR-2026-10-RJ1-01"


def test_lists_are_filtered(debt, ovm, team):
    def numbers(person=ovm, **filters):
        return [item["invoice_number"] for item in person.get("/debts", **filters).json()["items"]]

    assert numbers() == numbers(organisation="RJ1") == numbers(status="outstanding") == ["INV00001", "INV00002"]
    assert numbers(team, region="London") == ["INV00001", "INV00002"]
    assert numbers(team, region="Wales") == numbers(status="repaid") == numbers(held="true") == []
    assert numbers(min_amount="2500.50") == ["INV00001"]
    assert numbers(max_amount="2500.49") == ["INV00002"]
    assert numbers(nationality="NGA") == numbers(nationality="Nigerian") == ["INV00001", "INV00002"]
    assert numbers(nationality="KEN") == []
    assert numbers(changed_since="2026-11-22") == ["INV00001", "INV00002"]
    assert numbers(changed_since="2026-11-23T00:00:00Z") == numbers(changed_since="2026-11-23T00:00+00:00") == []
    assert numbers(changed_since="2026-11-23T00:00:00") == []


@pytest.mark.parametrize(
    "filters",
    [
        {"status": "paid"},
        {"min_amount": "1e9"},
        {"min_amount": "-1"},
        {"max_amount": "a lot"},
        {"nationality": "Utopia"},
        {"nationality": "\0"},
        {"min_amount": "٣"},
        {"min_amount": "9" * 30},
        {"changed_since": "yesterday"},
        {"changed_since": "0001-01-01"},
        {"changed_since": "20261126"},
        {"changed_since": "2099"},
        {"changed_since": "-1"},
        {"changed_since": "1.5"},
        {"changed_since": "2026-11-31"},
        {"changed_since": "2026-11-22T25:00"},
        {"changed_since": "9999-12-31T23:59:59-14:00"},
        {"held": "perhaps"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "501"},
        {"limit": "1" + "0" * 20},
        {"limit": "NaN"},
        {"limit": "1_0"},
        {"limit": "1.0"},
        {"limit": "+5"},
        {"limit": " 5"},
        {"limit": "05"},
        {"limit": "٣"},
        {"older_than_days": "1_0"},
        {"newer_than_days": "+5"},
        {"cursor": "zzz"},
        {"cursor": "x" * 301},
        {"cursor": "AAAA"},
        {"q": "Okonkwo"},
    ],
)
def test_rubbish_in_a_filter_is_422_and_never_an_error_of_ours(debt, ovm, filters):
    assert ovm.get("/debts", **filters).status_code == 422


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"limit": True}, "limit is not a whole number in figures, such as 100."),
        ({"older_than_days": True}, "older_than_days is not a whole number in figures, such as 100."),
        ({"newer_than_days": 1.5}, "newer_than_days is not a whole number in figures, such as 100."),
        ({"changed_since": 20261126}, "changed_since is not a date such as 2026-10-31 or a time such as 2026-10-31T09:00:00Z."),
        ({"changed_since": 1.5}, "changed_since is not a date such as 2026-10-31 or a time such as 2026-10-31T09:00:00Z."),
    ],
)  # fmt: skip
def test_a_search_takes_numbers_and_days_for_nothing_else(ovm, wanted, said):
    answer = ovm.post("/debts/search", wanted)
    assert (answer.status_code, answer.json()["detail"]) == (422, said)


def test_every_number_of_a_list_is_in_figures_alone(ovm, team):
    for path, who in (("/returns", ovm), ("/open-rows", ovm), ("/releases", team), ("/disputes", ovm),
                      ("/warnings-index/events", team)):  # fmt: skip
        assert who.get(path, limit="1_0").status_code == 422, path
        assert who.get(path, limit="5").status_code == 200, path
    assert team.get("/warnings-index/events", after="1.0").status_code == 422
    assert team.get("/warnings-index/events", cursor="+5").status_code == 422


def test_an_output_takes_its_filters_as_a_list_does(team):
    asked = {"purpose": "Monthly load", "recipient": "MIDAS"}
    assert team.get("/consolidated.csv", **asked, changed_since="20261126").status_code == 422
    assert team.get("/consolidated.csv", **asked, older_than_days="1_0").status_code == 422
    assert team.get("/consolidated.csv", **asked, changed_since="2026-11-22").status_code == 200


def test_pages_hold_every_debt_once(ovm):
    ovm.upload(workbook(*(row(number) for number in range(1, 8))))
    seen, cursor = [], None
    while True:
        page = ovm.get("/debts", limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [item["invoice_number"] for item in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert sorted(seen) == [f"INV{number:05d}" for number in range(1, 8)]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("o'brien", ["INV00002"]),
        ("100%", ["INV00002"]),
        ("_100", ["INV00002"]),
        ("INV00001", ["INV00001"]),
        ("a0000001", ["INV00001"]),
        ("%", ["INV00002"]),
        ("\\", []),
        ("';--", []),
        ("😀", []),
        ("x" * 10_000, []),
    ],
)
def test_search_takes_every_sign_literally(debt, ovm, q, found):
    answer = ovm.post("/debts/search", {"q": q})
    assert answer.status_code == 200
    assert [item["invoice_number"] for item in answer.json()["items"]] == found


def test_what_a_person_owes_altogether_is_a_filter_of_the_debtors_team_alone(debt, ovm, team):
    for send in (lambda who, **how: who.get("/debts", **how), lambda who, **how: who.post("/debts/search", how)):
        assert len(send(team, min_total="2500.50").json()["items"]) == 1
        assert send(team, min_total="2500.51").json()["items"] == []
        assert send(team, min_total="much").status_code == 422
        refused = send(ovm, min_total="2500.50")
        assert refused.status_code == 403 and "Only the Debtors Team may use it" in refused.json()["detail"]
    assert len(list(csv.reader(io.StringIO(team.get("/consolidated.csv", min_total="2500.50", **MADE).text)))) == 2
    assert ovm.get("/consolidated.csv", min_total="1", **MADE).status_code == 403


@pytest.mark.parametrize("q", ["\0", "\0Okonkwo", "a\u202eb"])
def test_a_sign_that_no_database_holds_is_no_error(debt, ovm, q):
    assert ovm.post("/debts/search", {"q": q}).status_code == 200
    assert ovm.get("/debts", region=q).status_code == 200


def test_an_update_of_the_amount_tells_no_move(debt, ovm):
    (_, event) = move(ovm, debt, "outstanding", "900.00", status_date="2026-11-11").json()["history"]
    assert (event["from"], event["to"], event["kind"]) == ("outstanding", "outstanding", "updated")


def test_a_status_on_behalf_names_who_declares_it(debt, ovm, team):
    (_, event) = move(team, debt, "arrangement", declaring_officer="Officer Example").json()["history"]
    assert event["declaring_officer"] == "Officer Example"
    assert (
        move(ovm, debt, "repaid", "0.00", declaring_officer="Nobody").json()["history"][-1]["declaring_officer"] is None
    )


def test_a_held_debt_says_so_and_what_was_sent_to_the_warnings_index(debt, ovm, team):
    held = team.post(f"/debts/{debt['id']}/hold", {"reason": "A question"}).json()
    assert (held["held"], held["holds"][0]["kind"]) == (True, "hand")
    assert held["warnings_index"] == {"on": False, "last_action": None, "at": None, "acknowledged_at": None}
    assert [each["id"] for each in ovm.get("/debts", held="true").json()["items"]] == [debt["id"]]
    assert team.post(f"/debts/{debt['id']}/hold", {"reason": "Again"}).status_code == 409
    assert team.post(f"/debts/{debt['id']}/unhold", {"reason": "Answered"}).json()["held"] is False
    assert team.post(f"/debts/{debt['id']}/unhold", {"reason": "Again"}).status_code == 409


def test_a_status_moves_as_the_table_allows(debt, ovm, team):
    assert move(ovm, debt).json()["status"] == "arrangement"
    refused = move(ovm, debt, "outstanding")
    assert refused.status_code == 409
    assert "Debt repaid" in refused.json()["detail"]
    assert move(ovm, debt, "repaid", "1.00").status_code == 422
    assert move(ovm, debt, "repaid", "0.00").json()["amount_outstanding"] == "0.00"
    assert move(ovm, debt, "outstanding", reason="By mistake").status_code == 409
    reopened = move(team, debt, "outstanding", status_date="2026-11-11", reason="Cheque bounced")
    assert [event["reason"] for event in reopened.json()["history"]] == [None, None, None, "other"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_outstanding": 2000.0},
        {"amount_outstanding": "2,000"},
        {"amount_outstanding": None},
        {"status": "gone"},
        {"status_date": "31/02/2026"},
        {"status_date": "2027-01-01"},
        {"status_date": "0001-01-01"},
        {"reason": "x" * 501},
        {"reason": "a\0b"},
        {"colour": "red"},
    ],
)
def test_a_move_that_is_not_one_is_422(debt, ovm, wrong):
    assert move(ovm, debt, **wrong).status_code == 422
    assert ovm.get(f"/debts/{debt['id']}").json()["status"] == "outstanding"


def test_particulars_are_amended_and_cleared(debt, ovm):
    changed = ovm.call("PATCH", f"/debts/{debt['id']}", json={"nationality": "Kenyan", "uk_address": None})
    assert changed.status_code == 200, changed.text
    assert (changed.json()["nationality"], changed.json()["uk_address"]) == ("KEN", None)
    assert changed.json()["family_name"] == debt["family_name"]
    assert changed.json()["history"][-1]["changed"] == ["nationality", "uk_address"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"family_name": None},
        {"family_name": ""},
        {"family_name": "x" * 81},
        {"family_name": "a\0"},
        {"nationality": "Utopia"},
        {"date_of_birth": "31/02/1985"},
        {"invoice_amount": "free"},
        {"status": "repaid"},
        {"debtor_id": "1"},
        [],
    ],
)
def test_particulars_that_are_not_such_are_422(debt, ovm, wrong):
    assert ovm.call("PATCH", f"/debts/{debt['id']}", json=wrong).status_code == 422


def test_the_particulars_that_can_be_sent_are_those_of_the_register():
    assert set(ParticularsIn.model_fields) == set(PARTICULARS_KEYS)


def test_a_debtor_has_the_debts_of_every_organisation(debt, ovm, other_ovm, team):
    other_ovm.upload(workbook(row(1, invoice_number="OTHER")), organisation="RYJ")
    debtor_id = team.get(f"/debts/{debt['id']}").json()["debtor_id"]
    found = team.get(f"/debtors/{debtor_id}").json()
    assert [(item["organisation"], item["invoice_number"]) for item in found["debts"]] == [
        ("RJ1", "INV00001"), ("RYJ", "OTHER")]  # fmt: skip
    assert (found["outstanding"], found["organisations"]) == ("5001.00", ["RJ1", "RYJ"])
    assert found["debts"][0]["debtor_id"] == found["id"]
    assert not KEPT_BY_THE_TRUST & set(found["debts"][0])


def test_a_debtor_that_is_not_there_is_404(team):
    assert team.get(f"/debtors/{'0' * 32}").status_code == 404


def test_the_consolidated_output_is_for_the_debtors_team_with_purpose_and_recipient(debt, team, ovm):
    for kind in ("xlsx", "csv"):
        assert team.get(f"/consolidated.{kind}").status_code == 422
        assert team.get(f"/consolidated.{kind}", purpose="p", recipient=" ").status_code == 422
        assert ovm.get(f"/consolidated.{kind}", **MADE).status_code == 403


def test_the_consolidated_csv_holds_each_debt_and_its_return(debt, team):
    answer = team.get("/consolidated.csv", **MADE)
    assert int(answer.headers["content-length"]) == len(answer.content)
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [line["Invoice number"] for line in lines] == ["INV00001", "INV00002"]
    assert lines[0]["Return reference"] == "DR-2026-10-RJ1-01"
    assert lines[0]["Release"] == "not a signed release"
    assert "Hospital site" not in lines[0]


def test_the_consolidated_workbook_holds_the_same_and_says_for_whom(debt, team):
    book = openpyxl.load_workbook(io.BytesIO(team.get("/consolidated.xlsx", min_amount="2000", **MADE).content))
    assert book.worksheets[0].max_row == 2
    cover = str([[cell.value for cell in line] for line in book.worksheets[1].iter_rows()])
    assert "MIDAS" in cover
    assert "Monthly load" in cover
