"""Loading many modules quickly: what is loaded stays, so nobody searches it for what could go."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Without the collector, which would look through all modules again and again; what was loaded it never looks at later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
