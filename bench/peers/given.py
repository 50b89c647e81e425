"""The declared rules as a peer is given them: a file of JSON, named in the environment. Nothing of the service is loaded."""

import json
import os
from pathlib import Path
from typing import Any

NAMED = "BENCH_PEERS_RULES"
_given: dict[str, Any] = json.loads(Path(os.environ[NAMED]).read_text())
SHEET, EARLIEST, MOST_POUNDS = "Return", "1900-01-01", 5_000_000
HEADINGS: dict[str, str] = _given["headings"]
REQUIRED: list[str] = _given["required"]
DATES: list[str] = _given["dates"]
AMOUNTS: list[str] = _given["amounts"]
CHOICES: dict[str, list[str]] = _given["choices"]
NATIONALITY: str = _given["nationality"]
OUT = frozenset(_given["out_of_scope"])
