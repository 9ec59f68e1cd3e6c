from django import forms
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inquiries.contact_plans import Plan
from inquiries.crypto.keyring import SealError
from inquiries.desk import display
from inquiries.desk.list_searches import NAMED
from inquiries.desk.list_tabs import LABELS, NEEDS_WORK
from inquiries.desk.people import owner_name, owners
from inquiries.models import Inquiry, WeeklyHours
from inquiries.models.joined_plans import safe_ways
from inquiries.models.work_lists import NOBODY_S

ANY = ("", _("Any"))
NEW_WORDS, REFUSED, ROBOT, HELD = "new-words", "refused", "robot", "held"
FLAGS = {
    NEW_WORDS: (_("New words"), Q(sender_wrote_at__isnull=False)),
    REFUSED: (_("Email refused"), Q(address_refused_at__gte=F("due_at"))),
    ROBOT: (_("Robot?"), ~Q(screening_reasons="")),
    HELD: (_("Kept longer"), Q(held_at__isnull=False)),
}
KINDS = {Inquiry.Kind.CONTACT: _("All for themselves"), Inquiry.Kind.REFERRAL: _("All referrals")}
SOURCES = {
    Inquiry.CameBy.PHONE: _("By phone"),
    Inquiry.CameBy.VISIT: _("In a visit"),
    Inquiry.CameBy.LETTER: _("By letter"),
}
COLUMNS = {"language": "preferred_language", "stage": "stage"}
SELECTS = ("way", "language", "stage", "topic", "owner", "flag")
KEPT_IN_VIEWS = ("tab", *SELECTS, "now")
PARAMETERS = (*KEPT_IN_VIEWS, NAMED, "page")


class FilterForm(forms.Form):
    """A value that is not offered counts as none, so that no old link fails."""

    find = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    way = forms.ChoiceField(
        label=_("Way in"), required=False, choices=[ANY, *display.WAYS.items(), *KINDS.items(), *SOURCES.items()]
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[ANY, *display.LANGUAGE_NAMES.items()])
    stage = forms.ChoiceField(label=_("Stage"), required=False, choices=[ANY, *display.STAGES.items()])
    topic = forms.ChoiceField(label=_("Topic"), required=False, choices=[ANY, *display.TOPICS.items()])
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    flag = forms.ChoiceField(
        label=_("Flag"), required=False, choices=[ANY, *((code, label) for code, (label, _q) in FLAGS.items())]
    )
    tab = forms.ChoiceField(required=False, choices=LABELS.items(), widget=forms.HiddenInput)
    now = forms.BooleanField(required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="find_%s", **kwargs)
        people = [(str(user.pk), owner_name(user)) for user in owners()]
        self.fields["owner"].choices = [("", _("Anyone")), ("none", _("No one")), *people]
        self.full_clean()

    def value(self, name: str):
        return self.cleaned_data.get(name) or None

    @property
    def chosen_tab(self) -> str:
        return self.value("tab") or NEEDS_WORK

    @property
    def selects(self):
        return [self[name] for name in SELECTS]

    @property
    def is_narrowed(self) -> bool:
        return any(self.value(name) for name in ("find", *SELECTS, "now"))

    def narrow(self, rows):
        """By what stands in clear."""
        chosen = {column: self.value(name) for name, column in COLUMNS.items() if self.value(name)}
        way, owner = self.value("way"), self.value("owner")
        if way:
            chosen["kind" if way in KINDS else "came_by" if way in SOURCES else "way"] = way
        if owner and owner != "none":
            chosen["owner"] = owner
        flag = FLAGS[self.value("flag")][1] if self.value("flag") else Q()
        return rows.filter(flag, NOBODY_S if owner == "none" else Q(), **chosen)

    @property
    def must_read(self) -> bool:
        """Whether rows must be decrypted to know which of them are wanted."""
        return bool(self.value("topic") or self.value("now"))

    def fitting(self, rows: list[Inquiry], now) -> list[Inquiry]:
        """Return the rows that are wanted by what is encrypted."""
        if self.value("now"):
            ways, calendar = safe_ways(rows), WeeklyHours.objects.calendar(now)
            rows = [one for one in rows if Plan.of(one, ways[one.pk]).is_good_to_call(now, calendar)]
        return self.fitting_at_any_time(rows)

    def fitting_at_any_time(self, rows: list[Inquiry]) -> list[Inquiry]:
        return [one for one in rows if self._has_topic(one)]

    def _has_topic(self, inquiry: Inquiry) -> bool:
        topic = self.value("topic")
        try:
            return not topic or topic in inquiry.latest("topics").split()
        except SealError:
            return False

    def kept(self) -> dict[str, str]:
        """What a saved view or a link keeps: never what was searched for."""
        return {name: str(self.value(name)) for name in KEPT_IN_VIEWS if self.value(name)}
