"""Letters about an account, in every language: nobody is asked for theirs, and who acts may read another."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext, gettext_noop as _, override

from inquiries.mailboxes import is_plain
from iop_site.staff import hashing

logger = logging.getLogger(__name__)

PASSWORD_CHANGED = _("The password of your account was changed.")
DEVICE_ADDED = _("A phone was set up as the second step of your account.")
DEVICE_REMOVED = _("The second step of your account was taken away. You set up a new one when you next sign in.")
CODES_MADE = _("New recovery codes were made for your account. The earlier ones do not work any more.")
CODE_USED = _("A recovery code was used to sign in to your account.")
EMAIL_CHANGED = _("The email address of your account was changed. Letters about it now go to the new one.")
WRONG_NUMBER = _(
    "Somebody gave the right password of your account, then a wrong number or recovery code. "
    "If you mistyped it yourself, there is nothing to do. We tell you of this once a day at most."
)


def notify(user, what: str, *, address: str | None = None):
    """Email ``what`` once the transaction is through; without a plain address or a server, nothing is sent."""
    to = user.email if address is None else address
    if is_plain(to) and settings.HAS_MAIL_SERVER:
        transaction.on_commit(lambda: _send(to, what))


def letter(what: str, language: str) -> tuple[str, str]:
    with override(language):
        text = "\n\n".join((gettext(what), gettext("If this was not you, tell your supervisor at once.")))
        return gettext("About your account") if what == WRONG_NUMBER else gettext("Your account was changed"), text


def _send(address: str, what: str):
    letters = [letter(what, language) for language, _name in settings.LANGUAGES]
    subject = " / ".join(subject for subject, _text in letters)
    lines = [*(text for _subject, text in letters), str(settings.SITE_URL)]
    try:
        with hashing.lent():  # a mail server that does not answer must keep nobody else from signing in
            send_mail(subject, "\n\n".join(lines), None, [address])
    except Exception as error:  # a mail server that fails must not undo or hide what was done
        logger.warning("a member of staff was not told of a change: %s", type(error).__name__)
