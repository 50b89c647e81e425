"""The words of the mail about debts that a recipient did not load. Numbers and a link only, never its reasons."""

from dataclasses import dataclass

from app.accounts.letters import Letter
from app.releases.models import Release


@dataclass(frozen=True)
class About:
    """What went back to one organisation. `to_mend` are its debts that the recipient rejected."""

    release: Release
    organisation: str
    to_mend: int
    link: str
    sign_off: str


def debts_to_mend(about: About) -> Letter:
    """For everybody who reports for the organisation."""
    number, release = about.to_mend, about.release
    debts = f"{number:,} debt{'' if number == 1 else 's'}"
    return Letter(
        f"{debts} to mend: not loaded from release {release.number}",
        f"""Hello

{release.recipient} did not load {debts} of {about.organisation} from release {release.number}. {"It stays" if number == 1 else "They stay"} in the register, but {release.recipient} does not have {"it as it stands there until it is" if number == 1 else "them as they stand there until they are"} mended and loaded.

See the reason for each and how to mend it:
{about.link}

Keep details of patients out of e-mails: mend the rows in the service.

{about.sign_off}""",
        about.link,
    )
