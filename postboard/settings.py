"""What an installation can set, read once from the environment and the command line."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from postboard.mail_servers import MailboxServer, MailServer, mail_server, mailbox_server

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
DEFAULT_UPLOADS_GB = 20

_OPTIONS = {
    "POSTBOARD_DATA": "--data",
    "POSTBOARD_HOST": "--host",
    "POSTBOARD_PORT": "--port",
}
_BUCKET = (
    "POSTBOARD_S3_KEY_ID",
    "POSTBOARD_S3_SECRET",
    "POSTBOARD_S3_REGION",
    "POSTBOARD_S3_ENDPOINT",
)
_LARGEST_PORT = 65_535
_MOST_PROXIES = 10
_MOST_GB = 100_000


class BadSetting(Exception):  # noqa: N818 - it reads as what it is
    """A setting has a value that cannot be used; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Storage that speaks S3, where pictures and videos lie instead of in a folder."""

    name: str
    prefix: str
    endpoint: str
    """Its address; empty is Amazon's own."""
    region: str
    key_id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path
    """Absolute folder of the database, the media and what the server writes while it runs."""
    database_url: str = field(repr=False)
    host: str
    port: int
    """0 means any free port."""
    base_url: str
    """Public address without a slash at the end; links and the allowed Origin come from it."""
    trusted_proxies: int
    """How many reverse proxies in front of the server may set X-Forwarded-For."""
    smtp_url: str = field(default="", repr=False)
    mail_from: str = ""
    inbound_url: str = field(default="", repr=False)
    """Where answers to mails arrive; empty: they are not read."""
    reply_to: str = ""
    """Where answers go; with inbound mail each one has a token of its own behind a plus."""
    bucket: Bucket | None = None
    """Where media lie; None is the media folder."""
    demo_mails: Path | None = None
    """Of the demo: the folder of the mails that it sends to nobody."""
    uploads_gb: int = DEFAULT_UPLOADS_GB
    """Gigabytes that one person may bring in within a day."""
    given_signing_key: Path | None = None
    """The file of the key that certificates are signed with; None is one of our own making."""

    @property
    def mail_server(self) -> MailServer | None:
        """None: no mail is sent."""
        return mail_server(self.smtp_url) if self.smtp_url else None

    def reply_address(self, token: str) -> str:
        """Where the answer to one mail goes."""
        if not (self.inbound_url and token):
            return self.reply_to
        # Every command reads its settings, few write mail: the import is a tenth of their start.
        from email.utils import parseaddr

        name, _, domain = (self.reply_to or parseaddr(self.mail_from)[1]).rpartition("@")
        return f"{name}+{token}@{domain}"

    @property
    def inbound_folder(self) -> Path | None:
        """The maildir that answers arrive in; None where they do not."""
        scheme, _, path = self.inbound_url.partition(":")
        return Path(path) if scheme == "maildir" else None

    @property
    def mailbox_server(self) -> MailboxServer | None:
        """Where answers are fetched from instead."""
        return mailbox_server(self.inbound_url)

    @property
    def uploads_a_day(self) -> int:
        """In bytes."""
        return self.uploads_gb * 1_000_000_000

    @property
    def media_folder(self) -> Path:
        return self.data / "media"

    @property
    def signing_key_file(self) -> Path:
        return self.given_signing_key or self.data / "signing-key.pem"

    @property
    def database_file(self) -> Path | None:
        """The file of an SQLite database."""
        scheme, _, path = self.database_url.partition("://")
        return Path(path[1:]) if scheme == "sqlite" else None

    @property
    def run_folder(self) -> Path:
        """Where the server keeps what may be deleted while it is stopped."""
        return self.data / "run"

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def local_url(self) -> str:
        """Where this machine reaches its own server."""
        return _local_url(self.host, self.port)

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """Origins a browser may open the live connection from."""
        public = urlsplit(self.base_url)
        if not _is_loopback(public.hostname or ""):
            return (self.base_url,)
        port = f":{public.port}" if public.port else ""
        names = ("127.0.0.1", "localhost", "[::1]")
        return tuple(f"{public.scheme}://{name}{port}" for name in names)

    def on_port(self, port: int) -> "Settings":
        """The same settings with the port that 0 turned out to be."""
        if self.base_url != self.local_url:
            return replace(self, port=port)
        return replace(self, port=port, base_url=_local_url(self.host, port))

    def as_environment(self) -> dict[str, str]:
        """The variables that make another process read the same settings."""
        return {
            "POSTBOARD_DATA": str(self.data),
            "POSTBOARD_DATABASE_URL": self.database_url,
            "POSTBOARD_HOST": self.host,
            "POSTBOARD_PORT": str(self.port),
            "POSTBOARD_BASE_URL": self.base_url,
            "POSTBOARD_TRUSTED_PROXIES": str(self.trusted_proxies),
            **(_bucket_as_environment(self.bucket) if self.bucket else {}),
            "POSTBOARD_SMTP_URL": self.smtp_url,
            "POSTBOARD_MAIL_FROM": self.mail_from,
            "POSTBOARD_INBOUND": self.inbound_url,
            "POSTBOARD_REPLY_TO": self.reply_to,
            "POSTBOARD_UPLOADS_GB": str(self.uploads_gb),
            "POSTBOARD_DEMO_MAILS": str(self.demo_mails or ""),
            "POSTBOARD_SIGNING_KEY": str(self.given_signing_key or ""),
        }


def read_settings(
    environ: Mapping[str, str] | None = None, options: Mapping[str, str | None] | None = None
) -> Settings:
    """Settings from the environment; options (by their name, as "--port") win over it.

    Raises BadSetting, never showing a value that could hold a password.
    """
    given = _Given(os.environ if environ is None else environ, options or {})
    data = _data_folder(given)
    host = _host(given)
    port = _port(given)
    return Settings(
        data=data,
        database_url=_database_url(given, data),
        host=host,
        port=port,
        base_url=_base_url(given, host, port),
        trusted_proxies=_trusted_proxies(given),
        bucket=_bucket(given),
        smtp_url=_smtp_url(given),
        mail_from=_mail_from(given),
        inbound_url=_inbound(given),
        reply_to=_reply_to(given),
        uploads_gb=_uploads_gb(given),
        demo_mails=_demo_mails(given),
        given_signing_key=_signing_key(given),
    )


class _Value(NamedTuple):
    name: str
    text: str


class _Given:
    def __init__(self, environ: Mapping[str, str], options: Mapping[str, str | None]) -> None:
        self.environ = environ
        self._options = options

    def value(self, variable: str) -> _Value | None:
        """What was given, under the name it was given by; None when nothing or only blanks."""
        option = _OPTIONS.get(variable, "")
        text = self._options.get(option)
        if text is not None:
            return _Value(option, text.strip())
        text = self.environ.get(variable, "").strip()
        return _Value(variable, text) if text else None


def _data_folder(given: _Given) -> Path:
    value = given.value("POSTBOARD_DATA")
    if value is None:
        return _user_data_folder(given.environ)
    if not value.text or "\0" in value.text:
        raise BadSetting(f"{value.name} is empty; it takes the path of a folder.")
    return Path(value.text).expanduser().absolute()


def _user_data_folder(environ: Mapping[str, str]) -> Path:
    """One place per user, so that the folder a command is started in changes nothing."""
    home = Path.home()
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "postboard"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "postboard"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "postboard"


def _database_url(given: _Given, data: Path) -> str:
    value = given.value("POSTBOARD_DATABASE_URL")
    if value is None:
        return f"sqlite:///{data / 'postboard.db'}"
    scheme, separator, rest = value.text.partition("://")
    if separator and rest:
        if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
            return f"postgresql+psycopg://{rest}"
        if scheme == "sqlite" and rest.startswith("/"):
            return value.text
    shown = f'starts with "{scheme}://"' if separator else "has no scheme"
    raise BadSetting(
        f"{value.name} {shown}; it takes postgresql://user:password@host/database"
        " or sqlite:////absolute/path.db."
    )


def _host(given: _Given) -> str:
    value = given.value("POSTBOARD_HOST")
    if value is None:
        return DEFAULT_HOST
    host = value.text.removeprefix("[").removesuffix("]")
    if _is_address(host) or re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", host):
        return host
    raise BadSetting(
        f'{value.name} is "{value.text}"; it takes an address to listen on,'
        " such as 127.0.0.1 or 0.0.0.0."
    )


def _port(given: _Given) -> int:
    value = given.value("POSTBOARD_PORT")
    if value is None:
        return DEFAULT_PORT
    return _whole_number(value, _LARGEST_PORT, "a number from 0 (any free port) to 65535")


def _base_url(given: _Given, host: str, port: int) -> str:
    value = given.value("POSTBOARD_BASE_URL")
    if value is None:
        return _local_url(host, port)
    try:
        url = urlsplit(value.text)
        fits = bool(url.scheme in {"http", "https"} and url.hostname and url.port != 0)
    except ValueError:
        fits = False
    else:
        fits = fits and url.path in {"", "/"} and not (url.query or url.fragment or url.username)
    if not fits:
        raise BadSetting(
            f"{value.name} is no address it can use; it takes the public address alone,"
            " such as https://board.example.com."
        )
    return value.text.removesuffix("/").lower()


def _trusted_proxies(given: _Given) -> int:
    value = given.value("POSTBOARD_TRUSTED_PROXIES")
    if value is None:
        return 0
    return _whole_number(value, _MOST_PROXIES, "the number of proxies in front, from 0 to 10")


def _uploads_gb(given: _Given) -> int:
    value = given.value("POSTBOARD_UPLOADS_GB")
    if value is None:
        return DEFAULT_UPLOADS_GB
    return _whole_number(
        value, _MOST_GB, "the gigabytes that one person may bring in a day, from 0 to 100000"
    )


def _bucket(given: _Given) -> Bucket | None:
    value = given.value("POSTBOARD_MEDIA_URL")
    if value is None:
        return None
    scheme, _, place = value.text.partition("://")
    name, _, prefix = place.partition("/")
    if scheme != "s3" or not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        raise BadSetting(
            "POSTBOARD_MEDIA_URL is no bucket; it takes one such as s3://my-bucket/postboard."
        )
    texts = {variable: given.value(variable) for variable in _BUCKET}
    key_id, secret, region, endpoint = (one.text if one else "" for one in texts.values())
    if not (key_id and secret):
        raise BadSetting(
            "POSTBOARD_MEDIA_URL needs the bucket’s keys in POSTBOARD_S3_KEY_ID"
            " and POSTBOARD_S3_SECRET."
        )
    if endpoint and not re.fullmatch(r"https?://[^/?#@\s]+/?", endpoint):
        raise BadSetting(
            "POSTBOARD_S3_ENDPOINT is no address it can use; it takes the storage’s address alone,"
            " such as https://s3.example.com."
        )
    return Bucket(
        name, prefix.strip("/"), endpoint.removesuffix("/"), region or "us-east-1", key_id, secret
    )


def _bucket_as_environment(bucket: Bucket) -> dict[str, str]:
    values = (bucket.key_id, bucket.secret, bucket.region, bucket.endpoint)
    place = "/".join(part for part in (bucket.name, bucket.prefix) if part)
    return {"POSTBOARD_MEDIA_URL": f"s3://{place}", **dict(zip(_BUCKET, values, strict=True))}


def _smtp_url(given: _Given) -> str:
    value = given.value("POSTBOARD_SMTP_URL")
    if value is None:
        return ""
    if mail_server(value.text) is None:
        raise BadSetting(
            f"{value.name} is no address of a mail server; it takes smtp://user:password@host:587"
            " or smtps://user:password@host:465, and ?starttls=no for one that cannot encrypt."
        )
    return value.text


def _mail_from(given: _Given) -> str:
    value = given.value("POSTBOARD_MAIL_FROM")
    if value is None:
        if given.value("POSTBOARD_SMTP_URL"):
            raise BadSetting(
                "POSTBOARD_MAIL_FROM is missing; it takes the address that mail comes from,"
                " such as Postboard <board@example.com>."
            )
        return ""
    if not re.fullmatch(r"([^<>@\r\n]*<)?[^<>@\s]+@[A-Za-z0-9.-]+>?", value.text):
        raise BadSetting(
            f"{value.name} is no mail address; it takes one such as Postboard <board@example.com>."
        )
    return value.text


def _inbound(given: _Given) -> str:
    value = given.value("POSTBOARD_INBOUND")
    if value is None:
        return ""
    scheme, _, path = value.text.partition(":")
    is_folder = scheme == "maildir" and Path(path).is_absolute() and "\0" not in path
    if not is_folder and mailbox_server(value.text) is None:
        raise BadSetting(
            f"{value.name} is no place that mail arrives in; it takes maildir:/absolute/path,"
            " imaps://user:password@host:993/INBOX or imap://user:password@host:143/INBOX,"
            " and ?starttls=no for a server that cannot encrypt."
        )
    if given.value("POSTBOARD_SMTP_URL") is None:
        raise BadSetting("POSTBOARD_SMTP_URL is missing; without outgoing mail nobody answers any.")
    return value.text


def _reply_to(given: _Given) -> str:
    value = given.value("POSTBOARD_REPLY_TO")
    if value is None:
        return ""
    if not re.fullmatch(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+", value.text):
        raise BadSetting(
            f"{value.name} is no mail address alone; it takes one such as reply@example.com."
        )
    return value.text


def _signing_key(given: _Given) -> Path | None:
    value = given.value("POSTBOARD_SIGNING_KEY")
    if value is None:
        return None
    if "\0" in value.text:
        raise BadSetting(f"{value.name} is no path; it takes that of a private key in PEM.")
    return Path(value.text).expanduser().absolute()


def _demo_mails(given: _Given) -> Path | None:
    """Said by the demo's command to its server, and by nobody else."""
    value = given.value("POSTBOARD_DEMO_MAILS")
    return Path(value.text) if value else None


def _whole_number(value: _Value, largest: int, takes: str) -> int:
    number = int(value.text) if re.fullmatch(r"[0-9]{1,9}", value.text) else -1
    if not 0 <= number <= largest:
        raise BadSetting(f'{value.name} is "{value.text}"; it takes {takes}.')
    return number


def _local_url(host: str, port: int) -> str:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{reachable}]:{port}" if ":" in reachable else f"http://{reachable}:{port}"


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
