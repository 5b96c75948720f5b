from django.apps import AppConfig
from django.conf import settings

from studio.catalogue import load


class StudioConfig(AppConfig):
    name = "studio"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Importing for effect: the Celery app must be the current one before a task is sent,
        # and the checks must be registered before `check` runs.
        from studio import celery, checks  # noqa: F401

        load.also_read(settings.DATA_DIR / "catalogue")
