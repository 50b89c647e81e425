"""Pictures of figures as SVG files that stand alone: bars beside each other, readable in light and in dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LEFT, RIGHT, STEP, TOP = 860, 400, 110, 26, 46
LONGEST_NAME = 52  # letters, of the widest usual kind
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600; font-size: 15px }
  .bar { fill: #5694ca } .ours { fill: #00703c } .missed { fill: #d4351c }
  .mark { stroke: #1f2328; stroke-width: 2; stroke-dasharray: 4 3 }
  .ground { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .mark { stroke: #e6edf3 } .ground { fill: #0d1117 }
    .bar { fill: #6ea8dd } .ours { fill: #3fb068 } .missed { fill: #f0654f }
  }
"""


@dataclass(frozen=True)
class Bar:
    """`label` stands behind it; `mark` is where its own budget lies. `look` is bar, ours or missed."""

    name: str
    value: float
    label: str
    look: str = "bar"
    mark: float | None = None


def bars(title: str, words: str, shown: Sequence[Bar]) -> str:
    """`words` say the same to those who do not see the picture."""
    most = max([bar.value for bar in shown] + [bar.mark for bar in shown if bar.mark is not None] + [1e-9])
    height = TOP + STEP * len(shown) + 12
    scale = (WIDTH - LEFT - RIGHT) / most
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title words">',
        f'<title id="title">{escape(title)}</title><desc id="words">{escape(words)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
        f'<text class="title" x="12" y="26">{escape(title)}</text>',
    ]
    for place, bar in enumerate(shown):
        lines.append(_bar(bar, TOP + place * STEP, scale))
    return "\n".join([*lines, "</svg>", ""])


def _bar(bar: Bar, top: int, scale: float) -> str:
    width, middle = max(1.0, bar.value * scale), top + 15
    end = width if bar.mark is None else max(width, bar.mark * scale)
    mark = ""
    if bar.mark is not None:
        at = LEFT + bar.mark * scale
        mark = f'<line class="mark" x1="{at:.1f}" x2="{at:.1f}" y1="{top}" y2="{top + 20}"/>'
    return (
        f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{escape(_short(bar.name))}</text>'
        f'<rect class="{bar.look}" x="{LEFT}" y="{top}" width="{width:.1f}" height="20"/>{mark}'
        f'<text x="{LEFT + end + 6:.1f}" y="{middle}">{escape(bar.label)}</text>'
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
