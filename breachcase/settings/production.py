"""For real breaches: refuses to start half-configured, naming what is missing."""

import sys

from breachcase.settings.base import *  # noqa: F403
from breachcase.settings.base import ENV

MIN_SECRET_CHARS = 50


def _require(name: str, held: object, sentence: str) -> None:
    if not held:
        sys.exit(f"BreachCase cannot start: {name} {sentence}")


_secret: str = ENV["BREACHCASE_SECRET_KEY"]
_require("BREACHCASE_SECRET_KEY", len(_secret) >= MIN_SECRET_CHARS, "must be at least 50 random characters.")
_require("BREACHCASE_SECRET_KEY", not _secret.startswith("django-insecure"), "is a default; make one of your own.")
_require("BREACHCASE_KEY_ENCRYPTION_KEY", ENV["BREACHCASE_KEY_ENCRYPTION_KEY"], "is missing.")
_require("BREACHCASE_KEY_ENCRYPTION_KEY", len(set(ENV["BREACHCASE_KEY_ENCRYPTION_KEY"])) > 2, "is a default.")  # noqa: PLR2004
_require("BREACHCASE_DEBUG", not ENV["BREACHCASE_DEBUG"], "must be no in production.")
_require("BREACHCASE_DEMONSTRATION", not ENV["BREACHCASE_DEMONSTRATION"], "must be no in production.")
_require("DATABASE_URL", ENV["DATABASE_URL"], "is missing: production does not run on the embedded database.")
_require("DATABASE_OWNER_URL", ENV["DATABASE_OWNER_URL"], "is missing: migrations run as the owner of the tables.")
_require("CELERY_BROKER_URL", ENV["CELERY_BROKER_URL"], "is missing: production does not run on the embedded broker.")
_require("EMAIL_URL", ENV["EMAIL_URL"], "is missing: without it nobody can be told.")
_require(
    "BREACHCASE_HOSTS", ENV["BREACHCASE_HOSTS"], "is missing: say under which host names the pages are asked for."
)
_require("EVIDENCE_STORAGE_URL", ENV["EVIDENCE_STORAGE_URL"], "is missing: say where evidence is kept.")

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ENV["BREACHCASE_HOSTS"]]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
