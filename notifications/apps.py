from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tell the case what the telling holds for people, and what of it keeps a case open."""
        from incidents.queries.closing import register_open_ends  # noqa: PLC0415 - models are ready only now
        from incidents.queries.inbox import register_inbox  # noqa: PLC0415 - as above
        from notifications.queries.inbox import approvals_for, open_ends  # noqa: PLC0415 - as above

        register_open_ends(open_ends)
        register_inbox(approvals_for)
