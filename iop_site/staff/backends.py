from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    """Whoever may not sign in any more is out at the next request, too."""

    def user_can_authenticate(self, user) -> bool:
        return user.is_active and user.is_staff and not user.has_lapsed
