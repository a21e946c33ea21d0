"""The installed app's icons: our own emblem (`static/gongzhi/emblem.svg`) as PNG of any size.

Telephones want pixels. The emblem is a square with round corners and straight strokes, so a few
commands of SVG paths (M, h, v, l) are all that is read here.
"""

import io
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageDraw

SOURCE = Path("static") / "gongzhi" / "emblem.svg"
SIZES = (180, 192, 512)
_UNITS = 32  # of the drawing's view box
_FINER = 4  # drawn larger, then shrunk: smooth edges
_SAFE = 0.8  # of a maskable icon a launcher may cut off the rim

Point = tuple[float, float]


@cache
def png(size: int, *, maskable: bool = False) -> bytes:
    """The emblem; maskable: to the very edge, with its strokes inside what no launcher cuts."""
    svg = (Path(settings.BASE_DIR) / SOURCE).read_text(encoding="utf-8")
    side = size * _FINER
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    ground, radius = _attribute(svg, "fill"), float(_attribute(svg, "rx"))
    corner = 0 if maskable else radius * side / _UNITS
    draw.rounded_rectangle((0, 0, side - 1, side - 1), corner, fill=ground)
    share = _SAFE if maskable else 1
    width = round(float(_attribute(svg, "stroke-width")) * share * side / _UNITS)
    for line in strokes(re.search(r'<path d="([^"]+)"', svg)[1]):  # type: ignore[index]  # our own
        _stroke(draw, [_placed(point, share, side) for point in line], width)
    out = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _attribute(svg: str, name: str) -> str:
    found = re.search(rf'{name}="([^"]+)"', svg)
    if found is None:
        raise ValueError(name)
    return found[1]


def _placed(point: Point, share: float, side: int) -> Point:
    middle = _UNITS / 2
    x, y = ((each - middle) * share + middle for each in point)
    return x * side / _UNITS, y * side / _UNITS


def _stroke(draw: ImageDraw.ImageDraw, line: list[Point], width: int) -> None:
    draw.line(line, fill="white", width=width)
    half = width / 2
    for x, y in line:  # round ends
        draw.ellipse((x - half, y - half, x + half, y + half), fill="white")


def strokes(path: str) -> list[list[Point]]:
    """Lines of a path of M, h, v and l."""
    lines: list[list[Point]] = []
    for command, text in re.findall(r"([Mhvl])([^Mhvl]*)", path):
        numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)]
        if command == "M":
            lines.append([(numbers[0], numbers[1])])
            continue
        x, y = lines[-1][-1]
        step = {"h": (numbers[0], 0.0), "v": (0.0, numbers[0])}.get(command, tuple(numbers[:2]))
        lines[-1].append((x + step[0], y + step[1]))
    return lines
