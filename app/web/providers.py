"""Signing in with an identity provider: there, and back with an answer. Nothing of it is kept on the server between."""

from typing import Annotated

from fastapi import Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.accounts import identities, providers, rate_limits
from app.accounts.models import Step
from app.accounts.providers import Errand, ProviderRefused
from app.connections import Provider
from app.core.errors import Forbidden, NotFound, ServiceError
from app.http.deps import Store
from app.http.guard import address_of
from app.web.page_route import pages
from app.web.render import page
from app.web.signing_in import asked_for, signed_in
from app.web.visit import Anybody, Visit

with_provider = pages()
Key = Annotated[str, Path(pattern="^[a-z0-9-]{1,30}$")]
UNKNOWN = (
    "Nobody here has signed in with that account. Ask your administrator for an invitation, and open its link."
)  # fmt: skip


@with_provider.get("/sign-in/with/{key}")
def get_there(
    key: Key, visit: Anybody, request: Request, invitation: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    provider = _provider(visit, key)
    try:
        url, errand = providers.begin(provider, _redirect_uri(visit, key), asked_for(request), invitation)
    except ServiceError as error:
        return _not_signed_in(visit, error)
    response = RedirectResponse(url, 302)
    response.set_cookie(
        errand_cookie(visit),
        errand.sealed(),
        max_age=int(providers.ERRAND_LASTS.total_seconds()),
        path="/",
        secure=visit.cookie.secure,
        httponly=True,
        samesite="lax",
    )
    return response


@with_provider.get("/sign-in/with/{key}/back")
def get_back(key: Key, visit: Anybody, request: Request, store: Store) -> Response:
    """Begins a session although it is a GET: the provider sends people so. The errand shows that they came from us."""
    provider = _provider(visit, key)
    try:
        errand = Errand.opened(request.cookies.get(errand_cookie(visit), ""))
        if errand is None:
            raise ProviderRefused(provider)
        with store.writing() as db:
            rate_limits.hit(db, rate_limits.SIGN_INS, rate_limits.of_address(address_of(request)))
        known = providers.finish(provider, _redirect_uri(visit, key), errand, request.query_params)
        with store.writing() as db:
            user = (
                identities.bind(db, None, errand.invitation, *known)
                if errand.invitation
                else identities.user_for(db, *known)
            )
            if user is None:
                identities.turned_away(db, *known)
                response = _not_signed_in(visit, Forbidden(UNKNOWN))
            else:
                response = signed_in(db, visit, user, Step.IN, errand.back)
    except ServiceError as error:
        response = _not_signed_in(visit, error)
    response.delete_cookie(errand_cookie(visit), path="/", secure=visit.cookie.secure, httponly=True, samesite="lax")
    return response


def _provider(visit: Visit, key: str) -> Provider:
    found = next((one for one in visit.settings.oidc if one.key == key), None)
    if found is None:
        raise NotFound
    return found


def _redirect_uri(visit: Visit, key: str) -> str:
    return f"{visit.settings.base_url.rstrip('/')}/sign-in/with/{key}/back"


def errand_cookie(visit: Visit) -> str:
    return "__Host-errand" if visit.cookie.secure else "errand"


def _not_signed_in(visit: Visit, error: ServiceError) -> Response:
    return page(visit, "sign_in/not_signed_in.html", error.status, detail=error.detail)
