"""Settings of the site. Every value that differs between places comes from the environment, read by iop_site.env."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from iop_site import env as read
from iop_site.databases import database_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = read.Environment()

# Where things are ------------------------------------------------------------------------------------------------
HOST = env.text("HOST", "127.0.0.1", help="Address that the web server binds to.")
PORT = env.number("PORT", 8000, least=1, most=65535, help="Port that the web server binds to.")
WEB_WORKERS = env.number("WEB_WORKERS", 2, least=1, most=64, help="Web processes.")
WEB_THREADS = env.number("WEB_THREADS", 4, least=1, most=64, help="Threads of each web process.")
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var", help="Folder of the database, the keys and the static files.")
SITE_URL = read.SiteUrl.parse(
    env.text(
        "SITE_URL",
        f"http://127.0.0.1:{PORT}",
        shown_default="http://127.0.0.1:PORT",
        help="Public address. Allowed hosts and all links come from it; https here turns on everything that is "
        "for https only.",
    )
)
TRUSTED_PROXIES = env.number(
    "TRUSTED_PROXIES", 0, most=8, help="Number of own proxies in front. Only then are forwarded headers believed."
)

# Secrets ---------------------------------------------------------------------------------------------------------
KEYS_DIR = DATA_DIR / "keys"
SECRET_KEY = read.secret_key(
    "SECRET_KEY", env.secret("SECRET_KEY", KEYS_DIR / "secret_key", help="Signs open forms and sign-ins.")
)
SECRET_KEY_FALLBACKS = [
    read.secret_key("SECRET_KEY_FALLBACKS", key.strip())
    for key in env.text(
        "SECRET_KEY_FALLBACKS", help="Earlier SECRET_KEYs that still open forms, commas between."
    ).split(",")
    if key.strip()
]
FIELD_KEYS = read.field_keys(
    env.secret(
        "FIELD_KEYS",
        KEYS_DIR / "field_keys",
        help="Keys of the encrypted fields, id:base64 of 32 bytes, commas between; the first encrypts.",
    )
)
_index_key = env.secret(
    "INDEX_KEY",
    KEYS_DIR / "index_key",
    help="Key of the search index, the limits and the receipts, base64 of 32 bytes.",
)
INDEX_KEY = read.data_key("INDEX_KEY", _index_key) if _index_key else b""

# Applications ----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "modeltranslation",
    "iop_site.staff.apps.DeskConfig",
    "iop_site.staff.apps.StaffConfig",
    "iop_site.apps.SiteConfig",
    "programs",
    "inquiries",
    "crispy_forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "axes",
]

MIDDLEWARE = [
    "iop_site.middleware.RequestIdMiddleware",
    "iop_site.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "iop_site.middleware.RequestMethodMiddleware",
    "iop_site.ops.health.HealthMiddleware",
    "iop_site.middleware.HiddenOriginMiddleware",
    "iop_site.middleware.RequestBodyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "iop_site.middleware.LanguageFromPathMiddleware",
    "iop_site.middleware.DatabaseAwayMiddleware",
    "iop_site.middleware.CookielessPublicSiteMiddleware",
    "iop_site.middleware.CompressedFormMiddleware",
    "iop_site.staff.middleware.OneHashMiddleware",
    "iop_site.staff.middleware.DeskSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "iop_site.staff.middleware.LooksMiddleware",
    "iop_site.staff.middleware.DeskAccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "iop_site.urls"
WSGI_APPLICATION = "iop_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "iop_site.page_chrome.context",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("forms",)
CRISPY_TEMPLATE_PACK = "forms"
CRISPY_FAIL_SILENTLY = False

# Database --------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": database_settings(
        env.text(
            "DATABASE_URL",
            f"sqlite:///{DATA_DIR / 'db.sqlite3'}",
            shown_default="sqlite, in DATA_DIR",
            help="postgres://user:password@host:port/name?sslmode=verify-full, or a sqlite:/// path.",
        )
    )
}

BACKUP_DIR = env.folder("BACKUP_DIR", DATA_DIR / "backups", help="Folder of the encrypted backups.")
NOTED_SEAL_FILE = BACKUP_DIR / "sealed.txt"  # the newest seal over the audit trail that a worker here has seen
BACKUP_EVERY_HOURS = env.number("BACKUP_EVERY_HOURS", 24, most=720, help="Hours between backups; 0 = none by itself.")
BACKUP_KEEP_DAYS = env.number("BACKUP_KEEP_DAYS", 30, least=1, most=3650, help="Days that a backup is kept.")

# Mail ------------------------------------------------------------------------------------------------------------
_email_url = env.text(
    "EMAIL_URL", help="Mail server, smtp://user:password@host:587 or smtps://…; without one, notices wait unsent."
)
HAS_MAIL_SERVER = bool(_email_url)
vars().update(read.mail_settings(_email_url))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.sender(
    "EMAIL_FROM",
    f"no-reply@{SITE_URL.host}",
    shown_default="no-reply@ the host of SITE_URL",
    help="Sender address of the notices, or with a name before it, like “Dedicato <no-reply@example.com>”.",
)

SECURITY_CONTACT = env.contact(
    "SECURITY_CONTACT", help="Whom to tell of a weakness: mailto:… or https://…; shown in /.well-known/security.txt."
)

# Inquiries -------------------------------------------------------------------------------------------------------
INQUIRY_LIMIT_PER_HOUR = env.number(
    "INQUIRY_LIMIT_PER_HOUR",
    20,
    help="Inquiries an hour from one network before they are flagged; from three times as many a second reason sets "
    "them aside, ten times as many are answered 429. 0 = off.",
)

RETENTION_DAYS = env.number(
    "RETENTION_DAYS",
    180,
    least=1,
    most=3650,
    help="Days after which what a closed inquiry holds is erased. The privacy page tells this number.",
)
PURGE_BY_WORKER = env.yes_or_no(
    "PURGE_BY_WORKER",
    "yes",
    help="Whether the worker erases every hour. With no, run purge_inquiries --apply yourself every day.",
)
RECEIPTS_A_DAY = 3  # to one address: anybody may type the address of a stranger into a form, again and again
# What the texts of the guide may name, like {retention_days}, so that they tell what is in force.
GUIDE_NUMBERS = {"retention_days": RETENTION_DAYS, "backup_days": BACKUP_KEEP_DAYS, "receipts_a_day": RECEIPTS_A_DAY}
CANARY_EVERY_HOURS = env.number(
    "CANARY_EVERY_HOURS", 6, most=720, help="Hours between the site's own test inquiries; 0 = none."
)
# What the worker calls once each, and what it calls about once a minute, as lines of inquiries/worker/jobs.py.
WORKER_START = [
    "iop_site.postgres_wait.install",
    "iop_site.ops.plaintext_copies.remove_left",
    "iop_site.ops.restoring.refuse_unfinished",
]
AFTER_ERASURE = "iop_site.ops.backups.note_one_erased"  # what is called with the uid once an erasure is committed
APPOINTMENT_PLACE = "iop_site.appointments.place"  # what tells the address of the center
TELLS_OF_DANGER = "iop_site.danger.tells_of_danger"  # what reads typed words for danger to a life
WORKER_JOBS = [
    "inquiries.worker.left_behind.take_up",
    "inquiries.worker.overdue.tell_owners",
    "inquiries.worker.digest.send_due",
    "iop_site.ops.backups.run_due",
    "inquiries.worker.self_test.run_due",
    "iop_site.staff.lockout.clear",
]
FIRST_CONTACT_TARGET = env.working_time(
    "FIRST_CONTACT_TARGET", "1 day", help="When the first contact is due: working days or hours, like “4 hours”."
)
TELL_USUAL_HOURS = env.yes_or_no(
    "TELL_USUAL_HOURS",
    "no",
    help="Whether the page after Send tells within how many working hours nine of ten people were first contacted in "
    "the last 30 days, from 20 people on.",
)
UNREACHED_TRIES = env.number("UNREACHED_TRIES", 3, least=1, most=20, help="Contact tries before giving up …")
UNREACHED_DAYS = env.number("UNREACHED_DAYS", 2, least=1, most=20, help="… and on how many days.")

LEAVE_URL = env.web_page(
    "LEAVE_URL", "https://www.weather.gov/", help="Where “Leave this site” leads: a dull page of another site."
)

# Languages -------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Español"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_ENABLE_FALLBACKS = False  # a fallback would mix English into Spanish pages
TIME_ZONE = "America/Los_Angeles"

# Sign-in ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.User"
PASSWORD_HASHERS = ["iop_site.staff.hashing.Argon2", "iop_site.staff.hashing.PBKDF2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "iop_site.staff.passwords.ContextWordsValidator"},
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "iop_site.staff.backends.StaffBackend"]
SESSION_ENGINE = "iop_site.staff.models.sessions"
SESSION_COOKIE_AGE = 15 * 60  # seconds without a request
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "iop_site.staff.views.pages.refuse_forged"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_AGE = None  # ends with the browser
OWNER_COOKIE_NAME = "desk_owner"  # see iop_site.staff.known_browsers
KNOWN_BROWSER_COOKIE_NAME = "desk_known"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of their own

# A clinic shares one address: only the pair of user name and network is locked out.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = "iop_site.staff.lockout.failure_limit"
AXES_COOLOFF_TIME = "iop_site.staff.lockout.cool_off"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # else a stranger could prolong it for ever
AXES_CLIENT_IP_CALLABLE = "iop_site.staff.lockout.network"
AXES_LOCKOUT_CALLABLE = "iop_site.staff.lockout.locked_out"
AXES_HANDLER = "iop_site.staff.lockout.Handler"
AXES_USERNAME_CALLABLE = "iop_site.staff.lockout.name_digest"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Security --------------------------------------------------------------------------------------------------------
ALLOWED_HOSTS = SITE_URL.allowed_hosts
SECURE_SSL_REDIRECT = SITE_URL.is_https
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # asked on this machine, without TLS
SECURE_SSL_HOST = SITE_URL.netloc if SITE_URL.is_https else None
SECURE_HSTS_SECONDS = 31_536_000 if SITE_URL.is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SITE_URL.is_https
SECURE_HSTS_PRELOAD = SITE_URL.is_https
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.is_https
if SITE_URL.is_https:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    OWNER_COOKIE_NAME = "__Host-desk_owner"
    KNOWN_BROWSER_COOKIE_NAME = "__Host-desk_known"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"  # no-referrer would make browsers send "Origin: null" with every form
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS = []  # no page takes a file, so none is written anywhere

# Static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "iop_site.static_files.JoinedSheet",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "iop_site.static_files.StaticFiles"},
}

# Logs ------------------------------------------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"), help="Least level that is logged.")
ERROR_MAIL_TO = env.text(
    "ERROR_MAIL_TO", help="Address that errors are mailed to: their class and place in the code, nothing of a person."
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "iop_site.ops.log_format.JsonFormatter"}},
    "filters": {"request_id": {"()": "iop_site.ops.log_format.RequestIdFilter"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]},
        "mail": {
            "class": "iop_site.ops.error_mail.ErrorMailHandler",
            "level": "ERROR",
            "formatter": "json",
            "filters": ["request_id"],
        },
    },
    "root": {"handlers": ["stderr", "mail"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # SQL carries values, and ciphertext is still data.
        "django.db.backends": {"level": "WARNING"},
        # A stranger's Host, a thousand fields or files, or an odd query of the desk is no fault of ours, and would fill
        # log and mail.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.security.DisallowedModelAdminLookup": {"level": "CRITICAL"},
        "django.security.DisallowedModelAdminToField": {"level": "CRITICAL"},
        "django.security.TooManyFieldsSent": {"level": "CRITICAL"},
        "django.security.TooManyFilesSent": {"level": "CRITICAL"},
        # It tells of each sign-in twice; the audit trail does so once, and to those who may read it.
        "axes": {"level": "WARNING"},
    },
}
