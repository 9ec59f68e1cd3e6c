from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from iop_site import views
from iop_site.sitemaps import SITEMAPS

handler404 = "iop_site.views.page_not_found"
handler500 = "iop_site.views.server_error"

urlpatterns = [
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
    path("favicon.ico", views.FaviconView.as_view(), name="favicon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    *i18n_patterns(
        path("admin/", admin.site.urls),
        path(_("leave/"), views.leave, name="leave"),
        path("", include("inquiries.urls")),
        path("", include("programs.urls")),
        prefix_default_language=False,
    ),
]
