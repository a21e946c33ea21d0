"""Ways out of the house: e-mail by SMTP, and gateways for text messages and WeChat.

A gateway takes one letter and either returns, or raises `Undelivered`. `is_final`: trying again is
of no use (the recipient is refused); everything else is tried again later.
"""

import fcntl
import hashlib
import hmac
import json
import smtplib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

import requests
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from lib.masking import mask_text

ERROR_LENGTH = 300


class Undelivered(Exception):
    """Why a letter did not go, in words for the administrator, without addresses."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(mask_text(reason)[:ERROR_LENGTH])
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out. `key` is the same at every repetition."""

    key: str
    channel: str
    address: str
    subject: str
    text: str


class Gateway(Protocol):
    def send(self, letter: Letter) -> None: ...


class Mail:
    """Django's SMTP, one connection for as long as the object is used."""

    def __init__(self) -> None:
        self._connection: Any = None

    def send(self, letter: Letter) -> None:
        try:
            if self._connection is None:
                self._connection = get_connection()
                self._connection.open()
            self._message(letter).send()
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise Undelivered(f"{code} {_said(words)}", is_final=code >= 500) from error
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            raise Undelivered(f"sign-in refused: {error.smtp_code}", is_final=False) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            said = f"{error.smtp_code} {_said(error.smtp_error)}"
            raise Undelivered(said, is_final=error.smtp_code >= 500) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Undelivered(f"{type(error).__name__}: {error}", is_final=False) from error

    def _message(self, letter: Letter) -> EmailMessage:
        name = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
        return EmailMessage(
            letter.subject,
            letter.text,
            to=[letter.address],
            headers={"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"},
            connection=self._connection,
        )

    def close(self) -> None:
        """Also after a failure: a broken connection is never used for the next letter."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()


class FileGateway:
    """Writes letters as JSON lines: for one machine without a provider, and for tests."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def send(self, letter: Letter) -> None:
        row = {"key": letter.key, "to": letter.address, "text": letter.text}
        line = json.dumps({**row, "channel": letter.channel}, ensure_ascii=False)
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                self.path.chmod(0o600)
                fcntl.flock(file, fcntl.LOCK_EX)
                file.write(f"{line}\n")
        except OSError as error:
            raise Undelivered(f"{type(error).__name__}", is_final=False) from error

    def close(self) -> None:
        """Nothing is kept open."""


class HttpGateway:
    """POSTs a letter as JSON with a signature: HMAC-SHA256 over timestamp, dot and body.

    2xx: delivered. 4xx: refused for good. 5xx, redirects, timeouts, no connection: tried again.
    """

    def __init__(self, url: str, secret: str, *, timeout: float) -> None:
        self.url, self.secret, self.timeout = url, secret, timeout
        self._session = requests.Session()

    def send(self, letter: Letter) -> None:
        row = {"key": letter.key, "channel": letter.channel, "to": letter.address}
        body = json.dumps({**row, "text": letter.text}, ensure_ascii=False).encode()
        try:
            answer = self._session.post(
                self.url,
                data=body,
                headers=self._headers(letter, body),
                timeout=self.timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Undelivered(type(error).__name__, is_final=False) from error
        if not 200 <= answer.status_code < 300:
            is_final = 400 <= answer.status_code < 500
            raise Undelivered(f"{answer.status_code} {answer.text[:200]}", is_final=is_final)

    def _headers(self, letter: Letter, body: bytes) -> dict[str, str]:
        stamp = str(int(time.time()))
        return {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": hashlib.sha256(letter.key.encode()).hexdigest(),
            "X-Gongzhi-Timestamp": stamp,
            "X-Gongzhi-Signature": f"sha256={signature(self.secret, stamp, body)}",
        }

    def close(self) -> None:
        self._session.close()


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What the receiver reckons too: hexadecimal HMAC-SHA256 of `{stamp}.{body}`."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class Gateways:
    """One gateway per channel for a batch, opened when first used; to be closed after it."""

    def __init__(self) -> None:
        self._open: dict[str, Mail | FileGateway | HttpGateway] = {}

    def of(self, channel: str) -> Gateway:
        if channel not in self._open:
            self._open[channel] = _made(channel)
        return self._open[channel]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for gateway in self._open.values():
            gateway.close()


def _made(channel: str) -> Mail | FileGateway | HttpGateway:
    if channel == "email":
        return Mail()
    given = settings.GATEWAYS[channel]
    if given["url"]:
        return HttpGateway(given["url"], given["secret"], timeout=settings.GATEWAY_TIMEOUT)
    return FileGateway(Path(settings.GATEWAY_FOLDER) / f"{channel}.jsonl")


def _said(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else str(words)
