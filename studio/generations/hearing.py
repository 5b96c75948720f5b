"""What a provider said of a job: read by its adapter, kept where it ends it, without our key."""

from dataclasses import replace

from studio.generations import wire
from studio.generations.models import Attempt
from studio.providers.base import Adapter, Progress, Reply, Stage
from studio.providers.door.redaction import safe_body
from studio.scheduling.models import ProviderAccount

# What is said of these is kept as it was said.
ENDS = (Stage.DONE, Stage.FAILED, Stage.STOPPED)


def read(attempt: int, account: ProviderAccount, adapter: Adapter, reply: Reply) -> Progress:
    """`attempt` by its key in the database. Raises ProviderError."""
    with wire.heard(account):
        progress = adapter.read_poll(reply)
    if progress.stage in ENDS:
        said = wire.hidden(account, safe_body(reply.body))
        Attempt.objects.filter(pk=attempt).update(last_reply=said)
    return _clean(account, progress)


def _clean(account: ProviderAccount, progress: Progress) -> Progress:
    """Its words about a failure are shown to people."""
    told = progress.complaint
    if told is None:
        return progress
    return replace(progress, complaint=replace(told, message=wire.hidden(account, told.message)))
