"""The channel that sends nothing: mails are read in the outbox."""

from app.core.mail.channel import Mail, Outcome, Result


class Kept:
    name = "outbox"

    def send(self, mail: Mail) -> Outcome:  # noqa: ARG002 - as every channel has it
        return Outcome(Result.KEPT)
