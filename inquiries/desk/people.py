from django.contrib.auth import get_user_model


def short_name(user) -> str:
    return user.get_short_name()


def staff_who_work():
    may = get_user_model().objects.with_perm(
        "inquiries.change_inquiry", backend="django.contrib.auth.backends.ModelBackend"
    )
    return may.filter(is_staff=True).order_by("first_name", "username")
