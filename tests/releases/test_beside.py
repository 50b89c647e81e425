"""How a line compares with the cells that it comes from: by what they mean, and not by how they are written."""

from datetime import date

import pytest

from app.policy.in_force import policy_in_force
from app.releases.beside import Compared, pairs


@pytest.mark.parametrize(
    ("key", "source", "value", "compared"),
    [
        ("invoice_date", "3 April 2026", date(2026, 4, 3), Compared.SAME),
        ("invoice_amount", "£1,250", 125000, Compared.SAME),
        ("invoice_amount", "1250.01", 125000, Compared.DIFFERENT),
        ("invoice_amount", "a lot", 125000, Compared.DIFFERENT),
        ("nationality", "Nigerian", "NGA", Compared.SAME),
        ("status", "Debt repaid", "outstanding", Compared.DIFFERENT),
        ("family_name", "OKONKWO ", "Okonkwo", Compared.SAME),
        ("family_name", "Okonkwo", "Okonkwa", Compared.DIFFERENT),
        ("passport_number", "N/A", None, Compared.NEITHER),
        ("passport_number", "", None, Compared.NEITHER),
        ("passport_number", "", "A1234567", Compared.NOT_IN_SOURCE),
        ("passport_number", "A1234567", None, Compared.NOT_IN_LINE),
    ],
)
def test_a_cell_is_compared_by_what_it_means(key, source, value, compared):
    found = {pair.key: pair.compared for pair in pairs({key: value}, {key: source}, policy_in_force())}
    assert found[key] is compared


def test_what_the_trust_keeps_for_itself_is_not_compared():
    assert not {"site", "your_reference"} & {pair.key for pair in pairs({}, {}, policy_in_force())}
