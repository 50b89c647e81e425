"""Questions to other services: all of one step within a few seconds, answers of a bounded size, no redirects."""

from datetime import datetime, timedelta

import httpx

from app.core import clock

PATIENCE = timedelta(seconds=4)
LONGEST = 1024 * 1024  # bytes of one answer


class _Within(httpx.HTTPTransport):
    """Gives each request what is left of the time, and stops reading an answer that drips or does not end."""

    def __init__(
        self, ends_at: datetime, limits: httpx.Limits = httpx.Limits(), silence: timedelta | None = None
    ) -> None:
        super().__init__(limits=limits)
        self._ends_at, self._silence = ends_at, silence

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        left = self._left(request)
        silence = min(left, self._silence.total_seconds()) if self._silence else left
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), silence)
        response = super().handle_request(request)
        body = bytearray()
        assert isinstance(response.stream, httpx.SyncByteStream)
        try:
            for chunk in response.stream:
                body += chunk
                self._left(request)
                if len(body) > LONGEST:
                    raise httpx.ReadError("The answer is too long.", request=request)
        finally:
            response.close()
        return httpx.Response(response.status_code, headers=response.headers, content=bytes(body), request=request)

    def _left(self, request: httpx.Request) -> float:
        left = (self._ends_at - clock.real_now()).total_seconds()
        if left <= 0:
            raise httpx.ReadTimeout("The time is up.", request=request)
        return left


class _EachWithin(_Within):
    """Gives each request a time and a connection of its own: nobody's late word can pass for an answer to the next."""

    def __init__(self, patience: timedelta, silence: timedelta | None) -> None:
        super().__init__(clock.real_now() + patience, httpx.Limits(max_keepalive_connections=0), silence)
        self._patience = patience

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self._ends_at = clock.real_now() + self._patience
        return super().handle_request(request)


def within(patience: timedelta = PATIENCE) -> httpx.Client:
    """A client for one step; close it afterwards. Its errors are httpx.HTTPError."""
    return httpx.Client(transport=_Within(clock.real_now() + patience), headers={"Accept-Encoding": "identity"})


def each_within(patience: timedelta, silence: timedelta | None = None) -> httpx.Client:
    """A client for many requests one after another, each with its own time; close it afterwards.

    `silence`: how long the other side may take in nothing and say nothing, where that is less than the whole time.
    """
    headers = {"Accept-Encoding": "identity", "Connection": "close"}
    return httpx.Client(transport=_EachWithin(patience, silence), headers=headers)
