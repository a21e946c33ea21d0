"""Two drawn pictures (示意) instead of photos of invented cases: a road broken, and mended."""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from cases.models import Photo

_SIZE, _SMALL = (1200, 900), (320, 240)
_SKY, _ROAD, _KERB, _LINE = "#dfe8ee", "#7d858c", "#b9bfc4", "#f4f1e4"
_HOLE, _IRON, _CONE = "#2d3033", "#565c62", "#e2711d"


@dataclass(frozen=True, slots=True)
class Picture:
    image: str
    thumbnail: str
    size: int
    sha256: str

    def columns(self) -> dict[str, Any]:
        """The columns of `Photo` that say which file, how large, and what is in it."""
        width, height = _SIZE
        return {
            "image": self.image,
            "thumbnail": self.thumbnail,
            "width": width,
            "height": height,
            "size": self.size,
            "sha256": self.sha256,
        }


def draw_pictures() -> dict[str, Picture]:
    """By kind of photo; drawn and stored again only where they are not stored yet."""
    return {
        Photo.Kind.BEFORE: _stored("before", _scene(mended=False)),
        Photo.Kind.AFTER: _stored("after", _scene(mended=True)),
    }


def _scene(*, mended: bool) -> Image.Image:
    image = Image.new("RGB", _SIZE, _SKY)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, 380), (1200, 380), (1200, 900), (0, 900)], fill=_ROAD)
    draw.polygon([(0, 360), (1200, 360), (1200, 400), (0, 400)], fill=_KERB)
    for left in range(-100, 1200, 260):
        draw.polygon(
            [(left, 470), (left + 150, 470), (left + 135, 485), (left - 15, 485)], fill=_LINE
        )
    for left, height in ((60, 250), (330, 190), (610, 280), (930, 220)):
        draw.rectangle([left, 360 - height, left + 210, 360], fill="#c3ccd2")
        for window in range(left + 25, left + 190, 55):
            draw.rectangle([window, 385 - height, window + 28, 430 - height], fill="#8fa3b0")
    box = [430, 590, 790, 760]
    draw.ellipse(box, fill=_IRON if mended else _HOLE, outline="#3b4044", width=8)
    if mended:
        for line in range(615, 745, 24):
            draw.line([(480, line), (740, line)], fill="#70777d", width=6)
    else:
        draw.polygon([(760, 690), (905, 655), (935, 720), (790, 770)], fill=_IRON)
        draw.polygon([(330, 760), (375, 600), (420, 760)], fill=_CONE)
        draw.rectangle([348, 670, 402, 694], fill=_LINE)
    return image


def _stored(name: str, image: Image.Image) -> Picture:
    data = _encoded(image)
    return Picture(
        image=_saved(f"demo/{name}.jpg", data),
        thumbnail=_saved(f"demo/{name}-small.jpg", _encoded(image.resize(_SMALL))),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, format="JPEG", quality=82)
    return out.getvalue()


def _saved(path: str, data: bytes) -> str:
    if not default_storage.exists(path):
        default_storage.save(path, ContentFile(data))
    return path
