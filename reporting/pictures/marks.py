"""Lights and signals as shapes, so that they are told without colours."""

from reporting.pictures.canvas import Canvas, Length

KINDS = {
    "green": "p-good",
    "yellow": "p-warn",
    "red": "p-bad",
    "blue": "p-soon",
    "waiting": "p-none",
    "none": "p-none",
}
"""The class of each light of a target, and of each signal of a task."""


def draw_mark(canvas: Canvas, light: str, x: Length, y: Length, size: int = 11) -> None:
    """With its middle at x, y: a disc for green, a triangle for yellow, a square for red, a diamond for blue, a dash for what is
    closed, a ring for all else."""
    half = size // 2
    if light == "red":
        canvas.rectangle("p-bad", x - half, y - half, size, size)
    elif light == "yellow":
        canvas.path("p-warn", [(x - half - 1, y + half), (x + half + 1, y + half), (x, y - half - 1)], is_closed=True)
    elif light == "blue":
        points: list[tuple[Length, Length]] = [(x - half - 1, y), (x, y - half - 1), (x + half + 1, y), (x, y + half + 1)]
        canvas.path("p-soon", points, is_closed=True)
    elif light == "closed":
        canvas.line("p-closed", x - half, y, x + half, y)
    else:
        canvas.circle(KINDS.get(light, "p-none"), x, y, half)
