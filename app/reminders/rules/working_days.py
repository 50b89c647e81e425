"""Working days by the bank holidays of each nation. The library `holidays` knows them; its locked version decides."""

from datetime import date, timedelta
from functools import cache

from app.organisations import nations

NATIONS = tuple(one.name for one in nations.NATIONS)
_A_DAY = timedelta(days=1)


def is_working_day(day: date, nation: str) -> bool:
    """Neither a weekend nor a bank holiday there. For a nation that is not one of the four, England's count."""
    return day.weekday() < 5 and day not in _bank_holidays(nations.holidays_of(nation), day.year)


def working_days_before(day: date, number: int, nation: str) -> date:
    """The day from which so many working days are left before this one, which is not counted itself."""
    while number > 0:
        day -= _A_DAY
        number -= is_working_day(day, nation)
    return day


@cache
def _bank_holidays(subdivision: str, year: int) -> frozenset[date]:
    import holidays  # noqa: PLC0415 - only whoever reminds needs it

    return frozenset(holidays.country_holidays("GB", subdiv=subdivision, years=year))
