"""Excel's day numbers."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.spreadsheet.packing import pack_date, unpack_date
from app.core.spreadsheet.serials import pack_serial


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_every_day_since_march_1900_has_its_number(day: date) -> None:
    assert pack_serial(float((day - date(1899, 12, 30)).days), date1904=False) == pack_date(day)


@given(st.dates(date(1904, 1, 2), date(9999, 12, 31)))
def test_the_1904_system_is_1462_days_behind(day: date) -> None:
    assert pack_serial(float((day - date(1899, 12, 30)).days - 1462), date1904=True) == pack_date(day)


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)))  # noqa: DTZ001
def test_a_time_of_day_is_kept_to_the_second(moment: datetime) -> None:
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
    packed = pack_serial(serial, date1904=False)
    assert isinstance(packed, str)
    read = unpack_date(packed)
    exact = read if isinstance(read, datetime) else datetime(read.year, read.month, read.day)  # noqa: DTZ001
    assert abs(exact - moment) < timedelta(seconds=1)


@given(st.floats(), st.booleans())
def test_no_number_at_all_breaks_it(serial: float, date1904: bool) -> None:
    pack_serial(serial, date1904)
