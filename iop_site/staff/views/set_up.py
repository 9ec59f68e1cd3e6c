from django.contrib.auth.models import Group
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters

from iop_site.staff import acting, known_browsers, roles, sign_in_flow
from iop_site.staff.forms import SetUpForm
from iop_site.staff.models import SetUpCode
from iop_site.staff.views.pages import form_page, page, posted


@sensitive_post_parameters("code", "password", "again")
@form_page
@csrf_protect
def set_up(request):
    if not SetUpCode.is_open():
        raise Http404
    form = SetUpForm(request, posted(request))
    if form.is_valid():
        user = SetUpCode.redeem(form.cleaned_data["code"], lambda: first_account(form))
        if user is None:
            raise Http404
        sign_in_flow.begin(request, user)
        return known_browsers.remember_owner(HttpResponseRedirect(reverse("admin:enrol")), user)
    return page(request, "admin/set_up.html", _("Make the first account"), form=form)


def first_account(form):
    user = form.save(commit=False)
    user.is_staff = True
    user.set_password(form.cleaned_data["password"])
    with acting.by(lambda: user, "set-up"):
        user.save()
        user.groups.add(Group.objects.get(name=roles.SUPERVISOR))
    return user
