"""What holds everywhere. Values that differ between machines come from env.py, and from nowhere else."""

from pathlib import Path
import sys
from typing import Any

from csp.constants import NONE, SELF

from breachcase.embedded import broker, postgres
from breachcase.settings import env

ROOT = Path(__file__).resolve().parent.parent.parent


def _values() -> dict[str, Any]:
    try:
        return env.read()
    except env.BadSetting as error:
        sys.exit(f"BreachCase cannot start: {error}")


ENV = _values()
DATA_FOLDER: Path = ENV["BREACHCASE_DATA"]
PORT: int = ENV["BREACHCASE_PORT"]
SECRET_KEY: str = ENV["BREACHCASE_SECRET_KEY"]
KEY_ENCRYPTION_KEY: str = ENV["BREACHCASE_KEY_ENCRYPTION_KEY"]
DEBUG: bool = ENV["BREACHCASE_DEBUG"]
DEMONSTRATION: bool = ENV["BREACHCASE_DEMONSTRATION"]
ALLOWED_HOSTS: list[str] = ENV["BREACHCASE_HOSTS"]
EVIDENCE_FOLDER: Path = ENV["EVIDENCE_STORAGE_URL"] or DATA_FOLDER / "evidence"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "simple_history",
    "django_htmx",
    "template_partials",
    "csp",
    "breachcase.accounts",
    "breachcase.ledger",
    "breachcase.vault",
    "breachcase.web",
    "incidents",
    "notifications",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "breachcase.web.middleware.ActorMiddleware",
    "breachcase.web.middleware.AnswerMiddleware",
]
ROOT_URLCONF = "breachcase.urls"
WSGI_APPLICATION = "breachcase.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "breachcase.web.context.frame",
            ]
        },
    }
]
FORM_RENDERER = "breachcase.web.forms.Renderer"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **(ENV["DATABASE_URL"] or postgres.address_of(DATA_FOLDER, postgres.APP_ROLE)),
    }
}
DATABASE_OWNER: dict[str, str] = ENV["DATABASE_OWNER_URL"] or (
    {} if ENV["DATABASE_URL"] else postgres.address_of(DATA_FOLDER, postgres.OWNER_ROLE)
)
EMBEDDED_DATABASE = not ENV["DATABASE_URL"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proved by the invitation that was sent to it
ACCOUNT_ADAPTER = "breachcase.accounts.adapter.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the invitation has proved it
MFA_TOTP_ISSUER = "BreachCase"
USERSESSIONS_TRACK_ACTIVITY = True

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-gb"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
STATICFILES_DIRS = [ROOT / "static"]

FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

DEFAULT_FROM_EMAIL: str = ENV["BREACHCASE_FROM"]
MESSAGE_ID_HOST = DEFAULT_FROM_EMAIL.rpartition("@")[2]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 20
OUTBOX_PORT = env.outbox_port(PORT)
"""Port of the embedded mail catcher on 127.0.0.1, where EMAIL_URL is unset."""
globals().update(ENV["EMAIL_URL"] or {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": OUTBOX_PORT})

CELERY_BROKER_URL: str = ENV["CELERY_BROKER_URL"] or broker.URL
CELERY_BROKER_TRANSPORT_OPTIONS = broker.FAIL_FAST if ENV["CELERY_BROKER_URL"] else broker.options(DATA_FOLDER)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_FOLDER / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "heartbeat": {"task": "web.beat", "schedule": 30.0},
    "ring for what is due": {"task": "notifications.ring_due", "schedule": 30.0},
    "clear staged files": {"task": "incidents.clear_staged_files", "schedule": 3600.0},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "breachcase.web.views.csrf_failed"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "logging.Formatter" if DEBUG else "breachcase.web.logs.IdsOnly",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"breachcase": {"level": "INFO"}},
}
