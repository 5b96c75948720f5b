"""All settings, read top to bottom. Safe by default; feature code never reads the environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from studio.env import env, load_file_variants, secret

BASE_DIR = Path(__file__).resolve().parent.parent

load_file_variants(
    ("SECRET_KEY", "STUDIO_ENCRYPTION_KEYS", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL")
)

DATA_DIR: Path = env.path("STUDIO_DATA_DIR", default=BASE_DIR / "var").resolve()
SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
# Which process this is: "web" waits 3 s for a lock, everything else 20 s.
PROCESS: str = env.str("STUDIO_PROCESS", default="command")
TIME_ZONE = "UTC"  # stored times; what people see follows the studio's own zone
LOG_LEVEL: str = env.log_level("LOG_LEVEL", default="INFO")
# Where another server hands out files that we have authorised ("/protected/"); empty: we do.
ACCEL_REDIRECT: str = env.str("STUDIO_ACCEL_REDIRECT", default="")

DEBUG = False
SECRET_KEY = secret("SECRET_KEY", DATA_DIR / "secrets")
ALLOWED_HOSTS: list[str] = env.list(
    "ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", urlsplit(SITE_URL).hostname]
)
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# ── What is installed ─────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "lucide",
    "template_partials",
    "studio",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "studio.accounts.middleware.PersonMiddleware",
]

ROOT_URLCONF = "studio.urls"
WSGI_APPLICATION = "studio.wsgi.application"

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
                "studio.generations.context.frame",
            ]
        },
    }
]

# ── Data ──────────────────────────────────────────────────────────────────────────────────────

_sqlite = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "studio.sqlite3",
    "OPTIONS": {
        # A deferred transaction that turns into a writer fails at once, whatever the time-out.
        "transaction_mode": "IMMEDIATE",
        "timeout": 3 if PROCESS == "web" else 20,
        # FULL: a commit that says "sending" must survive the power going out.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
    "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
}
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL") if os.environ.get("DATABASE_URL") else _sqlite
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "studio_cache",
    }
}

MEDIA_ROOT = DATA_DIR / "media"
SPOOL_DIR = DATA_DIR / "spool"
STATIC_ROOT: Path = env.path("STUDIO_STATIC_ROOT", default=DATA_DIR / "static")
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "studio.lib.static.Storage"},
}

# ── Uploads: an own ceiling on every number that a request can carry ──────────────────────────

MAX_PICTURE_BYTES = 50 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_TEMP_DIR = None

# ── Background work ───────────────────────────────────────────────────────────────────────────

CELERY_BROKER_URL: str = env.str("CELERY_BROKER_URL", default="memory://")
EMBEDDED = CELERY_BROKER_URL == "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.05} if EMBEDDED else {}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_QUEUES = [Queue(name) for name in ("submit", "render", "archive", "housekeeping")]
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
CELERY_BEAT_SCHEDULE = {"tick": {"task": "studio.tick", "schedule": 0.25 if EMBEDDED else 1.0}}

# ── People ────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "studio.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "create"
ACCOUNT_ADAPTER = "studio.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
# Wrong passwords: per address 30 in five minutes, per account 8; database cache, so shared.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/5m/ip,8/5m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Seed Studio"

SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https:")
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "studio.accounts.views.csrf_failure"

# ── Browser policy: nothing inline, nothing foreign ───────────────────────────────────────────

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ── Languages ─────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("ja", _("Japanese"))]
USE_I18N = USE_TZ = True

# ── Mail and logs ─────────────────────────────────────────────────────────────────────────────

HAS_MAIL = bool(os.environ.get("EMAIL_URL"))
vars().update(env.dj_email_url("EMAIL_URL", default="dummymail://"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # httpx writes whole addresses, keys in the query included.
    "loggers": {"httpx": {"level": "WARNING"}, "celery.beat": {"level": "WARNING"}},
}

env.seal()
