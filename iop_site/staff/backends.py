from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    def user_can_authenticate(self, user) -> bool:
        return user.is_active and user.is_staff and not user.has_lapsed
