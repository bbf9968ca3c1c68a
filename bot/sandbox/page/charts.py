"""Where the marks of a `data_visualization` go: pure geometry, which the template of that block draws.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from dataclasses import dataclass
from math import cos, pi, sin
from typing import Any

Json = dict[str, Any]
WIDTH, HEIGHT = 480, 160
RADIUS = 70


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    series: int
    label: str


@dataclass(frozen=True)
class Line:
    """`points` as SVG wants them; `area` closes the shape on the base line."""

    points: str
    area: str
    series: int


@dataclass(frozen=True)
class Slice:
    path: str
    series: int
    label: str


@dataclass(frozen=True)
class Chart:
    kind: str
    categories: list[str]
    names: list[str]
    rows: list[list[float]]
    top: float
    bars: list[Bar]
    lines: list[Line]
    slices: list[Slice]
    x_label: str
    y_label: str

    @property
    def step(self) -> float:
        return WIDTH / max(1, len(self.categories))


def chart(block: Json) -> Chart:
    spec: Json = block.get("chart") or {}
    kind = str(spec.get("type", "bar"))
    segments = spec.get("segments") or []
    series = spec.get("series") or ([{"name": "", "data": segments}] if segments else [])
    rows = [[float(point.get("value") or 0) for point in one.get("data", [])] for one in series]
    axis: Json = spec.get("axis_config") or {}
    categories = axis.get("categories") or [
        str(p.get("label", "")) for one in series[:1] for p in one.get("data", [])
    ]
    top = _top(max([value for row in rows for value in row] + [1.0]))
    return Chart(
        kind=kind,
        categories=categories,
        names=[str(one.get("name", "")) for one in series],
        rows=rows,
        top=top,
        bars=_bars(rows, categories, top) if kind == "bar" else [],
        lines=_lines(rows, top) if kind in {"line", "area"} else [],
        slices=_slices(rows[0], categories) if kind == "pie" and rows else [],
        x_label=str(axis.get("x_label", "")),
        y_label=str(axis.get("y_label", "")),
    )


def _top(most: float) -> float:
    """Half of it stands on the axis, too: of what is counted there are no halves."""
    return most + 1 if most > 1 and most % 2 == 1 else most


def _bars(rows: list[list[float]], categories: list[str], top: float) -> list[Bar]:
    slot = WIDTH / max(1, len(categories))
    width = min(48.0, slot * 0.7 / max(1, len(rows)))
    return [
        Bar(
            x=round(slot * at + (slot - width * len(rows)) / 2 + width * series, 1),
            y=round(HEIGHT - HEIGHT * max(0.0, value) / top, 1),
            width=round(width - 2, 1),
            height=round(HEIGHT * max(0.0, value) / top, 1),
            series=series,
            label=f"{category}: {value:,g}",
        )
        for series, row in enumerate(rows)
        for at, (category, value) in enumerate(zip(categories, row, strict=False))
    ]


def _lines(rows: list[list[float]], top: float) -> list[Line]:
    lines = []
    for series, row in enumerate(rows):
        slot = WIDTH / max(1, len(row))
        points = [
            (slot * (at + 0.5), HEIGHT - HEIGHT * max(0.0, value) / top) for at, value in enumerate(row)
        ]
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        ends = (points[0][0], points[-1][0]) if points else (0.0, 0.0)
        lines.append(Line(text, f"{ends[0]:.1f},{HEIGHT} {text} {ends[1]:.1f},{HEIGHT}", series))
    return lines


def _slices(row: list[float], labels: list[str]) -> list[Slice]:
    whole, start, slices = sum(row) or 1.0, 0.0, []
    for at, value in enumerate(row):
        # A circle drawn as one arc would vanish: its ends meet.
        end = start + min(value / whole, 0.9999)
        label = labels[at] if at < len(labels) else ""
        slices.append(Slice(_wedge(start, end), at, f"{label}: {value:,g}"))
        start = end
    return slices


def _wedge(start: float, end: float) -> str:
    (x1, y1), (x2, y2) = _on_circle(start), _on_circle(end)
    wide = int(end - start > 0.5)  # noqa: PLR2004 - half of the circle
    return f"M0,0 L{x1:.2f},{y1:.2f} A{RADIUS},{RADIUS} 0 {wide} 1 {x2:.2f},{y2:.2f} Z"


def _on_circle(part: float) -> tuple[float, float]:
    angle = 2 * pi * part - pi / 2
    return RADIUS * cos(angle), RADIUS * sin(angle)
