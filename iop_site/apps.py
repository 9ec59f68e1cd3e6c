from django.apps import AppConfig, apps
from django.db import connections
from django.db.models.signals import pre_migrate

from iop_site.databases import lift_time_outs
from iop_site.ops import restoring


class SiteConfig(AppConfig):
    name = "iop_site"
    verbose_name = "Site"

    def ready(self):
        restoring.refuse_start()
        from iop_site import checks  # noqa: F401 - registers them, once the settings are whole

        pre_migrate.connect(before_migrations, sender=apps.get_app_config("inquiries"))


def before_migrations(using: str, **_signal):
    # A change of a large table takes longer than any visitor may wait.
    lift_time_outs(connections[using])
