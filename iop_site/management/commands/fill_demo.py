from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from inquiries.models import Inquiry
from iop_site.ops import demo_data
from iop_site.staff.models import User

HOW_MANY = 300


class Command(BaseCommand):
    help = "Fill the database of the demo: fictitious inquiries, messages, three staff. Refuses any other database."

    def handle(self, *args, **options):
        self.refuse_the_real_one()
        done = settings.DATA_DIR / "demo.filled"
        if done.exists():
            self.stdout.write(f"The demo was filled before. Delete {settings.DATA_DIR} to begin anew.")
            return
        if Inquiry.objects.exists() or User.objects.exists():
            raise CommandError("This database holds something already, and the demo did not make it. Nothing was done.")
        with transaction.atomic():
            passwords = demo_data.make_staff()
            demo_data.make_templates()
            demo_data.make_inquiries(HOW_MANY)
        done.touch()
        self.stdout.write(f"{HOW_MANY} fictitious inquiries. Sign in at {settings.SITE_URL}/admin/ as one of these;")
        self.stdout.write("the passwords are shown only now, and each sets up a second step at the first sign-in:")
        for username, password in passwords.items():
            self.stdout.write(f"  {username}  {password}  ({demo_data.STAFF[username][1]})")

    def refuse_the_real_one(self):
        database = settings.DATABASES["default"]
        is_sqlite = database["ENGINE"].endswith("sqlite3")
        if settings.DATA_DIR.name != "demo" or not is_sqlite or Path(database["NAME"]).parent != settings.DATA_DIR:
            raise CommandError(
                "This is not the database of the demo. Use `make demo`, which keeps it in var/demo and leaves "
                "the real one alone."
            )
