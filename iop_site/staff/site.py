from django.contrib.admin import AdminSite, ModelAdmin
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from inquiries.desk import list_tabs
from inquiries.desk.case_company import CAME_FROM
from iop_site.staff import dashboard
from iop_site.staff.lists import OfferedLookups
from iop_site.staff.views import account, for_me, second_step, set_up, sign_in


class DeskSite(AdminSite):
    site_title = _("Intake desk")
    site_header = _("Dedicato intake desk")
    index_title = _("Today")
    site_url = "/"
    enable_nav_sidebar = False  # it needs JavaScript

    def register(self, model_or_iterable, admin_class=None, **options):
        stock = admin_class or ModelAdmin
        bounded = type(stock.__name__, (OfferedLookups, stock), {"__module__": stock.__module__})
        super().register(model_or_iterable, bounded, **options)

    def has_permission(self, request):
        return super().has_permission(request) and request.user.is_verified()

    def each_context(self, request):
        """Add what the bar says: the role, and how many inquiries need work, counted only when it is shown."""
        context = super().each_context(request)
        if not context["has_permission"]:
            return context
        user = request.user

        def needs_work():
            if not user.has_perm("inquiries.view_inquiry"):
                return None
            return list_tabs.bounded_count(list_tabs.tab_queryset(list_tabs.NEEDS_WORK, user, timezone.now()))

        def role():
            return ", ".join(gettext(name) for name in user.groups.order_by("pk").values_list("name", flat=True))

        return context | {"needs_work": needs_work, "role": role, "for_me": lambda: for_me.count(user)}

    def get_urls(self):
        own = [
            path("login/", sign_in.sign_in, name="login"),
            path("logout/", sign_in.sign_out, name="logout"),
            path("set-up/", set_up.set_up, name="set_up"),
            path("second-step/", second_step.number, name="second_step"),
            path("second-step/recovery/", second_step.recovery, name="recovery"),
            path("second-step/set-up/", second_step.enrol, name="enrol"),
            path("second-step/picture.svg", second_step.picture, name="picture"),
            path("second-step/codes/", second_step.codes, name="codes"),
            path("second-step/codes/print/", second_step.codes_print, name="codes_print"),
            path("second-step/codes/text/", second_step.codes_text, name="codes_text"),
            path("own-password/", account.OwnPassword.as_view(), name="own_password"),
            path("account/", account.account, name="account"),
            path("account/mails/", account.choose_mails, name="choose_mails"),
            path("account/confirm/", account.confirm, name="confirm"),
            path("account/sign-out-elsewhere/", account.sign_out_elsewhere, name="sign_out_elsewhere"),
            path("password_change/", account.ChangePassword.as_view(), name="password_change"),
        ]
        return [*own, path("for-me/", for_me.number, name="for_me"), *super().get_urls()]

    def index(self, request, extra_context=None):
        request.session.pop(CAME_FROM, None)  # "Next person" goes by what is most urgent of all
        today = dashboard.context(request.user)
        known = {"needs_work": today["waiting"]} if "waiting" in today else {}
        return super().index(request, {"dashboard": today, **known, **(extra_context or {})})
