"""What a page says about something that was just done. The address carries only its name, so nothing can be put in our mouth."""

NOTICES: dict[str, str] = {
    "signed-out": "You are signed out.",
    "password-changed": "Your password is changed. Sign in with it.",
    "reset-asked": "If there is an account with that address, a link to choose a new password is on its way.",
    "invited": "The invitation is in the outbox. Its link works once, for 7 days.",
    "link-sent": "A new link is in the outbox. The one before it does not work any more.",
    "role-given": "The role is given.",
    "role-taken": "The role is taken away.",
    "account-disabled": "The account is disabled. Every session and token of it has ended.",
    "account-enabled": "The account is enabled.",
    "codes-reset": "The codes are reset. At the next sign-in they are set up anew where they are needed.",
    "sessions-ended": "This person is signed out everywhere.",
    "others-ended": "You are signed out everywhere else.",
    "identity-unbound": "The identity provider is disconnected from this account.",
    "portfolio-set": "The portfolio is changed.",
    "portfolio-moved": "The portfolio has moved.",
    "own-password-changed": "Your password is changed. You are signed out everywhere else.",
    "codes-set": "Your codes are set up. From now on you are asked for one when you sign in.",
    "organisation-changed": "The organisation is changed.",
    "obligation-set": "The obligation is set.",
}
