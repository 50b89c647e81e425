"""What the tests of disputes and of the old register ask for: a trust, the Debtors Team, a desk, whoever loads the register."""

from tests.debts.conftest import team
from tests.disputes.conftest import desk
from tests.old_register.conftest import office
from tests.returns.conftest import hospital, rj1

__all__ = ["desk", "hospital", "office", "rj1", "team"]
