"""What a page says about something that was just done. The address carries only its name, so nothing can be put in our mouth."""

NOTICES: dict[str, str] = {
    "signed-out": "You are signed out.",
    "timed-out": "You were signed out, so what you sent did not arrive. Sign in, and you are back at the form.",
    "withdrawn": "The return is withdrawn.",
    "row-closed": "The row is closed.",
    "row-answered": "Your answer is noted.",
    "password-changed": "Your password is changed. Sign in with it.",
    "reset-asked": "If there is an account with that address, a link to choose a new password is on its way.",
    "debt-changed": "The change is recorded.",
    "debt-amended": "The details are saved.",
}
