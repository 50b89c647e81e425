"""Which settings are secrets, and their second way in: a file named by the setting with _FILE, as containers hand them over.

A secret in a file stands in no process's environment, which other tools list and crash reports copy.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

PREFIX = "DEBTOR_RETURNS_"
SECRET: dict[str, Any] = {"secret": True}  # a field says it by json_schema_extra
LONGEST = 64 * 1024


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def secrets_among(fields: Mapping[str, FieldInfo]) -> tuple[str, ...]:
    """The names of the fields that hold a secret, or may: an address of a database holds its password."""
    return tuple(name for name, field in fields.items() if field.json_schema_extra == SECRET)


def filled_in(values: Mapping[str, Any], names: tuple[str, ...], environment: Mapping[str, str]) -> dict[str, Any]:
    """`values` and what the files hold. Raises ValueError, naming the setting, for a file that cannot be read."""
    files = {name: environment[f"{variable(name)}_FILE"] for name in names if is_by_file(name, environment)}
    for name in files:
        if environment.get(variable(name)):
            raise ValueError(f"{variable(name)} and {variable(name)}_FILE are both set. Unset one of them.")
    given = {name: value for name, value in values.items() if value or name not in files}
    return {name: _read(name, Path(file)) for name, file in files.items()} | given


def is_by_file(name: str, environment: Mapping[str, str]) -> bool:
    return bool(environment.get(f"{variable(name)}_FILE"))


def _read(name: str, file: Path) -> str:
    """Without the line's end that editors and `echo` put behind it."""
    named = f"{variable(name)}_FILE"
    try:
        with file.open("rb") as opened:
            held = opened.read(LONGEST + 1)
        if len(held) > LONGEST:
            raise ValueError(f"{named}: the file is larger than any secret.")
        text = held.decode().strip()
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        raise ValueError(f"{named}: the file cannot be read ({reason}).") from None
    except UnicodeDecodeError:
        raise ValueError(f"{named}: the file is not text in UTF-8.") from None
    if not text:
        raise ValueError(f"{named}: the file is empty.")
    return text
