"""A verb for several inquiries at once: first a page that lists what would change, then the change."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from inquiries.desk.actions import BY_NAME
from inquiries.desk.list_rows import Row
from inquiries.desk.people import short_name, staff_who_work
from inquiries.models import Inquiry, Refused
from inquiries.models.transitions import IS_UNTRIED
from inquiries.models.verbs import DANGER

TAKE, HAND_OVER, SET_ASIDE = "take", "hand-over", "set-aside"
VERBS = {TAKE: _("Take"), HAND_OVER: _("Hand over"), SET_ASIDE: _("Set aside")}
MOST = 100  # chosen at once


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Hand over to"),
        queryset=None,
        empty_label=_("Choose a person"),
        error_messages={"required": _("Choose whom to hand over to")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = staff_who_work()
        self.fields["to"].label_from_instance = short_name


@dataclass(frozen=True)
class Chosen:
    row: Row
    why_not: object = ""

    @property
    def key(self) -> str:
        """With the version that was looked at: what a colleague changes meanwhile is left alone."""
        return f"{self.row.inquiry.pk}:{self.row.inquiry.version}"


def allowed(user) -> dict[str, str]:
    return {verb: label for verb, label in VERBS.items() if user.has_perm(BY_NAME[verb].right)}


def chosen_from(keys: list[str], verb: str, now) -> list[Chosen]:
    """A key is ``id`` or ``id:version``; what is neither, or no such inquiry, is passed over."""
    heads = (key.partition(":")[0] for key in keys[:MOST] if len(key) < 32)
    ids = [int(head) for head in heads if head.isdecimal() and int(head) < 2**63]
    rows = Inquiry.objects.from_people().filter(pk__in=ids).most_urgent_first()
    rows = rows.select_related("owner").prefetch_related("texts")
    return [Chosen(Row(inquiry, now), why_not(inquiry, verb)) for inquiry in rows]


def why_not(inquiry, verb: str):
    if not inquiry.can(BY_NAME[verb].method):
        if inquiry.is_in_work and verb == SET_ASIDE:
            return IS_UNTRIED.refusal
        if inquiry.is_in_work:
            return _("%(name)s has it already.") % {"name": short_name(inquiry.owner)}
        return _("It is closed or set aside.")
    if verb == SET_ASIDE and inquiry.tells_of_danger:
        return DANGER
    return ""


def apply(keys: list[str], verb: str, user, now, to=None) -> tuple[list[str], list[tuple[str, object]]]:
    """Each in its own transaction; return the references that changed, and (reference, why not) of the others."""
    versions = dict(key.split(":", 1) for key in keys if key.count(":") == 1)
    done, refused = [], []
    for chosen in chosen_from(keys, verb, now):
        inquiry = chosen.row.inquiry
        version = versions.get(str(inquiry.pk), "")
        if chosen.why_not or not version.isdecimal() or len(version) > 9:
            refused.append((inquiry.reference, chosen.why_not or _("It was not confirmed.")))
            continue
        try:
            options = {"to": to} if verb == HAND_OVER else {}
            getattr(inquiry, BY_NAME[verb].method)(actor=user, version=int(version), now=now, **options)
            done.append(inquiry.reference)
        except Refused as error:
            refused.append((inquiry.reference, error.message))
    return done, refused
