"""Typed readers of the environment: each says in one sentence what is wrong with a value, never with a secret in it."""

import base64
import binascii
import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
KEY_ID = re.compile(r"[a-z0-9-]{1,16}")
SENDER_NAME = "Dedicato"  # what a mail program shows of a mail before it is opened
SECRET_KEY_LENGTH = 50  # Django's own deployment check asks for this much


class SettingError(ImproperlyConfigured):
    """A setting that makes no sense; the message is one sentence for the operator."""


@dataclass(frozen=True)
class Setting:
    name: str
    default: str
    help: str


class Environment:
    def __init__(self, values=None):
        self.values = os.environ if values is None else values
        self.settings: dict[str, Setting] = {}

    def text(self, name: str, default: str = "", *, help: str = "", shown_default: str | None = None) -> str:
        self.settings[name] = Setting(name, default if shown_default is None else shown_default, help)
        return self.values.get(name, "").strip() or default

    def number(self, name: str, default: int, *, least: int = 0, most: int = 1_000_000, help: str = "") -> int:
        text = self.text(name, str(default), help=help)
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
            raise SettingError(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
        return int(text)

    def choice(self, name: str, default: str, choices: tuple[str, ...], *, help: str = "") -> str:
        text = self.text(name, default, help=help)
        if text not in choices:
            raise SettingError(f"{name} must be one of {', '.join(choices)}, not {text!r}.")
        return text

    def yes_or_no(self, name: str, default: str, *, help: str = "") -> bool:
        return self.choice(name, default, ("yes", "no"), help=help) == "yes"

    def sender(self, name: str, default: str, **options) -> str:
        """Return an address with a name before it: where none is given, one that does not say what it is about."""
        text = self.text(name, default, **options)
        return text if "<" in text else f"{SENDER_NAME} <{text}>"

    def working_time(self, name: str, default: str, *, help: str = "") -> tuple[int, str]:
        text = self.text(name, default, help=help)
        match = re.fullmatch(r"([1-9]\d?) (hour|day)s?", text, re.ASCII)
        if not match:
            raise SettingError(f"{name} must be like '1 day' or '4 hours', up to 99, not {text!r}.")
        return int(match[1]), f"{match[2]}s"

    def web_page(self, name: str, default: str, *, help: str = "") -> str:
        text = self.text(name, default, help=help)
        if not re.fullmatch(r"https://[^\s/?#@]+(/\S*)?", text):
            raise SettingError(f"{name} must be a web address that begins with https://, not {text!r}.")
        return text

    def contact(self, name: str, *, help: str = "") -> str:
        text = self.text(name, help=help)
        if text and not re.fullmatch(
            r"mailto:[^\s@?]+@[^\s@?]+|tel:\+[\d-]+|https://[^\s/?#@]+(/\S*)?", text, re.ASCII
        ):
            raise SettingError(f"{name} must begin with mailto:, tel:+ or https:// and be an address, not {text!r}.")
        return text

    def folder(self, name: str, default: Path, *, help: str = "") -> Path:
        return Path(self.text(name, str(default), help=help, shown_default=f"{default.name}/")).absolute()

    def secret(self, name: str, file: Path, *, help: str = "") -> str:
        given = self.text(name, help=help, shown_default=f"made on the first start, in {file.parent.name}/{file.name}")
        if given:
            return given
        try:
            return file.read_text("utf-8").strip()
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise SettingError(f"{name} cannot be read from {file}: {reason}.") from None


def secret_key(name: str, value: str) -> str:
    if value and len(value) < SECRET_KEY_LENGTH:
        raise SettingError(f"{name} must have at least {SECRET_KEY_LENGTH} characters; it has {len(value)}.")
    return value


def data_key(name: str, value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise SettingError(f"{name} must be {KEY_BYTES} bytes written in base64.") from None
    if len(key) != KEY_BYTES:
        raise SettingError(f"{name} must be {KEY_BYTES} bytes written in base64; it has {len(key)}.")
    return key


def field_keys(value: str) -> dict[str, bytes]:
    """Return the field keys of ``id:base64,…`` in their order; the first encrypts, all decrypt."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        key_id, colon, encoded = part.partition(":")
        if not colon or not KEY_ID.fullmatch(key_id):
            raise SettingError(
                "FIELD_KEYS must be id:base64 pairs with commas between; an id is 1 to 16 of a-z, 0-9 and '-'."
            )
        if key_id in keys:
            raise SettingError(f"FIELD_KEYS names the key {key_id!r} twice.")
        keys[key_id] = data_key(f"FIELD_KEYS, key {key_id!r},", encoded)
    return keys


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class SiteUrl:
    scheme: str
    host: str
    netloc: str

    @classmethod
    def parse(cls, text: str) -> "SiteUrl":
        example = "SITE_URL must be a bare web address like https://guide.example"
        try:
            parts = urlsplit(text)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise SettingError(f"{example}, not {text!r}.") from None
        rest = parts.path.strip("/") or parts.query or parts.fragment or parts.username or parts.password
        if parts.scheme not in ("http", "https") or not host or rest or re.search(r"[\s*,]", parts.netloc):
            raise SettingError(f"{example}, not {text!r}.")
        site = cls(parts.scheme, host, parts.netloc.lower())
        if not site.is_https and not site.is_loopback:
            raise SettingError(f"SITE_URL must begin with https:// for any host but this machine, not {text!r}.")
        return site

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}"

    @property
    def is_https(self) -> bool:
        return self.scheme == "https"

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.host)

    @property
    def allowed_hosts(self) -> list[str]:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return list(dict.fromkeys(["127.0.0.1", "localhost", "[::1]", host])) if self.is_loopback else [host]

    @property
    def host_headers(self) -> list[str]:
        port = self.netloc.rpartition("]")[2].partition(":")[2]
        return [f"{host}:{port}" if port else host for host in self.allowed_hosts]


def mail_settings(url: str) -> dict:
    """``smtp`` upgrades by STARTTLS unless ``?tls=off``, for a server on this machine; ``smtps`` begins with TLS."""
    if kind := {"": "dummy", "console:": "console"}.get(url):
        return {"EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend"}
    shape = "EMAIL_URL must look like smtp://user:password@mail.example:587, smtps://… or console:"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise SettingError(f"{shape}.") from None
    options = parse_qs(parts.query)
    if parts.scheme not in ("smtp", "smtps") or not host or set(options) - {"tls"} or parts.path.strip("/"):
        raise SettingError(f"{shape}.")
    return {
        "EMAIL_BACKEND": "iop_site.smtp.EmailBackend",
        "EMAIL_HOST": host,
        "EMAIL_PORT": port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and options.get("tls") != ["off"],
    }
