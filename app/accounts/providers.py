"""Identity providers by OpenID Connect: sends a person there with a secret errand, and on the way back believes only
what the provider has signed for this service and this errand. Who the person is here is said in identities.py.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx

from app.accounts import keys
from app.accounts.id_tokens import NotBelieved, believed
from app.connections import Provider
from app.core import clock
from app.core.errors import Refused, Unavailable
from app.core.outgoing import within

ERRAND_LASTS = timedelta(minutes=10)
METADATA_KEPT = timedelta(hours=1)
KEYS_ASKED_AGAIN = timedelta(minutes=1)  # when a token is signed with a key that we do not know yet
_kept: dict[str, tuple[datetime, dict[str, Any]]] = {}


class ProviderDown(Unavailable):
    def __init__(self, provider: Provider) -> None:
        super().__init__(f"{provider.label} does not answer just now. Wait a minute and try again.")


class ProviderRefused(Refused):
    """`detail` never says what was wrong with an answer: whoever forged it would learn from it."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(f"The answer of {provider.label} could not be used: it was too old, used before or not for us. "
                         "Start again from the sign-in page.")  # fmt: skip


@dataclass(frozen=True)
class Errand:
    """What the browser keeps while its person is at the provider, encrypted: what must come back, and where to go on."""

    provider: str
    state: str
    nonce: str
    verifier: str
    begun_at: str
    back: str = ""
    invitation: str = ""

    def sealed(self) -> str:
        return keys.encrypt(json.dumps(asdict(self)))

    @classmethod
    def opened(cls, sealed: str) -> "Errand | None":
        """None for what we did not seal, and for an errand that took too long."""
        text = keys.decrypt(sealed) if sealed else None
        if text is None:
            return None
        errand = cls(**json.loads(text))
        began = datetime.fromisoformat(errand.begun_at)
        return errand if began <= clock.real_now() < began + ERRAND_LASTS else None


def begin(provider: Provider, redirect_uri: str, back: str = "", invitation: str = "") -> tuple[str, Errand]:
    """The provider's address to go to, and the errand to keep. Raises ProviderDown (503)."""
    from authlib.common.urls import add_params_to_uri  # noqa: PLC0415 - only where there is a provider
    from authlib.oauth2.rfc7636 import create_s256_code_challenge  # noqa: PLC0415

    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    errand = Errand(provider.key, state, nonce, verifier, clock.real_now().isoformat(), back, invitation)
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": provider.scope,
        "state": errand.state,
        "nonce": errand.nonce,
        "code_challenge": create_s256_code_challenge(errand.verifier),
        "code_challenge_method": "S256",
    }
    with within() as client:
        metadata = _metadata(client, provider)
    return add_params_to_uri(metadata["authorization_endpoint"], list(asked.items())), errand


def finish(provider: Provider, redirect_uri: str, errand: Errand, answer: Mapping[str, str]) -> tuple[str, str]:
    """Issuer and subject of the person who came back. Raises ProviderDown (503) or ProviderRefused (422)."""
    if errand.provider != provider.key or not secrets.compare_digest(
        answer.get("state", "").encode(), errand.state.encode()
    ):
        raise ProviderRefused(provider)
    if answer.get("error") or not answer.get("code"):
        raise Refused(f"{provider.label} did not sign you in. Start again, or ask those who run it why.")
    with within() as client:
        metadata = _metadata(client, provider)
        if answer.get("iss", metadata["issuer"]) != metadata["issuer"]:
            raise ProviderRefused(provider)
        token = _exchanged(client, provider, metadata, redirect_uri, answer["code"], errand)
        for age in (METADATA_KEPT, KEYS_ASKED_AGAIN):
            signers = _asked(client, provider, metadata["jwks_uri"], age)
            try:
                return believed(token, signers, metadata["issuer"], provider.client_id, errand.nonce)
            except NotBelieved as error:
                if not error.key_is_unknown:
                    break
    raise ProviderRefused(provider)


def _exchanged(
    client: httpx.Client, provider: Provider, metadata: dict[str, Any], redirect_uri: str, code: str, errand: Errand
) -> str:
    """The ID token for the code, which the provider gives once."""
    secret = provider.client_secret.get_secret_value()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": errand.verifier,
    }
    auth: tuple[str, str] | None = (quote(provider.client_id, safe=""), quote(secret, safe=""))
    ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    if "client_secret_basic" not in ways:
        form |= {"client_id": provider.client_id, "client_secret": secret}
        auth = None
    try:
        response = client.post(metadata["token_endpoint"], data=form, auth=auth or httpx.USE_CLIENT_DEFAULT)
        told = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderDown(provider) from error
    if response.status_code >= 500:
        raise ProviderDown(provider)
    if response.status_code != 200 or not isinstance(told, dict) or not isinstance(told.get("id_token"), str):
        raise ProviderRefused(provider)
    return str(told["id_token"])


def _metadata(client: httpx.Client, provider: Provider) -> dict[str, Any]:
    """How the provider describes itself, which must be the provider of the settings."""
    found = _asked(client, provider, provider.metadata_url, METADATA_KEPT)
    own = provider.metadata_url.removesuffix("/.well-known/openid-configuration")
    ends = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    is_plain = provider.issuer.startswith("http://")  # settings allow it on this machine alone
    if str(found.get("issuer")).rstrip("/") != own or not all(
        str(found.get(end)).startswith("https://") or (is_plain and end in found) for end in ends
    ):
        raise ProviderDown(provider)
    return found


def _asked(client: httpx.Client, provider: Provider, url: str, age: timedelta) -> dict[str, Any]:
    """A document of the provider's, asked anew when what is kept of it is older than `age`."""
    now = clock.real_now()
    at, known = _kept.get(url, (now - METADATA_KEPT, {}))
    if known and now - at < age:
        return known
    try:
        response = client.get(url).raise_for_status()
        found = response.json()
    except (httpx.HTTPError, ValueError) as error:
        raise ProviderDown(provider) from error
    if not isinstance(found, dict):
        raise ProviderDown(provider)
    _kept[url] = now, found
    return found
