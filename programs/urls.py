from django.urls import path
from django.utils.translation import gettext_lazy as _

from programs import views
from programs.models import GuidePage

app_name = "programs"
home = views.PageView.as_view(kind=GuidePage.Kind.HOME, template_name="programs/home.html")
statement = views.PageView.as_view(kind=GuidePage.Kind.STATEMENT)
urlpatterns = [
    path("", home, name="home"),
    path(_("crisis/"), statement, {"key": "crisis"}, name="crisis"),
    path(_("privacy/"), statement, {"key": "privacy"}, name="privacy"),
    path(_("accessibility/"), statement, {"key": "accessibility"}, name="accessibility"),
    path(_("print/"), views.PrintView.as_view(), name="print"),
    path(_("search/"), views.SearchView.as_view(), name="search"),
    path(_("site-map/"), views.ReadOnlyView.as_view(template_name="programs/site_map.html"), name="site_map"),
    path("<slug:slug>/", views.GuidePageView.as_view(), name="page"),
]
