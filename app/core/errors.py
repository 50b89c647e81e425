"""The error tree: words for the user and the HTTP status they travel with. Subclasses live beside their raisers.

ServiceError
├── NotSignedIn   401   sign in first
├── Forbidden     403   your role may not
├── NotFound      404   not there, or not yours to see: always the same words
├── Conflict      409   true when you asked, not any more, or not allowed from here
├── Gone          410   it was here and was deleted when its time was over: where to look instead
├── TooLarge      413
├── Refused       422   what was sent cannot be taken as it is
├── TooMany       429   asked too often: wait
└── Unavailable   503   try again: nothing was changed (Blocked: because another process keeps the database)
"""


class ServiceError(Exception):
    """`title` names the kind of trouble, `detail` is the sentence for the user, `code` a finding's code if one applies.

    `field` is the column's key, or the name of the value, that the sentence speaks of, if it is one alone.
    """

    status = 500
    title = "Something went wrong"

    def __init__(self, detail: str, *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code
        self.field = field


class NotSignedIn(ServiceError):
    status = 401
    title = "Not signed in"

    def __init__(
        self, detail: str = "Sign in, or send a bearer token, and try again.", *, whose: str | None = None
    ) -> None:
        """`whose` is the id of the person whose token has ended: for the audit, never told."""
        super().__init__(detail)
        self.whose = whose


class Forbidden(ServiceError):
    status = 403
    title = "Your role may not do this"

    def __init__(self, detail: str = "Your role does not allow this. Ask your administrator if it should.") -> None:
        super().__init__(detail)


class NotFound(ServiceError):
    status = 404
    title = "Not found"

    def __init__(self) -> None:
        super().__init__("There is nothing here that you may see. Check the address or the organisation.")


class Conflict(ServiceError):
    status = 409
    title = "Not possible now"


class Gone(ServiceError):
    status = 410
    title = "Not kept any more"


class TooLarge(ServiceError):
    status = 413
    title = "Too large"


class Refused(ServiceError):
    status = 422
    title = "Not accepted"


class TooMany(ServiceError):
    """`retry_after` is how many seconds to wait."""

    status = 429
    title = "Too many requests"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(ServiceError):
    """`retry_after` is how many seconds to wait."""

    status = 503
    title = "Try again"

    def __init__(self, detail: str, *, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Blocked(Unavailable):
    """Another process keeps the database to itself: whoever queues behind waits for the same, and is told the same."""
