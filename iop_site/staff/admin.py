from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from inquiries.desk.display import sentence
from inquiries.desk.list_searches import FoundByPost
from iop_site.staff.forms import HashedAtSaving
from iop_site.staff.models import User

admin.site.unregister(Group)  # what a role may do is in the code; whoever edits groups could give themselves any right


class RolesField(forms.ModelMultipleChoiceField):
    def __init__(self, **kwargs):
        super().__init__(Group.objects.order_by("pk"), required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError:  # a key that no row of SQLite can have
            message = self.error_messages["invalid_choice"]
            raise forms.ValidationError(message, code="invalid_choice", params={"value": "…"}) from None


class NewUserForm(HashedAtSaving, AdminUserCreationForm):
    """A new account always has a password: nothing else signs in here."""

    usable_password = None


class AccountForm(UserChangeForm):
    """An account without the sentence on its password, whose place in the page the stock widget does not find."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].help_text = ""


class GivenPasswordForm(HashedAtSaving, AdminPasswordChangeForm):
    def save(self, commit=True):
        self.user.note_given_password()
        return super().save(commit)


@admin.register(User)
class UserAdmin(FoundByPost, DjangoUserAdmin):
    """Nobody gives a right they lack, or changes who has one; superusers are made at the command line."""

    form = AccountForm
    add_form = NewUserForm
    change_password_form = GivenPasswordForm
    list_display = ("username", "first_name", "last_name", "email", "is_active", "role_names", "wants_inquiry_notices")
    list_filter = ("is_active", "groups")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "wants_inquiry_notices")}),
        (_("Permissions"), {"fields": ("is_active", "groups")}),
        (_("Dates"), {"fields": ("last_login", "date_joined", "first_password")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", "email", "groups", "password1", "password2"),
                "description": _(
                    "This is a first password, good for 7 days. Its owner chooses another one at the first sign-in."
                ),
            },
        ),
    )
    readonly_fields = ("last_login", "date_joined", "first_password")
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def role_names(self, user):
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=_("first password"))
    def first_password(self, user):
        if user.has_lapsed:
            return _("Not replaced within 7 days; it opens nothing any more. Give another.")
        if user.given_until:
            return sentence(
                _("Not replaced yet; good until %(time)s.") % {"time": localize(localtime(user.given_until))}
            )
        return _("None: the password is their own.")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        field = RolesField(label=_("Roles"))
        field.queryset = roles_within_the_rights_of(request.user)
        return field

    def save_model(self, request, obj, form, change):
        obj.is_staff = True  # there are no other accounts
        if not change:
            obj.note_given_password()
        super().save_model(request, obj, form, change)

    def user_change_password(self, request, id, form_url=""):
        if self.get_object(request, unquote(id)) == request.user:  # an id has many spellings
            return HttpResponseRedirect(reverse("admin:password_change"))
        return super().user_change_password(request, id, form_url)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or has_no_more_rights(obj, request.user))

    def has_delete_permission(self, request, obj=None):
        return False  # switch the account off instead; its events stay attributable


def has_no_more_rights(user, than) -> bool:
    """Whether ``user`` may do nothing that ``than`` may not, switched off or not."""
    if than.is_superuser:
        return True
    granted = Permission.objects.filter(Q(group__user=user) | Q(user=user)).select_related("content_type")
    return not user.is_superuser and names(granted) <= than.get_all_permissions()


def roles_within_the_rights_of(user):
    groups = Group.objects.prefetch_related("permissions__content_type")
    held = user.get_all_permissions()
    within = [group.pk for group in groups if names(group.permissions.all()) <= held]
    return Group.objects.filter(pk__in=within).order_by("pk")


def names(permissions) -> set[str]:
    return {f"{permission.content_type.app_label}.{permission.codename}" for permission in permissions}
