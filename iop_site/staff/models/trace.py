"""The event that every change of an account leaves, whoever makes it: a page, a command, a shell.

It is left where rows are stored, so that no view can forget it. Not seen are raw SQL, hand-made rows between accounts
and roles, a role that is deleted or given other rights, a second step confirmed by ``update``, and a hash saved alone.
"""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver
from django.utils.text import slugify

from inquiries.models import Event
from iop_site.staff import account_mail, acting

Verb = Event.Verb
HOUSEKEEPING = {"id", "last_login"}  # what a sign-in writes
WITH_A_PASSWORD = {"must_choose_password", "password_given_at"}  # no change of their own beside a new password
LONGEST_CODE = 40
ROLE_VERBS = {"post_add": Verb.ROLE_GIVEN, "post_remove": Verb.ROLE_TAKEN, "pre_clear": Verb.ROLE_TAKEN}


class UserQuerySet(models.QuerySet):
    def update(self, **values):
        if not values.keys() - HOUSEKEEPING:
            return super().update(**values)
        with transaction.atomic():
            before = {user.pk: user for user in self.select_for_update()}
            count = super().update(**values)
            for user in self.model.objects.filter(pk__in=before):
                record_changes(before[user.pk], user, values)
        return count

    update.alters_data = True

    def bulk_create(self, *args, **kwargs):
        raise TypeError("accounts are made one by one: each leaves an event")


def record(verb, account, *, fields: str = "", codes: str = ""):
    detail = ",".join(filter(None, (codes, acting.how())))
    Event.objects.create(verb=verb, actor=acting.actor(), account=account, fields=fields, detail=detail)


def record_changes(before, user, written=None):
    """Only the fields ``written`` are looked at, if given. Whoever is switched off is signed out everywhere."""
    watched = {field.attname for field in user._meta.concrete_fields} - HOUSEKEEPING
    if written is not None:
        watched &= set(written)
    changed = {name for name in watched if getattr(before, name) != getattr(user, name)}
    if "is_active" in changed:
        changed.remove("is_active")
        record(Verb.SWITCHED_ON if user.is_active else Verb.SWITCHED_OFF, user)
        if not user.is_active:
            user.sessions.all().delete()
    if "password" in changed:
        changed -= WITH_A_PASSWORD
    if "email" in changed:
        account_mail.notify(user, account_mail.EMAIL_CHANGED, address=before.email)
    if changed:
        record(Verb.ACCOUNT_CHANGED, user, fields=" ".join(sorted(changed)))


@receiver(m2m_changed, sender="staff.User_groups")
def roles_changed(instance, action, reverse, pk_set, **_signal):
    if action not in ROLE_VERBS:
        return
    for user in accounts(instance, reverse, pk_set):
        groups = [instance] if reverse else Group.objects.filter(pk__in=pk_set) if pk_set else user.groups.all()
        for group in groups:
            code = slugify(group.name)[:LONGEST_CODE] or f"group-{group.pk}"
            record(ROLE_VERBS[action], user, codes=code)


@receiver(m2m_changed, sender="staff.User_user_permissions")
def rights_changed(instance, action, reverse, pk_set, **_signal):
    if action in ROLE_VERBS:
        for user in accounts(instance, reverse, pk_set):
            record(Verb.ACCOUNT_CHANGED, user, fields="user_permissions")


def accounts(instance, reverse, pk_set):
    if not reverse:
        return [instance]
    return get_user_model().objects.filter(pk__in=pk_set) if pk_set is not None else instance.user_set.all()


@receiver(post_save, sender="staff.Authenticator")
def second_step_made(instance, created, **_signal):
    if created and instance.confirmed:
        record(Verb.DEVICE_ADDED, instance.user)


@receiver(post_delete, sender="staff.Authenticator")
def second_step_removed(instance, **_signal):
    if instance.confirmed:
        record(Verb.DEVICE_REMOVED, instance.user)
