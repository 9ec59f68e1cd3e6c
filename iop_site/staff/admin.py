from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import localize
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _, ngettext

from inquiries.desk.display import sentence
from inquiries.desk.list_searches import FoundByPost
from inquiries.desk.people import short_name, staff_who_work
from inquiries.models import Inquiry
from iop_site.staff.forms import HashedAtSaving
from iop_site.staff.models import User

NOBODY = "nobody"
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
    """A new account always has a password: nothing else signs in here. By the first name colleagues know who has a
    case, and it is what is said on the telephone."""

    usable_password = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = True


class AccountForm(UserChangeForm):
    """Whose work on inquiries ends says whom the open ones go to. No page shows how a password is kept."""

    password = None
    hand_over_to = forms.ChoiceField(
        label=_("Their open cases go to"),
        help_text=_("Needed when you switch the account off, or take away the role that works on inquiries."),
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(user.pk): user for user in staff_who_work().exclude(pk=self.instance.pk)}
        people = [(pk, short_name(user)) for pk, user in self.people.items()]
        self.fields["hand_over_to"].choices = [*people, (NOBODY, _("Nobody yet: they stand in “Unassigned”"))]

    def clean(self):
        values = super().clean()
        must_hand_over = self.instance.pk and not self.goes_on_working() and self.open_cases().exists()
        if must_hand_over and not values.get("hand_over_to") and "hand_over_to" not in self.errors:
            self.add_error("hand_over_to", _("Choose whom the open cases go to"))
        return values

    def open_cases(self):
        return Inquiry.objects.mine(self.instance)

    def goes_on_working(self) -> bool:
        if not self.cleaned_data.get("is_active", self.instance.is_active):
            return False
        roles = self.cleaned_data.get("groups", Group.objects.none())
        granted = Permission.objects.filter(Q(group__in=roles) | Q(user=self.instance), codename="change_inquiry")
        return self.instance.is_superuser or granted.exists()


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
        (None, {"fields": ("username", "password_page")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email", "wants_inquiry_notices")}),
        (_("Permissions"), {"fields": ("is_active", "groups", "hand_over_to")}),
        (_("Dates"), {"fields": ("last_login", "date_joined", "first_password")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("username", "first_name", "last_name", "email", "groups", "password1", "password2"),
                "description": _(
                    "This is a first password, good for 7 days. Its owner chooses another one at the first sign-in."
                ),
            },
        ),
    )
    readonly_fields = ("password_page", "last_login", "date_joined", "first_password")
    actions = None

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or Inquiry.objects.mine(obj).exists():
            return fieldsets
        return [
            (name, {**options, "fields": tuple(field for field in options["fields"] if field != "hand_over_to")})
            for name, options in fieldsets
        ]

    @admin.display(description=_("password"))
    def password_page(self, user):
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a class="button" href="{}">{}</a>', address, _("Give another password"))

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
        if change and not form.goes_on_working():
            Inquiry.objects.end_claims_of(obj)
            if form.cleaned_data.get("hand_over_to"):
                self.hand_over_cases(request, obj, form.people.get(form.cleaned_data["hand_over_to"]))

    def hand_over_cases(self, request, owner, to):
        """In the transaction of the page that ends the work of ``owner``."""
        count = Inquiry.objects.hand_over_all(owner, to, request.user)
        words = ngettext("%(count)d open case is handed over.", "%(count)d open cases are handed over.", count)
        messages.success(request, words % {"count": count})

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
