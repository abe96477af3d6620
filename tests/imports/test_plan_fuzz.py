"""Whatever the bytes, the answer is a plan or a refusal."""

import io
import zipfile
from contextlib import suppress

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from postboard.domain.errors import Refused
from postboard.imports.plan import parse_plan
from tests.imports.reading import FIXTURES, MADRID

FILES = [path.read_bytes() for path in sorted(FIXTURES.iterdir())]
WORKBOOKS = [content for content in FILES if content.startswith(b"PK")]
STARTS = [b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"sep=;\n", b"Date,Text\n"]
slow = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def read(content: bytes) -> None:
    with suppress(Refused):
        plan = parse_plan(content, "plan.csv", MADRID)
        assert plan.rows_read == len(plan.posts) + len(plan.skipped)
        assert all(row.reason for row in plan.skipped)
        assert all(warning.text for warning in plan.warnings)


@slow
@given(st.sampled_from(STARTS), st.binary(max_size=400))
def test_random_bytes(start, rest):
    read(start + rest)


@slow
@given(st.text(alphabet=st.sampled_from('",;\t|\r\n=#0123456789/:-.年月日aDé中\x00'), max_size=300))
def test_random_tables(text):
    read(("Date;Time;Caption;Platform;Media;Link\n" + text).encode())


@slow
@given(st.data(), st.sampled_from(FILES))
def test_damaged_plans(data, content):
    read(damaged(data, content))


@slow
@given(st.data(), st.sampled_from(WORKBOOKS))
def test_workbooks_with_damaged_parts(data, content):
    parts = unzipped(content)
    chosen = data.draw(st.sampled_from(sorted(parts)))
    read(zipped(parts | {chosen: damaged(data, parts[chosen])}))


def damaged(data, content: bytes) -> bytes:
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 40))
        content = content[:at] + data.draw(st.binary(max_size=12)) + content[at + length :]
    return content


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()
