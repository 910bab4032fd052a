"""Settings from the environment; `docs/operations.md` explains every variable.

Required: ``DATABASE_URL``, ``REDIS_URL``, ``SECRET_KEY``, ``ALIGNMENT_URL``.
Optional: ``EMAIL_URL``, ``EMAIL_FROM``, ``ALLOWED_HOSTS``,
``TRUSTED_PROXIES``, ``ALIGNMENT_DATA``, ``LOG_LEVEL``.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def required(name: str) -> str:
    """Return an environment variable that the product cannot run without."""
    value = os.environ.get(name, "")
    if not value:
        message = f"Set {name} in the environment; docs/operations.md says to what."
        raise ImproperlyConfigured(message)
    return value


ALIGNMENT_URL = required("ALIGNMENT_URL").rstrip("/")
ALIGNMENT_DATA = Path(os.environ.get("ALIGNMENT_DATA") or BASE_DIR / ".data")
SECRET_KEY = required("SECRET_KEY")
DEBUG = False
SECURE = ALIGNMENT_URL.startswith("https://")
_host = urlsplit(ALIGNMENT_URL).hostname or ""
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "").split() or (
    [_host] if SECURE else [_host, "localhost", "127.0.0.1", "[::1]"]
)
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))

INSTALLED_APPS = [
    "alignment.apps.AlignmentConfig",
    "alignment.admin.AlignmentAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "foundation.kernel",
    "foundation.ledger",
    "foundation.accounts",
    "foundation.currencies",
    "foundation.jobs",
    "foundation.notifications",
    "foundation.documents",
    "campaigns",
    "leads",
    "deals",
    "sla",
    "kpis",
    "meetings",
    "integrations",
]

MIDDLEWARE = [
    "alignment.middleware.Gate",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "alignment.middleware.NeverCached",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "foundation.accounts.middleware.SignedIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "foundation.accounts.middleware.PersonalSettings",
    "allauth.account.middleware.AccountMiddleware",
    "alignment.middleware.EnginesAway",
]

ROOT_URLCONF = "alignment.urls"
WSGI_APPLICATION = "alignment.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alignment.context.shell",
            ],
        },
    }
]

# Database: a request fails after a restart of the server without health checks.
DATABASE_OPTIONS = {"application_name": "alignment", "connect_timeout": 5}


def _database(url: str) -> dict[str, object]:
    parsed: dict[str, object] = dict(
        dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True)
    )
    if "postgresql" not in str(parsed["ENGINE"]):
        raise ImproperlyConfigured("DATABASE_URL must be a postgresql:// address.")
    options = parsed.get("OPTIONS") or {}
    parsed["OPTIONS"] = {**DATABASE_OPTIONS, **options}  # type: ignore[dict-item]
    return parsed


DATABASES = {"default": _database(required("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL")
REDIS_TIMEOUT_SECONDS = 1.5
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "alignment",
        "OPTIONS": {
            "socket_timeout": REDIS_TIMEOUT_SECONDS,
            "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
        },
    }
}

# Work. Early acknowledged wake-ups without content: docs/decisions/durable-jobs.md.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = REDIS_TIMEOUT_SECONDS
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": REDIS_TIMEOUT_SECONDS,
    "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
    "socket_keepalive": True,
    "retry_on_timeout": False,
    "max_retries": 0,
}
CELERY_TASK_DEFAULT_QUEUE = "fast"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {"tick": {"task": "jobs.tick", "schedule": 1.0}}
CELERY_BEAT_SCHEDULE_FILENAME = str(ALIGNMENT_DATA / "celerybeat-schedule")

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": "foundation.accounts.adapter.OwnWords"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
INVITATION_TIMEOUT_SECONDS = int(timedelta(hours=24).total_seconds())
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "foundation.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_EMAIL_NOTIFICATIONS = ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {
    "login": "foundation.accounts.forms.LoginForm",
    "change_password": "foundation.accounts.forms.ChangePasswordForm",
    "reset_password_from_key": "foundation.accounts.forms.NewPasswordForm",
    "reauthenticate": "foundation.accounts.forms.ReauthenticateForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS: dict[str, str] = {}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Sessions and headers
_PREFIX = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_PREFIX}session"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=7).total_seconds())
SESSION_IDLE_SECONDS = int(timedelta(hours=12).total_seconds())
SESSION_ENGINE = "foundation.accounts.sessions"
LANGUAGE_COOKIE_SECURE = SECURE
CSRF_TRUSTED_ORIGINS = [ALIGNMENT_URL]
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^api/", r"^health/"]
SECURE_HSTS_SECONDS = int(timedelta(days=730).total_seconds()) if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
if SECURE and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6_000  # a definition of 200 conditions
IMPORT_MAX_BYTES = 256 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ro", _("Romanian")), ("pl", _("Polish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["alignment.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or ALIGNMENT_DATA / "static")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(ALIGNMENT_DATA / "files")},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# E-mail: EMAIL_URL=smtp://user:password@host:587/?tls=1, else files in the data folder.


def _mailer(url: str) -> dict[str, object]:
    if not url:
        folder = {"file_path": str(ALIGNMENT_DATA / "mail")}
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"BACKEND": backend, "OPTIONS": folder}
    parts, query = urlsplit(url), parse_qs(urlsplit(url).query)
    options = {
        "host": parts.hostname,
        "port": parts.port or 587,
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": query.get("tls") == ["1"],
        "use_ssl": parts.scheme == "smtps",
        "timeout": 15,
    }
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": options,
    }


MAILERS = {"default": _mailer(os.environ.get("EMAIL_URL", ""))}
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or f"Alignment <alignment@{_host}>"
SERVER_EMAIL = DEFAULT_FROM_EMAIL

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "alignment.api.authentication.TokenAuthentication",
        "alignment.api.authentication.BrowserSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["alignment.api.permissions.Nobody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.kernel.api.parsers.StrictJSONParser"],
    "DEFAULT_THROTTLE_CLASSES": ["alignment.api.throttling.TokenThrottle"],
    "DEFAULT_SCHEMA_CLASS": "alignment.api.schema.Schema",
    "EXCEPTION_HANDLER": "alignment.api.errors.handle",
    "NUM_PROXIES": TRUSTED_PROXIES,
    "COERCE_DECIMAL_TO_STRING": True,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
API_REQUESTS_PER_MINUTE = int(os.environ.get("API_REQUESTS_PER_MINUTE", "1200"))
SPECTACULAR_SETTINGS = {
    "TITLE": "Alignment",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "DESCRIPTION": "One set of definitions, promises and numbers for both teams.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["alignment.api.permissions.Nobody"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "alignment.api.schema.declare_errors",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "ENUM_NAME_OVERRIDES": {
        "DefinedStage": ["mql", "sql"],
        "DocumentState": "foundation.documents.enums.State",
        "PauseReason": "sla.enums.PauseReason",
        "ClockState": "sla.enums.ClockState",
        "JobState": "foundation.jobs.enums.JobState",
        "Stage": "leads.enums.Stage",
        "Exclusion": "leads.enums.Exclusion",
        "TouchType": "leads.enums.TouchType",
        "TouchDirection": "leads.enums.Direction",
        "Team": "foundation.accounts.enums.Function",
        "ConversionKind": "kpis.enums.Kind",
        "BetterWhen": "kpis.enums.Direction",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "alignment.logs.OneLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
}
