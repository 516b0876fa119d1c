"""Figures: what was measured, the target if there is one, and the table and file they leave in."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``target`` is how it is compared and with what (``>= 0.40``); empty where it is only told."""

    name: str
    value: float
    unit: str
    target: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; ``None`` without one."""
        if not self.target:
            return None
        sign, _, bound = self.target.partition(" ")
        return (
            self.value >= float(bound)
            if sign == ">="
            else self.value <= float(bound)
            if sign == "<="
            else self.value < float(bound)
        )


def median(values: Sequence[float]) -> float:
    """Give the median."""
    return statistics.median(values)


def percentile(values: Sequence[float], part: float) -> float:
    """Give the value below which ``part`` (0-1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def ratios(name: str, ours: Sequence[float], bare: Sequence[float], target: str) -> list[Figure]:
    """Give the median over the rounds of ours / bare, and beside it the lowest and highest round, which tell the noise."""
    each = [one / other for one, other in zip(ours, bare, strict=True)]
    return [
        Figure(name, median(each), "ratio", target),
        Figure(f"{name}: lowest round", min(each), "ratio"),
        Figure(f"{name}: highest round", max(each), "ratio"),
    ]


def table(figures: Sequence[Figure]) -> str:
    """Write the figures as lines of a table."""
    widest = max(len(figure.name) for figure in figures)
    lines = [f"{'figure':<{widest}}  {'value':>10}  {'unit':<9}  {'target':<8}  met", "-" * (widest + 38)]
    for figure in figures:
        met = {None: "", True: "yes", False: "NO"}[figure.met]
        lines.append(
            f"{figure.name:<{widest}}  {_number(figure.value):>10}  {figure.unit:<9}  {figure.target:<8}  {met}".rstrip()
        )
    return "\n".join(lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3f}"


def write(path: Path, header: dict[str, object], figures: Sequence[Figure]) -> None:
    """Write ``bench.json``: machine, date, durability settings, and the list of figures."""
    listed = [asdict(figure) | {"target": figure.target or None, "met": figure.met} for figure in figures]
    path.write_text(json.dumps({**header, "figures": listed}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
