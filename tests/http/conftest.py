"""The API's small register, for what pages and API share."""

from tests.api.conftest import client

__all__ = ["client"]
