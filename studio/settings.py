"""All settings, read top to bottom. Safe by default; feature code never reads the environment."""

import logging
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from studio.env import (
    env,
    is_address,
    is_broker,
    is_currency,
    is_database,
    is_mail,
    is_site,
    load_file_variants,
    mail,
    postgres,
    seal,
    secret,
    time_zone,
)

BASE_DIR = Path(__file__).resolve().parent.parent

# ── What the environment says: all of it, and all that is wrong with it, at once ──────────────

load_file_variants(
    (
        *("SECRET_KEY", "STUDIO_ENCRYPTION_KEYS", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL"),
        *("STUDIO_DATA_DIR", "STUDIO_STATIC_ROOT", "STUDIO_BIND", "SITE_URL", "ALLOWED_HOSTS"),
        *("STUDIO_PROCESS", "STUDIO_ACCEL_REDIRECT", "STUDIO_TRUSTED_PROXIES", "LOG_LEVEL"),
        *("STUDIO_CURRENCY", "TZ"),
    )
)
_data_dir = env.path("STUDIO_DATA_DIR", default=BASE_DIR / "var")
_static_root = env.path("STUDIO_STATIC_ROOT", default=None)
_database = env.str("DATABASE_URL", default="", validate=is_database)
_mail = env.str("EMAIL_URL", default="", validate=is_mail)
_site_url = env.str("SITE_URL", default="", validate=is_site)
_hosts: list[str] = env.list("ALLOWED_HOSTS", default=[])
# Where `make run` listens.
BIND: str = env.str("STUDIO_BIND", default="127.0.0.1:8000", validate=is_address)
# Which process this is: "web" waits 3 s for a lock, everything else 20 s.
PROCESS: str = env.str("STUDIO_PROCESS", default="command")
LOG_LEVEL: int = env.log_level("LOG_LEVEL", default=logging.INFO)
# Where another server hands out files that we have authorised ("/protected/"); empty: we do.
ACCEL_REDIRECT: str = env.str("STUDIO_ACCEL_REDIRECT", default="")
# How many proxies stand in front; the address of a visitor is read from behind them.
TRUSTED_PROXIES: int = env.int("STUDIO_TRUSTED_PROXIES", default=0)
CELERY_BROKER_URL: str = env.str(
    "CELERY_BROKER_URL", default="memory://localhost", validate=is_broker
)
# The studio's currency at first start; the first visit may choose another.
FIRST_CURRENCY: str = env.str("STUDIO_CURRENCY", default="USD", validate=is_currency)
FIRST_TIME_ZONE: str = time_zone(env.str("TZ", default="UTC"))
seal()

DATA_DIR: Path = _data_dir.resolve()
SITE_URL: str = (_site_url or f"http://{BIND}").rstrip("/").replace("//0.0.0.0:", "//127.0.0.1:")
HTTPS = SITE_URL.startswith("https:")
TIME_ZONE = "UTC"  # stored times; what people see follows the studio's own zone

DEBUG = False
SECRET_KEY = secret("SECRET_KEY", DATA_DIR / "secrets")
# Comma-separated: the first encrypts, all decrypt.
ENCRYPTION_KEYS: list[str] = secret("STUDIO_ENCRYPTION_KEYS", DATA_DIR / "secrets").split(",")
ALLOWED_HOSTS: list[str] = _hosts or [
    "127.0.0.1",
    "localhost",
    "[::1]",
    str(urlsplit(SITE_URL).hostname),
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# ── What is installed ─────────────────────────────────────────────────────────────────────────

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
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
    "studio.lib.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "studio.accounts.middleware.LoginMiddleware",
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

# Forms are drawn by templates/django/forms/.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── Data ──────────────────────────────────────────────────────────────────────────────────────

_LOCK_WAIT = 3 if PROCESS == "web" else 20  # seconds
_sqlite = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_DIR / "studio.sqlite3",
    "OPTIONS": {
        # A deferred transaction that turns into a writer fails at once, whatever the time-out.
        "transaction_mode": "IMMEDIATE",
        "timeout": _LOCK_WAIT,
        # FULL: a commit that says "sending" must survive the power going out.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
    "TEST": {"NAME": DATA_DIR / "test.sqlite3"},
}
DATABASES = {"default": postgres(_database, _LOCK_WAIT) if _database else _sqlite}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "studio_cache",
    }
}

MEDIA_ROOT = DATA_DIR / "media"
SPOOL_DIR = DATA_DIR / "spool"
STATIC_ROOT: Path = _static_root or DATA_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "studio.lib.static.Storage"},
}

# ── Uploads: an own ceiling on every number that a request can carry ──────────────────────────

MAX_PICTURE_BYTES = 50 * 1024 * 1024
MAX_UPLOAD_BYTES = 4 * MAX_PICTURE_BYTES
# First the ceiling, which holds for every form; then memory below 2.5 MB, a temporary file above.
FILE_UPLOAD_HANDLERS = [
    "studio.assets.limits.Ceiling",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_TEMP_DIR = None

# ── Background work ───────────────────────────────────────────────────────────────────────────

EMBEDDED = CELERY_BROKER_URL.startswith("memory:")
CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.05} if EMBEDDED else {}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Ticks need no memory of the last one, so beat writes no file.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_TASK_QUEUES = [Queue(name) for name in ("submit", "render", "archive", "housekeeping")]
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "studio.tick", "schedule": 0.25 if EMBEDDED else 1.0},
    "tidy": {"task": "studio.tidy", "schedule": 60 * 60},
}

# ── People ────────────────────────────────────────────────────────────────────────────────────

AUTH_USER_MODEL = "studio.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 30 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "create"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_ADAPTER = "studio.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "studio.accounts.forms.login.LoginForm",
    "reauthenticate": "studio.accounts.forms.login.PasswordAgainForm",
    "change_password": "studio.accounts.forms.login.ChangePasswordForm",
    "set_password": "studio.accounts.forms.login.SetPasswordForm",
}
# Wrong passwords: per address 30 in five minutes, per account 8; database cache, so shared.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/5m/ip,8/5m/key"}
MFA_ADAPTER = "studio.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "studio.accounts.forms.login.CodeForm",
    "reauthenticate": "studio.accounts.forms.login.CodeAgainForm",
    "activate_totp": "studio.accounts.forms.login.ActivateCodeForm",
}
# Addresses are not verified by mail: an admin wrote each of them into an invitation.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1

SESSION_ENGINE = "studio.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # from the last day of use
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 400 * 24 * 60 * 60
CSRF_FAILURE_VIEW = "studio.accounts.views.errors.csrf_failure"

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
# Behind https another server ends TLS: it must set X-Forwarded-Proto, over what clients send.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ── Languages ─────────────────────────────────────────────────────────────────────────────────

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("ja", _("Japanese"))]
LOCALE_PATHS = [BASE_DIR / "studio" / "locale"]
USE_I18N = USE_TZ = True

# ── Mail and logs ─────────────────────────────────────────────────────────────────────────────

HAS_MAIL = bool(_mail)
vars().update(mail(_mail))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    # httpx writes whole addresses, keys in the query included.
    "loggers": {
        "httpx": {"level": "WARNING"},
        # Four wake-ups a second are no news.
        "celery": {"level": "WARNING"},
    },
}
