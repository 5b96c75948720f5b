"""What must always be true, each as one question to the database. Numbers: reliability guide.

Each function yields what breaks its rule and nothing when all is well; each reads every row at
most once and writes none.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from django.db.models import Count, F

from studio.accounts.models import Studio
from studio.archive.models import Video
from studio.generations.models import Attempt, AttemptState, Generation, GenerationEvent
from studio.generations.states import FINAL, HOLDS_SEAT, MOVES, Charge, State
from studio.lib import clock, money
from studio.providers.registry import PROVIDERS, traits
from studio.scheduling.models import ProviderAccount
from studio.spend import books
from studio.spend.models import ENDS, Kind, LedgerEntry
from studio.storage import store
from studio.storage.models import Blob
from studio.upkeep import seals
from studio.upkeep.scrub import EVERY

# What may have reached a provider.
MAYBE_SENT = frozenset({AttemptState.SENDING, AttemptState.ACCEPTED, AttemptState.UNKNOWN})
# What a generation says of its money, and the last ledger entry that goes with it.
LAST_ENTRY = {
    Charge.NONE: None,
    Charge.HELD: Kind.HOLD,
    Charge.UNCLEAR: Kind.HOLD,
    Charge.SETTLED: Kind.SETTLE,
    Charge.RELEASED: Kind.RELEASE,
}


@dataclass(frozen=True, order=True)
class Finding:
    """Invariant `number` does not hold for `about` (an uid or a name)."""

    number: int
    about: str
    what: str


def budgets_are_the_fold_of_the_ledger() -> Iterator[Finding]:
    """1. For every budget window: held and spent are what the ledger says."""
    for drift in books.drift():
        window = drift.window
        name = f"{window.scope} {window.subject} {window.period} {window.starts_on}"
        what = f"off by {drift.by.held} held, {drift.by.spent} spent"
        yield Finding(1, " ".join(name.split()), what)


def each_hold_ends_at_most_once() -> Iterator[Finding]:
    """3. One hold, settled or released, never both, never twice; and the clip says which."""
    last = dict[str, str]()
    seen: Counter[tuple[str, str]] = Counter()
    entries = LedgerEntry.objects.exclude(kind=Kind.ADJUST).order_by("pk")
    for uid, kind in entries.values_list("generation_uid", "kind").iterator():
        seen[uid, "hold" if kind == Kind.HOLD else "end"] += 1
        last[uid] = kind
    for (uid, what), count in seen.items():
        if count > 1:
            yield Finding(3, uid, f"{count} times a {what}")
    rows = Generation.objects.values_list("uid", "charge").iterator()
    for uid, charge in rows:
        expected, found = LAST_ENTRY[Charge(charge)], last.get(uid)
        if expected != found:
            said = found or "nothing"
            yield Finding(3, uid, f"the clip says {charge}, its last ledger entry is {said}")


def no_money_is_orphaned() -> Iterator[Finding]:
    """4. No open hold without a live or unknown clip; no ended clip with an open hold."""
    open_holds = set(LedgerEntry.objects.open_holds().values_list("generation_uid", flat=True))
    held = LedgerEntry.objects.open_holds().values("generation_uid")
    rows = Generation.objects.filter(uid__in=held)
    for uid, state, charge in rows.values_list("uid", "state", "charge").iterator():
        if state in FINAL and charge != Charge.UNCLEAR:
            yield Finding(4, uid, f"has ended ({state}) and still holds money")
        open_holds.discard(uid)
    for uid in sorted(open_holds):
        yield Finding(4, uid, "money is held for a clip that is not there")


def ends_repeat_their_hold() -> Iterator[Finding]:
    """5 (as far as it can be seen). No end without its hold, under its currency, rate and day."""
    repeated = ("currency", "studio_currency", "rate", "held_on", "person_id", "project_id")
    holds = {
        row[0]: row[1:]
        for row in LedgerEntry.objects.filter(kind=Kind.HOLD)
        .values_list("generation_uid", *repeated)
        .iterator()
    }
    ends = LedgerEntry.objects.filter(kind__in=ENDS)
    for uid, *facts in ends.values_list("generation_uid", *repeated).iterator():
        if uid not in holds:
            yield Finding(5, uid, "settled or released without a hold")
        elif holds[uid] != tuple(facts):
            yield Finding(5, uid, "its end does not repeat its hold")
    for uid in LedgerEntry.objects.filter(kind=Kind.ADJUST, note="").values_list("uid", flat=True):
        yield Finding(5, uid, "a correction without a reason")


def amounts_are_exact() -> Iterator[Finding]:
    """6. Each amount at its rate is the studio's amount; one studio currency in all the books."""
    currency = Studio.get().currency
    columns = ("uid", "amount", "rate", "studio_amount", "currency", "studio_currency")
    for uid, amount, rate, ours, theirs, counted_in in LedgerEntry.objects.values_list(
        *columns
    ).iterator():
        if money.convert(amount, rate) != ours:
            yield Finding(6, uid, f"{amount} {theirs} at {rate} is not {ours} {counted_in}")
        if counted_in != currency:
            yield Finding(6, uid, f"counted in {counted_in}, the studio counts in {currency}")
        if theirs == counted_in and rate != 1:
            yield Finding(6, uid, f"a rate of {rate} within {theirs}")


def holds_are_at_the_quoted_price() -> Iterator[Finding]:
    """7. The hold is the price that was quoted, under its stored version."""
    rows = Generation.objects.exclude(charge=Charge.NONE)
    quoted = {
        uid: facts
        for uid, *facts in rows.values_list(
            "uid", "price", "currency", "studio_price", "price_version"
        ).iterator()
    }
    holds = LedgerEntry.objects.filter(kind=Kind.HOLD)
    columns = ("amount", "currency", "studio_amount", "price_version")
    for uid, *facts in holds.values_list("generation_uid", *columns).iterator():
        if uid in quoted and quoted[uid] != facts:
            yield Finding(7, uid, "was not held at the price that was quoted")
    for uid, (_price, _currency, _ours, version) in quoted.items():
        if not version:
            yield Finding(7, uid, "costs money and names no price version")


def nothing_is_sent_twice() -> Iterator[Finding]:
    """11. At most one attempt of a clip was, or may have been, accepted."""
    repeatable = {provider for provider, known in PROVIDERS.items() if known.repeatable}
    sent = Attempt.objects.filter(state__in=MAYBE_SENT).exclude(account__provider__in=repeatable)
    twice = sent.order_by().values_list("generation__uid").annotate(n=Count("pk")).filter(n__gt=1)
    for uid, count in twice:
        yield Finding(11, uid, f"{count} attempts that may have been accepted")


def a_remote_job_belongs_to_one_clip() -> Iterator[Finding]:
    """14. A provider's job is the result of one clip."""
    named = Attempt.objects.exclude(remote_id="").order_by()
    shared = (
        named.values_list("account__uid", "remote_id")
        .annotate(n=Count("generation", distinct=True))
        .filter(n__gt=1)
    )
    for account, remote_id, count in shared:
        yield Finding(14, f"{account} {remote_id}", f"belongs to {count} clips")


def seats_are_within_their_limit() -> Iterator[Finding]:
    """15. No account has more in flight than its seats, counted from rows."""
    seated = Attempt.objects.filter(
        seat_given_back_at=None, generation__state__in=HOLDS_SEAT
    ).order_by()
    taken = {
        (account, off_peak): count
        for account, off_peak, count in seated.values_list("account", "is_off_peak").annotate(
            n=Count("pk")
        )
    }
    for account in ProviderAccount.objects.all():
        limits = {False: account.in_flight_limit, True: account.off_peak_limit}
        for off_peak, limit in limits.items():
            count = taken.get((account.pk, off_peak), 0)
            if count > limit:
                lane = "off-peak " if off_peak else ""
                yield Finding(15, account.uid, f"{count} {lane}jobs in flight, {limit} seats")


def attempts_do_not_bleed() -> Iterator[Finding]:
    """16. The clip's video and its charge come from an attempt of its own."""
    owners = dict(Attempt.objects.values_list("uid", "generation__uid").iterator())
    shown = Generation.objects.filter(video__isnull=False)
    for uid, attempt in shown.values_list("uid", "video__attempt_uid").iterator():
        if owners.get(attempt) != uid:
            yield Finding(16, uid, "shows a video of another clip's attempt")
    entries = LedgerEntry.objects.exclude(attempt_uid="")
    for uid, attempt in entries.values_list("generation_uid", "attempt_uid").iterator():
        if owners.get(attempt, uid) != uid:
            yield Finding(16, uid, "was charged for another clip's attempt")


def terminal_is_terminal() -> Iterator[Finding]:
    """18 (and 17). Each move is an allowed one and starts where the last one ended."""
    states = dict(Generation.objects.values_list("uid", "state").iterator())
    moves = GenerationEvent.objects.filter(kind="moved").order_by("generation_id", "at", "pk")
    rows = moves.values_list("generation__uid", "from_state", "to_state").iterator()
    for uid, group in groupby(rows, key=lambda row: row[0]):
        steps = [(State(source), State(target)) for _uid, source, target in group]
        for source, target in steps:
            if target not in MOVES[source]:
                yield Finding(18, uid, f"went from {source} to {target}")
        for (_source, ended), (began, _target) in pairwise(steps):
            if ended != began:
                yield Finding(18, uid, f"left {began} while it was in {ended}")
        if uid in states and steps[-1][1] != states[uid]:
            yield Finding(18, uid, f"is {states[uid]}; its last move led to {steps[-1][1]}")


def ready_means_readable() -> Iterator[Finding]:
    """19. What is shown as ready has its file, in its size, without a known fault."""
    ready = Video.objects.select_related("blob").filter(generation__state=State.SUCCEEDED)
    for video in ready.annotate(clip=F("generation__uid")).iterator():
        if video.blob.fault:
            yield Finding(19, video.clip, f"its file is {video.blob.fault}")
        elif not store.exists(video.blob):
            yield Finding(19, video.clip, "its file is missing or has another size")


def every_file_is_scrubbed() -> Iterator[Finding]:
    """22. Every file was hashed in the last 30 days, and is whole."""
    late = Blob.objects.filter(checked_at__lt=clock.now() - EVERY).count()
    if late:
        yield Finding(22, "files", f"{late} were not hashed in the last {EVERY.days} days")
    for sha256, fault in Blob.objects.faulty().values_list("sha256", "fault"):
        yield Finding(22, sha256, f"is {fault}")


def sealed_values_can_be_opened() -> Iterator[Finding]:
    """28. Every stored secret opens with a key that we have."""
    for key in seals.missing_keys():
        yield Finding(28, key, "this key is missing in STUDIO_ENCRYPTION_KEYS")


def a_restored_studio_spends_nothing() -> Iterator[Finding]:
    """33. Since a restore that nobody has confirmed, nothing that costs was sent."""
    restored_at = Studio.get().restored_at
    if restored_at is None:
        return
    sent = Attempt.objects.filter(sending_at__gte=restored_at).select_related("generation")
    for attempt in sent.iterator():
        if not traits(attempt.generation.provider).free:
            yield Finding(33, attempt.generation.uid, "was sent after a restore")


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    budgets_are_the_fold_of_the_ledger,
    each_hold_ends_at_most_once,
    no_money_is_orphaned,
    ends_repeat_their_hold,
    amounts_are_exact,
    holds_are_at_the_quoted_price,
    nothing_is_sent_twice,
    a_remote_job_belongs_to_one_clip,
    seats_are_within_their_limit,
    attempts_do_not_bleed,
    terminal_is_terminal,
    ready_means_readable,
    every_file_is_scrubbed,
    sealed_values_can_be_opened,
    a_restored_studio_spends_nothing,
)
