import base64
import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from inquiries.crypto import keyring
from inquiries.models import KeyCheck, SavedView
from iop_site import env
from iop_site.ops import plaintext_copies
from iop_site.ops.sqlite_check import refuse_damaged
from iop_site.staff import lockout
from iop_site.staff.models import SetUpCode
from iop_site.staff.models.set_up_code import is_staffed

KEYS = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")


class Command(BaseCommand):
    help = "Bring the database, the keys, the guide and the static files to where a start needs them."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--all-new",
            action="store_true",
            help="say that no process of an earlier release runs or will again: begin to store in formats that only "
            "this release reads",
        )

    def handle(self, *args, all_new, **options):
        try:
            settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
            plaintext_copies.remove_left()
            refuse_damaged()
            call_command("migrate", interactive=False, verbosity=0)
            self.find_or_make_keys()
            KeyCheck.objects.verify()
            KeyCheck.objects.adopt()
            self.choose_format(all_new)
            self.seal_names_of_views(all_new)
            lockout.clear(timezone.now())
            call_command("load_guide", stdout=self.stdout)
            self.collect_static_files()
            self.greet()
        except DatabaseError as error:
            raise ImproperlyConfigured(f"the database does not work: {str(error).splitlines()[0]}") from None
        except OSError as error:
            raise ImproperlyConfigured(f"{error.filename} cannot be written: {error.strerror}.") from None

    def find_or_make_keys(self):
        absent = [name for name in KEYS if not is_set(name)]
        if not absent:
            return
        missing = " and ".join(absent)
        if KeyCheck.objects.exists():
            raise ImproperlyConfigured(
                f"this database was filled with keys, but {missing} cannot be found: restore {settings.KEYS_DIR} "
                "from where keys are kept."
            )
        if absent != list(KEYS):
            raise ImproperlyConfigured(f"{missing} must be set as well: set all three keys, or none to have them made.")
        self.make_keys(settings.KEYS_DIR)

    def make_keys(self, folder: Path):
        secret_key, field_keys, index_key = secrets.token_urlsafe(64), f"k1:{new_data_key()}", new_data_key()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, value in zip(KEYS, (secret_key, field_keys, index_key), strict=True):
            write_secret(folder / name.lower(), value)
        self.stdout.write(f"New keys are in {folder}. Keep a copy elsewhere: without them nothing stored can be read.")
        settings.SECRET_KEY = secret_key
        settings.FIELD_KEYS = env.field_keys(field_keys)
        settings.INDEX_KEY = env.data_key("INDEX_KEY", index_key)

    def choose_format(self, is_all_new: bool):
        if is_all_new and KeyCheck.objects.begin_padding():
            self.stdout.write(
                "From their next start on, web servers and workers store what does not show by its length what it is, "
                "and what earlier releases cannot read. Start each of them again; then `manage.py rotate_keys` seals "
                "again what was stored before, while the site runs."
            )
        elif not keyring.current().pads:
            self.stdout.write(
                "Answers are sealed so that the release before can read them, and show by their length what they are. "
                "Once every process is of this release: `manage.py prepare --all-new`."
            )

    def seal_names_of_views(self, is_all_new: bool):
        if is_all_new:
            SavedView.objects.seal_names()
        elif SavedView.objects.in_clear().exists():
            self.stdout.write(
                "Names of saved views that the release before stored are not sealed yet. "
                "Once every process is of this release: `manage.py prepare --all-new`."
            )

    def collect_static_files(self):
        stamp = settings.DATA_DIR / "static.sources"
        sources = static_sources()
        if settings.STATIC_ROOT.exists() and stamp.exists() and stamp.read_text() == sources:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(sources)

    def greet(self):
        desk = f"{settings.SITE_URL}/admin/"
        lines = ["", f"  The guide:       {settings.SITE_URL}/", f"  The staff desk:  {desk}"]
        if not is_staffed():
            lines += ["", "  Nobody can sign in yet. Make the first account within 24 hours:"]
            lines += [f"    open            {desk}set-up/", f"    and type there  {SetUpCode.renew()}", ""]
        if not settings.HAS_MAIL_SERVER:
            lines.append("  No EMAIL_URL is set: notices wait in the desk, unsent.")
        self.stdout.write("\n".join([*lines, "", ""]))


def is_set(name: str) -> bool:
    try:
        return bool(getattr(settings, name))
    except ImproperlyConfigured:  # Django's own answer to an empty SECRET_KEY
        return False


def new_data_key() -> str:
    return base64.b64encode(secrets.token_bytes(env.KEY_BYTES)).decode()


def write_secret(path: Path, value: str):
    with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())


def static_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list(ignore_patterns=None), key=lambda found: found[0]):
            status = os.stat(storage.path(name))
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
