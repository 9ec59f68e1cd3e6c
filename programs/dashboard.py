from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import ngettext

from programs.models import Credential, GuidePage

MOST_SHOWN = 5  # claims, and pages to translate


def panels(user, today) -> dict:
    found = {"claims": expiring_claims(today)} if user.has_perm("programs.view_credential") else {}
    if user.has_perm("programs.view_guidepage"):
        rows = GuidePage.objects.translation_stale()[:MOST_SHOWN]
        url = "admin:programs_guidepage_change"
        found["stale_pages"] = [{"title": str(row), "url": reverse(url, args=[row.pk])} for row in rows]
    return found


def expiring_claims(today) -> list[dict]:
    claims = []
    for row in Credential.objects.expiring(today)[:MOST_SHOWN]:
        days = (row.expires_on - today).days
        values = {"days": days, "day": date_format(row.expires_on, "MONTH_DAY_FORMAT")}
        text = ngettext(
            "Leaves the site in %(days)d day, after %(day)s", "Leaves the site in %(days)d days, after %(day)s", days
        )
        url = reverse("admin:programs_credential_change", args=[row.pk])
        claims.append({"title": str(row), "text": text % values, "url": url, "is_soon": days <= 30})
    return claims
