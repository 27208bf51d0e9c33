"""For tests: the real parts, small and separate; the clock hangs in Kathmandu, so the machine's zone shows up."""

from breachcase.settings.base import *  # noqa: F403
from breachcase.settings.base import DATA_FOLDER

SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests-only-for-tests"  # noqa: S105
KEY_ENCRYPTION_KEY = "5e" * 32
TIME_ZONE = "Asia/Kathmandu"
DEMONSTRATION = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
EVIDENCE_FOLDER = DATA_FOLDER / "test-evidence"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
ACCOUNT_RATE_LIMITS = False
EMAIL_PORT = 10025
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
