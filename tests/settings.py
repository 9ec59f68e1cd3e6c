"""The site's settings with made-up secrets and a folder of their own; nothing else of the shell gets in."""

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

MADE_UP = {
    "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only-for-tests",
    "FIELD_KEYS": "test:" + base64.b64encode(b"only-for-tests-field-key-32bytes").decode(),
    "INDEX_KEY": base64.b64encode(b"only-for-tests-index-key-32bytes").decode(),
}
FROM_THE_SHELL = """HOST PORT DATA_DIR WEB_WORKERS WEB_THREADS EMAIL_URL EMAIL_FROM INQUIRY_LIMIT_PER_HOUR
    RETENTION_DAYS PURGE_BY_WORKER FIRST_CONTACT_TARGET UNREACHED_TRIES UNREACHED_DAYS
    TRUSTED_PROXIES SITE_URL LEAVE_URL SECURITY_CONTACT SECRET_KEY SECRET_KEY_FALLBACKS FIELD_KEYS INDEX_KEY LOG_LEVEL
    BACKUP_DIR BACKUP_EVERY_HOURS BACKUP_KEEP_DAYS CANARY_EVERY_HOURS ERROR_MAIL_TO""".split()

# The processes of pytest-xdist share the folder of the process that started them.
folder = os.environ.get("DATA_DIR") if "PYTEST_XDIST_WORKER" in os.environ else None
if not folder:
    folder = tempfile.mkdtemp(prefix="iop-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
for name in FROM_THE_SHELL:  # not DATABASE_URL: which database the tests run on is the caller's choice
    os.environ.pop(name, None)
os.environ.update(MADE_UP, DATA_DIR=folder)

from iop_site.settings import *  # noqa: E402

STATIC_ROOT = Path(folder) / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["tests.hashers.Quick"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the threads of a test each open a connection, and all must see one database.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(folder) / "test.sqlite3")}
WORKER_JOBS = []  # a pass of the worker in a test makes no backup and no test inquiry
