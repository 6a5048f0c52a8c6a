"""Sentences about audits in which nothing could be decided: skipped, failed, timed out or gone."""

import re

from autotag.domain.model.audit import Audit
from autotag.domain.model.labels import ADDONS, REKOGNITION
from autotag.domain.sentences.numbers import counted
from autotag.domain.sentences.rule_path import parse_rule_path
from autotag.domain.sentences.sentence import Sentence, sentence

_SKIPS = re.compile(r"(?P<path>.*) leaves these assets alone", re.DOTALL)
_NO_LABELS = re.compile(r"the asset has no categorization by (?P<providers>.*)", re.DOTALL)
_TOO_FEW = re.compile(r"(?P<path>.*\.agree): (?P<number>\d+) of (?P<agree>\d+) have labels", re.DOTALL)


def undecided(audit: Audit, cause: str) -> Sentence | None:
    """Return why nothing was decided on the asset of ``audit``, or None if Cloudinary refused what was decided."""
    reason = audit.reason if isinstance(audit.reason, str) else ""
    match audit.outcome:
        case "skipped":
            return _skipped(reason, cause)
        case "timed_out":
            return sentence(f"No labels came in time, so no tag changed ({reason or 'the deadline passed'}).")
        case "gone":
            deleted = audit.trigger.notification_type == "delete"
            found = (
                "The picture was deleted in" if deleted else f"{cause}, autotag found that the picture is no longer in"
            )
            return sentence(f"{found} Cloudinary.")
        case "failed" if reason.split(": ", 1)[0] == REKOGNITION:
            return sentence(f"{cause}, Rekognition could not label the picture, so no tag changed ({reason}).")
        case "failed" if reason.split(": ", 1)[0] in ADDONS:
            return sentence(f"{cause}, Cloudinary could not label the picture, so no tag changed ({reason}).")
        case "failed" if reason.startswith(_UNREADABLE):
            return sentence(f"{cause}, autotag could not decide, so no tag changed ({reason}).")
    return None


_UNREADABLE = ("the asset cannot be read", "what is known of the asset is too large")


def _skipped(reason: str, cause: str) -> Sentence:
    match = _SKIPS.fullmatch(reason)
    path = parse_rule_path(match["path"]) if match else None
    if match and path:
        says = path.verb("says", "say")
        return sentence(f"{cause}, autotag left the picture alone because {says} so.", rule=match["path"])
    if match := _NO_LABELS.fullmatch(reason):
        return sentence(f"{cause}, there was nothing to decide: the picture has no labels of {match['providers']}.")
    if match := _TOO_FEW.fullmatch(reason):
        number, agree = int(match["number"]), int(match["agree"])
        has = f"{counted(number, 'provider')} {'has' if number == 1 else 'have'} labels of the picture"
        path = parse_rule_path(match["path"])
        asks = path.verb("asks", "ask") if path else "the rules ask"
        return sentence(f"{cause}, nothing was decided: {has}, and {asks} for {agree}.", rule=match["path"])
    return sentence(f"{cause}, autotag left the picture alone: {reason}.")
