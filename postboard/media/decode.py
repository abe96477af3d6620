"""A process of its own that reads one file nobody has vouched for.

`python -m postboard.media.decode FILE` writes two small pictures beside it, `FILE.thumb` and
`FILE.large`, and says in one line of JSON what the file is or why it is refused. Whatever a
decoder does with a hostile file ends with this process: it has little memory, little time and
none of the server's secrets.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from postboard.domain.errors import BadInput
from postboard.media.kinds import (
    HEAD,
    WEBM,
    CutOff,
    Damaged,
    FileType,
    NoPicture,
    TooHeavy,
    TooManyPixels,
    type_of,
)

BOXES: Final = {"large": 1280, "thumb": 320}
"""The renditions, the larger first: the square in px that each fits into."""
MOST_PIXELS: Final = 100_000_000
MOST_VIDEO_PIXELS: Final = 8192 * 4320
MEMORY: Final = 1536 * 2**20
"""Bytes of address space: some 300 MB of libraries, and a picture of the most pixels twice."""
CPU_S: Final = 60
_LARGEST_RENDITION: Final = 32 * 2**20
_CODECS: Final = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "prores"})
_ORIENTATION: Final = 0x0112
"""The EXIF tag."""
_ON_ITS_SIDE: Final = frozenset({5, 6, 7, 8})
_MISSING_S: Final = 0.5
"""A video may end this much before its header says: sound and pictures rarely end together."""
_MOST_FRAMES: Final = 0.99
"""Of the frames that a header counts so many must be there; a few may be empty."""
_TRIES: Final = 300
"""Frames that may fail or be skipped before one is shown."""


def main(path: Path) -> None:
    _give_up_rights()
    try:
        answer: dict[str, Any] = {"facts": look(path)}
    except BadInput as no:
        answer = {"refused": type(no).__name__, "facts": no.facts}
    print(json.dumps(answer))  # noqa: T201 - the parent reads it


def look(path: Path) -> dict[str, Any]:
    """Type, upright size, duration and digest; the renditions lie beside the file.

    Raises:
        BadInput: one of `kinds.REFUSALS`.
    """
    with path.open("rb") as file:
        kind = type_of(file.read(HEAD))
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        width, height, duration_ms = (_video if kind.is_video else _picture)(path, kind)
    except BadInput:
        raise
    except MemoryError:
        raise TooHeavy from None
    except Exception as fault:  # decoders fail in a hundred ways
        raise Damaged from fault
    return {
        "type": kind.mime,
        "is_video": kind.is_video,
        "size": path.stat().st_size,
        "width": width,
        "height": height,
        "duration_ms": duration_ms,
        "digest": digest,
    }


def _picture(path: Path, kind: FileType) -> tuple[int, int, int]:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and it is met before anything is decoded
    with Image.open(path, formats=(kind.decoder,)) as image:
        width, height = image.size
        _refuse_pixels(width * height, MOST_PIXELS)
        orientation = image.getexif().get(_ORIENTATION, 1)
        profile = image.info.get("icc_profile")
        image.thumbnail((BOXES["large"], BOXES["large"]), reducing_gap=2.0)
        small = _in_srgb(image, profile)
        small.getexif()[_ORIENTATION] = orientation
        _save(path, ImageOps.exif_transpose(small))
    if orientation in _ON_ITS_SIDE:
        return height, width, 0
    return width, height, 0


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    """RGB(A) as browsers take it when nothing is said of its colours."""
    import PIL.ImageCms

    colours: Any = PIL.ImageCms
    see_through = "A" in image.getbands() or "transparency" in image.info
    plain = "RGBA" if see_through else "RGB"
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        with suppress(PIL.ImageCms.PyCMSError, OSError, ValueError):
            source = colours.ImageCmsProfile(BytesIO(profile))
            srgb = colours.createProfile("sRGB")
            alpha = image.getchannel("A") if image.mode == "RGBA" else None
            base = image.convert("RGB") if alpha else image
            converted = colours.profileToProfile(base, source, srgb, outputMode="RGB")
            if converted and alpha:
                converted.putalpha(alpha)
            return converted or image.convert(plain)
    return image.convert(plain)


def _video(path: Path, kind: FileType) -> tuple[int, int, int]:
    import av

    _refuse_missing_end(path, kind)
    with av.open(f"file:{path}", format=kind.decoder, options=_closed()) as container:
        stream: Any = next(iter(container.streams.video), None)
        if stream is None or stream.codec_context is None or stream.codec.name not in _DECODERS:
            raise NoPicture
        stream.codec_context.thread_count = 1
        _refuse_pixels(stream.codec_context.width * stream.codec_context.height, MOST_VIDEO_PIXELS)
        duration_s = (container.duration or 0) / 1_000_000
        first = _frame_at(container, stream, min(1.0, duration_s / 10))
        _frame_at(container, stream, max(0.0, duration_s - 1))
        share = min(1.0, BOXES["large"] / max(first.width, first.height))
        width, height = (max(1, round(side * share)) for side in (first.width, first.height))
        picture = first.to_image(width=width, height=height)
        _save(path, picture.rotate(first.rotation, expand=True))
    sides = (first.width, first.height)
    width, height = sides if first.rotation % 180 == 0 else reversed(sides)
    return width, height, round(duration_s * 1000)


def _frame_at(container: Any, stream: Any, second: float) -> Any:
    """The first picture that can be decoded from the key frame before that second on."""
    container.seek(int(second * 1_000_000), backward=True)
    for packet in _first(container.demux(stream), _TRIES):
        for frame in packet.decode():
            return frame
    raise CutOff


def _refuse_missing_end(path: Path, kind: FileType) -> None:
    """Reads every packet, decodes none: are there as many, and for as long, as the file says?"""
    import av

    if kind is WEBM and _segment_end(path) > path.stat().st_size:
        raise CutOff
    options = _closed() | {"ignore_editlist": "1"}
    with av.open(f"file:{path}", format=kind.decoder, options=options) as container:
        promised = sum(stream.frames for stream in container.streams)
        declared_s = (container.duration or 0) / 1_000_000
        count, end_s = 0, 0.0
        for packet in container.demux():
            if packet.pts is None and not packet.size:
                continue  # the flush at the end of each stream
            if packet.is_corrupt:
                raise CutOff
            count += 1
            if packet.pts is not None and packet.time_base:
                end_s = max(end_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    if count < promised * _MOST_FRAMES - 2 or end_s < declared_s - _MISSING_S:
        raise CutOff
    if not count:
        raise Damaged


def _segment_end(path: Path) -> int:
    """Where the body of a WebM file ends by its own account; 0 where it says nothing."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    at = 4  # past the header's id
    size, at = _length(head, at)
    at += (size or 0) + 4  # past the header and the body's id
    size, at = _length(head, at)
    return 0 if size is None else at + size


def _length(head: bytes, at: int) -> tuple[int | None, int]:
    """An EBML length and where it ends; None is one that was left open."""
    count = 9 - head[at].bit_length()
    value = int.from_bytes(head[at : at + count]) & ((1 << 7 * count) - 1)
    return (None if value == (1 << 7 * count) - 1 else value), at + count


def _save(path: Path, picture: Any) -> None:
    for name, box in BOXES.items():
        picture.thumbnail((box, box), reducing_gap=3.0)
        picture.save(path.with_name(f"{path.name}.{name}"), "WEBP", quality=82, method=4)


def _refuse_pixels(pixels: int, limit: int) -> None:
    if pixels > limit:
        raise TooManyPixels(millions=round(pixels / 1e6), limit=limit // 1_000_000)
    if pixels < 1:
        raise Damaged


def _closed() -> dict[str, str]:
    """No other file and no network, whatever the file asks for."""
    return {"protocol_whitelist": "file", "enable_drefs": "0", "use_absolute_path": "0"}


def _first(packets: Iterator[Any], most: int) -> Iterator[Any]:
    for number, packet in enumerate(packets):
        if number == most:
            return
        yield packet


def _give_up_rights() -> None:
    if sys.platform == "win32":
        return
    import resource

    os.nice(5)  # people at their pages come first
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_FSIZE, _LARGEST_RENDITION),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # the machine may set less already
            resource.setrlimit(what, (most, most))


_DECODERS: Final = _CODECS | {"libdav1d", "libvpx", "libvpx-vp9", "libaom-av1"}
"""A codec may be decoded under its library's name."""

if __name__ == "__main__":
    main(Path(sys.argv[1]))
