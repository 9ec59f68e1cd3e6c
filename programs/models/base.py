from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from programs.markup import to_html, unusable_links
from programs.models.content_version import ContentVersion
from programs.models.drafts import EditedRow

NOBODY = _("Nobody can be called or written to by this link: %(links)s. Write the whole number or mail address alone.")
validate_key = RegexValidator(r"^[a-z0-9-]+$", _("Use only a to z, 0 to 9 and hyphens."))


class ContentQuerySet(models.QuerySet):
    """Rows of the guide. Whatever changes several at once also moves the content version."""

    def visible(self, on):
        """What the public may see on the date ``on``; every list, page and search asks this one word."""
        return self.filter(is_published=True)

    def translation_stale(self):
        return self.exclude(stale_spanish="{}")

    def update(self, **values):
        with transaction.atomic():
            ContentVersion.objects.bump()
            return super().update(**values)

    def delete(self):
        with transaction.atomic():
            ContentVersion.objects.bump()
            return super().delete()


class ContentRow(EditedRow):
    """``rendered`` names the Markdown fields; each has a twin ending in ``_html`` that is filled at every save."""

    rendered: tuple[str, ...] = ("body",)
    heading_field = "title"
    key = models.CharField(
        _("key"), max_length=60, unique=True, validators=[validate_key], help_text=_("A short name. It never changes.")
    )
    order = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    is_published = models.BooleanField(_("shown to the public"), default=True)

    objects = ContentQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "pk"]

    def __str__(self):
        return getattr(self, self.heading_field) or self.key

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude)
        texts = [f"{name}_{language}" for name in self.rendered for language, _name in settings.LANGUAGES]
        broken = {name: unusable_links(getattr(self, name) or "") for name in texts if name not in (exclude or ())}
        if wrong := {name: NOBODY % {"links": ", ".join(links)} for name, links in broken.items() if links}:
            raise ValidationError(wrong)

    def save(self, *args, **kwargs):
        self.render()
        with transaction.atomic():
            ContentVersion.objects.bump()
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            ContentVersion.objects.bump()
            return super().delete(*args, **kwargs)

    def has_text_in(self, language: str) -> bool:
        """Whether the row has words in ``language``; one that has none is left out of a page in that language."""
        return bool(getattr(self, f"{self.heading_field}_{language}"))

    def render(self):
        for name in self.rendered:
            for language, _name in settings.LANGUAGES:
                html = to_html(getattr(self, f"{name}_{language}") or "")
                setattr(self, f"{name}_html_{language}", html)


class TitledRow(ContentRow):
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown. At most 20 words in a sentence."))
    body_html = models.TextField(editable=False, blank=True)

    class Meta(ContentRow.Meta):
        abstract = True
