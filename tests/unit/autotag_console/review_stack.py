"""A stack as the pages of reviews see it: a queue in memory, and answers that are taken, refused or lost."""

from typing import Any

import msgspec

from autotag.domain.errors import Retryable
from autotag.domain.model.labels import label_key
from autotag.service.operations.api import Request
from autotag.service.review.queue import ReviewList
from autotag.service.review.requests import Choice, ReviewDecide, ReviewProgress
from autotag.service.review.summary import ReviewSummary


def question(
    tag: str, confidence: float = 0.5754, threshold: float = 0.7, *, label: str = "Musician"
) -> dict[str, Any]:
    """Return a question as the service lists it."""
    labels = [{"label": label, "provider": "aws_rek_tagging", "confidence": confidence}]
    return {
        "tag": tag, "labels": labels, "threshold": threshold, "review": 0.55, "because": "defaults.review",
        "asked": True,
    }  # fmt: skip


def waiting(asset_id: str, *questions: dict[str, Any], public_id: str = "", **more: Any) -> dict[str, Any]:
    """Return an asset with its questions as the service lists it."""
    asset = {
        "asset_id": asset_id, "public_id": public_id or f"stage/{asset_id}", "resource_type": "image",
        "type": "upload", "version": 1791460800,
    }  # fmt: skip
    found = {"format": "jpg", "folder": "stage", "since": "2026-10-08T12:00:00Z", "current_tags": ["people"]}
    return {"asset": asset | more.pop("ref", {}), "tags": list(questions), **found, **more}


class ReviewStack:
    """Answers requests about reviews. ``asked`` keeps them; ``refusals`` has a reason by (asset_id, tag)."""

    def __init__(self) -> None:
        self.queue: list[dict[str, Any]] = []
        self.asked: list[Request] = []
        self.refusals: dict[tuple[str, str], str] = {}
        self.carried_out = False
        self.is_down = False
        self.page = 100
        self._ids = 0

    def __call__(self, request: Request) -> bytes:
        """Answer one request."""
        self.asked.append(request)
        if self.is_down:
            raise Retryable("the stack does not answer")
        match request:
            case ReviewSummary():
                return msgspec.json.encode(self._summary())
            case ReviewList():
                return msgspec.json.encode(self._listed(request))
            case ReviewDecide():
                return msgspec.json.encode(self._decided(request.decisions))
            case ReviewProgress():
                return msgspec.json.encode(self._progress(request.decisions))
            case _:
                raise AssertionError(f"unexpected: {request}")

    @property
    def decisions(self) -> list[Choice]:
        """The decisions that arrived."""
        return [each for request in self.asked if isinstance(request, ReviewDecide) for each in request.decisions]

    def _summary(self) -> dict[str, Any]:
        tags = [label_key(each["tag"]) for asset in self.queue for each in asset["tags"]]
        counts = [{"tag": tag, "questions": tags.count(tag), "oldest": None} for tag in dict.fromkeys(tags)]
        return {
            "assets": len(self.queue), "questions": len(tags), "oldest": None, "tags": counts, "folders": [],
            "unindexed": 0, "cloud_name": "acme",
        }  # fmt: skip

    def _listed(self, request: ReviewList) -> dict[str, Any]:
        start = int(request.cursor.partition(":")[0] or 0)
        found = [each for each in self.queue if not request.tag or _only(each, request.tag)["tags"]]
        page = found[start : start + min(self.page, request.limit)]
        cursor = f"{start + len(page)}:x" if start + len(page) < len(found) else None
        shown = [_only(each, request.tag) if request.tag else each for each in page]
        return {"assets": shown, "cursor": cursor, "cloud_name": "acme", "waiting": len(found)}

    def _decided(self, decisions: tuple[Choice, ...]) -> dict[str, Any]:
        report: dict[str, list[dict[str, Any]]] = {"queued": [], "done": [], "refused": []}
        for each in decisions:
            named = {"asset": each.asset, "tag": each.tag, "verdict": each.verdict}
            if why := self.refusals.get((each.asset, each.tag)):
                report["refused"].append({**named, "why": why})
                continue
            self._ids += 1
            more = {
                "public_id": f"stage/{each.asset}",
                "version": each.version,
                "audit_id": f"{each.asset}.{self._ids}",
            }
            report["queued"].append({**named, **more, **({"of": each.of} if each.of else {})})
        return report

    def _progress(self, decisions: tuple[Choice, ...]) -> dict[str, Any]:
        report: dict[str, list[dict[str, Any]]] = {"done": [], "under_way": [], "refused": []}
        for each in decisions:
            named = {"asset": each.asset, "tag": each.tag, "verdict": each.verdict}
            why = self.refusals.get((each.asset, each.tag))
            if why:
                report["refused"].append({**named, "why": why})
            else:
                report["done" if self.carried_out else "under_way"].append(named)
        return report


def _only(asset: dict[str, Any], tag: str) -> dict[str, Any]:
    key = label_key(tag)
    wanted = [each for each in asset["tags"] if label_key(each["tag"]) == key]
    return {**asset, "tags": wanted, "others": [each for each in asset["tags"] if each not in wanted]}
