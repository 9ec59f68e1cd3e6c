from django.db import transaction

from inquiries.models import OutboxNotice
from iop_site.staff import acting
from iop_site.staff.models import Authenticator, RecoveryCode, Session, SetUpCode, User
from iop_site.staff.models.authenticator import TIME_STEP, TOLERANCE
from iop_site.staff.models.user import GIVEN_LASTS


def revoke(now):
    """What was used since the backup cannot be known. Passwords of one's own and phones stay."""
    newest = int(now.timestamp()) // TIME_STEP + TOLERANCE
    with transaction.atomic(), acting.by(lambda: None, "restore"):
        for rows in (Session, SetUpCode, RecoveryCode):
            rows.objects.all().delete()
        Authenticator.objects.filter(confirmed=False).delete()
        Authenticator.objects.filter(last_step__lt=newest).update(last_step=newest)
        given = User.objects.filter(must_choose_password=True)
        given.exclude(password_given_at__lte=now - GIVEN_LASTS).update(password_given_at=now - GIVEN_LASTS)
        OutboxNotice.objects.exclude(claimed_until=None).update(claimed_until=None)  # the worker of then is gone
