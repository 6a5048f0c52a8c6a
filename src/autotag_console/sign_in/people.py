"""Who a person is, by the claims of the provider: pure functions."""

import hashlib
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from autotag_console.ask import Denied

SLACK_SECONDS = 60
"""How far the clocks of provider and console may differ."""

_LONGEST_NAME = 255
_MOST_GROUPS = 1000


class NotAuthentic(Denied):
    """A login that cannot be believed. The message is a sentence without any part of the token."""


class Person(NamedTuple):
    """A person who signed in: the name for audits, the groups, when the provider asked for the person (0: unknown)."""

    caller: str
    groups: tuple[str, ...]
    asked_at: int


def check_claims(claims: Mapping[str, Any], issuer: str, client_id: str, nonce: str, now: int) -> None:
    """Raise ``NotAuthentic`` unless an ID token is for this login (OpenID Connect Core 1.0, section 3.1.3.7)."""
    if claims.get("iss") != issuer:
        raise NotAuthentic("the login is of another issuer than the console expects")
    if claims.get("aud") not in (client_id, [client_id]):
        raise NotAuthentic("the login is for another application")
    if claims.get("azp", client_id) != client_id:
        raise NotAuthentic("the login was given to another application")
    if not nonce or claims.get("nonce") != nonce:
        raise NotAuthentic("the login does not belong to this browser")
    if _time(claims.get("exp")) + SLACK_SECONDS <= now:
        raise NotAuthentic("the login has expired")
    if _time(claims.get("nbf", 0)) - SLACK_SECONDS > now:
        raise NotAuthentic("the login is not valid yet")
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise NotAuthentic("the login names nobody")


def person_of(claims: Mapping[str, Any], issuer: str, groups_claim: str) -> Person:
    """Return who the checked ``claims`` are about.

    An email counts only if the provider verified it: anyone can enter another's. Some say so in text (Cognito's
    developer guide, *UserInfo endpoint*: ``"email_verified": "true"``).
    """
    verified = claims.get("email_verified")
    email = claims.get("email") if verified is True or verified == "true" else None
    name = email if _is_name(email) else _subject_name(claims["sub"])
    given = email if groups_claim == "email" else claims.get(groups_claim)
    listed = given if isinstance(given, list) else [given]
    groups = tuple(each for each in listed[:_MOST_GROUPS] if isinstance(each, str) and each)
    return Person(
        f"oidc:{urlsplit(issuer).hostname}:{name}",
        groups,
        _time(claims.get("auth_time")),
    )


def _subject_name(subject: str) -> str:
    """Return the subject, or a word of its own for one that cannot stand in an audit, or reads like an email."""
    readable = _is_name(subject) and "@" not in subject
    return subject if readable else f"sub-{hashlib.sha256(subject.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _is_name(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text) <= _LONGEST_NAME and text.isprintable() and " " not in text


def _time(value: object) -> int:
    """Return a time of a claim in unix seconds, 0 for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 2**53:
        return 0
    return int(value)
