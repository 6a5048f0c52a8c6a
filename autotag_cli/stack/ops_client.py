"""Asking the ops function: JSON over its Function URL, signed with SigV4 so that it knows who asks."""

from typing import Any

import msgspec
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from autotag.domain.errors import Invalid, Missing
from autotag.domain.model.strict_json import decode as decode_json
from autotag.service.operations.api import ListAudits, Request, Show
from autotag.service.operations.health import Health
from autotag.service.operations.replay import Replay
from autotag.service.operations.scan import Scan
from autotag.service.review.queue import ReviewList
from autotag.service.review.requests import Choice, ReviewDecide, ReviewProgress, Sent
from autotag.service.rules.publish import Pushed, PushRules, TellRules
from autotag.service.runs.requests import ControlRun, ListRuns, PlanRun, ShowRun, StartRun
from autotag_cli.errors import Failure
from autotag_cli.stack.scanned_asset import RawPage
from autotag_cli.stack.target import Reply, Target, Transport

_PAGE = 100
"""The most audits that the ops function gives at once."""


class _Fault(msgspec.Struct):
    message: str


class _Refusal(msgspec.Struct):
    error: _Fault


class OpsClient:
    """Speaks to one stack's ops function.

    Every method raises ``Missing`` where there is no such asset, ``Invalid`` where the name is ambiguous (the message
    lists the asset_ids), and ``Failure`` where no proper answer comes.
    """

    def __init__(self, target: Target, post: Transport) -> None:
        self._target, self._post = target, post

    def show(self, asset: str) -> dict[str, Any]:
        """Return the state of an asset, named by its asset_id or public_id."""
        return self._ask(Show(asset), dict[str, Any])

    def audits(self, asset: str, limit: int) -> list[dict[str, Any]]:
        """Return up to ``limit`` audits of an asset, the youngest first: all, where they are fewer.

        A page may hold fewer than were asked for, as far as an answer has room; an empty one is the last.
        """
        found: list[dict[str, Any]] = []
        before = ""
        while len(found) < limit:
            page = self._ask(ListAudits(asset, min(_PAGE, limit - len(found)), before), list[dict[str, Any]])
            if not page:
                break
            found += page
            before = str(page[-1].get("audit_id", ""))
        return found

    def rules(self, *, text: bool = False) -> dict[str, Any]:
        """Return which rules are active and which ones a worker has last taken up; with ``text``, what they say."""
        return self._ask(TellRules(text), dict[str, Any])

    def push_rules(self, text: str, seq: int | None) -> Pushed:
        """Publish rules over those with the number ``seq``; raises ``Failure`` where others were pushed meanwhile."""
        return self._ask(PushRules(text, seq), Pushed)

    def replay(self, audit_id: str) -> dict[str, Any]:
        """Decide again what an audit records, and compare."""
        return self._ask(Replay(audit_id), dict[str, Any])

    def scan(self, segment: int, segments: int, cursor: str, limit: int) -> RawPage:
        """Return a page of one of ``segments`` parts of all assets, and the cursor of the next page, or None."""
        return self._ask(Scan(segment, segments, cursor, limit), RawPage)

    def health(self) -> dict[str, Any]:
        """Return how the service is: what is due, waits, is stopped or used up."""
        return self._ask(Health(), dict[str, Any])

    def plan_run(self, asked: PlanRun) -> dict[str, Any]:
        """Return a page of what a retag or a revert would change, and the cursor of the next page, or None."""
        return self._ask(asked, dict[str, Any])

    def start_run(self, asked: StartRun) -> dict[str, Any]:
        """Begin a run, and return it."""
        return self._ask(asked, dict[str, Any])

    def show_run(self, run: str, *, advance: bool = False) -> dict[str, Any]:
        """Return how far the run with the whole id ``run`` is; with ``advance`` it is gone on with first."""
        return self._ask(ShowRun(run, advance), dict[str, Any])

    def runs(self) -> list[dict[str, Any]]:
        """Return the last runs, the youngest first."""
        return self._ask(ListRuns(), dict[str, list[dict[str, Any]]])["runs"]

    def control_run(self, asked: ControlRun) -> dict[str, Any]:
        """Pause, resume or cancel a run, and return it; raises ``Failure`` where it is not in a state for that."""
        return self._ask(asked, dict[str, Any])

    def review_list(self, asked: ReviewList) -> dict[str, Any]:
        """Return a page of the tags that people are asked about, and the cursor of the next page, or None."""
        return self._ask(asked, dict[str, Any])

    def review_decide(self, decisions: tuple[Choice, ...]) -> dict[str, list[dict[str, Any]]]:
        """Queue up to a hundred answers; return those ``queued``, those ``done`` already and those ``refused``."""
        return self._ask(ReviewDecide(decisions), dict[str, list[dict[str, Any]]])

    def review_progress(self, decisions: tuple[Sent, ...]) -> dict[str, list[dict[str, Any]]]:
        """Return which of up to a hundred answers are ``done``, ``under_way`` or ``refused`` by now."""
        return self._ask(ReviewProgress(decisions), dict[str, list[dict[str, Any]]])

    def _ask[T](self, request: Request, type_: type[T]) -> T:
        body = msgspec.json.encode(request)
        signed = AWSRequest("POST", self._target.ops_url, headers={"content-type": "application/json"}, data=body)
        SigV4Auth(ReadOnlyCredentials(*self._target.keys), "lambda", self._target.region).add_auth(signed)
        reply = self._post(self._target.ops_url, dict(signed.headers.items()), body)
        if reply.status != 200:
            raise self._refused(reply)
        try:
            return decode_json(reply.body, type_)
        except msgspec.DecodeError as error:
            raise Failure(f"the ops function's answer is not understood ({error})") from error

    def _refused(self, reply: Reply) -> Invalid | Missing | Failure:
        try:
            refusal: _Refusal = decode_json(reply.body, _Refusal)
            message = refusal.error.message
        except msgspec.DecodeError:  # not our function's words, but Lambda's
            message = ""
        stack = self._target.stack
        match reply.status:
            case 400 if message:
                return Invalid("", message)
            case 404 if message:
                return Missing(message)
            case 409 if message:
                return Failure(f"nothing was changed: {message}")
            case 403:
                return Failure(
                    f"AWS does not let you call the ops function of {stack!r}: the caller needs "
                    "lambda:InvokeFunctionUrl and lambda:InvokeFunction on it, and a valid session"
                )
            case 404:
                return Failure(f"there is no ops function of {stack!r} at {self._target.ops_url}")
            case 429 | 503:
                return Failure(f"the ops function of {stack!r} is busy, try again: {message or reply.status}")
            case _:
                return Failure(f"the ops function of {stack!r} failed ({reply.status}), its log says why")
