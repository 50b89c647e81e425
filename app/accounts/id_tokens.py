"""ID tokens of identity providers: who was signed in, believed only if it is signed by the issuer, for us, just now."""

from typing import Any

from app.core import clock

ALGORITHMS = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
]  # no shared ones
LEEWAY = 60  # seconds that the provider's clock may be off


class NotBelieved(Exception):
    """`key_is_unknown`: it may be right, signed with a key that the provider has published since we asked."""

    def __init__(self, *, key_is_unknown: bool = False) -> None:
        super().__init__()
        self.key_is_unknown = key_is_unknown


def believed(token: str, signers: dict[str, Any], issuer: str, client_id: str, nonce: str) -> tuple[str, str]:
    """Issuer and subject of a token that is right in every respect. Raises NotBelieved."""
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - only where there is a provider
    from joserfc import jwt  # noqa: PLC0415
    from joserfc.errors import JoseError  # noqa: PLC0415
    from joserfc.jwk import KeySet  # noqa: PLC0415

    try:
        known = KeySet.import_key_set(signers)  # type: ignore[arg-type]  # what a provider sent: checked by reading it
        signed = jwt.decode(token, known, algorithms=ALGORITHMS)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotBelieved(key_is_unknown=True) from error
    wanted = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
    claims = CodeIDToken(signed.claims, signed.header, wanted, {"nonce": nonce, "client_id": client_id})
    try:
        claims.validate(now=int(clock.real_now().timestamp()), leeway=LEEWAY)
    except JoseError as error:
        raise NotBelieved from error
    subject = claims.get("sub")
    if not (isinstance(subject, str) and 0 < len(subject) <= 255 and subject.isprintable()):
        raise NotBelieved
    return issuer, subject
