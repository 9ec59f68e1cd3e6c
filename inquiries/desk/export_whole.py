"""“Everything, without loss”: an inquiry and all that hangs on it, as one JSON object. Names are those of the columns,
choices are their codes, times are in UTC."""

import json

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Prefetch, Q

from inquiries.crypto.fields import EncryptedTextField
from inquiries.crypto.keyring import SealError
from inquiries.desk.export_formats import MINUTES, NOTICE, ZONE, minutes_to_first_contact, rows_of
from inquiries.models import Event, Inquiry, InquiryPair, InquiryText, OutboxNotice

# Numbers of rows and keyed hashes mean nothing outside of this database, and the language preferred first stands under
# ``preferred_language``.
NOT_EXPORTED = {
    Inquiry: {"id", "submission_digest", "code_digest", "answers_digest", "first_language"},
    InquiryText: {"id", "inquiry", "digest"},
    Event: {"inquiry"},  # by its number an event that undoes another names it
    OutboxNotice: {"id", "inquiry"},
}


def with_all(inquiries):
    """All that ``as_object`` reads, in few queries."""
    events = Event.objects.select_related("actor", "account")
    notices = OutboxNotice.objects.select_related("user")
    hanging = ("texts", Prefetch("events", events), Prefetch("notices", notices))
    return inquiries.select_related("owner", "claimed_by").prefetch_related(*hanging)


def json_lines(ids: list[int], *, notice_first: bool):
    if notice_first:
        yield json.dumps({"notice": NOTICE}) + "\n"
    for inquiry in rows_of(ids, with_all(Inquiry.objects)):
        yield json.dumps(as_object(inquiry), ensure_ascii=False) + "\n"


def as_object(inquiry: Inquiry) -> dict:
    """What cannot be decrypted is named in ``unreadable``."""
    unreadable = []
    texts, events, notices = (in_turn(rows) for rows in (inquiry.texts, inquiry.events, inquiry.notices))
    people = names_of(events)
    return {
        **columns_of(inquiry, unreadable),
        "preferred_language": inquiry.first("preferred_language"),
        ZONE: settings.TIME_ZONE,
        MINUTES: minutes_to_first_contact(inquiry),
        "texts": [columns_of(text, unreadable, f"text {text.uid}") for text in texts],
        "events": [columns_of(event, unreadable) | people.get(event.pk, {}) for event in events],
        "notices": [columns_of(notice, unreadable) for notice in notices],
        "pairs": list(pairs_of(inquiry)),
        "unreadable": unreadable,
    }


def in_turn(rows) -> list:
    return sorted(rows.all(), key=lambda row: row.pk)


def columns_of(row, unreadable: list[str], label: str = "") -> dict:
    told = {}
    for field in row._meta.concrete_fields:
        if field.name in NOT_EXPORTED[type(row)]:
            continue
        try:
            told[field.name] = plain(row, field)
        except SealError:
            told[field.name] = None
            unreadable.append(label or field.name)
    return told


def plain(row, field):
    """Accounts go by their user names, other rows by the key that points to them."""
    if isinstance(field, EncryptedTextField):
        return getattr(row, field.name).rstrip()  # behind changed answers stand blanks: inquiries.crypto.padding
    if field.related_model is get_user_model():
        account = getattr(row, field.name)
        return account.get_username() if account else None
    value = getattr(row, field.attname)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def names_of(events) -> dict[int, dict]:
    """To whom it was handed over, by the key of the event, whose detail has only the number of the account."""
    to = {event.pk: event.detail.removeprefix("to:") for event in events if event.verb == Event.Verb.HANDED_OVER}
    accounts = get_user_model().objects.in_bulk([int(number) for number in to.values() if number.isdecimal()])
    names = {str(pk): account.get_username() for pk, account in accounts.items()}
    return {pk: {"to": names.get(number)} for pk, number in to.items()}


def pairs_of(inquiry: Inquiry):
    pairs = InquiryPair.objects.filter(Q(first=inquiry) | Q(second=inquiry)).order_by("pk")
    for first, second, is_linked in pairs.values_list("first__reference", "second__reference", "is_linked"):
        yield {"reference": second if first == inquiry.reference else first, "is_linked": is_linked}
