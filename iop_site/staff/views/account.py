from django.contrib import admin, messages
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from iop_site.staff import known_browsers, sign_in_flow
from iop_site.staff.forms import ChangePasswordForm, ConfirmForm, OwnPasswordForm
from iop_site.staff.mail_choices import MailChoicesForm
from iop_site.staff.views.pages import form_page, page, posted, told_to_wait

SEES_INQUIRIES = "inquiries.view_inquiry"


@never_cache
@require_safe
def account(request):
    authenticator = request.user.otp_device
    context = {
        "authenticator": authenticator,
        "codes_left": authenticator.codes.count(),
        "sessions": request.user.sessions.filter(expire_date__gt=timezone.now()),
        "here": request.session.row_key,
        "mails": MailChoicesForm(request.user) if request.user.has_perm(SEES_INQUIRIES) else None,
    }
    return page(request, "admin/account.html", _("My account"), **context)


@never_cache
@require_POST
def choose_mails(request):
    if not request.user.has_perm(SEES_INQUIRIES):
        raise PermissionDenied
    form = MailChoicesForm(request.user, request.POST)
    if form.is_valid():  # ticks alone: each answer is one
        form.save()
        messages.success(request, _("Your choice of emails is saved."))
    return HttpResponseRedirect(reverse("admin:account"))


@sensitive_post_parameters("password", "token")
@form_page
def confirm(request):
    form = ConfirmForm(request, posted(request))
    if form.is_valid():
        sign_in_flow.remember_confirmation(request)
        if request.GET.get("for") != "codes":
            return HttpResponseRedirect(reverse("admin:enrol"))
        sign_in_flow.remember_destination(request, reverse("admin:account"))
        sign_in_flow.keep_new_codes(request, request.user.otp_device.renew_codes())
        return HttpResponseRedirect(reverse("admin:codes"))
    return page(request, "admin/confirm.html", _("Is it you?"), form=form)


@never_cache
@require_POST
def sign_out_elsewhere(request):
    request.user.sessions.exclude(session_key=request.session.row_key).delete()
    messages.success(request, _("You are signed out everywhere else."))
    return HttpResponseRedirect(reverse("admin:account"))


class ChangePassword(PasswordChangeView):
    template_name = "admin/change_password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form):
        form.user.must_choose_password = False
        return known_browsers.remember(super().form_valid(form), form.user)

    def form_invalid(self, form):
        return told_to_wait(super().form_invalid(form), form)

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | admin.site.each_context(self.request)


class OwnPassword(ChangePassword):
    template_name = "admin/own_password.html"
    form_class = OwnPasswordForm
    title = _("Choose your own password")

    def dispatch(self, request, *args, **kwargs):
        if not request.user.must_choose_password:
            return HttpResponseRedirect(reverse("admin:password_change"))
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self):
        return sign_in_flow.pop_destination(self.request)
