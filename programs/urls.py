from django.urls import path
from django.utils.translation import gettext_lazy as _

from programs import views

app_name = "programs"
urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path(_("crisis/"), views.StatementView.as_view(), {"key": "crisis"}, name="crisis"),
    path(_("privacy/"), views.StatementView.as_view(), {"key": "privacy"}, name="privacy"),
    path(_("accessibility/"), views.StatementView.as_view(), {"key": "accessibility"}, name="accessibility"),
    path(_("print/"), views.PrintView.as_view(), name="print"),
    path(_("search/"), views.SearchView.as_view(), name="search"),
    path(_("site-map/"), views.SiteMapView.as_view(), name="site_map"),
    path("<slug:slug>/", views.GuidePageView.as_view(), name="page"),
]
