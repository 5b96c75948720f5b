"""What every adapter has to keep; each adapter's test is a class that inherits this one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.catalogue.specs import Mode
from studio.providers.base import Adapter, Reply, Request, Stage
from studio.providers.errors import (
    AccountTrouble,
    Busy,
    Gone,
    ProviderError,
    Refused,
    Unclear,
)
from studio.providers.polling import Unsupported
from studio.providers.registry import traits
from studio.providers.wires import adapter
from tests.providers import jobs
from tests.providers.jobs import ACCESS, KEY, UID, reply

NO_IDS: list[Any] = [
    None,
    0,
    -1,
    "",
    "0",
    [],
    ["x"],
    {},
    True,
    False,
    1.5,
    "a b",
    "..",
    "x" * 81,
    "é",
]
HTML = b"<html><body>Welcome to the proxy</body></html>"
HOSTILE = [
    b"",
    b"\xff\xfe",
    b"null",
    b"[]",
    b'"text"',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"x" * 2_000_000,
    HTML,
]

_names = st.sampled_from([
    "id", "task_id", "task_status", "state", "status", "task", "error", "code", "reason",
    "err_code", "message", "videos", "video_url", "video_url_ttl", "creations", "video_result",
    "url", "credits", "payload", "tasks", "next_page_token", "remains", "credit_remain",
    "progress_percent", "concurrency_limit",
])  # fmt: skip
_words = st.sampled_from([
    "SUCCESS", "FAIL", "success", "failed", "TASK_STATUS_SUCCEED", "TASK_STATUS_FAILED", "1302",
    "1113", "1301", "429", "NaN", "UserCancelled", "https://files.example/a.mp4", "\ud800", UID,
])  # fmt: skip
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | _words
json_values = st.recursive(
    _scalars,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(_names, inside, max_size=6),
    max_leaves=12,
)
statuses = st.sampled_from(
    [200, 201, 204, 302, 400, 401, 402, 403, 404, 408, 409, 413, 429, 500, 503]
)
header_texts = st.text(max_size=40) | st.sampled_from(["-5", "999999999999", "abc", "nan", "120"])


# Each adapter runs the same method on itself, which is what this check would warn of.
_inherited = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.differing_executors]
)


class AdapterContract:
    provider: ClassVar[str]
    # The field of a submit's reply that holds the job's name.
    id_field: ClassVar[str]
    done: ClassVar[str]
    failed: ClassVar[str]
    # The fields that no parameter of the catalogue stands for.
    own_fields: ClassVar[set[str]]

    @property
    def adapter(self) -> Adapter:
        return adapter(self.provider)

    def state(self, word: object, links: tuple[object, ...] = (), **more: Any) -> dict[str, Any]:
        """The body of a poll in which the job stands at `word`."""
        raise NotImplementedError

    def readers(self) -> list[Callable[[Reply], object]]:
        wire, can = self.adapter, traits(self.provider)
        found: list[Callable[[Reply], object]] = [wire.read_submit, wire.read_poll]
        found += [wire.read_cancel] if can.can_cancel else []
        found += [lambda answer: wire.read_find(answer, UID)] if can.lookup else []
        return found + ([wire.read_balance] if can.tells_balance else [])

    # ── What is sent ──────────────────────────────────────────────────────────────────────────

    def test_a_body_has_the_fields_of_its_model_and_no_others(self, tmp_path: Path) -> None:
        for spec in jobs.sold(self.provider):
            for mode in spec.modes:
                body = jobs.body(
                    self.adapter.submit(jobs.job(spec.key, tmp_path, mode=mode), ACCESS)
                )
                listed = {p.name for p in spec.parameters_in(mode)}
                assert body.keys() <= listed | self.own_fields, spec.key
                assert None not in body.values()

    def test_a_default_is_written_out_and_what_has_none_is_left_out(self, tmp_path: Path) -> None:
        for spec in jobs.sold(self.provider):
            for mode in spec.modes:
                body = jobs.body(
                    self.adapter.submit(jobs.job(spec.key, tmp_path, mode=mode), ACCESS)
                )
                for parameter in spec.parameters_in(mode):
                    assert body.get(parameter.name) == parameter.default, (spec.key, parameter.name)
                    assert (parameter.name in body) == (parameter.default is not None)

    def test_what_the_model_does_not_list_is_not_sent(self, tmp_path: Path) -> None:
        spec = next(jobs.sold(self.provider))
        order = jobs.job(spec.key, tmp_path, parameters={"stranger": 1, "motion": "zoom"})
        body = jobs.body(self.adapter.submit(order, ACCESS))
        assert "stranger" not in body
        assert "motion" not in body

    def test_what_was_ordered_is_sent_as_it_is(self, tmp_path: Path) -> None:
        for spec in jobs.sold(self.provider):
            for mode in spec.modes:
                given = {p.name: p.values[-1] if p.values else 7 for p in spec.parameters_in(mode)}
                order = jobs.job(spec.key, tmp_path, mode=mode, parameters=given)
                body = jobs.body(self.adapter.submit(order, ACCESS))
                sent = {name: body[name] for name in given}
                assert sent == given
                assert [type(v) for v in sent.values()] == [type(v) for v in given.values()]

    def test_a_prompt_goes_out_in_its_own_letters(self, tmp_path: Path) -> None:
        spec = next(jobs.sold(self.provider))
        order = jobs.job(spec.key, tmp_path, prompt='比得兔 "quoted" 🐇 \ud800')
        request = self.adapter.submit(order, ACCESS)
        assert jobs.body(request)["prompt"] == '比得兔 "quoted" 🐇 ?'
        assert "比得兔".encode() in request.body

    def test_the_key_stands_in_one_header_and_is_shown_nowhere(self, tmp_path: Path) -> None:
        spec = next(jobs.sold(self.provider))
        wire = self.adapter
        for request in (
            wire.submit(jobs.job(spec.key, tmp_path), ACCESS),
            wire.poll("t-1", ACCESS),
        ):
            assert KEY in request.headers["Authorization"]
            others = {n: v for n, v in request.headers.items() if n != "Authorization"}
            assert KEY not in f"{request!r} {request.url} {others} {ACCESS!r}"
            assert KEY.encode() not in request.body

    def test_an_address_is_the_base_with_one_stroke(self) -> None:
        url = self.adapter.poll("t-1", ACCESS).url
        assert url.startswith("https://provider.example/base/")
        assert "//" not in url.removeprefix("https://")

    def test_a_name_from_the_provider_cannot_change_the_address(self) -> None:
        url = self.adapter.poll("../../admin?x=1#y", ACCESS).url
        assert "admin?x" not in url
        assert "#" not in url
        assert "/../" not in url

    # ── A submit's reply ──────────────────────────────────────────────────────────────────────

    @pytest.mark.parametrize("name", ["901234567890123456", "8f0f0a52-1d", 7593127498661400001])
    def test_a_jobs_name_stays_a_string_to_its_last_digit(self, name: str | int) -> None:
        ticket = self.adapter.read_submit(reply({self.id_field: name}))
        assert ticket.remote_id == str(name)
        assert isinstance(ticket.remote_id, str)

    @pytest.mark.row("F026")
    @pytest.mark.parametrize("name", NO_IDS, ids=repr)
    def test_a_200_without_a_usable_name_proves_nothing(self, name: Any) -> None:
        with pytest.raises(Unclear) as caught:
            self.adapter.read_submit(reply({self.id_field: name}))
        assert caught.value.kind == "unreadable"

    @pytest.mark.row("F025", "F028")
    @pytest.mark.parametrize("data", HOSTILE, ids=lambda data: repr(data[:12]))
    def test_a_200_that_cannot_be_read_proves_nothing(self, data: bytes) -> None:
        with pytest.raises(Unclear) as caught:
            self.adapter.read_submit(reply(data))
        assert caught.value.kind == "unreadable"

    @pytest.mark.row("F028")
    @pytest.mark.parametrize("extra", ['"a": NaN', '"a": 1e400', '"a": -Infinity', '"{0}": "u"'])
    def test_a_200_with_doubt_in_its_json_proves_nothing(self, extra: str) -> None:
        text = f'{{"{self.id_field}": "t-1", {extra.replace("{0}", self.id_field)}}}'
        assert self.adapter.read_submit(reply({self.id_field: "t-1"})).remote_id == "t-1"
        with pytest.raises(Unclear):
            self.adapter.read_submit(reply(text.encode()))

    @pytest.mark.row("F035")
    @pytest.mark.parametrize("status", [408, 409, 418, 425, 499, 500, 502, 503, 504, 520, 524])
    @pytest.mark.parametrize("content", [b"", HTML, b"{}"])
    def test_a_breakdown_on_a_submit_proves_nothing(self, status: int, content: bytes) -> None:
        with pytest.raises(Unclear) as caught:
            self.adapter.read_submit(reply(content, status))
        assert caught.value.code == f"HTTP {status}"

    @pytest.mark.row("F036")
    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_of_a_submit_proves_nothing(self, status: int) -> None:
        for content in ({self.id_field: "t-1"}, {"code": 429, "message": "queue full"}):
            answer = reply(content, status, location="https://elsewhere.example")
            with pytest.raises(Unclear) as caught:
                self.adapter.read_submit(answer)
            assert str(status) in caught.value.code or caught.value.code == "429"

    @pytest.mark.row("F031", "F032")
    @pytest.mark.parametrize(
        ("status", "kind"), [(401, "key"), (402, "balance"), (403, "permission")]
    )
    def test_a_closed_door_is_trouble_of_the_account(self, status: int, kind: str) -> None:
        for read, body in ((self.adapter.read_submit, b""), (self.adapter.read_poll, HTML)):
            with pytest.raises(AccountTrouble) as caught:
                read(reply(body, status))
            assert caught.value.kind == kind

    @pytest.mark.row("F025", "F035")
    @pytest.mark.parametrize("status", [200, 401, 402, 403, 404, 405, 413, 429, 500, 503])
    def test_a_gateways_page_proves_nothing_of_a_submit(self, status: int) -> None:
        with pytest.raises(Unclear) as caught:
            self.adapter.read_submit(reply(HTML, status))
        assert type(caught.value) is Unclear

    def test_a_wrong_address_is_trouble_on_a_submit(self) -> None:
        with pytest.raises(AccountTrouble) as caught:
            self.adapter.read_submit(reply(b"404 page not found", 404))
        assert caught.value.kind == "model"

    @pytest.mark.row("F033", "F034")
    @pytest.mark.parametrize(
        ("written", "seconds"),
        [
            ("120", 120), ("0", 1), ("-5", 1), ("0.5", 1), ("999999999999", 900), ("abc", None),
            ("", None), ("nan", None), ("1e3", None), ("9" * 5000, None),
            ("Mon, 05 Jan 2026 08:02:00 GMT", 120), ("Mon, 05 Jan 2099 08:00:00 GMT", 900),
            ("Mon, 05 Jan 2015 08:00:00 GMT", 1), ("Mon, 05 Jan 31000 08:00:00 GMT", None),
        ],
    )  # fmt: skip
    def test_patience_is_asked_for_within_reason(self, written: str, seconds: float | None) -> None:
        now = "Mon, 05 Jan 2026 08:00:00 GMT"
        for read in (self.adapter.read_submit, self.adapter.read_poll):
            with pytest.raises(Busy) as caught:
                read(reply(b"", 429, retry_after=written, date=now))
            assert caught.value.retry_after == seconds

    def test_a_date_without_the_senders_clock_says_nothing(self) -> None:
        with pytest.raises(Busy) as caught:
            answer = reply(b"", 429, retry_after="Mon, 05 Jan 2026 08:02:00 GMT")
            self.adapter.read_submit(answer)
        assert caught.value.retry_after is None

    def test_an_unlisted_code_in_the_providers_shape_counts_by_its_status(self) -> None:
        content = {"error": {"code": "4711", "message": "New."}, "code": 4711, "reason": "NEW"}
        with pytest.raises(Refused):
            self.adapter.read_submit(reply(content, 400))
        for broken in (content, {"code": 400, "message": "New."}):
            with pytest.raises(Unclear):
                self.adapter.read_submit(reply(broken, 500))

    def test_an_unreadable_400_is_not_taken_for_a_refusal(self) -> None:
        with pytest.raises(Unclear):
            self.adapter.read_submit(reply(HTML, 400))

    @pytest.mark.row("F029")
    def test_busy_inside_a_200_is_busy(self) -> None:
        with pytest.raises(Busy) as caught:
            self.adapter.read_submit(reply({"code": 429, "message": "queue full"}))
        assert caught.value.message == "queue full"

    def test_a_name_and_a_refusal_together_prove_nothing(self) -> None:
        content = {self.id_field: "t-1", "code": 429, "message": "queue full"}
        with pytest.raises(Unclear):
            self.adapter.read_submit(reply(content))

    def test_a_long_complaint_is_cut_and_can_be_printed(self) -> None:
        content = {"code": 400, "message": "x\x00\ud800" * 9000}
        with pytest.raises(Refused) as caught:
            self.adapter.read_submit(reply(content, 400))
        assert len(caught.value.message) <= 500
        assert caught.value.message.isprintable()

    # ── A poll's reply ────────────────────────────────────────────────────────────────────────

    @pytest.mark.row("F055")
    def test_an_unknown_word_is_a_mystery(self) -> None:
        progress = self.adapter.read_poll(reply(self.state("half-baked")))
        assert progress.stage is Stage.MYSTERY
        assert progress.word == "half-baked"

    @pytest.mark.row("F057")
    @pytest.mark.parametrize("links", [(), (None,), ("",), (7,), ("ftp://x/y",), ("javascript:1",)])
    def test_done_without_a_link_is_done_without_a_link(self, links: tuple[object, ...]) -> None:
        progress = self.adapter.read_poll(reply(self.state(self.done, links)))
        assert progress.stage is Stage.DONE
        assert progress.links == ()

    @pytest.mark.row("F058")
    def test_every_file_is_told_once_and_in_order(self) -> None:
        a, b = "https://files.example/a.mp4?x=1&y=2", "http://files.example/b.mp4"
        progress = self.adapter.read_poll(reply(self.state(self.done, (a, "data:x", b, a))))
        assert progress.stage is Stage.DONE
        assert progress.links == (a, b)

    def test_links_are_told_of_a_finished_job_only(self) -> None:
        progress = self.adapter.read_poll(reply(self.state(self.failed, ("https://f.example/a",))))
        assert progress.stage is Stage.FAILED
        assert progress.links == ()

    @pytest.mark.row("F061")
    def test_a_failure_without_a_reason_is_a_failure(self) -> None:
        progress = self.adapter.read_poll(reply(self.state(self.failed)))
        assert progress.stage is Stage.FAILED
        assert progress.complaint is not None
        assert (progress.complaint.kind, progress.charged) == ("provider", None)

    @pytest.mark.row("F050")
    @pytest.mark.parametrize("content", [b"", HTML, b"404 page not found", b"{}"])
    def test_a_job_it_does_not_know_is_gone(self, content: bytes) -> None:
        with pytest.raises(Gone) as caught:
            self.adapter.read_poll(reply(content, 404))
        assert caught.value.code == "HTTP 404"

    @pytest.mark.row("F054")
    @pytest.mark.parametrize("status", [200, 204, 302, 400, 408, 409, 418, 500, 502, 503])
    @pytest.mark.parametrize("content", [b"", HTML, b"[]", b"{}"])
    def test_garbage_on_a_poll_proves_nothing(self, status: int, content: bytes) -> None:
        with pytest.raises(Unclear) as caught:
            self.adapter.read_poll(reply(content, status))
        assert caught.value.message == ""

    @pytest.mark.parametrize("word", [None, 7.5, [], {}, True, ""])
    def test_a_poll_without_a_state_proves_nothing(self, word: object) -> None:
        with pytest.raises(Unclear):
            self.adapter.read_poll(reply(self.state(word)))

    @pytest.mark.row("F028")
    @pytest.mark.parametrize("data", HOSTILE, ids=lambda data: repr(data[:12]))
    def test_no_reader_falls_over_hostile_bytes(self, data: bytes) -> None:
        for read in self.readers():
            with pytest.raises(ProviderError) as caught:
                read(reply(data))
            assert isinstance(caught.value, Unclear)

    # ── Anything ──────────────────────────────────────────────────────────────────────────────

    @_inherited
    @given(content=json_values, status=statuses, written=header_texts)
    def test_readers_raise_nothing_else_over_any_json(
        self, content: Any, status: int, written: str
    ) -> None:
        answer = reply(json.dumps(content).encode(), status, retry_after=written, date=written)
        self._read_all(answer)

    @_inherited
    @given(data=st.binary(max_size=300), status=statuses)
    def test_readers_raise_nothing_else_over_any_bytes(self, data: bytes, status: int) -> None:
        self._read_all(reply(data, status))

    @_inherited
    @given(
        word=_words, links=st.lists(_scalars, max_size=4), more=st.dictionaries(_names, json_values)
    )
    def test_readers_raise_nothing_else_over_any_field(
        self, word: str, links: list[object], more: dict[str, Any]
    ) -> None:
        self._read_all(reply(self.state(word, tuple(links)) | more))

    def _read_all(self, answer: Reply) -> None:
        for read in self.readers():
            try:
                read(answer)
            except ProviderError as error:
                assert len(error.message) <= 500
                assert error.retry_after is None or 1 <= error.retry_after <= 900

    # ── What it can do ────────────────────────────────────────────────────────────────────────

    def test_it_does_what_its_traits_say_and_denies_the_rest(self) -> None:
        wire, can = self.adapter, traits(self.provider)
        calls: list[tuple[bool, Callable[[], Request]]] = [
            (can.can_cancel, lambda: wire.cancel("t-1", ACCESS)),
            (can.lookup, lambda: wire.find(UID, ACCESS)),
            (can.tells_balance, lambda: wire.balance(ACCESS)),
        ]
        for allowed, call in calls:
            if allowed:
                assert call().url.startswith("https://provider.example/base/")
            else:
                with pytest.raises(Unsupported):
                    call()

    def test_nothing_is_relied_on_that_was_not_measured(self) -> None:
        can = traits(self.provider)
        assert not any((can.free, can.repeatable, can.failed_is_free))

    def test_every_mode_of_its_models_is_known(self) -> None:
        assert {mode for spec in jobs.sold(self.provider) for mode in spec.modes} <= set(Mode)
