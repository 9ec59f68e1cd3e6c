"""What each member of staff chooses of the mails about inquiries, on the page "My account"."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inquiries.models import MailChoices
from iop_site.staff.models import User, trace

TOPICS = ("handed_over", "new_words", "overdue", "digest")


class MailChoicesForm(forms.ModelForm):
    new_inquiries = forms.BooleanField(label=_("New inquiries, and news of those that are not mine"), required=False)
    field_order = ["new_inquiries", *TOPICS]

    class Meta:
        model = MailChoices
        fields = TOPICS

    def __init__(self, user, *args, **kwargs):
        self.user = user
        instance = MailChoices.objects.filter(user=user).first() or MailChoices(user=user)
        super().__init__(*args, instance=instance, initial={"new_inquiries": user.wants_inquiry_notices}, **kwargs)

    def save(self):
        """It leaves events, like every change of an account."""
        with transaction.atomic():
            MailChoices.objects.update_or_create(
                user=self.user, defaults={name: self.cleaned_data[name] for name in TOPICS}
            )
            if not {"new_inquiries"}.issuperset(self.changed_data):
                trace.record(trace.Verb.ACCOUNT_CHANGED, self.user, fields="mails")
            User.objects.filter(pk=self.user.pk).update(wants_inquiry_notices=self.cleaned_data["new_inquiries"])
