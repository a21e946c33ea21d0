"""Photos that people send: judged by their content, turned upright, shrunk, without hidden data."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import BinaryIO

import filetype
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from lib.errors import RuleViolation

LARGEST_FILE = 15 * 1024 * 1024
LARGEST_PIXELS = 60_000_000
LONGEST_SIDE = 2560
THUMBNAIL_SIDE = 480
READABLE = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
PHONE_ONLY = {"image/heic", "image/heif", "image/avif"}


class BadUpload(RuleViolation):
    """The file is not a photo that we can keep; the message says what to send instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="bad_upload")


@dataclass(frozen=True, slots=True)
class ReadyPhoto:
    """A photo ready to be stored: two JPEG files, size of the larger in pixels, its SHA-256."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str


def prepare_photo(file: BinaryIO) -> ReadyPhoto:
    """Read, check and re-encode a photo. What a camera wrote beside the picture (place, device,
    names) is not carried over. Raises BadUpload."""
    content = file.read(LARGEST_FILE + 1)
    _check_content(content)
    picture = _decoded(content)
    image = _encoded(picture, quality=85)
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    thumbnail = _encoded(picture, quality=78)
    width, height = Image.open(io.BytesIO(image)).size
    return ReadyPhoto(image, thumbnail, width, height, hashlib.sha256(image).hexdigest())


def _check_content(content: bytes) -> None:
    if not content:
        raise BadUpload(_("The file is empty. Take the photo again."))
    if len(content) > LARGEST_FILE:
        raise BadUpload(_("The photo is larger than 15 MB. Send a smaller one."))
    kind = filetype.guess_mime(content)
    if kind in PHONE_ONLY:
        raise BadUpload(_("This phone format cannot be read. Set the camera to JPEG, or send PNG."))
    if kind not in READABLE:
        raise BadUpload(_("This is not a photo. Send JPEG, PNG or WebP."))


def _decoded(content: bytes) -> Image.Image:
    """The picture as RGB, upright, shrunk to what we keep.

    Its size is judged by the header, before it is unpacked; it is shrunk before anything makes a
    copy of it, because 60 million pixels are 240 MB.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(io.BytesIO(content), formats=list(READABLE.values()))
            if picture.width * picture.height > LARGEST_PIXELS:
                raise BadUpload(_("The photo has more than 60 million pixels. Send a smaller one."))
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            if picture.mode in {"P", "PA", "1"}:  # a palette's numbers have no means
                picture = picture.convert("RGBA")
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
            return _flat(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError) as error:
        raise BadUpload(_("The photo is damaged. Take it again, or send another.")) from error
    except (SyntaxError, MemoryError, ZeroDivisionError) as error:
        # Pillow lets these through for broken PNG chunks and invented sizes.
        raise BadUpload(_("The photo is damaged. Take it again, or send another.")) from error


def _flat(picture: Image.Image) -> Image.Image:
    """RGB on white: JPEG knows no transparency."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGB", layer.size, "white")
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return picture.convert("RGB")


def _encoded(picture: Image.Image, *, quality: int) -> bytes:
    out = io.BytesIO()
    # A new picture: `info` of the old one could carry EXIF, XMP or comments into the file.
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    clean.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()
