"""Pictures and videos made for a test, the hostile ones too."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import av
from PIL import Image

ORIENTATION = 0x0112


def picture(
    width: int = 40,
    height: int = 30,
    kind: str = "PNG",
    *,
    colour: str = "teal",
    orientation: int = 0,
    **options: Any,
) -> bytes:
    image = Image.new("RGB", (width, height), colour)
    # One corner is another colour, so that a turn can be seen.
    image.paste("white", (0, 0, width // 4, height // 4))
    if orientation:
        exif = image.getexif()
        exif[ORIENTATION] = orientation
        options["exif"] = exif
    return _saved(image, kind, **options)


def noise(width: int, height: int, kind: str = "JPEG") -> bytes:
    return _saved(Image.effect_noise((width, height), 90).convert("RGB"), kind)


def video(
    path: Path,
    seconds: int = 2,
    *,
    codec: str = "libx264",
    size: tuple[int, int] = (64, 48),
    faststart: bool = True,
) -> bytes:
    """A clip of noise, which no encoder makes small."""
    options = {"movflags": "faststart"} if faststart and path.suffix in {".mp4", ".mov"} else {}
    with av.open(str(path), "w", options=options) as container:
        stream: Any = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for _ in range(seconds * 25):
            frame = av.VideoFrame.from_image(Image.effect_noise(size, 60).convert("RGB"))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path.read_bytes()


def sound(path: Path) -> bytes:
    """An MP4 without a picture."""
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("aac", rate=8000)
        frame: Any = av.AudioFrame(format="fltp", layout="mono", samples=1024)
        frame.sample_rate = 8000
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        for _ in range(10):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path.read_bytes()


def turned(clip: bytes) -> bytes:
    """The MP4 as a phone held upright writes it: its frames lie, a matrix turns them by 90°."""
    at = clip.index(b"tkhd") + 4 + 40
    matrix = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    return clip[:at] + matrix + clip[at + len(matrix) :]


def padded(clip: bytes, size: int) -> bytes:
    """The MP4 with a box at its end that says nothing."""
    return clip + struct.pack(">I", size + 8) + b"free" + bytes(size)


def png_that_says(width: int, height: int) -> bytes:
    """A few bytes that promise a picture of this size."""
    rows = zlib.compress(b"\0" * 10_000)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", rows)
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PLAIN_SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="9"/></svg>'
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 400
AVIF = b"\0\0\0\x18ftypavif\0\0\0\0mif1avif" + b"\0" * 400
