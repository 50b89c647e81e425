"""What settings say of services outside that this one turns to: identity providers, and where releases are sent."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Provider(BaseModel):
    """One identity provider. `key` stands in addresses and is kept; `label` is what people read on the button."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern="^[a-z0-9-]{1,30}$")
    label: str = Field(min_length=1, max_length=60)
    issuer: str = Field(pattern="^https?://[^ ]+$", max_length=300)
    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    scope: str = "openid email profile"

    @property
    def metadata_url(self) -> str:
        """Where the provider describes itself."""
        well_known = "/.well-known/openid-configuration"
        return self.issuer if self.issuer.endswith(well_known) else self.issuer.rstrip("/") + well_known


class Endpoint(BaseModel):
    """Where one file of each release for a recipient is sent. `key` names it on pages and is kept; `recipient` is the
    releases' own, `signing_key` is shared with whoever answers there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern="^[a-z0-9-]{1,30}$")
    recipient: str = Field(min_length=1, max_length=200)
    file: Literal["consolidated.xlsx", "consolidated.csv", "midas.csv", "warnings-index.csv"]
    url: str = Field(max_length=300)
    signing_key: SecretStr
