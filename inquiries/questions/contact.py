"""Only what the chosen way of contact needs is read and kept."""

from django import forms

from inquiries import contact_plans, phone_numbers, text_cleaning
from inquiries.models import Inquiry


class ReadsContact(forms.Form):
    """For a form with ``phone``, ``email`` and a language. With ``keeps_both`` the one that is not needed is kept."""

    keeps_both = False

    def clean(self):
        cleaned = super().clean()
        cleaned["contact_way"] = self.chosen_way(cleaned)
        way = cleaned["contact_way"]
        for name in ("phone", "email"):
            typed, cleaned[name] = cleaned.get(name, ""), ""
            # Before a way is chosen, a number may be missing but not wrong.
            is_extra = (self.keeps_both or not way) and not text_cleaning.is_blank(typed)
            if name == contact_plans.NEEDED.get(way) or is_extra:
                self._read(name, typed)
        if cleaned.get("preferred_language") != Inquiry.Language.OTHER and "other_language" in cleaned:
            cleaned["other_language"] = ""
        return cleaned

    def _read(self, name: str, typed: str):
        try:
            self.cleaned_data[name] = self.fields[name].read(typed)
            if self.cleaned_data["contact_way"] == Inquiry.ContactWay.TEXT:
                phone_numbers.check_for_texts(self.cleaned_data[name])
        except forms.ValidationError as error:
            self.add_error(name, error)

    def chosen_way(self, cleaned: dict) -> str:
        return cleaned.get("contact_way", "")
