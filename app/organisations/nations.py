"""The four nations: who passes their returns on to the Home Office, and whose bank holidays they keep. One list."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Nation:
    """`passed_on_by` takes the returns of the nation's organisations to the Home Office (ICIBI 6.153). `holidays` is the
    nation's name where bank holidays are looked up.
    """

    name: str
    passed_on_by: str
    holidays: str


NATIONS = (
    Nation("England", "the Department of Health and Social Care", "ENG"),
    Nation("Scotland", "the Scottish Government Health and Social Care Directorates", "SCT"),
    Nation("Wales", "the Welsh Government", "WLS"),
    Nation("Northern Ireland", "the Department of Health, Northern Ireland", "NIR"),
)
_BY_NAME = {one.name: one for one in NATIONS}


def passing_body(nation: str) -> str | None:
    """Who passes on the returns of a nation, as it stands within a sentence; None for a nation that is not in the list."""
    one = _BY_NAME.get(nation)
    return one.passed_on_by if one else None


def holidays_of(nation: str) -> str:
    """England’s for a nation that is not in the list, because most organisations are there."""
    return _BY_NAME.get(nation, NATIONS[0]).holidays


def in_order(nations: Iterable[str]) -> list[str]:
    """Each once, in the order of the list; those that are not in it after them."""
    places = {one.name: place for place, one in enumerate(NATIONS)}
    return sorted(set(nations), key=lambda name: (places.get(name, len(places)), name))
