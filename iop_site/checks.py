from django.conf import settings
from django.core.checks import Tags, Warning, register

from iop_site.env import is_loopback


@register(Tags.security)
def https_needs_a_trusted_proxy(app_configs, **kwargs):
    """An https site behind no trusted proxy cannot tell https from http, and would redirect for ever."""
    if not settings.SITE_URL.is_https or settings.TRUSTED_PROXIES:
        return []
    return [
        Warning(
            "SITE_URL is https, but TRUSTED_PROXIES is 0: every request will look like http and be redirected.",
            hint="Set TRUSTED_PROXIES to the number of your own proxies in front, usually 1.",
            id="iop_site.W001",
        )
    ]


@register(Tags.security)
def remote_database_is_verified(app_configs, **kwargs):
    database = settings.DATABASES["default"]
    host = database.get("HOST") or "/"  # none, like a path, is a socket of this machine
    is_remote = database["ENGINE"].endswith("postgresql") and not host.startswith("/") and not is_loopback(host)
    if not is_remote or database["OPTIONS"].get("sslmode") == "verify-full":
        return []
    return [
        Warning(
            "The database is on another machine, and its certificate is not verified.",
            hint="Add ?sslmode=verify-full to DATABASE_URL.",
            id="iop_site.W002",
        )
    ]
