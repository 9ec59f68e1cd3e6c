import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from iop_site import postgres_wait
from iop_site.handlers import Handler
from iop_site.page_cache import PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iop_site.settings")


def start() -> PageCache:
    django.setup(set_prefix=False)
    from inquiries.models import KeyCheck
    from iop_site.ops.sqlite_check import refuse_damaged
    from iop_site.sitemaps import public_paths
    from programs.models import ContentVersion

    _ = settings.SECRET_KEY  # Django complains of a missing one only when it is first used
    postgres_wait.install()
    refuse_damaged()
    KeyCheck.objects.verify_at_start()
    return PageCache(
        Handler(),
        hosts=settings.SITE_URL.host_headers,
        scheme=settings.SITE_URL.scheme,
        is_proxy_trusted=settings.TRUSTED_PROXIES > 0,
        uncached_prefix=settings.STATIC_URL,
        read_version=ContentVersion.objects.current,
        first_paths=public_paths,
    )


try:
    application = start()
except ImproperlyConfigured as error:
    sys.exit(f"Cannot start: {error}")
