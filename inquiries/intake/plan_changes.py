"""The page on which a sender says anew how to be reached. It begins empty, and shows nothing of what is in force."""

from django.utils.translation import gettext_lazy as _

from inquiries.intake import rate_limits
from inquiries.intake.status_forms import TOO_MANY, PersonPlanForm, PlanForm, plan_form_of
from inquiries.models import Inquiry
from inquiries.models.conversation import Kept

CHANGED = _("We have it. From now on, we reach you only in the way you just chose.")
NOT_SAVED = _("What you chose is still here. It has not been saved yet.")
NAMES = (*PersonPlanForm.base_fields, "asked")


class ChangesPlan:
    """For the view of the status page. Words typed there and not sent yet are carried along."""

    def show_plan(self, inquiry: Inquiry, form: PlanForm | None = None, notice="", status=200):
        return self.show(
            "inquiries/status/plan.html",
            status,
            inquiry=inquiry,
            token=self.key.token(),
            form=form or plan_form_of(inquiry).filled(self.answers),
            asked=self.email_asked_about(form),
            words=self.waiting_words(inquiry)["words"].value(),
            notice=notice,
        )

    def change_plan(self, inquiry: Inquiry):
        """Put in force what was chosen, once for each page; sent again, it gets the same answer again."""
        form, whose = plan_form_of(inquiry)(self.answers), str(inquiry.uid)
        asked = self.email_asked_about(form)
        if not form.is_valid() or (asked and asked != self.answers.get("asked")):
            return self.show_plan(inquiry, form)
        if rate_limits.has_to_wait(whose, rate_limits.ADDITIONS) and not self.was_planned(inquiry):
            return self.show_plan(inquiry, notice=TOO_MANY, status=429)
        kept = inquiry.change_plan(form.plan_answers, self.key.once)
        if kept is Kept.NOT:
            return self.show("inquiries/erased.html", inquiry=inquiry)
        if kept is Kept.NOW:
            rate_limits.record_attempt(whose, rate_limits.ADDITIONS)
        return self.show_planned(inquiry, form)

    def take_email_meant(self, inquiry: Inquiry):
        """Show the page once more with the address that was likely meant; nothing is in force before it is saved."""
        form = plan_form_of(inquiry)(self.answers)
        return self.show_plan(inquiry, plan_form_of(inquiry)(form.with_email_meant().data) if form.is_valid() else form)

    def email_asked_about(self, form: PlanForm | None) -> str:
        """The address as it was typed, if another was likely meant. The page asks once: there is no page to check."""
        return form.cleaned_data["email"] if form and form.is_bound and form.is_valid() and form.email_meant else ""

    def show_typed_plan(self, inquiry: Inquiry):
        """Show what waited for the code, if it is still to be saved."""
        if self.was_planned(inquiry):
            return self.show_planned(inquiry, plan_form_of(inquiry)(self.answers))
        return self.show_plan(inquiry, notice=NOT_SAVED)

    def show_planned(self, inquiry: Inquiry, form: PlanForm):
        form.is_valid()
        notice = " ".join(filter(None, (str(CHANGED), form.told)))
        return self.show_added(inquiry, self.waiting_words(inquiry), notice)

    def was_planned(self, inquiry: Inquiry) -> bool:
        """Whether this page put this plan in force before, and its answer was lost or nobody waited for it."""
        form = plan_form_of(inquiry)(self.answers)
        return form.is_valid() and inquiry.has_plan(form.plan_answers, self.key.once)

    @property
    def typed_plan(self) -> list[tuple[str, str]]:
        """Every name and value that was chosen on the page of the plan, for hidden fields."""
        answers = getattr(self, "answers", None)
        return [(name, value) for name in NAMES for value in answers.getlist(name) if value] if answers else []
