from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "iop_site"
    verbose_name = "Site"

    def ready(self):
        from iop_site import checks  # noqa: F401 - registers them, once the settings are whole
