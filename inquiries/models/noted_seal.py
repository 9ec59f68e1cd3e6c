"""The newest seal, noted beside the backups as ``ID:DIGEST``: it shows that seals were taken out of the database."""

import logging
import os
import re
from pathlib import Path

from django.conf import settings

from inquiries.models.event_seals import EventSeal

logger = logging.getLogger(__name__)

LAST_ID = re.compile(r"[0-9]{1,18}")


def fault() -> str:
    """One sentence if the noted seal is not in the database."""
    try:
        last_id, _colon, digest = _file().read_text().strip().partition(":")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        return f"{_file()} cannot be read ({type(error).__name__})."
    if LAST_ID.fullmatch(last_id) and EventSeal.objects.filter(last_id=last_id, digest=digest).exists():
        return ""
    return f"The seal {last_id[:20]} that {_file()} notes is not there."


def note_newest():
    """A disk that takes nothing just now must not end the worker; the next note makes up."""
    newest = EventSeal.objects.order_by("-last_id").first()
    try:
        if newest:
            _write(f"{newest.last_id}:{newest.digest}\n")
    except (OSError, ValueError) as error:
        logger.error("the newest seal was not noted beside the backups: %s", type(error).__name__)


def _write(words: str):
    """The file is whole at any moment."""
    if _file().exists() and _file().read_text() == words:
        return
    _file().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = _file().with_suffix(f".{os.getpid()}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(_file())


def forget():
    """After a restore the events since the backup are gone with their seals, as is known."""
    if _file().exists():
        _file().rename(_file().with_suffix(".before-restore"))


def _file() -> Path:
    return settings.NOTED_SEAL_FILE
