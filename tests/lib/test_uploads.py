"""Photos are judged by their content; what a camera wrote beside the picture does not survive."""

import io
import struct
import zlib

import pytest
from PIL import Image

from lib import uploads
from lib.uploads import BadUpload, prepare_photo

GPS, ORIENTATION = 0x8825, 0x0112


def file_of(picture, kind="JPEG", **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    out.seek(0)
    return out


def opened(content):
    return Image.open(io.BytesIO(content))


def picture(size=(60, 40), mode="RGB", colour="red"):
    return Image.new(mode, size, colour)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_phones_send_becomes_a_jpeg_with_a_thumbnail(kind):
    ready = prepare_photo(file_of(picture((900, 600)), kind))
    assert (ready.width, ready.height, len(ready.sha256)) == (900, 600, 64)
    assert opened(ready.image).format == opened(ready.thumbnail).format == "JPEG"
    assert opened(ready.thumbnail).size == (480, 320)


def test_a_large_photo_is_shrunk():
    ready = prepare_photo(file_of(picture((4000, 2000))))
    assert (ready.width, ready.height) == (2560, 1280)


def test_place_device_and_comments_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "Camera of Zhang San"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (22.0, 51.0, 3.0)
    sent = file_of(picture(), exif=exif, comment=b"Zhang San was here")
    assert b"Zhang San" in sent.getvalue()
    ready = prepare_photo(sent)
    for content in (ready.image, ready.thumbnail):
        assert dict(opened(content).getexif()) == {}
        assert "comment" not in opened(content).info
        assert b"Zhang San" not in content


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    left = picture((60, 40))
    left.paste("blue", (0, 0, 30, 40))
    ready = prepare_photo(file_of(left, exif=exif, quality=95))
    assert (ready.width, ready.height) == (40, 60)
    red, _green, blue = opened(ready.image).getpixel((20, 10))
    assert (blue > 200, red < 60) == (True, True)


def test_transparency_becomes_white():
    ready = prepare_photo(file_of(picture(mode="RGBA", colour=(255, 0, 0, 0)), "PNG"))
    assert opened(ready.image).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "LA", "I;16"])
def test_other_kinds_of_colour_are_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    source = Image.new("L", (60, 40), 7).convert("RGBA" if mode == "LA" else "L")
    made = Image.new("I;16", (60, 40)) if mode == "I;16" else source.convert(mode)
    assert prepare_photo(file_of(made, kind)).width == 60


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7 not a photo",
        b"GIF89a" + b"\0" * 50,
        b"\xff\xd8\xff\xe0" + b"\0" * 50,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"MZ" + b"\0" * 100,
    ],
)
def test_what_is_no_readable_photo_is_refused_in_words(content):
    with pytest.raises(BadUpload) as refusal:
        prepare_photo(io.BytesIO(content))
    assert (refusal.value.code, bool(str(refusal.value))) == ("bad_upload", True)


def test_a_cut_off_photo_is_refused():
    whole = file_of(picture((900, 600))).getvalue()
    with pytest.raises(BadUpload):
        prepare_photo(io.BytesIO(whole[: len(whole) // 2]))


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_FILE", 100)
    with pytest.raises(BadUpload):
        prepare_photo(file_of(picture()))


def test_a_bomb_is_refused_before_it_unfolds():
    """A small file that says it is 100,000 pixels wide and high."""

    def chunk(name, content):
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 9))
    with pytest.raises(BadUpload):
        prepare_photo(io.BytesIO(bomb + chunk(b"IEND", b"")))
    with pytest.raises(BadUpload):
        prepare_photo(file_of(picture((10_000, 7_000), "L", 0), "PNG"))


def test_a_name_says_nothing():
    ready = prepare_photo(file_of(picture(), "PNG"))
    assert opened(ready.image).format == "JPEG"
