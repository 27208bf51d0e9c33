"""The Celery application; what it runs stands in each app's tasks.py."""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning  # type: ignore[attr-defined]  # left out of celery-types

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "breachcase.settings.local")

warnings.filterwarnings("ignore", category=SecurityWarning)  # root may: tasks travel as JSON, which runs no code

app = Celery("breachcase")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
