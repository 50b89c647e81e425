"""What a person entered in a form, and what is wrong with it: faults that name their field and the way to mend it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from starlette.datastructures import FormData, UploadFile

from app.core.errors import Refused, ServiceError
from app.policy.in_force import policy_in_force
from app.return_template.columns import BY_KEY, Kind
from app.returns.rules.cells import an_amount

LONGEST = 10_000
WHOLE = frozenset({"list"})  # a pasted table, which is taken as long as a field of a form may be
T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """One thing to mend. `field` is the id of the input that the summary leads to; empty for the whole form."""

    message: str
    field: str = ""


class Faults(Refused):
    """The form cannot be taken: it is shown again with all of these and everything that was entered."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(" ".join(fault.message for fault in faults))
        self.faults = faults


def faults_of(error: ServiceError) -> tuple[Fault, ...]:
    return error.faults if isinstance(error, Faults) else (Fault(error.detail, input_of(error.field or "")),)


def input_of(key: str) -> str:
    """The id of the input for a column's key: a date has three, of which the first is the one to go to."""
    return f"{key}-day" if key in BY_KEY and BY_KEY[key].kind is Kind.DATE else key


class Entries:
    """The texts of a form by name, trimmed and without NUL; a file apart. Empty when nothing was sent."""

    def __init__(self, sent: FormData | None = None) -> None:
        self._texts: dict[str, list[str]] = {}
        self._files: dict[str, UploadFile] = {}
        for name, value in sent.multi_items() if sent is not None else ():
            if isinstance(value, str):
                self._texts.setdefault(name, []).append(value.replace("\0", "")[: None if name in WHOLE else LONGEST])
            elif value.filename:
                self._files[name] = value

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> "Entries":
        """Entries that a form is to be shown with at first."""
        made = cls()
        made._texts = {name: [text] for name, text in texts.items()}
        return made

    def __bool__(self) -> bool:
        return bool(self._texts or self._files)

    def text(self, name: str, otherwise: str = "") -> str:
        return self._texts[name][-1].strip() if name in self._texts else otherwise

    def raw(self, name: str) -> str:
        """As typed, spaces included: for passwords."""
        return self._texts.get(name, [""])[-1]

    def all(self, name: str) -> Sequence[str]:
        return self._texts.get(name, ())

    def has(self, name: str) -> bool:
        return bool(self.text(name))

    def file(self, name: str) -> UploadFile | None:
        return self._files.get(name)


def needed(entries: Entries, name: str, otherwise: str, most: int = 500) -> str:
    """A text that must be there. `otherwise` says what to enter, for example “Enter your e-mail address”."""
    text = entries.text(name)
    if not text:
        raise Faults(Fault(otherwise, name))
    if len(text) > most:
        raise Faults(Fault(f"Shorten this to {most} characters or fewer", name))
    return text


def chosen(entries: Entries, name: str, among: Iterable[str], otherwise: str) -> str:
    """One of the choices on the page."""
    text = entries.text(name)
    if text not in set(among):
        raise Faults(Fault(otherwise, name))
    return text


def day(entries: Entries, name: str, what: str) -> date:
    """A date of three fields: day, month, year. `what` names it in the fault, for example “The date of payment”."""
    parts = [entries.text(f"{name}-{part}") for part in ("day", "month", "year")]
    if not any(parts):
        raise Faults(Fault(f"{what} is missing. Enter a day, month and year", f"{name}-day"))
    try:
        if not all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts) or len(parts[2]) != 4:
            raise ValueError
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        raise Faults(
            Fault(f"{what} must be a real date. Enter day, month and year, for example 27 3 1985", f"{name}-day")
        ) from None


def pence(entries: Entries, name: str, what: str) -> int:
    """An amount as people write it, in pence: as in a workbook, so that 12,50 is none."""
    text = entries.text(name)
    if not text.strip("£ "):
        raise Faults(Fault(f"{what} is missing. Enter pounds and pence, for example 250.00", name))
    amount = an_amount(text, policy_in_force())
    if isinstance(amount, int):
        return amount
    raise Faults(Fault(f"{what} must be an amount of at most £5,000,000, for example 250 or 250.50", name))


def gathered(*readers: Callable[[], T]) -> list[T]:
    """Reads every field, so that a person is told of all faults at once."""
    values: list[T] = []
    faults: list[Fault] = []
    for reader in readers:
        try:
            values.append(reader())
        except Faults as error:
            faults += error.faults
    if faults:
        raise Faults(*faults)
    return values
