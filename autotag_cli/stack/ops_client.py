"""A client of the ops function: JSON over its Function URL, signed with SigV4 so that the caller is known."""

from collections.abc import Sequence
from typing import Any

import msgspec
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from autotag.domain.errors import Invalid, Missing
from autotag.domain.model.strict_json import decode as decode_json
from autotag.service.exports.start import StartExport
from autotag.service.operations.access import Access, needed
from autotag.service.operations.api import ListAudits, Request, Show
from autotag.service.operations.health import Health
from autotag.service.operations.lost_intents import FinishIntents, LostIntents
from autotag.service.operations.replay import Replay
from autotag.service.operations.scan import Scan
from autotag.service.review.queue import ReviewList
from autotag.service.review.requests import Choice, ReviewDecide, ReviewProgress, Sent
from autotag.service.review.sample import LabelChoice, ReviewSample
from autotag.service.review.summary import ReviewSummary
from autotag.service.rules.publish import Pushed, PushRules, ShowRules
from autotag.service.rules.versions import ListPushes, ShowVersion
from autotag.service.runs.requests import ControlRun, ListRuns, PlanRun, ShowRun, StartRun
from autotag_cli.errors import AccessDenied, ChangedMeanwhile, Failure
from autotag_cli.stack.scan.scanned_asset import RawPage
from autotag_cli.stack.target import Reply, Target, Transport
from autotag_cli.terminal.waiting import waiting_for

_URLS: dict[Access, str] = {"view": "ViewUrl", "review": "ReviewUrl", "operate": "OpsUrl"}
"""The output with the URL for each level of access: IAM lets a caller use some of them."""

_POLICIES: dict[Access, str] = {"view": "Viewer", "review": "Reviewer", "operate": "Operator"}

_PAGE = 100
"""The most audits, or pushes of rules, that the ops function returns at once."""


class _ErrorMessage(msgspec.Struct):
    message: str


class _ErrorAnswer(msgspec.Struct):
    error: _ErrorMessage


class IntentPage(msgspec.Struct):
    """The asset_ids of a page, and the cursor of the next one; None: it was the last of its segment."""

    assets: list[str]
    cursor: str | None


class OpsClient:
    """A client of the ops functions of the stack ``target``: each request goes to the one that asks for least access.

    Every method raises ``Missing`` if there is no such asset, ``Invalid`` if the name is ambiguous (the message lists
    the asset_ids), and ``Failure`` if no valid answer comes.
    """

    def __init__(self, target: Target, post: Transport) -> None:
        self.target, self._post = target, post

    def show(self, asset: str, *, raw: bool = False) -> dict[str, Any]:
        """Return the state of an asset, named by its asset_id or public_id; ``raw``: every field, as stored."""
        return self._ask(Show(asset, raw), dict[str, Any])

    def audits(self, asset: str, limit: int, *, raw: bool = False) -> list[dict[str, Any]]:
        """Return up to ``limit`` audits of an asset, the newest first; ``raw``: every field, as stored.

        A page may hold fewer than requested, as the size of an answer is limited; an empty page is the last.
        """
        audits: list[dict[str, Any]] = []
        before = ""
        while len(audits) < limit:
            page = self._ask(ListAudits(asset, min(_PAGE, limit - len(audits)), before, raw), list[dict[str, Any]])
            if not page:
                break
            audits += page
            before = str(page[-1].get("audit_id", ""))
        return audits

    def rules(self, *, text: bool = False) -> dict[str, Any]:
        """Return the active rules and those that a worker loaded last; with ``text``, including their text."""
        return self._ask(ShowRules(text), dict[str, Any])

    def push_rules(self, text: str, seq: int | None, sets: dict[str, tuple[str, ...]] | None = None) -> Pushed:
        """Publish rules in place of number ``seq`` (None: any); ``sets``: the labels of the categories that they name.

        Raises ``Failure`` if others were pushed meanwhile.
        """
        return self._ask(PushRules(text, seq, sets or {}), Pushed)

    def rules_pushes(self, limit: int, *, before: int = 0) -> list[dict[str, Any]]:
        """Return up to ``limit`` pushes of rules, the newest first, of numbers below ``before`` (0: all)."""
        pushes: list[dict[str, Any]] = []
        while len(pushes) < limit:
            request = ListPushes(min(_PAGE, limit - len(pushes)), before)
            if not (page := self._ask(request, dict[str, list[dict[str, Any]]])["pushes"]):
                break
            pushes += page
            before = int(page[-1]["seq"])
        return pushes

    def rules_version(self, version: str) -> dict[str, Any]:
        """Return the name and text of a version; raises ``Missing`` if it is not stored."""
        return self._ask(ShowVersion(version), dict[str, Any])

    def replay(self, audit_id: str) -> dict[str, Any]:
        """Return the comparison of an audit with a new decision from what it records."""
        return self._ask(Replay(audit_id), dict[str, Any])

    def scan(self, segment: int, segments: int, cursor: str, limit: int) -> RawPage:
        """Return a page of one of ``segments`` parts of all assets, and the cursor of the next page, or None."""
        return self._ask(Scan(segment, segments, cursor, limit), RawPage)

    def start_export(self, request: StartExport) -> dict[str, Any]:
        """Start an export to the stack's bucket; raises ``Missing`` if it has none."""
        return self._ask(request, dict[str, Any])

    def lost_intents(self, segment: int, segments: int, cursor: str) -> IntentPage:
        """Return a page of the assets whose open intent waits for a message that may be gone."""
        return self._ask(LostIntents(segment, segments, cursor), IntentPage)

    def finish_intents(self, asset_ids: Sequence[str]) -> None:
        """Have the workers finish what is due of up to a thousand assets."""
        self._ask(FinishIntents(tuple(asset_ids)), dict[str, Any])

    def health(self) -> dict[str, Any]:
        """Return the service's health: what is due, waits, is stopped or used up."""
        return self._ask(Health(), dict[str, Any])

    def plan_run(self, request: PlanRun) -> dict[str, Any]:
        """Return a page of what a retag or a revert would change, and the cursor of the next page, or None."""
        return self._ask(request, dict[str, Any])

    def start_run(self, request: StartRun) -> dict[str, Any]:
        """Start a run, and return it."""
        return self._ask(request, dict[str, Any])

    def show_run(self, run: str, *, advance: bool = False) -> dict[str, Any]:
        """Return the progress of the run with the full id ``run``; with ``advance``, the run is advanced first."""
        return self._ask(ShowRun(run, advance), dict[str, Any])

    def runs(self) -> list[dict[str, Any]]:
        """Return the last runs, the newest first."""
        return self._ask(ListRuns(), dict[str, list[dict[str, Any]]])["runs"]

    def control_run(self, request: ControlRun) -> dict[str, Any]:
        """Pause, resume or cancel a run, and return it; raises ``Failure`` if its state does not allow that."""
        return self._ask(request, dict[str, Any])

    def review_list(self, request: ReviewList) -> dict[str, Any]:
        """Return a page of the tags in review, and the cursor of the next page, or None."""
        return self._ask(request, dict[str, Any])

    def review_summary(self, request: ReviewSummary) -> dict[str, Any]:
        """Return the numbers of questions in the review queue, by tag and by folder, of up to half a minute ago."""
        return self._ask(request, dict[str, Any])

    def review_decide(self, decisions: tuple[Choice, ...]) -> dict[str, list[dict[str, Any]]]:
        """Queue up to a hundred answers; return those ``queued``, those ``done`` already and those ``refused``."""
        return self._ask(ReviewDecide(decisions), dict[str, list[dict[str, Any]]])

    def review_progress(self, decisions: tuple[Sent, ...]) -> dict[str, list[dict[str, Any]]]:
        """Return which of up to a hundred answers are ``done``, ``under_way`` or ``refused`` by now."""
        return self._ask(ReviewProgress(decisions), dict[str, list[dict[str, Any]]])

    def review_sample(self, entries: tuple[LabelChoice, ...]) -> dict[str, list[dict[str, Any]]]:
        """Have people asked about up to a hundred labels of assets; return what is ``queued``, by asset and version."""
        return self._ask(ReviewSample(entries), dict[str, list[dict[str, Any]]])

    def _ask[T](self, request: Request, type_: type[T]) -> T:
        if isinstance(request, Scan | PlanRun | LostIntents):  # one of many, whose progress is shown
            body = self.answer(request)
        else:
            with waiting_for(f"an answer from the stack {self.target.stack}"):
                body = self.answer(request)
        try:
            return decode_json(body, type_)
        except msgspec.DecodeError as error:
            raise Failure(f"the ops function's answer is not understood ({error})") from error

    def answer(self, request: Request) -> bytes:
        """Return the answer to any request, in JSON."""
        access = needed(request)
        url = self.target.outputs.get(_URLS[access], self.target.ops_url)  # an older stack has one URL
        body = msgspec.json.encode(request)
        signed = AWSRequest("POST", url, headers={"content-type": "application/json"}, data=body)
        SigV4Auth(ReadOnlyCredentials(*self.target.keys), "lambda", self.target.region).add_auth(signed)
        reply = self._post(url, dict(signed.headers.items()), body)
        if reply.status != 200:
            raise self._error_of(reply, url, access)
        return reply.body

    def _error_of(self, reply: Reply, url: str, access: Access) -> Invalid | Missing | Failure:
        try:
            answer: _ErrorAnswer = decode_json(reply.body, _ErrorAnswer)
            message = answer.error.message
        except msgspec.DecodeError:  # an answer of Lambda itself, not of the ops function
            message = ""
        stack = self.target.stack
        match reply.status:
            case 400 if message:
                return Invalid("", message)
            case 404 if message:
                return Missing(message)
            case 409 if message:
                return ChangedMeanwhile(f"nothing was changed: {message}")
            case 403:
                policy = self.target.outputs.get(f"{_POLICIES[access]}PolicyArn", "")
                return AccessDenied(
                    f"AWS does not let you {access} on {stack!r}: the caller needs lambda:InvokeFunctionUrl and "
                    "lambda:InvokeFunction on its function, and a valid session"
                    + (f"; the policy {policy} gives them" if policy else "")
                )
            case 404:
                return Failure(f"there is no ops function of {stack!r} at {url}")
            case 429 | 503:
                return Failure(f"the ops function of {stack!r} is busy, try again: {message or reply.status}")
            case _:
                return Failure(f"the ops function of {stack!r} failed ({reply.status}), its log says why")
