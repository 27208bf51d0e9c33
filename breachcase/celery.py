"""The Celery application; what it runs stands in each app's tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "breachcase.settings.local")

app = Celery("breachcase")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
