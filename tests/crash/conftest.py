"""Houses to be brought down: a service in real processes on a database of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.db import Database
from tests.crash.house import House, Nursery, nursery


@pytest.fixture(scope="session")
def born() -> Iterator[Nursery]:
    with nursery() as made:
        yield made


@pytest.fixture
def house(database: Database, born: Nursery, tmp_path: Path) -> Iterator[House]:
    """On a migrated database with three organisations and five people; not yet running."""
    made = House(database, born, tmp_path)
    yield made
    made.close()
