"""One machine, embedded parts, demonstration people: what `script/server` starts."""

from breachcase.embedded.secrets import kept_secret
from breachcase.settings.base import *  # noqa: F403
from breachcase.settings.base import DATA_FOLDER, ENV, KEY_ENCRYPTION_KEY, SECRET_KEY

SECRET_KEY = SECRET_KEY or kept_secret(DATA_FOLDER, "secret-key")
KEY_ENCRYPTION_KEY = KEY_ENCRYPTION_KEY or kept_secret(DATA_FOLDER, "key-encryption-key")
DEMONSTRATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip"}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
CSRF_TRUSTED_ORIGINS = [f"http://127.0.0.1:{ENV['BREACHCASE_PORT']}", f"http://localhost:{ENV['BREACHCASE_PORT']}"]
