"""What was typed when a session had run out, carried sealed over the sign-in to ``request.carried`` of that page."""

import json
import re
import time

from inquiries.crypto import keyring
from inquiries.crypto.keyring import SealError

MAX_AGE = 30 * 60  # seconds
FIELD = "carried"
NEVER = re.compile(r"^_|password|token|code|^action$|^carried$|^next$|^version$", re.I)


def _context(user_pk) -> str:
    return f"carried|{user_pk}"


def seal(request, user_pk) -> str:
    fields = {name: request.POST[name] for name in request.POST if not NEVER.search(name) and request.POST[name]}
    if not fields:
        return ""
    kept = {"at": time.time(), "path": request.get_full_path(), "fields": fields}
    return keyring.current().seal(json.dumps(kept), _context(user_pk))


def unseal(sealed: str, user_pk, path: str) -> dict[str, str]:
    try:
        kept = json.loads(keyring.current().open(sealed, _context(user_pk)))
    except SealError:
        return {}
    is_fresh = 0 <= time.time() - kept["at"] <= MAX_AGE
    return kept["fields"] if is_fresh and kept["path"] == path else {}
