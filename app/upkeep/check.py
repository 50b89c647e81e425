"""What one look at a deployment found: in order, something that people should know and decide, or not safe to run with."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from app.settings import Environment, Settings


class Standing(StrEnum):
    """`unsafe` stops production from starting."""

    SAFE = "in order"
    DECIDE = "to decide"
    UNSAFE = "not safe"


@dataclass(frozen=True)
class Told:
    """What is so, in a sentence, and how to mend it where there is something to mend. Never a value of a secret."""

    standing: Standing
    words: str


@dataclass(frozen=True)
class SettingsCheck:
    """One look at the settings and the machine, for which no database is needed."""

    name: str
    look: Callable[[Settings], Told]


@dataclass(frozen=True)
class DatabaseCheck:
    """One look at the database and at what stands in it."""

    name: str
    look: Callable[[Settings, Session], Told]


def safe(words: str) -> Told:
    return Told(Standing.SAFE, words)


def decide(words: str) -> Told:
    return Told(Standing.DECIDE, words)


def unsafe(words: str) -> Told:
    return Told(Standing.UNSAFE, words)


def is_production(settings: Settings) -> bool:
    return settings.environment is Environment.PRODUCTION
