from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OldAddressQuerySet(models.QuerySet):
    def remember(self, page, before: dict):
        """Keep each address that ``page`` has left, by language; one that a page has again is no old one.

        ``before`` holds the columns of the addresses as they were stored. Call it in the transaction of the change.
        """
        for language, _name in settings.LANGUAGES:
            old, new = before[f"slug_{language}"], getattr(page, f"slug_{language}")
            self.filter(language=language, slug=new).delete()
            if old and old != new:
                self.update_or_create(language=language, slug=old, defaults={"page": page})


class OldAddress(models.Model):
    """An address that a page had before. It leads to the page itself, so there is never a chain of redirects."""

    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    slug = models.SlugField(_("old address"), max_length=60)
    page = models.ForeignKey(
        "programs.GuidePage", on_delete=models.CASCADE, related_name="old_addresses", verbose_name=_("leads to")
    )
    left_at = models.DateTimeField(_("left on"), auto_now_add=True)

    objects = OldAddressQuerySet.as_manager()

    class Meta:
        ordering = ["-left_at", "-pk"]
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        constraints = [models.UniqueConstraint(fields=["language", "slug"], name="programs_oldaddress_once")]

    def __str__(self):
        return f"/{self.language}/{self.slug}/" if self.language != settings.LANGUAGE_CODE else f"/{self.slug}/"
