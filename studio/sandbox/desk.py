"""The desk of a vendor: whose key, which path; then take the job, or tell how it stands."""

import hashlib
import re
from dataclasses import dataclass, replace

from studio.sandbox import misbehaviour
from studio.sandbox.answers import Answer, document
from studio.sandbox.callbacks import Callbacks
from studio.sandbox.calls import Call
from studio.sandbox.faults import Moment, UnknownFault, in_prompt
from studio.sandbox.house import House
from studio.sandbox.jobs import Job, Stage
from studio.sandbox.refusals import Refused, Why
from studio.sandbox.rules.sold import find
from studio.sandbox.wires.shown import shown
from studio.sandbox.wires.wire import Route, Wire

_AFTER_REDIRECT = re.compile(r"/redirected$")


@dataclass(frozen=True)
class Desk:
    house: House
    wire: Wire
    callbacks: Callbacks

    def answer(self, call: Call) -> Answer:
        """Never raises: what the vendor would not take is an answer as well."""
        path = _AFTER_REDIRECT.sub("", call.path)
        route = self.wire.route(replace(call, path=path))
        if route is None:
            return Answer(404, b"404 page not found", "text/plain")
        try:
            account = self._account(call)
            if route.verb == "submit":
                return self._submit(route, call, account)
            if route.verb == "poll":
                return self._poll(route, call, account)
            other = self.wire.other(route, call, account)
            return other or Answer(404, b"404 page not found", "text/plain")
        except Refused as refused:
            return self.wire.error(refused.why, refused.message)

    def _account(self, call: Call) -> str:
        """A mark of the key, which is written nowhere. Raises Refused."""
        key = self.wire.key(call.headers)
        if key is None:
            raise Refused(Why.KEY_MISSING, "the key is missing")
        if key not in self.house.keys:
            raise Refused(Why.KEY_WRONG, "the key is not valid")
        return hashlib.sha256(key.encode()).hexdigest()[:12]

    def _submit(self, route: Route, call: Call, account: str) -> Answer:
        """Strict first, so that no fault hides a mistake; then the faults; then the job."""
        body = self.wire.body(call)
        model = find(self.wire.provider, route.what, self.wire.model_name(route, body))
        wish = model.read(body)
        self._check_callback(str(wish.values.get("callback_url") or ""))
        try:
            wanted = in_prompt(str(wish.values.get("prompt") or ""))
        except UnknownFault as error:
            raise Refused(Why.INVALID, str(error)) from error
        fault = self.house.submit_fault(self.wire.provider, wanted)
        if fault is not None and not misbehaviour.takes_the_job(fault):
            return misbehaviour.instead(self.wire, fault, call)
        job = self.house.accept(call, wish, account, wanted, self.wire.new_id)
        self.callbacks.before_the_reply(job)
        if fault is not None:
            return misbehaviour.after(self.wire, fault, job)
        return document(200, self.wire.accepted(job))

    def _check_callback(self, url: str) -> None:
        if url and not url.startswith(("http://", "https://")):
            raise Refused(Why.INVALID, "callback_url must be an address")

    def _poll(self, route: Route, call: Call, account: str) -> Answer:
        with self.house.lock:
            job = self.house.jobs.get(route.what)
            is_mine = job is not None and (job.provider, job.account) == (
                self.wire.provider,
                account,
            )
            if job is None or not is_mine or not job.is_listed:
                raise Refused(Why.UNKNOWN_JOB, "task not found")
            job.polls += 1
        return self._told(job)

    def _told(self, job: Job) -> Answer:
        fault = self.house.fault(Moment.POLL, self.wire.provider, job)
        if fault is None:
            return document(200, self.wire.progress(job, shown(self.house, job)))
        if fault.name == "status":
            found = replace(shown(self.house, job), word=fault.word("word", "mystery"))
            return document(200, self.wire.progress(job, replace(found, addresses=())))
        if fault.name == "regress":
            found = replace(shown(self.house, job), stage=Stage.CREATED, addresses=(), share=0)
            return document(200, self.wire.progress(job, found))
        honest = document(200, self.wire.progress(job, shown(self.house, job)))
        return misbehaviour.on_poll(self.wire, fault, honest)
