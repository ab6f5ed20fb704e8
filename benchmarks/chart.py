"""A chart of figures against their goals: a bar to the right of the line is better than the goal, to the left worse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LABELS, NUMBERS, ROW, TOP, BOTTOM = 960, 470, 190, 20, 40, 12
OCTAVES = 3
"""Times two that the chart reaches on each side of the line; what is further ends there."""
MIDDLE = (LABELS + WIDTH - NUMBERS) / 2
OCTAVE = (WIDTH - NUMBERS - LABELS) / 2 / OCTAVES
LONGEST = 70
STYLE = """text { font: 12px system-ui, sans-serif; fill: #222 } .better { fill: #2b7a4b } .worse { fill: #b5521b }
line { stroke: #888 } .goal { stroke: #222; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #ddd } .better { fill: #58b57f } .worse { fill: #e08a4f }
.goal { stroke: #ddd } }"""


@dataclass(frozen=True)
class Bar:
    """One figure: its name, how many times better than its goal it is, and the figure and the goal in words."""

    name: str
    times: float
    words: str


def draw(bars: Sequence[Bar]) -> str:
    """The chart as SVG."""
    height = TOP + ROW * len(bars) + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        "<title>Figures against their goals</title>",
        f"<style>{STYLE}</style>",
    ]
    for octave in range(-OCTAVES, OCTAVES + 1):
        x, name = MIDDLE + octave * OCTAVE, f"{2**octave}" if octave > 0 else f"1/{2**-octave}"
        name = name if octave else "goal"
        rule = "goal" if octave == 0 else "rule"
        parts.append(f'<text x="{x:.0f}" y="{TOP - 12}" text-anchor="middle">{name}</text>')
        parts.append(f'<line class="{rule}" x1="{x:.0f}" x2="{x:.0f}" y1="{TOP - 6}" y2="{height - BOTTOM}"/>')
    for number, bar in enumerate(bars):
        parts += _row(bar, TOP + number * ROW)
    return "\n".join([*parts, "</svg>", ""])


def _row(bar: Bar, top: float) -> list[str]:
    octaves = math.log2(min(max(bar.times, 2**-OCTAVES), 2**OCTAVES))
    left, width = MIDDLE + min(octaves, 0) * OCTAVE, max(abs(octaves) * OCTAVE, 1)
    name = bar.name if len(bar.name) <= LONGEST else f"{bar.name[: LONGEST - 1]}…"
    return [
        f'<text x="{LABELS - 8}" y="{top + 14:.0f}" text-anchor="end">{escape(name)}</text>',
        f'<rect class="{"better" if bar.times >= 1 else "worse"}" x="{left:.1f}" y="{top + 3:.0f}"'
        f' width="{width:.1f}" height="{ROW - 6}"/>',
        f'<text x="{WIDTH - NUMBERS + 8}" y="{top + 14:.0f}">{escape(bar.words)}</text>',
    ]
