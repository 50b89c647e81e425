"""What an administrator may do to an account with one click on a page that says what follows, declared once."""

from collections.abc import Callable
from dataclasses import dataclass

from app.accounts import administering
from app.accounts.access import Actor
from app.accounts.people import Person, State
from app.core.db import Session


@dataclass(frozen=True)
class Deed:
    """`words` is the link, the heading with the person's name after it, and the button."""

    words: str
    consequence: str
    said: str
    does: Callable[[Session, Actor, str], object]
    is_grave: bool = False


DEEDS: dict[str, Deed] = {
    "send-link": Deed(
        "Send a new link",
        "The link goes to the e-mail address of the account and stands in the outbox. It invites whoever has not come "
        "yet, and lets everybody else choose a new password. The link before it stops working.",
        "link-sent",
        administering.send_link_again,
    ),
    "reset-codes": Deed(
        "Reset the codes",
        "For a lost or new phone. The codes of the app stop working and every session and token ends. Make sure that it is the "
        "person who asks you: call them back on a number that you know.",
        "codes-reset",
        administering.reset_second_factor,
    ),
    "end-sessions": Deed(
        "Sign out everywhere",
        "Every browser in which this person is signed in asks for the password again, and what they were typing is lost. "
        "Their tokens for programs end too.",
        "sessions-ended",
        administering.end_sessions,
    ),
    "end-tokens": Deed(
        "End the tokens",
        "Programs that use a token of this person are refused from now on. Their browsers stay signed in.",
        "tokens-ended",
        administering.end_tokens,
    ),
    "disable": Deed(
        "Disable the account",
        "From now on nobody can sign in with this account. Every session, token and link of it ends at once. Its roles "
        "and its history stay, and you can enable it again.",
        "account-disabled",
        administering.disable,
        is_grave=True,
    ),
    "enable": Deed(
        "Enable the account",
        "The person can sign in again, with the same roles as before. Tokens and links that ended stay ended.",
        "account-enabled",
        administering.enable,
    ),
}


def offered(person: Person, actor: Actor, tokens: int) -> dict[str, Deed]:
    """Those that make sense for this person now."""
    if person.state is State.DISABLED:
        return {"enable": DEEDS["enable"]}
    left_out = {"enable"}
    if not person.has_second_factor:
        left_out.add("reset-codes")
    if not tokens:
        left_out.add("end-tokens")
    if person.id == actor.id:
        left_out.add("disable")
    return {key: deed for key, deed in DEEDS.items() if key not in left_out}
