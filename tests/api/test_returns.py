"""A return over HTTP: in, its findings, its rejected rows, and who else may look."""

import io

import openpyxl
import pytest

from tests.api.conftest import PERIOD, row, workbook

BROKEN = {"date_of_birth": "31/02/1985", "your_reference": "case 17"}


def test_a_good_file_is_a_return_with_its_numbers_and_reference(ovm):
    answer = ovm.upload(workbook(row(1), row(2)))
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["reference"], body["lifecycle"], body["outcome"]) == ("DR-2026-10-RJ1-01", "submitted", "accepted")
    assert body["counts"]["read"] == body["counts"]["new"] == 2
    assert (body["submitted_by"], body["due_on"], body["late"]) == ("trust@rj1.example", "2026-11-20", True)
    assert ovm.get(f"/returns/{body['id']}").json() == body
    assert ovm.get("/returns", organisation="RJ1", period=PERIOD).json() == {"items": [body], "next": None}


def test_the_same_file_again_is_the_same_return(ovm):
    data = workbook(row())
    first, again = ovm.upload(data), ovm.upload(data)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


def test_a_rejected_row_comes_with_its_words_and_as_a_workbook_and_a_csv(ovm):
    body = ovm.upload(workbook(row(1), row(2, **BROKEN))).json()
    assert body["outcome"] == "accepted_with_rejections"
    [finding] = ovm.get(f"/returns/{body['id']}/findings").json()["items"]
    assert (finding["code"], finding["row"], finding["field"]) == ("R02", 3, "date_of_birth")
    assert "31/02/1985" in finding["message"]
    assert finding["your_reference"] == "case 17"
    file = ovm.get(f"/returns/{body['id']}/rejections.xlsx")
    assert "attachment" in file.headers["content-disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
    assert "31/02/1985" in [cell.value for cell in sheet[2]]
    csv = ovm.get(f"/returns/{body['id']}/rejections.csv")
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert b"31/02/1985" in csv.content


def test_findings_come_in_pages(ovm):
    body = ovm.upload(workbook(*(row(number, date_of_birth="?") for number in range(1, 8)))).json()
    seen, cursor = [], None
    while True:
        page = ovm.get(f"/returns/{body['id']}/findings", limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [finding["row"] for finding in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == [2, 3, 4, 5, 6, 7, 8]


def test_the_original_comes_back_byte_for_byte(ovm):
    data = workbook(row())
    id_ = ovm.upload(data).json()["id"]
    assert ovm.get(f"/returns/{id_}/original").content == data


def test_a_refused_file_answers_with_its_code_and_is_not_a_return(ovm):
    answer = ovm.upload(b"not a workbook\0")
    assert (answer.status_code, answer.json()["code"]) == (422, "F01")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["findings"][0]["message"] in answer.json()["detail"]
    assert ovm.get("/returns").json()["items"] == []


def test_a_file_beyond_the_limit_is_413(ovm, monkeypatch):
    answer = ovm.upload(b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "F03")


def test_without_the_declaration_nothing_is_taken(ovm):
    answer = ovm.upload(workbook(row()), declaration="false")
    assert answer.status_code == 422
    assert "declaration" in answer.json()["detail"]
    assert ovm.get("/returns").json()["items"] == []


def test_a_check_is_kept_without_a_reference_and_can_be_submitted(ovm):
    checked = ovm.upload(workbook(row()), check_only="true").json()
    assert (checked["lifecycle"], checked["reference"], checked["submitted_at"]) == ("checked", None, None)
    assert ovm.get("/debts").json()["items"] == []
    submitted = ovm.post(f"/returns/{checked['id']}/submit")
    assert (submitted.status_code, submitted.json()["id"]) == (200, checked["id"])
    assert len(ovm.get("/debts").json()["items"]) == 1


def test_a_check_that_comes_out_differently_is_409_with_the_new_findings(ovm):
    checked = ovm.upload(workbook(row(1), row(2)), check_only="true").json()
    assert ovm.upload(workbook(row(1, amount_outstanding=2000))).status_code == 201
    answer = ovm.post(f"/returns/{checked['id']}/submit")
    assert (answer.status_code, answer.json()["return_id"]) == (409, checked["id"])
    assert answer.json()["findings"]
    assert ovm.get("/debts").json()["items"][0]["amount_outstanding"] == "2000.00"
    assert ovm.post(f"/returns/{checked['id']}/submit").status_code == 200


def test_a_nil_return_is_201_and_repeated_200(ovm):
    nil = {"organisation": "RJ1", "period": PERIOD}
    first, again = ovm.post("/returns/nil", nil), ovm.post("/returns/nil", nil)
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["outcome"], first.json()["id"]) == ("nil", again.json()["id"])
    assert ovm.get("/returns", outcome="nil").json()["items"] == [first.json()]
    assert ovm.get("/returns", outcome="accepted").json()["items"] == []


def test_a_withdrawn_return_says_what_it_undid(ovm):
    id_ = ovm.upload(workbook(row(1), row(2))).json()["id"]
    answer = ovm.post(f"/returns/{id_}/withdraw", {"reason": "Last month's file."})
    assert answer.status_code == 200, answer.text
    assert answer.json()["return"]["lifecycle"] == "withdrawn"
    assert (answer.json()["undone"], answer.json()["left"]) == (2, [])
    assert ovm.post(f"/returns/{id_}/withdraw", {"reason": "Again."}).status_code == 409


def test_the_debtors_team_sees_counts_and_codes_but_no_value_of_a_rejected_row(ovm, team):
    id_ = ovm.upload(workbook(row(1), row(2, nationality="FRA", **BROKEN))).json()["id"]
    seen = team.get(f"/returns/{id_}")
    assert seen.json()["counts"]["rejected"] == 1
    assert seen.json()["filename"] is None
    findings = team.get(f"/returns/{id_}/findings")
    assert {finding["code"] for finding in findings.json()["items"]} == {"R02", "R07"}
    for told in (findings.text, team.get("/open-rows", organisation="RJ1").text):
        for value in ("31/02/1985", "case 17", "INV00002", "Okonkwo", "France"):
            assert value not in told, value
    for path in ("rejections.xlsx", "rejections.csv", "original"):
        assert team.get(f"/returns/{id_}/{path}").status_code == 403


def test_the_debtors_team_is_told_the_letter_of_an_ignored_column_and_never_its_heading(ovm, team):
    id_ = ovm.upload(workbook(row(1), more_headings=("Okonkwo telephone",))).json()["id"]
    assert "Okonkwo telephone" in ovm.get(f"/returns/{id_}/findings").text
    [told] = team.get(f"/returns/{id_}/findings").json()["items"]
    assert (told["code"], told["column"], told["cell"]) == ("W04", None, "V1")
    assert "Okonkwo" not in told["message"]


def test_the_debtors_team_uploads_on_behalf_and_reads_that_answer_in_full(team, ovm):
    body = team.upload(workbook(row(1, **BROKEN)), declaring_officer="A. Officer").json()
    assert body["declaring_officer"] == "A. Officer"
    assert "31/02/1985" in team.get(f"/returns/{body['id']}/findings").text
    assert team.get(f"/returns/{body['id']}/rejections.xlsx").status_code == 403
    assert ovm.get(f"/returns/{body['id']}/rejections.xlsx").status_code == 200


def test_a_row_is_closed_with_a_reason(ovm):
    ovm.upload(workbook(row(1, **BROKEN)))
    [open_row] = ovm.get("/open-rows", organisation="RJ1").json()["items"]
    assert (open_row["row"], open_row["origin"], open_row["return_reference"]) == (2, "check", "DR-2026-10-RJ1-01")
    assert open_row["findings"][0]["code"] == "R02"
    assert ovm.post(f"/open-rows/{open_row['id']}/close", {"reason": " "}).status_code == 422
    assert ovm.post(f"/open-rows/{open_row['id']}/close", {"reason": "Paid."}).status_code == 200
    assert ovm.get("/open-rows").json()["items"] == []
    assert ovm.post(f"/open-rows/{open_row['id']}/close", {"reason": "Paid."}).status_code == 409


def test_a_row_is_answered(ovm):
    ovm.upload(workbook(row(1, status="Debt repaid", amount_outstanding=0, status_date="01/10/2026")))
    [open_row] = ovm.get("/open-rows").json()["items"]
    assert ovm.post(f"/open-rows/{open_row['id']}/answer", {"answer": "perhaps"}).status_code == 422
    assert ovm.post(f"/open-rows/{open_row['id']}/answer", {"answer": "is_an_address"}).status_code == 409
    answered = ovm.post(f"/open-rows/{open_row['id']}/answer", {"answer": "reported_before_service"})
    assert answered.status_code == 200, answered.text
    assert ovm.get("/open-rows").json()["items"] == []


def test_the_template_is_prefilled_and_comes_back_unchanged(ovm):
    ovm.upload(workbook(row(1)))
    file = ovm.get("/template", organisation="RJ1", period=PERIOD)
    assert file.status_code == 200
    again = ovm.upload(file.content)
    assert (again.status_code, again.json()["counts"]["unchanged"]) == (201, 1)


@pytest.mark.parametrize(
    "period", ["2026-13", "2026", "October", "", "2026-10-01", "0000-01", "9999-99", "２０２６-10"]
)
def test_what_is_no_month_is_422_everywhere(ovm, period):
    assert ovm.get("/template", organisation="RJ1", period=period).status_code == 422
    assert ovm.get("/returns", period=period).status_code == 422
    assert ovm.upload(b"", period=period).status_code == 422
    assert ovm.post("/returns/nil", {"organisation": "RJ1", "period": period}).status_code == 422


def test_somebody_who_sends_two_files_or_none_is_told_so(ovm):
    form = {"organisation": "RJ1", "period": PERIOD, "declaration": "true"}
    two = [("file", ("a.xlsx", b"1")), ("file", ("b.xlsx", b"2"))]
    assert ovm.call("POST", "/returns", data=form, files=two).status_code == 400
    assert ovm.call("POST", "/returns", data=form).status_code == 422
    assert ovm.call("POST", "/returns", data=form | {"file": "x"}).status_code == 422
