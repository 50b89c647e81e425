"""The API's small register, to see what is counted of it."""

from tests.api.conftest import client, ovm, person

__all__ = ["client", "ovm", "person"]
