"""Who may sign in: active staff."""

from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    """An account that is switched off or not staff is refused like a wrong password, and is out at its next request.

    So is one whose first password, given by somebody else, was not used in time.
    """

    def user_can_authenticate(self, user) -> bool:
        return user.is_active and user.is_staff and not user.has_lapsed
