"""Where files lie: a folder, or a bucket that speaks S3."""

import logging
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from postboard.domain.errors import NotFound, Refused
from postboard.settings import Bucket, Settings

if TYPE_CHECKING:
    from obstore import GetResult
    from obstore.store import S3Config

_PART: Final = 256 * 1024
"""Bytes read at once: what one reader costs in memory."""
_LONGEST: Final = timedelta(hours=6)
_SILENCE: Final = timedelta(seconds=30)
_PARTS_AT_ONCE: Final = 2
"""Of 5 MB each, that wait in memory while a file is stored."""
_TRIES: Final = 3
_LONGEST_NOTE: Final = 400
_LOG: Final = logging.getLogger(__name__)


def key_of(client_id: UUID, asset_id: UUID, rendition: str) -> str:
    return f"{client_id.hex}/{asset_id.hex}/{rendition}"


class StoreFails(Refused):
    status = 503
    sentence = "The storage of pictures and videos does not answer. Try again in a moment."


class Store(Protocol):
    """Files by their keys, nothing of them held in memory as a whole.

    Each of it raises StoreFails where the storage fails.
    """

    def put(self, key: str, path: Path) -> None:
        """Keep a copy of the file."""
        ...

    async def open(self, key: str) -> "Opened":
        """The file, to be read.

        Raises:
            NotFound: there is none.
        """
        ...

    def remove(self, key: str) -> None:
        """Forget the file; one that is not there is no fault."""
        ...


class Opened(Protocol):
    @property
    def size(self) -> int: ...

    def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to but without `end`, in parts."""
        ...


def store_for(settings: Settings) -> Store:
    """The store that the settings name; it is opened when it is first used."""
    return _ObjectStore(settings.media_folder, settings.bucket)


class _ObjectStore:
    def __init__(self, folder: Path, bucket: Bucket | None) -> None:
        self._folder = folder
        self._bucket = bucket
        self._found: LocalStore | S3Store | None = None

    def put(self, key: str, path: Path) -> None:
        with _faults_refused():
            obstore.put(self._files, key, path, max_concurrency=_PARTS_AT_ONCE)

    async def open(self, key: str) -> Opened:
        with _faults_refused():
            try:
                whole = await obstore.get_async(self._files, key)
            except FileNotFoundError:
                raise NotFound from None
        return _File(self._files, key, whole)

    def remove(self, key: str) -> None:
        with _faults_refused(), suppress(FileNotFoundError):
            obstore.delete(self._files, key)

    @property
    def _files(self) -> LocalStore | S3Store:
        # Not before it is needed: a worker is forked from a process that has loaded the app, and
        # the library's own threads would not come along.
        if self._found is None:
            self._found = _bucket(self._bucket) if self._bucket else _local(self._folder)
        return self._found


class _File:
    """Mostly all of it is wanted, and that was asked for by opening it."""

    def __init__(self, files: LocalStore | S3Store, key: str, whole: "GetResult") -> None:
        self._files, self._key, self._whole = files, key, whole

    @property
    def size(self) -> int:
        return self._whole.meta["size"]

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        found = self._whole
        if (start, end) != (0, self.size):
            found = await obstore.get_async(self._files, self._key, options={"range": (start, end)})
        async for part in found.stream(min_chunk_size=_PART):
            yield bytes(part)


@contextmanager
def _faults_refused() -> Generator[None]:
    try:
        yield
    except (BaseError, OSError) as fault:
        _LOG.error("The store of media failed: %s", " ".join(str(fault).split())[:_LONGEST_NOTE])
        raise StoreFails from fault


def _local(folder: Path) -> LocalStore:
    return LocalStore(folder, mkdir=True)


def _bucket(bucket: Bucket) -> S3Store:
    config: S3Config = {
        "access_key_id": bucket.key_id,
        "secret_access_key": bucket.secret,
        "region": bucket.region,
        "virtual_hosted_style_request": False,
    }
    if bucket.endpoint:
        config["endpoint"] = bucket.endpoint
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        config=config,
        client_options={
            "allow_http": bucket.endpoint.startswith("http://"),
            # Of a whole answer; a long video to a slow reader takes its time.
            "timeout": _LONGEST,
            "read_timeout": _SILENCE,
        },
        retry_config={"max_retries": _TRIES, "retry_timeout": _SILENCE},
    )
