"""Who may sign in: active staff."""

from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    """Refuses like a wrong password who is switched off, not staff, or did not replace a given password in time.

    Whoever becomes so is out at the next request.
    """

    def user_can_authenticate(self, user) -> bool:
        return user.is_active and user.is_staff and not user.has_lapsed
