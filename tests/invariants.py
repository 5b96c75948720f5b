"""What must hold after every step, every kill and every fault: the reliability guide's 1 to 18.

Each check reads the rows by itself, with as little of the studio's own arithmetic as can be, and
yields one sentence for each thing that is wrong. Where the sandbox's journal is at hand it is the
judge: it says what was really accepted and charged.
"""

import json
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from studio.audit.models import AuditLine
from studio.generations.models import Attempt, AttemptState, Generation, GenerationEvent
from studio.generations.states import ACTIVE, FINAL, HOLDS_SEAT, MOVES, Charge, State
from studio.providers.base import Stage
from studio.providers.registry import traits
from studio.scheduling.models import ProviderAccount
from studio.spend.models import ENDS, Budget, BudgetWindow, Kind, LedgerEntry

Faults = Iterator[str]
# One accepted job, as the sandbox's journal tells of it.
Job = dict[str, Any]
# Scope, whose, period and first day of one budget window.
Place = tuple[str, str, str, date]

ZERO, MICRO = Decimal(0), Decimal("0.000001")
# Sent, or perhaps sent.
PERHAPS = frozenset({AttemptState.SENDING, AttemptState.ACCEPTED, AttemptState.UNKNOWN})
# The provider itself said that it made nothing.
MADE_NOTHING = frozenset({Stage.FAILED, Stage.STOPPED})
# Sent, accepted and not given up: such a state has a job at the provider.
HAS_A_JOB = frozenset({State.RUNNING, State.ARCHIVING, State.SUCCEEDED, State.LOST})
OPEN = frozenset({Charge.HELD, Charge.UNCLEAR})
CHARGE_OF = {Kind.SETTLE: Charge.SETTLED, Kind.RELEASE: Charge.RELEASED}


@dataclass
class Books:
    """Everything that is checked, read once."""

    generations: list[Generation]
    attempts: list[Attempt]
    entries: list[LedgerEntry]
    events: list[GenerationEvent]
    journal: Sequence[Job] | None

    @classmethod
    def read(cls, journal: Sequence[Job] | None = None) -> "Books":
        return cls(
            list(Generation.objects.order_by("pk")),
            list(Attempt.objects.select_related("account").order_by("generation", "number")),
            list(LedgerEntry.objects.order_by("pk").select_related("person", "project")),
            list(GenerationEvent.objects.order_by("pk")),
            journal,
        )

    @property
    def paid(self) -> list[Generation]:
        return [each for each in self.generations if not traits(each.provider).free]

    def attempts_of(self, generation: Generation) -> list[Attempt]:
        return [each for each in self.attempts if each.generation_id == generation.pk]

    def entries_of(self, generation: Generation, *kinds: str) -> list[LedgerEntry]:
        return [e for e in self.entries if e.generation_uid == generation.uid and e.kind in kinds]

    def ended(self) -> dict[str, LedgerEntry]:
        return {entry.generation_uid: entry for entry in self.entries if entry.kind in ENDS}

    def jobs(self) -> Iterator[tuple[Job, Attempt | None]]:
        """Each accepted job with the attempt that asked for it, by our reference or by its id."""
        by_reference = {attempt.uid: attempt for attempt in self.attempts}
        by_id = {(a.account.provider, a.remote_id): a for a in self.attempts if a.remote_id}
        for job in self.journal or ():
            known = by_id.get((job["provider"], job["id"]))
            yield job, by_reference.get(job["reference"]) or known


# ── Money ─────────────────────────────────────────────────────────────────────────────────────


def conservation(books: Books) -> Faults:
    """1. What each window says is held and spent is what the ledger adds up to."""
    held: defaultdict[Place, Decimal] = defaultdict(Decimal)
    spent: defaultdict[Place, Decimal] = defaultdict(Decimal)
    ended = books.ended()
    for entry in books.entries:
        for place in _places(entry):
            if entry.kind == Kind.HOLD and entry.generation_uid not in ended:
                held[place] += entry.studio_amount
            if entry.kind in (Kind.SETTLE, Kind.ADJUST):
                spent[place] += entry.studio_amount
    said = {_place(window): window for window in BudgetWindow.objects.all()}
    for place in said.keys() | held.keys() | spent.keys():
        window = said.get(place)
        figures = (window.held, window.spent) if window else (ZERO, ZERO)
        if figures != (held[place], spent[place]):
            yield f"window {place} says {figures}, the ledger {held[place], spent[place]}"


def _places(entry: LedgerEntry) -> Iterator[Place]:
    whose = {"studio": "", "project": entry.project.uid, "person": entry.person.uid}
    for scope, subject in whose.items():
        yield scope, subject, "day", entry.held_on
        yield scope, subject, "month", entry.held_on.replace(day=1)


def _place(window: BudgetWindow) -> Place:
    return str(window.scope), window.subject, str(window.period), window.starts_on


def no_overdraft(books: Books) -> Faults:
    """2. Nothing was admitted above the highest limit there ever was, overruns aside."""
    above: defaultdict[Place, Decimal] = defaultdict(Decimal)
    begun: dict[Place, Any] = {}
    for entry in books.entries:
        for place in _places(entry):
            begun.setdefault(place, entry.at)
            correction = entry.studio_amount if entry.kind == Kind.ADJUST else ZERO
            above[place] += entry.overrun + max(correction, ZERO)
    for window in BudgetWindow.objects.all():
        limit = _highest_limit(window, begun.get(_place(window)))
        if limit is not None and window.used - above[_place(window)] > limit:
            yield f"window {_place(window)} holds {window.used} under a limit of {limit}"


def _highest_limit(window: BudgetWindow, begun: Any) -> Decimal | None:
    """None: for some of the time nothing hard limited it."""
    named = {"scope": window.scope, "subject": window.subject, "period": window.period}
    budget = Budget.objects.filter(**named).first()
    if budget is None or begun is None:
        return None
    lines = AuditLine.objects.filter(object_uid=budget.uid).order_by("pk")
    limits = [line.after for line in lines if line.after]
    always_hard = all(limit["hard"] for limit in limits)
    first = lines.first()
    if not always_hard or first is None or first.at > begun:
        return None
    return max(Decimal(limit["limit"]) for limit in limits)


def one_hold_each(books: Books) -> Faults:
    """3. A paid generation has one hold, a free one none; it ends once, and its charge says how."""
    for generation in books.generations:
        holds = books.entries_of(generation, Kind.HOLD)
        ends = books.entries_of(generation, *ENDS)
        if len(holds) != (generation.price > 0):
            yield f"{generation.uid} costs {generation.price} and has {len(holds)} holds"
        if len(ends) > 1:
            yield f"the hold of {generation.uid} ended {len(ends)} times"
        charges = {CHARGE_OF[Kind(end.kind)] for end in ends} or (OPEN if holds else {Charge.NONE})
        if generation.charge not in charges:
            yield f"{generation.uid} is {generation.charge}, its ledger says {sorted(charges)}"


def no_orphan_money(books: Books) -> Faults:
    """4. An open hold belongs to a job on its way, in doubt, or whose bill is unclear."""
    known = {generation.uid: generation for generation in books.generations}
    ended = books.ended()
    for entry in books.entries:
        if entry.kind != Kind.HOLD or entry.generation_uid in ended:
            continue
        generation = known.get(entry.generation_uid)
        if generation is None:
            yield f"{entry.amount} is held for {entry.generation_uid}, which is not there"
        elif generation.state not in (*ACTIVE, State.UNKNOWN) and (
            generation.charge != Charge.UNCLEAR
        ):
            yield f"{generation.uid} is {generation.state} and still holds {entry.amount}"


def corrections_are_explained(books: Books) -> Faults:
    """5. A correction is an entry of its own, with a person and a reason (see `Witness`)."""
    for entry in books.entries:
        if entry.kind == Kind.ADJUST and not (entry.actor_id and entry.note.strip()):
            yield f"the correction {entry.key} has nobody or no reason"


def exact_numbers(books: Books) -> Faults:
    """6. Every amount has its currency; one job's entries share it; conversions round up."""
    currencies: defaultdict[str, set[tuple[str, str, Decimal]]] = defaultdict(set)
    for entry in books.entries:
        terms = (entry.currency, entry.studio_currency, entry.rate)
        currencies[entry.generation_uid].add(terms)
        exact = (abs(entry.amount) * entry.rate).quantize(MICRO, rounding=ROUND_CEILING)
        if abs(entry.studio_amount) != exact:
            yield f"{entry.amount} at {entry.rate} is booked as {entry.studio_amount}"
    for uid, terms_of_one in currencies.items():
        if len(terms_of_one) > 1:
            yield f"{uid} is booked in {sorted(terms_of_one)}"


def priced_before_held(books: Books) -> Faults:
    """7. The hold is what the order froze: price, currency, rate and price version."""
    for generation in books.paid:
        for hold in books.entries_of(generation, Kind.HOLD):
            frozen = (generation.price, generation.currency, generation.rate)
            if (hold.amount, hold.currency, hold.rate) != frozen:
                yield f"{generation.uid} was ordered at {frozen}, and {hold.amount} is held"
            if not hold.price_version or hold.price_version != generation.price_version:
                yield f"{generation.uid} is held at the price {hold.price_version!r}"


def release_needs_proof(books: Books) -> Faults:
    """8. Given back: nothing was ever sent, the provider made nothing, or a person decided."""
    closed = {event.generation_id for event in books.events if event.kind == "closed"}
    for generation in books.paid:
        for entry in books.entries_of(generation, Kind.RELEASE):
            doubtful = [a for a in books.attempts_of(generation) if _may_have_been_made(a)]
            decided = entry.actor_id and generation.pk in closed
            if not entry.note.strip() or (doubtful and not decided):
                yield f"{generation.uid} was given back for {entry.note!r}, in doubt"


def _may_have_been_made(attempt: Attempt) -> bool:
    return attempt.state in PERHAPS and attempt.stage not in MADE_NOTHING


def settled_as_said(books: Books) -> Faults:
    """9. What the generation says it was charged is what its one settle says."""
    for generation in books.paid:
        settled = sum((e.amount for e in books.entries_of(generation, Kind.SETTLE)), ZERO)
        if generation.charged != settled:
            yield f"{generation.uid} says charged {generation.charged}, the ledger {settled}"


def the_bill_is_in_the_books(books: Books) -> Faults:
    """10. What the sandbox charged is settled, or still held and shown as such."""
    generations = {generation.pk: generation for generation in books.generations}
    for job, attempt in books.jobs():
        if attempt is None:
            continue
        generation = generations[attempt.generation_id]
        charged = _in_money(job, generation)
        if generation.charge in OPEN or generation.closed_at:
            continue
        booked = generation.charged if generation.charge == Charge.SETTLED else ZERO
        if charged != booked:
            yield f"{job['provider']} charged {charged} for {generation.uid}, booked {booked}"


def _in_money(job: Job, generation: Generation) -> Decimal:
    charged = Decimal(job["charged"])
    return charged * generation.credit_value if generation.credit_value else charged


# ── Submission ────────────────────────────────────────────────────────────────────────────────


def at_most_once(books: Books) -> Faults:
    """11. At most one attempt may have been accepted; the journal knows at most one job."""
    for generation in books.generations:
        perhaps = [a.number for a in books.attempts_of(generation) if a.state in PERHAPS]
        if len(perhaps) > 1:
            yield f"{generation.uid} may have been sent in the attempts {perhaps}"
    jobs = Counter(attempt.generation_id for _job, attempt in books.jobs() if attempt)
    for pk, count in jobs.items():
        if count > 1:
            yield f"generation {pk} has {count} jobs in the journal"


def intent_first_id_next(books: Books) -> Faults:
    """12. A job was announced by a committed attempt; who goes on has its id."""
    strangers = Counter[str]()
    for job, attempt in books.jobs():
        if attempt is None:
            strangers[job["provider"]] += 1
        elif attempt.sending_at is None:
            yield f"attempt {attempt.uid} has a job and was never committed as sending"
    for provider, count in strangers.items():
        # Without a reference of ours only an attempt in doubt can be theirs.
        doubtful = [a for a in books.attempts if _has_no_id(a) and a.account.provider == provider]
        if count > len(doubtful):
            yield f"{provider} has {count} jobs, {len(doubtful)} attempts are in doubt"
    for generation in books.paid:
        last = books.attempts_of(generation)[-1:]
        if generation.state in HAS_A_JOB and not any(a.remote_id for a in last):
            yield f"{generation.uid} is {generation.state} without an id"


def _has_no_id(attempt: Attempt) -> bool:
    return attempt.state in PERHAPS and not attempt.remote_id


def nothing_is_sent_again(books: Books) -> Faults:
    """13. No two jobs carry one reference of ours."""
    references = Counter(job["reference"] for job in books.journal or () if job["reference"])
    for reference, count in references.items():
        if count > 1:
            yield f"{count} jobs carry the reference {reference}"


def a_remote_job_belongs_to_one(books: Books) -> Faults:
    """14. No two attempts of one account have the same id."""
    ids = Counter((a.account_id, a.remote_id) for a in books.attempts if a.remote_id)
    for (account, remote_id), count in ids.items():
        if count > 1:
            yield f"{count} attempts of account {account} claim {remote_id}"


def seats_hold(books: Books) -> Faults:
    """15. No account has more in flight than its limit, off peak counted by itself."""
    states = {generation.pk: generation.state for generation in books.generations}
    taken = Counter(
        (attempt.account_id, attempt.is_off_peak)
        for attempt in books.attempts
        if attempt.seat_given_back_at is None and states[attempt.generation_id] in HOLDS_SEAT
    )
    for account in ProviderAccount.objects.all():
        limits = {False: account.in_flight_limit, True: account.off_peak_limit}
        for off_peak, limit in limits.items():
            if taken[account.pk, off_peak] > limit:
                yield f"{account.name} has {taken[account.pk, off_peak]} in flight of {limit}"


def attempts_do_not_bleed(books: Books) -> Faults:
    """16. Attempts are numbered without a gap, and only the last may still matter."""
    for generation in books.generations:
        attempts = books.attempts_of(generation)
        if [a.number for a in attempts] != list(range(1, len(attempts) + 1)):
            yield f"{generation.uid} has the attempts {[a.number for a in attempts]}"
        for attempt in attempts:
            rejected = attempt.state == AttemptState.REJECTED
            if (attempt is not attempts[-1] and not rejected) or (rejected and attempt.remote_id):
                yield f"attempt {attempt.number} of {generation.uid} is {attempt.state}"


def moves_make_a_chain(books: Books) -> Faults:
    """17. Each move starts where the one before ended, and the last is where the row stands."""
    moves: defaultdict[int, list[GenerationEvent]] = defaultdict(list)
    for event in books.events:
        if event.kind == "moved":
            moves[event.generation_id].append(event)
    for generation in books.generations:
        stands = State.QUEUED
        for event in moves[generation.pk]:
            if event.from_state != stands or event.to_state not in MOVES[stands]:
                yield f"{generation.uid} was {stands}, then {event.from_state}→{event.to_state}"
            stands = State(event.to_state)
        if stands != generation.state:
            yield f"{generation.uid} is {generation.state}, its last move led to {stands}"


def terminal_is_terminal(books: Books) -> Faults:
    """18. Nobody leaves an end but a lost file that was found; an end needs nobody."""
    for event in books.events:
        if event.kind == "moved" and event.from_state in FINAL and event.from_state != State.LOST:
            yield f"generation {event.generation_id} left {event.from_state}"
    for generation in books.generations:
        waits = generation.due_at and generation.state != State.SUCCEEDED
        if generation.state in FINAL and (waits or not generation.finished_at):
            yield f"{generation.uid} is {generation.state} and still due"


ALL: tuple[Callable[[Books], Faults], ...] = (
    conservation,
    no_overdraft,
    one_hold_each,
    no_orphan_money,
    corrections_are_explained,
    exact_numbers,
    priced_before_held,
    release_needs_proof,
    settled_as_said,
    the_bill_is_in_the_books,
    at_most_once,
    intent_first_id_next,
    nothing_is_sent_again,
    a_remote_job_belongs_to_one,
    seats_hold,
    attempts_do_not_bleed,
    moves_make_a_chain,
    terminal_is_terminal,
)


def broken(journal: Sequence[Job] | None = None) -> list[str]:
    """What is wrong now, each with the name of its invariant; empty where all is well."""
    books = Books.read(journal)
    return [f"{each.__name__}: {fault}" for each in ALL for fault in each(books)]


def check(journal: Sequence[Job] | None = None) -> None:
    """AssertionError naming everything that is wrong."""
    found = broken(journal)
    assert not found, "\n".join(found)


@dataclass
class Witness:
    """Remembers what was written, since the rows alone cannot say that they were never changed."""

    entries: dict[int, tuple[object, ...]] = field(default_factory=dict)
    ends: dict[int, str] = field(default_factory=dict)

    def check(self, journal: Sequence[Job] | None = None) -> None:
        """All of them, and: no entry was changed (5), no end was left (18)."""
        check(journal)
        rows = LedgerEntry.objects.order_by("pk").values_list()
        self._remember(self.entries, {row[0]: row for row in rows})
        ended = Generation.objects.filter(state__in=FINAL - {State.LOST})
        self._remember(self.ends, dict(ended.values_list("pk", "state")))

    def _remember(self, known: dict[int, Any], now: dict[int, Any]) -> None:
        changed = [pk for pk, was in known.items() if now.get(pk) != was]
        assert not changed, f"written once and then changed: {changed}"
        known.update(now)


def report(journal_address: str = "") -> None:
    """Print what is wrong in this studio as JSON: for processes beside the tests'."""
    jobs: Iterable[Job] = ()
    if journal_address:
        with urllib.request.urlopen(journal_address, timeout=10) as answer:
            jobs = json.load(answer)
    print(json.dumps(broken(list(jobs) if journal_address else None)))  # noqa: T201
