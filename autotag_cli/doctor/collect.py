"""Collection of the facts; one that fails is ``Unknown`` and does not stop the others."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from autotag.domain.errors import AutotagError
from autotag.domain.sentences.operations.result import Unknown
from autotag.service.review.summary import ReviewSummary
from autotag_cli.cloudinary.account import Account, account_of
from autotag_cli.cloudinary.upload_presets import UploadPresets
from autotag_cli.doctor.calls import Caller
from autotag_cli.doctor.concurrency import read_concurrency
from autotag_cli.doctor.facts import Clocks, Facts
from autotag_cli.doctor.intents import find_lost_intents, mend_lost_intents
from autotag_cli.doctor.listeners import read_listeners
from autotag_cli.doctor.neighbors import ask_addresses, other_function_urls
from autotag_cli.doctor.package import foreign_architecture
from autotag_cli.doctor.work import read_ages, read_last_results, read_stopped
from autotag_cli.review.summary_view import read_summary
from autotag_cli.setup.destinations import Destination, destinations_of, left_uris, webhook_of
from autotag_cli.setup.diagnosis import Diagnosis
from autotag_cli.setup.intake.left_channel import read_left_channels
from autotag_cli.setup.secret_document import Document, signing_secrets
from autotag_cli.setup.secret_store import open_secret_store
from autotag_cli.setup.triggers import Triggers
from autotag_cli.setup.webhook_log import LogEntry, read_log
from autotag_cli.setup.webhook_ping import ping_webhook
from autotag_cli.stack.active_rules import active_providers
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.stack.target import Target

_HOUR, _DAY = 3600.0, 86400.0


def collect_facts(environment: Environment, target: Target, option: str, *, mend: bool = False) -> Facts:
    """Return the facts from AWS, the stack and Cloudinary; ``option`` names the stack in a suggested command.

    ``mend``: lost intents are also handed to the workers; raises ``Failure`` if that is not possible.
    """
    client = OpsClient(target, environment.post)
    health = _or_unknown(client.health)
    answered_at = environment.now()
    destinations = _or_unknown(lambda: destinations_of(target.outputs))
    document = _or_unknown(lambda: open_secret_store(environment, target).read())
    stored_destinations = _or_unknown(
        lambda: tuple(open_secret_store(environment, target).stored_destinations().values())
    )
    stored = () if isinstance(stored_destinations, Unknown) else stored_destinations
    left = [] if isinstance(destinations, Unknown) else left_uris(stored, destinations)
    own_account = _or_unknown(lambda: account_of(environment.variables))
    service, operator = _service(environment, document, health), _operator(environment, own_account)
    service_ping = service.ping() if service else None
    operator_ping = operator.ping() if operator else None
    caller = service if service_ping and service_ping.accepted else operator or service
    usage = _ask(caller, lambda caller: caller.get("usage"))
    triggers = _ask(caller, lambda caller: Triggers(caller.client).fetch())
    presets = _ask(caller, lambda caller: UploadPresets(caller.client).newest())
    return Facts(
        option=option,
        now=environment.now(),
        outputs=target.outputs,
        account=own_account,
        destinations=destinations,
        stored_destinations=stored,
        document=document,
        health=health,
        providers=_or_unknown(lambda: active_providers(client)),
        service=service_ping,
        operator=operator_ping,
        usage=usage,
        triggers=triggers,
        presets=presets,
        limits=caller.limits if caller else None,
        clocks=Clocks(caller.ahead if caller else None, _ahead(health, answered_at)),
        log=_or_unknown(lambda: _log(environment, target)),
        webhook=_webhook(environment, destinations, document),
        stack=target.stack,
        foreign_architecture=_foreign_architecture(environment, target, health),
        stopped=_or_unknown(lambda: read_stopped(environment, target)),
        ages=_or_unknown(lambda: read_ages(environment, target)),
        last_results=_or_unknown(lambda: read_last_results(environment, target)),
        neighbors=ask_addresses(environment, other_function_urls(triggers, destinations, stored)),
        left_channels=_ask(caller, lambda caller: read_left_channels(caller.client, left)) if left else (),
        concurrency=_or_unknown(lambda: read_concurrency(environment, target)),
        lost_intents=mend_lost_intents(client) if mend else _or_unknown(lambda: find_lost_intents(client)),
        listeners=_or_unknown(lambda: read_listeners(environment, target)),
        questions=_or_unknown(lambda: read_summary(client.review_summary(ReviewSummary()))),
    )


def _or_unknown[T](read: Callable[[], T]) -> T | Unknown:
    try:
        return read()
    except AutotagError as error:
        return Unknown(str(error))


def _ask[T](caller: Caller | None, request: Callable[[Caller], T]) -> T | Unknown:
    if caller is None:
        return Unknown("there are no credentials to call Cloudinary with")
    return _or_unknown(lambda: request(caller))


def _service(
    environment: Environment, document: tuple[Document, str] | Unknown, health: dict[str, Any] | Unknown
) -> Caller | None:
    """Return a caller with the secret's credentials and the stack's API address; None if one is not known."""
    if isinstance(document, Unknown) or isinstance(health, Unknown) or document[1]:
        return None
    secret, base = document[0], health["settings"]["cloudinary_api_base"]
    return Caller(environment, Account(secret["cloud_name"], secret["api_key"], secret["api_secret"], base))


def _operator(environment: Environment, own_account: Account | Unknown) -> Caller | None:
    return None if isinstance(own_account, Unknown) else Caller(environment, own_account)


def _ahead(health: dict[str, Any] | Unknown, answered_at: float) -> float | None:
    return None if isinstance(health, Unknown) else datetime.fromisoformat(health["now"]).timestamp() - answered_at


def _foreign_architecture(environment: Environment, target: Target, health: dict[str, Any] | Unknown) -> str | None:
    """Return the functions' processor if that is why the ops function fails; not known counts as another reason."""
    if not isinstance(health, Unknown):
        return None
    found = _or_unknown(lambda: foreign_architecture(environment, target))
    return None if isinstance(found, Unknown) else found


def _log(environment: Environment, target: Target) -> list[LogEntry]:
    """Return the log of the last hour, or of the last day if no notification was accepted within the hour."""
    entries = read_log(environment, target, environment.now() - _HOUR)
    accepted = any(entry.message == "accepted" for entry in entries)
    return entries if accepted else read_log(environment, target, environment.now() - _DAY)


def _webhook(
    environment: Environment, destinations: tuple[Destination, ...] | Unknown, document: tuple[Document, str] | Unknown
) -> Diagnosis | Unknown | None:
    if isinstance(destinations, Unknown):
        return destinations
    webhook = webhook_of(destinations)
    if webhook is None:
        return None
    if isinstance(document, Unknown) or document[1]:
        return Unknown("there is no secret to sign a test request with")
    return ping_webhook(environment, webhook, signing_secrets(document[0]))
