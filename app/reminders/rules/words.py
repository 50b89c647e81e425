"""The words of a reminder: plain text in which declared fields stand in double braces. Nothing in it is ever run."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LONGEST_SUBJECT, LONGEST_BODY = 150, 5000
SENT_SUBJECT = 200  # characters that the subject of a mail may have when its fields are filled in
LINK = "link"  # a reminder without it would leave its reader to search
_FIELD = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)


@dataclass(frozen=True)
class Field:
    """Something that is put in for each trust. `example` is what the preview shows."""

    name: str
    meaning: str
    example: str


FIELDS: tuple[Field, ...] = (
    Field("organisation", "The organisation's name", "Northfield General NHS Trust"),
    Field("code", "Its code", "ZZ1"),
    Field("month", "The month of the return", "October 2026"),
    Field("due_date", "The day on which it is due", "20 November 2026"),
    Field("when", "How that looks from today", "3 days late"),
    Field("days_late", "For how long it has been late", "3 days"),
    Field("link", "Where this trust sends its return", "https://returns.example/returns/upload?organisation=ZZ1"),
    Field("nil_link", "Where it sends a nil return", "https://returns.example/returns/nil?organisation=ZZ1"),
    Field("passed_on_by", "Who passes its return on", "the Department of Health and Social Care"),
    Field("lpm", "Its Local Partnership Manager with e-mail address", "Pat Example (pat@lpm.example)"),
)
EXAMPLE: Mapping[str, str] = {field.name: field.example for field in FIELDS}


@dataclass(frozen=True)
class Wording:
    """Subject and body with their fields still in braces."""

    subject: str
    body: str

    def filled(self, values: Mapping[str, str]) -> "Wording":
        """With the fields put in, once: what stands in a value is never read as a field."""
        subject = " ".join(_filled(self.subject, values).split())
        return Wording(subject[:SENT_SUBJECT], _filled(self.body, values))


def tidied(subject: str, body: str) -> Wording:
    """As it is kept: one line of subject, plain line ends."""
    return Wording(" ".join(subject.split()), body.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n")


def faults(wording: Wording) -> list[tuple[str, str]]:
    """What is wrong, as pairs of the part (`subject` or `body`) and a sentence without its full stop."""
    found = []
    for part, text, longest in (
        ("subject", wording.subject, LONGEST_SUBJECT),
        ("body", wording.body, LONGEST_BODY),
    ):
        if not text.strip():
            found.append((part, f"Enter the {part}"))
        elif len(text) > longest:
            found.append((part, f"Shorten the {part} to {longest:,} characters or fewer"))
        found += [(part, sentence) for sentence in _wrong_fields(text)]
        if any(not letter.isprintable() and letter != "\n" for letter in text):
            found.append((part, f"The {part} holds characters that cannot be seen. Type it anew"))
    if not found and LINK not in _FIELD.findall(wording.body):
        found.append(("body", f"Put {{{{ {LINK} }}}} into the text, so that each trust is led to its own page"))
    return found


def unknown_fields(text: str) -> list[str]:
    return [name for name in dict.fromkeys(_FIELD.findall(text)) if name not in EXAMPLE]


def _wrong_fields(text: str) -> Sequence[str]:
    there_is = f"There is: {', '.join(EXAMPLE)}"
    wrong = [f"There is no field “{name[:30]}”. {there_is}" for name in unknown_fields(text)]
    rest = _FIELD.sub("", text)
    if "{{" in rest or "}}" in rest:
        wrong.append(f"Close each field with two braces, for example {{{{ month }}}}. {there_is}")
    return wrong


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda found: values.get(found[1], found[0]), text)
