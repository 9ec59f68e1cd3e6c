"""What each way of contact needs, and what the person is told to expect of it."""

from django.utils.translation import gettext_lazy as _

from inquiries.models import Inquiry

ContactWay = Inquiry.ContactWay
EMAIL_NOT_FOR_CALL = _("You also typed an email. We do not need it for a call, so we will not keep it.")
EMAIL_NOT_FOR_TEXT = _("You also typed an email. We do not need it for a text, so we will not keep it.")
PHONE_NOT_FOR_EMAIL = _("You also typed a phone number. We do not need it for an email, so we will not keep it.")

NEEDED = {
    ContactWay.CALL_VOICEMAIL: "phone",
    ContactWay.CALL: "phone",
    ContactWay.TEXT: "phone",
    ContactWay.EMAIL: "email",
    ContactWay.CALL_WORK: "phone",
    ContactWay.EMAIL_WORK: "email",
}
PLANS = {
    ContactWay.CALL_VOICEMAIL: _("We will call. We may leave a voicemail."),
    ContactWay.CALL: _("We will call. We will not leave a voicemail."),
    ContactWay.TEXT: _("We will send a text message."),
    ContactWay.EMAIL: _("We will send an email."),
    ContactWay.CALL_WORK: _("We will call you at work. We will not mention your client to anyone else."),
    ContactWay.EMAIL_WORK: _("We will write to your work email. We will not mention your client to anyone else."),
}
ICONS = {way: {"phone": "phone", "email": "mail"}[needed] for way, needed in NEEDED.items()}
ICONS[ContactWay.TEXT] = "message-square"
DROPPED = {
    ContactWay.CALL_VOICEMAIL: EMAIL_NOT_FOR_CALL,
    ContactWay.CALL: EMAIL_NOT_FOR_CALL,
    ContactWay.TEXT: EMAIL_NOT_FOR_TEXT,
    ContactWay.EMAIL: PHONE_NOT_FOR_EMAIL,
    ContactWay.CALL_WORK: EMAIL_NOT_FOR_CALL,
    ContactWay.EMAIL_WORK: PHONE_NOT_FOR_EMAIL,
}
