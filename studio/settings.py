"""All settings, read top to bottom. Safe by default; feature code never reads the environment."""

import logging
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from studio import practice
from studio.env import (
    env,
    is_address,
    is_base,
    is_broker,
    is_bucket,
    is_currency,
    is_database,
    is_lease,
    is_log_format,
    is_mail,
    is_proxy,
    is_public,
    is_site,
    is_token,
    load_file_variants,
    mail,
    postgres,
    seal,
    secret,
    time_zone,
)
from studio.lib.s3 import S3

BASE_DIR = Path(__file__).resolve().parent.parent

# ── What the environment says: all of it, and all that is wrong with it, at once ──────────────

load_file_variants(
    (
        *("SECRET_KEY", "STUDIO_ENCRYPTION_KEYS", "DATABASE_URL", "CELERY_BROKER_URL", "EMAIL_URL"),
        *("STUDIO_DATA_DIR", "STUDIO_STATIC_ROOT", "STUDIO_BIND", "SITE_URL", "ALLOWED_HOSTS"),
        *("STUDIO_PROCESS", "STUDIO_ACCEL_REDIRECT", "STUDIO_TRUSTED_PROXIES", "LOG_LEVEL"),
        *("STUDIO_CURRENCY", "TZ", "STUDIO_PUBLIC_URL", "STUDIO_PROXY", "STUDIO_TRUSTED_HOSTS"),
        *("STUDIO_ZAI_API_KEY", "STUDIO_BIGMODEL_API_KEY", "STUDIO_JIEKOU_API_KEY"),
        *("STUDIO_VIDU_API_KEY", "STUDIO_RELAY_API_KEY", "STUDIO_ZAI_BASE_URL"),
        *("STUDIO_BIGMODEL_BASE_URL", "STUDIO_JIEKOU_BASE_URL", "STUDIO_VIDU_BASE_URL"),
        *("STUDIO_PRACTICE", "STUDIO_LEASE_SECONDS"),
        *("STUDIO_RELAY_BASE_URL", "STUDIO_S3_BUCKET", "STUDIO_S3_ENDPOINT", "STUDIO_S3_REGION"),
        *("STUDIO_S3_ACCESS_KEY", "STUDIO_S3_SECRET_KEY", "STUDIO_S3_DIRECT"),
        *("STUDIO_S3_CACHE_GB", "STUDIO_METRICS_TOKEN", "LOG_FORMAT"),
    )
)
# Whether this process was started as practice mode (docs/sandbox.md).
PRACTICE_ASKED: bool = env.bool("STUDIO_PRACTICE", default=False)
_data_dir = env.path(
    "STUDIO_DATA_DIR", default=BASE_DIR / ("var-practice" if PRACTICE_ASKED else "var")
)
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
# "line" for people, "json" for machines: one object a line.
LOG_FORMAT: str = env.str("LOG_FORMAT", default="line", validate=is_log_format)
# Who may read /metrics; empty: nobody.
METRICS_TOKEN: str = env.str("STUDIO_METRICS_TOKEN", default="", validate=is_token)
# Where another server hands out files that we have authorised ("/protected/"); empty: we do.
ACCEL_REDIRECT: str = env.str("STUDIO_ACCEL_REDIRECT", default="")
# How many proxies stand in front; the address of a visitor is read from behind them.
TRUSTED_PROXIES: int = env.int("STUDIO_TRUSTED_PROXIES", default=0)
CELERY_BROKER_URL: str = env.str(
    "CELERY_BROKER_URL", default="memory://localhost", validate=is_broker
)
# The studio's currency at first start; the first visit may choose another.
FIRST_CURRENCY: str = env.str("STUDIO_CURRENCY", default="USD", validate=is_currency)
# Keys and addresses of providers, by the provider's key in the catalogue.
PROVIDER_KEYS: dict[str, str] = {
    "zai": env.str("STUDIO_ZAI_API_KEY", default=""),
    "bigmodel": env.str("STUDIO_BIGMODEL_API_KEY", default=""),
    "jiekou": env.str("STUDIO_JIEKOU_API_KEY", default=""),
    "vidu": env.str("STUDIO_VIDU_API_KEY", default=""),
    "relay": env.str("STUDIO_RELAY_API_KEY", default=""),
}
PROVIDER_BASES: dict[str, str] = {
    "zai": env.str("STUDIO_ZAI_BASE_URL", default="", validate=is_base),
    "bigmodel": env.str("STUDIO_BIGMODEL_BASE_URL", default="", validate=is_base),
    "jiekou": env.str("STUDIO_JIEKOU_BASE_URL", default="", validate=is_base),
    "vidu": env.str("STUDIO_VIDU_BASE_URL", default="", validate=is_base),
    "relay": env.str("STUDIO_RELAY_BASE_URL", default="", validate=is_base),
}
# host or host:port that outbound calls may reach although they are not public https.
TRUSTED_HOSTS: list[str] = env.list("STUDIO_TRUSTED_HOSTS", default=[])
# The only proxy that outbound calls go through.
OUTBOUND_PROXY: str = env.str("STUDIO_PROXY", default="", validate=is_proxy)
# Under which address providers may call us; empty: they are not asked to.
PUBLIC_URL: str = env.str("STUDIO_PUBLIC_URL", default="", validate=is_public).rstrip("/")
# The object store that keeps the files; without a bucket they lie in the data dir.
_s3 = S3(
    bucket=env.str("STUDIO_S3_BUCKET", default="", validate=is_bucket),
    endpoint=env.str("STUDIO_S3_ENDPOINT", default="", validate=is_site).rstrip("/"),
    region=env.str("STUDIO_S3_REGION", default="us-east-1"),
    access_key=env.str("STUDIO_S3_ACCESS_KEY", default=""),
    secret_key=env.str("STUDIO_S3_SECRET_KEY", default=""),
    is_direct=env.bool("STUDIO_S3_DIRECT", default=False),
    cache_gigabytes=env.int("STUDIO_S3_CACHE_GB", default=10),
)
FIRST_TIME_ZONE: str = time_zone(env.str("TZ", default="UTC"))
# A worker that says nothing for so long has lost its job to another one.
LEASE_SECONDS: float = env.float("STUDIO_LEASE_SECONDS", default=30, validate=is_lease)
seal()

DATA_DIR: Path = _data_dir.resolve()
# Nothing is sent to the public, nothing is charged; only TRUSTED_HOSTS are called.
PRACTICE: bool = PRACTICE_ASKED or practice.is_practice(DATA_DIR)
S3_STORE: S3 | None = _s3 if _s3.bucket else None
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
    "studio.lib.request_ids.RequestIdMiddleware",
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
# Redis may be away: nobody waits long for it, and nobody gives it up.
_redis = {"socket_connect_timeout": 2, "socket_timeout": 10, "socket_keepalive": True}
CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.05} if EMBEDDED else _redis
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A wake-up that cannot be sent is not sent: the row is due again in ten seconds.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Ticks need no memory of the last one, so beat writes no file.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_TASK_QUEUES = [
    Queue(name) for name in ("submit", "poll", "render", "archive", "housekeeping")
]
CELERY_TASK_DEFAULT_QUEUE = "housekeeping"
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "studio.tick", "schedule": 0.25 if EMBEDDED else 1.0},
    "minute": {"task": "studio.minute", "schedule": 60},
    "tidy": {"task": "studio.tidy", "schedule": 60 * 60},
    "scrub": {"task": "studio.scrub", "schedule": 60 * 60},
}

# ── Calls to providers: the whole time that one may take, in seconds ──────────────────────────

# A body of pictures included.
POST_SECONDS = 180.0
POLL_SECONDS = 20.0
# What an account's provider is asked at most about running jobs; beyond, looks get rarer.
LOOKS_PER_MINUTE = 1_200

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
        # Clips may come from the object store, with an address that we have signed.
        "media-src": [SELF, S3_STORE.origin] if S3_STORE and S3_STORE.is_direct else [SELF],
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

# What must never be in a log, whoever writes it there.
_secrets = [SECRET_KEY, *ENCRYPTION_KEYS, *PROVIDER_KEYS.values(), METRICS_TOKEN, _s3.secret_key]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "studio.lib.logs.Line", "secrets": _secrets},
        "json": {"()": "studio.lib.logs.Json", "secrets": _secrets},
    },
    "handlers": {"stderr": {"class": "studio.lib.logs.Stderr", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # httpx writes whole addresses, keys in the query included.
        "httpx": {"level": "WARNING"},
        # Four wake-ups a second are no news.
        "celery": {"level": "WARNING"},
        # These bring handlers of their own, with words of their own.
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        "django": {"level": "INFO", "handlers": [], "propagate": True},
        "django.server": {"level": "INFO", "handlers": [], "propagate": True},
    },
}
