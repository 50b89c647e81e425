"""What an entry may say: its day, its choices, the lengths of its texts, and nothing of patients."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.core.months import months_later
from app.policy.patients import told_of_a_patient
from app.return_template.choices import Choice

LONGEST = {"note": 500, "next_step": 200}
OLDEST_YEARS = 5
FURTHEST_YEARS = 2

Fault = tuple[str, str]  # field and sentence, with the way to mend it


class Kind(Choice):
    """How they were in touch."""

    VISIT = "visit", "Visit"
    CALL = "call", "Call"
    MAIL = "mail", "E-mail"
    TRAINING = "training", "Training"


class Outcome(Choice):
    """What came of it."""

    SPOKE = "spoke_to_officer", "Spoke to an officer"
    LEFT_WORD = "left_word", "Left a message"
    NO_ANSWER = "no_answer", "No answer"
    AGREED_DATE = "agreed_date", "Agreed a date for the return"
    TRAINED = "training_given", "Training was given"
    OTHER = "other", "Something else"


@dataclass(frozen=True)
class Details:
    """What a person enters; empty texts are nothing. `due_on` is by when the next step is to be done."""

    kind: str
    day: date
    outcome: str
    note: str = ""
    next_step: str = ""
    due_on: date | None = None


def faults(entered: Details, today: date, is_clinical: Callable[[str], bool]) -> Iterator[Fault]:
    if entered.kind not in set(Kind):
        yield "kind", "Choose how you were in touch"
    yield from _of_the_day(entered.day, today)
    if entered.outcome not in set(Outcome):
        yield "outcome", "Choose what came of it"
    elif entered.outcome == Outcome.OTHER and not entered.note:
        yield "note", "Say in a few words what came of it"
    for field, text in (("note", entered.note), ("next_step", entered.next_step)):
        yield from _of_a_text(field, text, entered.day.year, is_clinical)
    yield from _of_the_step(entered, today)


def _of_the_day(day: date, today: date) -> Iterator[Fault]:
    if day > today:
        yield "day", "The day is in the future. Enter the day on which it took place"
    elif day < months_later(today, -12 * OLDEST_YEARS):
        yield "day", f"The day is more than {OLDEST_YEARS} years ago. Check the year"


def _of_a_text(field: str, text: str, year: int, is_clinical: Callable[[str], bool]) -> Iterator[Fault]:
    if len(text) > LONGEST[field]:
        yield field, f"Shorten this to {LONGEST[field]} characters or fewer"
    elif any(not letter.isprintable() and letter not in "\r\n\t" for letter in text):
        yield field, "This holds characters that cannot be seen. Type it anew"
    elif (sentence := told_of_a_patient(text, year, is_clinical, "The log")) is not None:
        yield field, sentence


def _of_the_step(entered: Details, today: date) -> Iterator[Fault]:
    if entered.due_on is None:
        return
    if not entered.next_step:
        yield "next_step", "Say what the next step is, or leave its date empty"
    if entered.due_on < entered.day:
        yield "due_on", "The next step would be due before the contact took place. Check both dates"
    elif entered.due_on > months_later(today, 12 * FURTHEST_YEARS):
        yield "due_on", f"The next step is due more than {FURTHEST_YEARS} years from now. Check the year"
