from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext

from programs.models.base import ContentRow, TitledRow


class Therapy(TitledRow):
    class Icon(models.TextChoices):
        GROUP = "users-round", _("a group")
        PERSON = "user-round", _("a person")
        FAMILY = "heart-handshake", _("a handshake in a heart")
        BOOK = "book-open", _("an open book")
        LEAF = "leaf", _("a leaf")
        SUN = "sun", _("the sun")

    term = models.CharField(_("the word for it"), max_length=80, blank=True)
    icon = models.CharField(_("icon"), max_length=20, choices=Icon, default=Icon.PERSON)

    class Meta(TitledRow.Meta):
        verbose_name = _("therapy")
        verbose_name_plural = _("therapies")


class Reason(TitledRow):
    class Meta(TitledRow.Meta):
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")


class Benefit(TitledRow):
    """What a program can bring; the number shown is its place in the list."""

    class Meta(TitledRow.Meta):
        verbose_name = _("benefit")
        verbose_name_plural = _("benefits")


class Audience(TitledRow):
    """Someone an IOP may suit; the title is the whole line."""

    class Meta(TitledRow.Meta):
        verbose_name = _("who it helps")
        verbose_name_plural = _("who it helps")


# The days of a week in the order in which an example program takes them: Monday, Wednesday, Friday first; 0 is Monday.
DAYS_AS_TAKEN = (0, 2, 4, 1, 3, 5, 6)


class ScheduleFact(TitledRow):
    """One figure of a usual program, drawn as a range: sure to ``at_least``, possible to ``up_to``, of ``out_of``."""

    value = models.CharField(_("figure in words"), max_length=60)
    at_least = models.PositiveSmallIntegerField(_("at least"))
    up_to = models.PositiveSmallIntegerField(_("up to"))
    out_of = models.PositiveSmallIntegerField(_("out of"))

    class Meta(TitledRow.Meta):
        verbose_name = _("schedule fact")
        verbose_name_plural = _("schedule facts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(at_least__lte=models.F("up_to"), up_to__lte=models.F("out_of")),
                name="programs_schedulefact_in_order",
                violation_error_message=_("“At least”, “up to” and “out of” must not fall."),
            ),
        ]

    @property
    def cells(self) -> list[tuple[str, str]]:
        """The kind of each part of the range, and what stands under it: the letter of a day, or the two ends."""
        if self.out_of == len(DAYS_AS_TAKEN):
            letters = pgettext("first letters of the days, Monday first", "M T W T F S S").split()
            return [(self._kind(DAYS_AS_TAKEN.index(day) + 1), letter) for day, letter in enumerate(letters)]
        ends = {self.at_least: str(self.at_least), self.up_to: str(self.up_to)}
        return [(self._kind(number), ends.get(number, "")) for number in range(1, self.out_of + 1)]

    def _kind(self, number: int) -> str:
        return "sure" if number <= self.at_least else "possible" if number <= self.up_to else "beyond"


class EnrollmentStep(TitledRow):
    rendered = ("body", "may_need", "can_skip")
    summary = models.CharField(_("in one line"), max_length=200, help_text=_("For the home page."))
    may_need = models.TextField(_("you may need"), blank=True)
    may_need_html = models.TextField(editable=False, blank=True)
    can_skip = models.TextField(_("you can skip"), blank=True)
    can_skip_html = models.TextField(editable=False, blank=True)

    class Meta(TitledRow.Meta):
        verbose_name = _("enrollment step")
        verbose_name_plural = _("enrollment steps")


class Example(TitledRow):
    """An example of how an IOP can help; never a real person's story."""

    class Meta(TitledRow.Meta):
        verbose_name = _("example")
        verbose_name_plural = _("examples")


class CareLevel(TitledRow):
    support = models.CharField(_("how much support"), max_length=40)
    meter = models.PositiveSmallIntegerField(_("filled dots of three"), default=1)
    is_here = models.BooleanField(_("this is the IOP"), default=False)

    class Meta(TitledRow.Meta):
        verbose_name = _("level of care")
        verbose_name_plural = _("levels of care")

    @property
    def dots(self) -> list[str]:
        return ["filled" if number < self.meter else "empty" for number in range(3)]


class CommonQuestion(TitledRow):
    """What people ask before they start: what holds for any program, then what the center itself says.

    While the center has not said it, ``until_known`` stands in its place.
    """

    rendered = ("body", "until_known", "own_answer")

    until_known = models.TextField(
        _("until we know"), blank=True, help_text=_("Stands while the answer of the center is empty.")
    )
    until_known_html = models.TextField(editable=False, blank=True)
    own_answer = models.TextField(
        _("answer of the center"),
        blank=True,
        help_text=_("Only what is so at your center. It goes on the site at once."),
    )
    own_answer_html = models.TextField(editable=False, blank=True)

    class Meta(TitledRow.Meta):
        verbose_name = _("common question")
        verbose_name_plural = _("common questions")

    @property
    def closing_html(self) -> str:
        return self.own_answer_html or self.until_known_html or ""


class GlossaryTerm(ContentRow):
    title = models.CharField(_("word"), max_length=80)
    body = models.TextField(_("meaning"), help_text=_("One sentence."))
    body_html = models.TextField(editable=False, blank=True)
    page = models.CharField(_("page that tells more"), max_length=60, blank=True, help_text=_("The key of the page."))

    class Meta(ContentRow.Meta):
        verbose_name = _("word we use")
        verbose_name_plural = _("words we use")
