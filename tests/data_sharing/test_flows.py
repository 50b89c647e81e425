"""Every outgoing flow stands in the register once, with the fields that its files have."""

import csv
import io

from app.data_sharing.flows import FLOWS
from app.policy.sharing import Flow
from app.releases.outputs.consolidated import csv_lines
from app.return_template.columns import COLUMNS


def test_each_flow_stands_in_the_list_once():
    assert sorted(one.flow for one in FLOWS) == sorted(Flow)


def test_the_fields_of_an_output_are_those_of_its_file():
    (headings,) = csv.reader(io.StringIO(b"".join(csv_lines([])).decode("utf-8-sig"), newline=""))
    fields = {one.flow: one.fields for one in FLOWS}
    assert fields[Flow.CONSOLIDATED] == fields[Flow.EXTRACTS] == tuple(headings)


def test_no_flow_names_a_field_that_may_not_leave():
    kept = {column.heading for column in COLUMNS if not column.leaves}
    assert kept
    assert {field for one in FLOWS for field in one.fields} & kept == set()
