"""What a second look into a sheet found that calamine does not tell: errors, formulas without a value, odd dates."""

from dataclasses import dataclass, field

from app.core.spreadsheet.packing import Packed
from app.core.spreadsheet.refusals import too_large

_MOST = 1_000_000


@dataclass
class SecondLook:
    """`cells` by row and column (from 0) replace what calamine said; `numbers` are the small or odd ones as stored."""

    cells: dict[int, dict[int, Packed]] = field(default_factory=dict)
    numbers: dict[tuple[int, int], float] = field(default_factory=dict)
    count: int = 0

    def put(self, row: int, column: int, cell: Packed) -> None:
        self.count += 1
        if self.count > _MOST or column > 16_383:
            raise too_large("The workbook holds more errors than a return has cells.")
        self.cells.setdefault(row, {})[column] = cell

    def number(self, row: int, column: int, value: float) -> None:
        if not 61 <= value < 2_957_000:
            self.numbers[row, column] = value

    @property
    def width(self) -> int:
        return max((max(row) + 1 for row in self.cells.values()), default=0)

    @property
    def height(self) -> int:
        return max(self.cells, default=-1) + 1
