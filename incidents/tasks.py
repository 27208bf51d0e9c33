"""Bells of the case. A task carries ids only, decides nothing, and may ring twice without harm."""

from celery import shared_task

from incidents.services import alarms, staging


@shared_task(name="incidents.clear_staged_files", ignore_result=True)
def clear_staged_files() -> None:
    """Remove files that were handed in and never put into a case."""
    staging.clear_staged_files()


@shared_task(name="incidents.alarm_unusual_reading", ignore_result=True)
def alarm_unusual_reading(*, reading_id: str) -> None:
    """Tell the data protection officers that somebody looked at unusually many data subjects."""
    alarms.alarm_unusual_reading(int(reading_id))
