from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.forms import PasswordChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from iop_site.staff import credentials, hashing, typed_tokens
from iop_site.staff.models import User
from iop_site.staff.typed_tokens import TokenField

LONGEST_PASSWORD = 4096
LONG_ENOUGH = _("12 characters or more. A few words in a row are easy to keep in mind.")
SAME_AGAIN = _("The same password again")
NUMBER_OR_CODE = _("6-digit number, or a recovery code")
REFUSED = _("User name or password is not right. After 5 wrong tries the desk waits 15 minutes.")
LOCKED = _("Too many wrong tries. Wait 15 minutes, then try again.")
WRONG_NUMBER = _("This number does not fit, or was used before. Wait for the next one and type it here.")
WRONG_CODE = _("This is not one of your recovery codes, or it was used before.")
WRONG_NUMBER_OR_CODE = _("This number or code does not fit, or was used before. Type the next number, or another code.")
WRONG_SET_UP_CODE = _(
    "This is not the set-up code, or its 24 hours are over. "
    "A new one is printed when the site is started or prepared again."
)
WAIT = _("Too many wrong tries. Wait a little, then try again.")
WAITING = "waiting"  # code of the error that says so


def refusal(request, wrong) -> ValidationError:
    return ValidationError(LOCKED if credentials.is_locked_out(request) else wrong)


class PasswordField(forms.CharField):
    def __init__(self, autocomplete="current-password", **options):
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(strip=False, max_length=LONGEST_PASSWORD, widget=widget, **options)


class SignInForm(forms.Form):
    """User name and password. One answer for an unknown, wrong, switched-off or foreign account."""

    username = UsernameField(label=_("User name"), max_length=150)
    password = PasswordField(label=_("Password"))

    def __init__(self, request=None, *args, **kwargs):
        self.request, self.user = request, None
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs["autofocus"] = True

    def clean(self):
        if self.errors:
            return self.cleaned_data
        self.user = credentials.account_of(self.request, self.cleaned_data["username"], self.cleaned_data["password"])
        if self.user is None:
            raise refusal(self.request, REFUSED)
        return self.cleaned_data


class NumberForm(forms.Form):
    token = TokenField(
        typed_tokens.number,
        label=_("6-digit number"),
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "digits", "autofocus": True}
        ),
        error_messages={"required": _("Type the 6 digits that your phone shows.")},
    )
    wrong = WRONG_NUMBER

    def __init__(self, authenticator, *args, **kwargs):
        self.authenticator = authenticator
        super().__init__(*args, **kwargs)

    def is_right(self, value: str) -> bool:
        return self.authenticator.verify_token(value)

    def clean_token(self):
        value = self.cleaned_data["token"]
        if self.authenticator.is_waiting:
            raise ValidationError(WAIT, code=WAITING)
        if not self.is_right(value):
            raise ValidationError(self.wrong)
        return value


class NumberOrCodeField(TokenField):
    def __init__(self):
        attributes = {"autocomplete": "one-time-code", "spellcheck": "false"}
        super().__init__(typed_tokens.number_or_code, label=NUMBER_OR_CODE, widget=forms.TextInput(attrs=attributes))


class RecoveryForm(NumberForm):
    token = TokenField(
        typed_tokens.recovery_code,
        label=_("Recovery code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type one of your recovery codes.")},
    )
    wrong = WRONG_CODE

    def is_right(self, value: str) -> bool:
        return self.authenticator.verify_recovery_code(value)


class EnrolForm(NumberForm):
    codes = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["token"].widget.attrs["autofocus"]  # the picture to scan comes first

    def is_right(self, value: str) -> bool:
        self.codes = self.authenticator.confirm(value)
        return self.codes is not None


class ConfirmForm(NumberForm):
    password = PasswordField(label=_("Password"))
    token = NumberOrCodeField()
    field_order = ["password", "token"]
    wrong = _("Password or number is not right.")

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(request.user.otp_device, *args, **kwargs)

    def is_right(self, value: str) -> bool:
        password = self.cleaned_data.get("password", "")
        if credentials.is_own_password(self.request, password, "password:confirm"):
            return self.authenticator.verify_either(value)
        raise refusal(self.request, self.wrong)


class SavedForm(forms.Form):
    is_saved = forms.BooleanField(
        label=_("I saved these codes in a place that only I can open"),
        error_messages={"required": _("Save the codes first, then tick this box.")},
    )


class NewPasswordForm(PasswordChangeForm):
    where = "password:change"

    def __init__(self, *args, request, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_old_password(self):
        password = self.cleaned_data["old_password"]
        if credentials.is_own_password(self.request, password, self.where):
            return password
        raise refusal(self.request, self.error_messages["password_incorrect"])


class ChangePasswordForm(NewPasswordForm):
    """The number is looked at last: each is good for one try alone."""

    token = NumberOrCodeField()
    field_order = ["old_password", "token", "new_password1", "new_password2"]

    def clean(self):
        values = super().clean()
        if not self.errors:
            self.check_token()
        return values

    def check_token(self):
        self.authenticator = self.request.user.otp_device
        if self.authenticator.is_waiting:
            self.add_error("token", ValidationError(WAIT, code=WAITING))
        elif not self.authenticator.verify_either(self.cleaned_data["token"]):
            self.add_error("token", WRONG_NUMBER_OR_CODE)


class OwnPasswordForm(NewPasswordForm):
    where = "password:own"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["old_password"].label = _("The password that you were given")
        self.fields["new_password1"].label = _("Your own password")
        self.fields["new_password1"].help_text = LONG_ENOUGH
        self.fields["new_password2"].label = SAME_AGAIN
        self.fields["new_password2"].help_text = ""

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if password == self.cleaned_data.get("old_password"):
            raise ValidationError(_("Choose another password than the one that you were given."))
        return password


class HashedAtSaving:
    """A form whose password is hashed when it is saved: it takes the slot while it can still be refused."""

    password_field = "password1"  # noqa: S105 - a name

    def clean(self):
        values = super().clean()
        if not self.errors:
            try:
                hashing.take_slot()
            except hashing.Busy as busy:
                self.add_error(self.password_field, busy)
        return values


class SetUpForm(HashedAtSaving, forms.ModelForm):
    code = forms.CharField(
        label=_("Set-up code"), max_length=60, help_text=_("It was printed when the site was started.")
    )
    password = PasswordField("new-password", label=_("Password"), help_text=LONG_ENOUGH)
    again = PasswordField("new-password", label=SAME_AGAIN)

    class Meta:
        model = User
        fields = ("username", "first_name", "last_name", "email")
        field_classes = {"username": UsernameField}

    field_order = ["code", "username", "first_name", "last_name", "email", "password", "again"]
    password_field = "password"  # noqa: S105 - a name

    def __init__(self, request, *args, **kwargs):
        self.request = request
        super().__init__(*args, **kwargs)
        self.fields["email"].required = self.fields["first_name"].required = True  # colleagues read it on each case

    def clean_code(self):
        if not credentials.is_set_up_code(self.request, self.cleaned_data["code"]):
            raise refusal(self.request, WRONG_SET_UP_CODE)
        return self.cleaned_data["code"]

    def clean(self):
        values = super().clean()
        if "again" in values and values.get("password") != values["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        return values

    def _post_clean(self):
        super()._post_clean()
        if password := self.cleaned_data.get("password"):
            try:
                password_validation.validate_password(password, self.instance)
            except ValidationError as error:
                self.add_error("password", error)
