"""Excel's day numbers and the dates they mean, in the 1900 and the 1904 system."""

from datetime import date, datetime, timedelta
from math import isfinite

from app.core.spreadsheet.packing import Packed, pack_date, pack_error

MARCH_1900 = date(1900, 3, 1)
_DAY_IN_MS = 86_400_000
_PAST_9999 = {False: 2_958_466, True: 2_957_004}


def pack_serial(serial: float, date1904: bool) -> Packed:
    """The date that a date-formatted number means; the number itself where it means none.

    In the 1900 system there is no day 0 and no day 60: Excel shows that as 29 February 1900, which never was.
    A mere time of day stays a number.
    """
    if not isfinite(serial):
        return pack_error("#NUM!")
    days = int(serial // 1)
    if date1904 and 0 <= serial < _PAST_9999[True] and not 0 < serial < 1:
        start = datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no zone
    elif not date1904 and 61 <= serial < _PAST_9999[False]:
        start = datetime(1899, 12, 30)  # noqa: DTZ001
    elif not date1904 and 1 <= serial < 60:
        start = datetime(1899, 12, 31)  # noqa: DTZ001
    else:
        return float(serial)
    moment = start + timedelta(days=days, milliseconds=min(round((serial - days) * _DAY_IN_MS), _DAY_IN_MS - 1))
    return pack_date(moment.date() if serial == days else moment)
