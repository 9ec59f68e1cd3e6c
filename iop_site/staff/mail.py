"""Short letters to a member of staff whose account was changed: what happened, and nothing else.

In every language of the site: nobody is asked for theirs, and who acts may read another.
"""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

logger = logging.getLogger(__name__)

PASSWORD_CHANGED = _("The password of your account was changed.")
DEVICE_ADDED = _("A phone was set up as the second step of your account.")
DEVICE_REMOVED = _("The second step of your account was taken away. You set up a new one when you next sign in.")
CODES_MADE = _("New recovery codes were made for your account. The earlier ones do not work any more.")
CODE_USED = _("A recovery code was used to sign in to your account.")
EMAIL_CHANGED = _("The email address of your account was changed. Letters about it now go to the new one.")
SUBJECT = _("Your account was changed")
WARNING = _("If this was not you, tell your supervisor at once.")


def tell(user, what: str, *, address: str | None = None):
    """Email ``what`` to the user, or to their earlier ``address``, once the transaction is through.

    Without an address or a server, nothing is sent.
    """
    to = user.email if address is None else address
    if to and settings.HAS_MAIL_SERVER:
        transaction.on_commit(lambda: _send(to, what))


def in_every_language(text: str) -> list[str]:
    said = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said.append(gettext(text))
    return said


def _send(address: str, what: str):
    pairs = zip(in_every_language(what), in_every_language(WARNING), strict=True)
    lines = [line for pair in pairs for line in pair] + [str(settings.SITE_URL)]
    try:
        send_mail(" / ".join(in_every_language(SUBJECT)), "\n\n".join(lines), None, [address])
    except Exception as error:  # a mail server that fails must not undo or hide what was done
        logger.warning("a member of staff was not told of a change: %s", type(error).__name__)
