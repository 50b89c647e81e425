"""What the tests of disputes ask for: a trust, the Debtors Team, and a desk that opens and settles disputes."""

from tests.debts.conftest import team
from tests.disputes.conftest import desk
from tests.returns.conftest import hospital, rj1

__all__ = ["desk", "hospital", "rj1", "team"]
