"""What must hold before a copy serves; each finding has an id and says how to mend it."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning as Doubt, register

LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "::1", "testserver"}
TEST_KEY = "5e" * 32
TAG = "breachcase"


@register(TAG)
def keys_are_set(**_: object) -> list[CheckMessage]:
    """Refuse to serve without the key that wraps every case key."""
    if not settings.KEY_ENCRYPTION_KEY:
        hint = "Set BREACHCASE_KEY_ENCRYPTION_KEY to what `openssl rand -hex 32` prints, and keep a copy elsewhere."
        return [Error("The key-encryption key is missing.", hint=hint, id="breachcase.E001")]
    return []


@register(TAG)
def demonstration_stays_here(**_: object) -> list[CheckMessage]:
    """Refuse sign-in with a click where other machines can ask for the pages."""
    strangers = sorted(set(settings.ALLOWED_HOSTS) - LOCAL_HOSTS)
    if settings.DEMONSTRATION and strangers:
        hint = "Set BREACHCASE_DEMONSTRATION=no and DJANGO_SETTINGS_MODULE=breachcase.settings.production."
        sentence = f"Demonstration sign-in is on, and the pages can be asked for under {', '.join(strangers)}."
        return [Error(sentence, hint=hint, id="breachcase.E002")]
    return []


@register(TAG)
def roles_are_two(**_: object) -> list[CheckMessage]:
    """Refuse to work as the role that owns the tables (I2)."""
    if settings.DATABASES["default"]["USER"] == settings.DATABASE_OWNER.get("USER"):
        hint = "Give DATABASE_URL a role that owns nothing; DATABASE_OWNER_URL keeps the owner."
        return [Error("The application connects as the owner of the tables.", hint=hint, id="breachcase.E003")]
    return []


@register(TAG)
def front_end_is_there(**_: object) -> list[CheckMessage]:
    """Say when the style sheets and scripts that come from npm were not installed."""
    vendor = settings.STATICFILES_DIRS[0] / "vendor"
    if not (vendor / "htmx" / "htmx.min.js").exists():
        return [Doubt("The front-end files are missing.", hint="Run script/bootstrap.", id="breachcase.W001")]
    return []


@register(TAG, deploy=True)
def keys_are_ones_own(**_: object) -> list[CheckMessage]:
    """Refuse the key that stands in the test settings for everybody to read."""
    if settings.KEY_ENCRYPTION_KEY == TEST_KEY:
        hint = "Set BREACHCASE_KEY_ENCRYPTION_KEY to what `openssl rand -hex 32` prints."
        return [Error("The key-encryption key is the one of the tests.", hint=hint, id="breachcase.E004")]
    return []
