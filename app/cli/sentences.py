"""One sentence and an exit code for everything that can go wrong in a command."""

import re
from pathlib import Path

import typer
from pydantic import ValidationError

from app.core.errors import ServiceError
from app.core.logs import describe
from app.settings import Settings

NOT_DONE, CALLED_WRONGLY, STOPPED = 1, 2, 130


def sentence(error: BaseException) -> tuple[str, int]:
    """What to say on stderr and with which code to end. Never a traceback, never an exception's own dump."""
    if isinstance(error, ServiceError):
        return error.detail, NOT_DONE
    if isinstance(error, typer.TyperException):
        return _called_wrongly(error)
    if isinstance(error, typer.Abort):
        return "Stopped.", STOPPED
    if isinstance(error, ValidationError) and error.title == Settings.__name__:
        return " ".join(_setting(fault["loc"], fault["msg"]) for fault in error.errors()), NOT_DONE
    if isinstance(error, UnicodeDecodeError):
        return "The file is not text in UTF-8. Save it as CSV UTF-8 and try again.", NOT_DONE
    if isinstance(error, OSError):
        return _file(error), NOT_DONE
    told = describe(error)
    place = told["at"][-1] if told["at"] else "outside our code"
    return f"Something went wrong inside the service ({told['error']} at {place}). Nothing was changed.", NOT_DONE


def _called_wrongly(error: typer.TyperException) -> tuple[str, int]:
    words = error.format_message().strip().rstrip(".") or "Name a command"
    words = words.removeprefix("Invalid value: ")
    words = re.sub(r"^Invalid value for (.+?): ", r"The value for \1 cannot be used: ", words)
    words = re.sub(r"Input should be a valid integer.*", "it is not a whole number", words)
    words = re.sub(r"Input should be (greater|less) than or equal to (\d+)",
                   lambda found: f"it is {'less' if found[1] == 'greater' else 'more'} than {found[2]}", words)  # fmt: skip
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "debtor-returns"
    return f"{words}. For help: {path} --help", error.exit_code


def _setting(loc: tuple[int | str, ...], message: str) -> str:
    if not loc:
        return message.removeprefix("Value error, ")
    field = Settings.model_fields.get(str(loc[0]))
    meaning = f" It means: {field.description}" if field and field.description else ""
    return f"DEBTOR_RETURNS_{str(loc[0]).upper()} has a value that cannot be used.{meaning}"


def _file(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        folder = Path(str(error.filename)).parent
        return f"There is no file {error.filename}." if folder.is_dir() else f"There is no folder {folder}."
    what = (error.strerror or "It cannot be used").rstrip(".")
    return f"{error.filename}: {what}." if error.filename else f"{what}."
