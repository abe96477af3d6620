"""What a file is, found out in a process of its own; what is hostile is refused with a sentence."""

import hashlib
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from postboard.domain.content import MediaKind
from postboard.domain.errors import Refused
from postboard.media import decode, inspect
from postboard.media.inspect import Inspected
from tests.media import files

PNG = files.picture()
CUT_OFF = "This video ends too early: a part of the file is missing. Export it once more."
DAMAGED = "This file is damaged or cut off. Save it anew and add that."
NOT_MEDIA = (
    "This is neither a picture nor a video that can be shown here."
    " Use JPEG, PNG, GIF, WebP, MP4, MOV or WebM."
)
DRAWING = "SVG drawings can carry scripts, so they stay out. Export it as PNG and add that."
PROGRAM = "This is a program, not a picture or a video."


def look(folder: Path, content: bytes) -> Inspected:
    path = folder / "upload"
    path.write_bytes(content)
    return inspect.inspect(path)


def facts(found: Inspected) -> tuple[str, str, int, int, int]:
    return found.kind, found.type, found.width, found.height, found.duration_ms


def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        look(folder, content)
    assert {one.name for one in folder.iterdir()} == {"upload"}
    return str(refused.value)


@pytest.mark.parametrize(
    ("kind", "mime"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp")],
)
def test_a_picture_is_what_its_bytes_say(tmp_path: Path, kind: str, mime: str) -> None:
    content = files.picture(400, 300, kind)

    found = look(tmp_path, content)

    assert facts(found) == (MediaKind.IMAGE, mime, 400, 300, 0)
    assert (found.size, found.digest) == (len(content), hashlib.sha256(content).hexdigest())
    assert found.files["original"].read_bytes() == content


def test_small_pictures_fit_their_boxes_and_are_never_larger_than_the_original(
    tmp_path: Path,
) -> None:
    def sizes(content: bytes) -> list[tuple[str | None, tuple[int, int]]]:
        found = look(tmp_path, content)
        with Image.open(found.files["thumb"]) as thumb, Image.open(found.files["large"]) as large:
            return [(one.format, one.size) for one in (thumb, large)]

    assert sizes(files.picture(2560, 1280, "JPEG")) == [
        ("WEBP", (320, 160)),
        ("WEBP", (1280, 640)),
    ]
    assert sizes(files.picture(40, 30)) == [("WEBP", (40, 30)), ("WEBP", (40, 30))]


def test_a_picture_that_lies_on_its_side_stands_upright_and_loses_what_the_camera_noted(
    tmp_path: Path,
) -> None:
    found = look(tmp_path, files.picture(400, 300, "JPEG", orientation=6))

    assert facts(found) == (MediaKind.IMAGE, "image/jpeg", 300, 400, 0)
    with Image.open(found.files["large"]) as large:
        assert large.size == (300, 400)
        assert large.getexif() == {}
        red, green, blue = large.convert("RGB").getpixel((290, 10))  # type: ignore[misc]
        assert min(red, green, blue) > 240  # the white corner went from the left to the right


def test_what_is_see_through_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "glass.png"
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(path)

    with Image.open(look(tmp_path, path.read_bytes()).files["thumb"]) as thumb:
        assert thumb.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_printers_colours_become_a_screens(tmp_path: Path) -> None:
    path = tmp_path / "print.jpg"
    Image.new("CMYK", (20, 20), (0, 255, 255, 0)).save(path)

    with Image.open(look(tmp_path, path.read_bytes()).files["thumb"]) as thumb:
        red, green, blue = thumb.convert("RGB").getpixel((5, 5))  # type: ignore[misc]
        assert (red > 200, green < 80, blue < 80) == (True, True, True)


@pytest.mark.parametrize(
    ("name", "codec", "mime"),
    [
        ("clip.mp4", "libx264", "video/mp4"),
        ("clip.mov", "mpeg4", "video/quicktime"),
        ("clip.webm", "libvpx-vp9", "video/webm"),
    ],
)
def test_a_video_has_its_duration_and_a_still(
    tmp_path: Path, name: str, codec: str, mime: str
) -> None:
    content = files.video(tmp_path / name, codec=codec)

    found = look(tmp_path, content)

    assert facts(found) == (MediaKind.VIDEO, mime, 64, 48, 2000)
    with Image.open(found.files["large"]) as still:
        assert (still.format, still.size) == ("WEBP", (64, 48))


def test_a_video_filmed_upright_stands_upright(tmp_path: Path) -> None:
    found = look(tmp_path, files.turned(files.video(tmp_path / "clip.mp4")))

    assert facts(found) == (MediaKind.VIDEO, "video/mp4", 48, 64, 2000)
    with Image.open(found.files["large"]) as still:
        assert still.size == (48, 64)


@pytest.mark.parametrize(
    ("name", "codec", "faststart", "said"),
    [
        ("clip.mp4", "libx264", True, CUT_OFF),
        ("clip.mp4", "libx264", False, DAMAGED),
        ("clip.mov", "mpeg4", True, CUT_OFF),
        ("clip.webm", "libvpx-vp9", True, CUT_OFF),
    ],
)
@pytest.mark.parametrize("share", [0.5, 0.97])
def test_a_video_that_was_cut_off_is_refused(
    tmp_path: Path, name: str, codec: str, *, faststart: bool, said: str, share: float
) -> None:
    content = files.video(tmp_path / name, codec=codec, faststart=faststart)
    (tmp_path / name).unlink()

    assert refusal(tmp_path, content[: int(len(content) * share)]) == said


def test_a_video_without_a_picture_is_refused(tmp_path: Path) -> None:
    content = files.sound(tmp_path / "talk.mp4")
    (tmp_path / "talk.mp4").unlink()

    assert refusal(tmp_path, content) == (
        "This video has no picture that browsers can show. Export it as MP4 with H.264."
    )


def test_an_image_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    started = time.monotonic()
    said = refusal(tmp_path, files.png_that_says(60_000, 60_000))

    assert said == "This has 3600 million pixels; at most 100 million fit. Save it smaller."
    assert time.monotonic() - started < 5


def test_what_a_decoder_wants_too_much_memory_for_ends_in_its_own_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hungry = "import sys; from postboard.media import decode\n"
    hungry += "decode._picture = lambda path, kind: bytearray(4 * 2**30)\n"
    hungry += "from pathlib import Path; decode.main(Path(sys.argv[-1]))"
    _run_instead(monkeypatch, hungry)

    assert refusal(tmp_path, PNG) == (
        "Reading this file takes too long or too much memory. Save it smaller and add that."
    )


def test_a_decoder_that_crashes_takes_nothing_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run_instead(monkeypatch, "import ctypes; ctypes.string_at(0)")

    assert refusal(tmp_path, PNG) == DAMAGED


def test_a_decoder_that_never_ends_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspect, "PATIENCE_S", 1)
    _run_instead(monkeypatch, "import time; time.sleep(60)")

    assert refusal(tmp_path, PNG) == (
        "Reading this file takes too long or too much memory. Save it smaller and add that."
    )


def test_the_decoder_knows_none_of_the_servers_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTBOARD_S3_SECRET", "hunter2")
    seen = tmp_path / "seen"
    _run_instead(monkeypatch, f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))")

    with pytest.raises(Refused):
        look(tmp_path, PNG)
    assert "PYTHONPATH" in seen.read_text()
    assert "hunter2" not in seen.read_text()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty."),
        (files.SVG, DRAWING),
        (b"\xef\xbb\xbf  " + files.PLAIN_SVG, DRAWING),
        (b"<!-- hello --><SVG></SVG>", DRAWING),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 100, PROGRAM),
        (b"MZ\x90\0" + b"\0" * 100, PROGRAM),
        (b"#!/bin/sh\nrm -rf /\n", PROGRAM),
        (files.HEIC, "Most browsers and networks cannot show HEIC. Save it as JPEG and add that."),
        (files.AVIF, "Most browsers and networks cannot show AVIF. Save it as JPEG and add that."),
        (
            b"II*\0" + b"\0" * 90,
            "Most browsers and networks cannot show TIFF. Save it as JPEG and add that.",
        ),
        (b"%PDF-1.7\n", NOT_MEDIA),
        (b"PK\x03\x04" + b"\0" * 100, NOT_MEDIA),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", NOT_MEDIA),
        (b"<html><script>alert(1)</script>", NOT_MEDIA),
        (b"\x1aE\xdf\xa3\xa3B\x82\x88matroska" + b"\0" * 100, NOT_MEDIA),
        (PNG[:40], DAMAGED),
        (b"GIF89a<script>alert(1)</script>", DAMAGED),
        (files.noise(200, 200)[:-2000], DAMAGED),
        (b"\0\0\0\x18ftypmp42" + b"<script>" * 50, DAMAGED),
        (b"\x1aE\xdf\xa3", NOT_MEDIA),
        (b"\x1aE\xdf\xa3\x84webm", DAMAGED),
    ],
    ids=lambda one: one[:12] if isinstance(one, bytes) else "",
)
def test_what_is_not_taken_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, said: str
) -> None:
    assert refusal(tmp_path, content) == said


@pytest.mark.parametrize(
    "content",
    [
        files.picture(20, 20, "GIF") + b"<script>alert(1)</script>",
        files.picture(20, 20) + b"PK\x03\x04 and a whole archive",
        files.picture(20, 20, "JPEG", comment=b"<script>alert(1)</script>"),
    ],
    ids=["gif and script", "png and archive", "jpeg and script"],
)
def test_what_is_two_things_at_once_is_the_picture_and_its_copies_carry_nothing_else(
    tmp_path: Path, content: bytes
) -> None:
    found = look(tmp_path, content)

    assert found.kind is MediaKind.IMAGE
    copies = b"".join(found.files[name].read_bytes() for name in ("thumb", "large"))
    assert [word for word in (b"script", b"PK\x03\x04") if word in copies] == []


def test_random_damage_never_does_more_than_refuse(tmp_path: Path) -> None:
    """In this process: a crash or a strange exception would be a failure here."""
    from random import Random

    from postboard.domain.errors import BadInput

    chance = Random(5)  # noqa: S311 - the same damage each time
    whole = {name: files.picture(60, 40, name) for name in ("JPEG", "PNG", "GIF", "WEBP")} | {
        "MP4": files.video(tmp_path / "clip.mp4", 1)
    }
    for content in whole.values():
        for _ in range(12):
            hurt = bytearray(content)
            for _ in range(chance.randrange(1, 20)):
                hurt[chance.randrange(16, len(hurt))] = chance.randrange(256)
            path = tmp_path / "hurt"
            path.write_bytes(hurt)
            try:
                found = decode.look(path)
            except BadInput as no:
                assert type(no).__name__ in {*inspect.REFUSALS}  # noqa: PT017
            else:
                assert found["width"] > 0


def _run_instead(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Another program in the decoder's place."""
    run = inspect.subprocess.run
    monkeypatch.setattr(
        inspect.subprocess,
        "run",
        lambda command, **rest: run([sys.executable, "-c", code, command[-1]], **rest),
    )
