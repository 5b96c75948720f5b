"""The doors for Celery. A message may come twice or never, and decides nothing."""

import logging

from celery import shared_task

from studio.upkeep import scrub

log = logging.getLogger(__name__)


@shared_task(name="studio.scrub")
def hourly_share() -> None:
    try:
        scrub.scrub(scrub.share())
    except scrub.NoStore:
        log.error("The media folder is not there: nothing was checked.")
