from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _

from programs.models.base import ContentQuerySet, ContentRow
from programs.models.old_addresses import OldAddress
from programs.models.revision import Revision

# First parts of addresses that belong to other parts of the site, in both languages.
RESERVED_SLUGS = frozenset(
    "admin ask crisis static status leave privacy accessibility search print site-map es en healthz readyz "
    "pedir-contacto estado salir privacidad accesibilidad buscar imprimir mapa-del-sitio "
    "me loved-one refer question yo ser-querido referir recomendar pregunta robots sitemap favicon".split()
)


# A page is to be read again by somebody who answers for it, this long after the last time.
REVIEW_EVERY_MONTHS = 12

# Pages at addresses that no edit may break, by key: the strip of every page leads to one of them.
FIXED_PAGES = ("crisis", "privacy", "accessibility")


def review_limit(on: date) -> date:
    """Return the last day whose reviews are too old on the date ``on``."""
    months = on.year * 12 + on.month - 1 - REVIEW_EVERY_MONTHS
    year, month = divmod(months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def validate_slug_is_free(slug):
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("The address “%(slug)s” belongs to another part of the site."), params={"slug": slug})


class GuidePageQuerySet(ContentQuerySet):
    def with_visible_sections(self, on):
        return self.prefetch_related(models.Prefetch("sections", Section.objects.visible(on)))

    def translation_stale(self):
        stale_sections = Section.objects.translation_stale().values("page")
        return self.filter(~models.Q(stale_spanish="{}") | models.Q(pk__in=stale_sections))

    def due_for_review(self, on):
        return self.filter(models.Q(reviewed_on=None) | models.Q(reviewed_on__lte=review_limit(on)))

    def once_at(self, slug, language):
        """Return the page that had this address before, in one language, or ``None``."""
        return self.filter(old_addresses__slug=slug, old_addresses__language=language, slug__isnull=False).first()


class GuidePage(ContentRow):
    """Until all of a page is in Spanish, its Spanish address shows the English, marked as such; never a mixture."""

    class Kind(models.TextChoices):
        HOME = "home", _("home page")
        PAGE = "page", _("page")
        STATEMENT = "statement", _("page at a fixed address")

    class Footer(models.TextChoices):
        NONE = "", _("not in the footer")
        GUIDE = "guide", _("The guide")
        ABOUT = "about", _("About and help")

    class Frame(models.TextChoices):
        FULL = "full", _("full")
        QUIET = "quiet", _("quiet: no menu, with “Leave this site” on top")
        EXIT = "exit", _("full, with “Leave this site” on top")

    rendered = ("answer",)
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.PAGE)
    frame = models.CharField(_("frame"), max_length=5, choices=Frame, default=Frame.FULL)
    is_in_menu = models.BooleanField(_("in the menu"), default=False)
    footer = models.CharField(_("footer"), max_length=5, choices=Footer, blank=True)
    sequence = models.PositiveSmallIntegerField(
        _("place in the reading order"), default=0, help_text=_("For Previous and Next; 0 = none.")
    )
    read_next = models.CharField(
        _("pages to read next"),
        max_length=130,
        blank=True,
        default="",
        db_default="",
        help_text=_("The keys of two pages, with a space between. For the end of the page, beside Previous and Next."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=60,
        null=True,
        blank=True,
        unique=True,
        validators=[validate_slug_is_free],
        help_text=_("When it changes, the old address leads to the new one."),
    )
    title = models.CharField(_("title"), max_length=120)
    topic = models.CharField(_("line above the title"), max_length=120, blank=True)
    menu_label = models.CharField(_("short name"), max_length=60, help_text=_("For menus and links."))
    description = models.CharField(_("description"), max_length=200, blank=True, help_text=_("For search engines."))
    answer = models.TextField(_("short answer"), blank=True, help_text=_("One or two sentences that answer first."))
    answer_html = models.TextField(editable=False, blank=True)
    reviewed_on = models.DateField(_("last reviewed on"), null=True, blank=True)
    reviewed_by = models.CharField(_("reviewed by"), max_length=120, blank=True)

    objects = GuidePageQuerySet.as_manager()

    class Meta(ContentRow.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind="home"), name="programs_guidepage_one_home"
            )
        ]

    def clean(self):
        if (self.kind == self.Kind.STATEMENT) != (self.key in FIXED_PAGES):
            raise ValidationError({"kind": _("Only the pages crisis, privacy and accessibility have a fixed address.")})
        if self.kind == self.Kind.STATEMENT and not self.is_published:
            raise ValidationError({"is_published": _("Other pages rely on this one: it stays shown.")})

    def save(self, *args, **kwargs):
        with transaction.atomic():
            before = GuidePage.objects.filter(pk=self.pk).values("slug_en", "slug_es").first()
            super().save(*args, **kwargs)
            OldAddress.objects.remember(self, before or dict.fromkeys(("slug_en", "slug_es")))

    def parts(self):
        return list(Section.objects.filter(page=self)) if self.pk else []

    def write_parts(self, changes, by, at):
        """Store the changes of the sections; one whose layout is gone is deleted, one that is not there is made."""
        sections = {section.key: section for section in self.parts()}
        for key, values in changes.items():
            section = sections.get(key) or Section(key=key, page=self)
            if values.get("layout", section.layout) is not None:
                section.write(values, by, at)
            elif section.pk:
                section.delete()

    def review(self, by_name: str, on: date, by, at=None):
        """``by_name`` is whom readers are told of; ``by`` says so."""
        with transaction.atomic():
            wanted = self.snapshot() | {"reviewed_by": by_name, "reviewed_on": on.isoformat()}
            self._change(wanted, by, at or timezone.now(), Revision.Action.REVIEWED)

    @property
    def has_spanish(self) -> bool:
        is_answered = bool(self.answer_es or not self.answer_en)
        return bool(self.title_es) and is_answered and all(section.has_spanish for section in self.sections.all())

    def has_text_in(self, language):
        """Always in English, which stands in for the Spanish until the whole page has it."""
        return language == "en" or self.has_spanish

    @property
    def content_language(self) -> str:
        return "es" if get_language() == "es" and self.has_text_in("es") else "en"


class Section(ContentRow):
    class Layout(models.TextChoices):
        TEXT = "text", _("text")
        INSET = "inset", _("tinted box")
        CARE = "care", _("crisis card")
        TICK_LIST = "tick_list", _("list with ticks")
        CHECK_LIST = "check_list", _("list with empty boxes")
        DO_LIST = "do_list", _("list of what to do")
        DONT_LIST = "dont_list", _("list of what not to do")
        SCRIPT = "script", _("words to read on the phone")
        TALK = "talk", _("card with the button to the form")
        THERAPIES = "therapies", _("list: therapies")
        REASONS = "reasons", _("list: reasons")
        BENEFITS = "benefits", _("list: benefits")
        AUDIENCES = "audiences", _("list: who it helps")
        SCHEDULE_FACTS = "schedule_facts", _("list: schedule facts")
        ENROLLMENT_STEPS = "enrollment_steps", _("list: enrollment steps")
        ENROLLMENT_SUMMARY = "enrollment_summary", _("list: enrollment steps, short")
        EXAMPLES = "examples", _("list: examples")
        FACILITIES = "facilities", _("list: programs in Duarte")
        CREDENTIALS = "credentials", _("list: credentials")
        GLOSSARY_TERMS = "glossary_terms", _("list: words")
        CRISIS_LINES = "crisis_lines", _("list: crisis lines")
        SERVICE_AREAS = "service_areas", _("list: areas served")
        CONTACT_WAYS = "contact_ways", _("list: ways to contact us")
        CARE_LEVELS = "care_levels", _("list: levels of care")
        WEEK = "week", _("form and drawing of one possible week")
        QUESTIONS = "questions", _("list: common questions")
        CREDENTIALS_SUMMARY = "credentials_summary", _("list: credentials, names alone")

    excluded_fields = ("key", "page")
    heading_field = "heading"
    key = models.CharField(_("key"), max_length=120, unique=True, help_text=_("Page and anchor, with a slash between."))
    page = models.ForeignKey(GuidePage, on_delete=models.CASCADE, related_name="sections", verbose_name=_("page"))
    layout = models.CharField(_("layout"), max_length=20, choices=Layout, default=Layout.TEXT)
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown. At most 20 words in a sentence."))
    body_html = models.TextField(editable=False, blank=True)
    is_clinical = models.BooleanField(
        _("needs a clinician’s check"),
        default=False,
        db_default=False,
        help_text=_("It stands under “Still missing” until a clinician has read it and signed below."),
    )
    checked_by = models.CharField(
        _("clinician who checked it"),
        max_length=120,
        blank=True,
        default="",
        db_default="",
        help_text=_("Name, license."),
    )
    checked_on = models.DateField(
        _("checked on"), null=True, blank=True, help_text=_("When the words change, empty both and have it read again.")
    )

    class Meta(ContentRow.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def clean(self):
        if bool(self.checked_on) != bool(self.checked_by):
            raise ValidationError({"checked_by": _("A check has a name and a day.")})
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": _("A check cannot lie in the future.")})

    @property
    def anchor(self) -> str:
        return self.key.rpartition("/")[2]

    @property
    def template_name(self) -> str:
        """While a release changes, a guide may hold a layout that only the next one knows: its words are shown."""
        layout = self.layout if self.layout in self.Layout.values else self.Layout.TEXT
        return f"programs/sections/_{layout}.html"

    @property
    def has_spanish(self) -> bool:
        return bool(self.heading_es or not self.heading_en) and bool(self.body_es or not self.body_en)
