"""The guards that keep money and jobs safe, how each is taken out, and who must notice.

`text` stands exactly once in `file` (tests/build/test_guards.py sees to it); with `instead` in its
place the named test goes red, or the guard guards nothing.
"""

from dataclasses import dataclass

G = "studio/generations/"
T = "tests/generations/"


@dataclass(frozen=True)
class Guard:
    name: str
    file: str
    text: str
    instead: str
    test: str


GUARDS = (
    Guard(
        "a move starts from a named state",
        G + "transitions.py",
        "Generation.objects.filter(pk=generation.pk, state=source)",
        "Generation.objects.filter(pk=generation.pk)",
        T + "test_transitions.py",
    ),
    Guard(
        "a move needs the lease",
        G + "transitions.py",
        "        rows = rows.filter(lease_token=lease)",
        "        rows = rows.filter()",
        T + "test_transitions.py",
    ),
    Guard(
        "a leased row is not leased again",
        G + "leases.py",
        'filter(pk=pk, lease_token="", due_at__isnull=False)',
        "filter(pk=pk, due_at__isnull=False)",
        T + "test_leases.py::test_a_held_row_is_not_leased_again",
    ),
    Guard(
        "whoever lost the lease writes nothing",
        G + "leases.py",
        "filter(pk=self.generation.pk, lease_token=self.token)",
        "filter(pk=self.generation.pk)",
        T + "test_leases.py::test_a_dead_holder_is_replaced_and_then_may_write_nothing",
    ),
    Guard(
        "the gate opens for the holder of the lease only",
        G + "send.py",
        "                lease_token=self.lease.token,\n",
        "",
        T + "test_send.py::test_a_worker_that_lost_its_lease_sends_nothing",
    ),
    Guard(
        "a wish to cancel closes the gate",
        G + "send.py",
        "                cancel_wished_at=None,\n",
        "",
        T + "test_send.py::test_a_cancel_before_the_first_byte_stops_the_post",
    ),
    Guard(
        "who was frozen after `sending` is late",
        G + "send.py",
        "time.monotonic() - began < FRESH * settings.LEASE_SECONDS",
        "time.monotonic() - began < FRESH * settings.LEASE_SECONDS * 1000",
        "tests/flow/test_paid_kill.py"
        "::test_a_worker_that_was_frozen_just_before_the_first_byte_sends_nothing_when_it_wakes",
    ),
    Guard(
        "the raw answer is stored before it is read",
        G + "send.py",
        "        if unstored.keep(attempt, reply, key):\n",
        "        if True:\n",
        T + "test_send.py::test_the_raw_answer_is_kept_without_the_key",
    ),
    Guard(
        "a death while sending is in doubt",
        G + "send.py",
        "    elif attempt.state in (AttemptState.PREPARED, AttemptState.CLAIMED):",
        "    elif attempt.state != AttemptState.ACCEPTED:",
        T + "test_send.py::test_an_attempt_that_died_while_sending_is_unknown",
    ),
    Guard(
        "no answer is no proof",
        G + "send.py",
        'endings.unknown(attempt, "no_answer", str(error))',
        '_unsent(attempt, FIRST_WAIT, "no answer")',
        T + "test_send.py::test_an_answer_that_proves_nothing_leaves_the_outcome_unknown",
    ),
    Guard(
        "an id belongs to one attempt",
        G + "endings.py",
        "        if not _claim_id(attempt, ticket.remote_id):",
        "        if not _claim_id(attempt, ticket.remote_id + attempt.uid[:4]):",
        T + "test_send.py::test_an_id_that_we_own_already_puts_both_jobs_in_doubt",
    ),
    Guard(
        "no more in flight than there are seats",
        G + "submit.py",
        "    if best is None or free[best] < 1:",
        "    if best is None:",
        T + "test_submit.py",
    ),
    Guard(
        "a failure is given back only where it is known to be free",
        G + "bills.py",
        "    if stated is None and not traits(generation.provider).failed_is_free:",
        "    if False:",
        T + "test_poll.py",
    ),
    Guard(
        "what is lost is lost only after its link's life",
        G + "fetch.py",
        "    if dies is None or clock.now() < dies + grace:",
        "    if dies is None:",
        T + "test_fetch.py",
    ),
    Guard(
        "nothing is admitted over the limit",
        "studio/spend/models.py",
        'self.filter(held__lte=literal(limit - amount) - F("spent"))',
        "self.filter()",
        "tests/spend/test_budgets.py",
    ),
    Guard(
        "a hold ends once",
        "studio/spend/ledger.py",
        "            return LedgerEntry.objects.end_of(held.generation_uid).get()\n"
        "        windows.end(",
        "            pass\n        windows.end(",
        "tests/spend/test_ledger.py",
    ),
    Guard(
        "the ledger is never rewritten",
        "studio/spend/models.py",
        "        if not self._state.adding:\n            raise AppendOnly\n",
        "",
        "tests/spend/test_append_only.py",
    ),
    Guard(
        "only a whole video is kept",
        "studio/archive/keep.py",
        "    measured = decode.measure(path)\n    blob = store.put(path, _MEDIA_TYPE)\n",
        "    blob = store.put(path, _MEDIA_TYPE)\n    measured = decode.measure(path)\n",
        "tests/archive/test_keep.py",
    ),
    Guard(
        "the same press is the same order",
        G + "orders.py",
        "    if earlier:\n        return earlier\n",
        "",
        T + "test_orders.py",
    ),
)
