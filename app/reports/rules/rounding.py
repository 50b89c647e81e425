"""How figures about people are rounded for readers who may not see small numbers, so that months cannot be subtracted."""

from dataclasses import dataclass

from app.reports.table import Unit

Number = int | float
TO_SHARE = 2  # decimals: whole per cent


@dataclass(frozen=True)
class Rounding:
    """To the nearest so many people, debts or rows, and so many pence."""

    count: int
    pence: int

    @property
    def pounds(self) -> str:
        return f"£{self.pence // 100:,}"


OF_MANY = Rounding(5, 500_000)
OF_ONE = Rounding(10, 5_000_000)  # of a single organisation few people move the figure from one month to the next


def rounded(value: Number, unit: Unit, to: Rounding) -> Number | str:
    """What would read as nothing though it is something is told in words."""
    match unit:
        case Unit.COUNT:
            return _nearest(int(value), to.count, f"under {to.count}")
        case Unit.MONEY:
            return _nearest(int(value), to.pence, f"under {to.pounds}")
        case Unit.SHARE:
            return round(value, TO_SHARE)
        case _:
            return round(value)


def _nearest(value: int, step: int, too_little: str) -> int | str:
    """Halves go up."""
    near = (value + step // 2) // step * step
    return too_little if value and not near else near
