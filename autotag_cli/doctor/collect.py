"""Finding everything out; what fails is ``Unknown`` and keeps nothing else from being found out."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from autotag.domain.errors import AutotagError
from autotag.domain.rules.parse import parse_rules
from autotag_cli.cloudinary.account import Account, account
from autotag_cli.doctor.calls import Caller
from autotag_cli.doctor.checks.check import Unknown
from autotag_cli.doctor.findings import Clocks, Facts
from autotag_cli.setup.destinations import Place, places
from autotag_cli.setup.secret_document import Document
from autotag_cli.setup.secret_store import vault
from autotag_cli.setup.steps import signers
from autotag_cli.setup.triggers import Triggers
from autotag_cli.setup.webhook_log import Entry, entries
from autotag_cli.setup.webhook_ping import Knocked, knock
from autotag_cli.stack.environment import Outside
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.stack.target import Target

_HOUR, _DAY = 3600.0, 86400.0


def examine(world: Outside, target: Target, option: str) -> Facts:
    """Ask AWS, the stack and Cloudinary; ``option`` is what names the stack in a command."""
    client = OpsClient(target, world.post)
    health = _tried(client.health)
    asked_at = world.now()
    wanted = _tried(lambda: places(target.outputs))
    document = _tried(lambda: vault(world, target).read())
    remembered = _tried(lambda: tuple(vault(world, target).remembered().values()))
    known = _tried(lambda: account(world.environment))
    service, operator = _service(world, document, health), _operator(world, known)
    service_ping = service.ping() if service else None
    operator_ping = operator.ping() if operator else None
    asked = service if service_ping and service_ping.accepted else operator or service
    usage = _asked(asked, lambda caller: caller.get("usage"))
    triggers = _asked(asked, lambda caller: Triggers(caller.client).listed())
    return Facts(
        option=option,
        now=world.now(),
        outputs=target.outputs,
        account=known,
        wanted=wanted,
        remembered=() if isinstance(remembered, Unknown) else remembered,
        document=document,
        health=health,
        providers=_tried(lambda: _providers(client)),
        service=service_ping,
        operator=operator_ping,
        usage=usage,
        triggers=triggers,
        limits=asked.limits if asked else None,
        clocks=Clocks(asked.ahead if asked else None, _ahead(health, asked_at)),
        log=_tried(lambda: _log(world, target)),
        door=_door(world, wanted, document),
    )


def _tried[T](find: Callable[[], T]) -> T | Unknown:
    try:
        return find()
    except AutotagError as error:
        return Unknown(str(error))


def _asked[T](caller: Caller | None, ask: Callable[[Caller], T]) -> T | Unknown:
    return Unknown("there are no credentials to ask Cloudinary with") if caller is None else _tried(lambda: ask(caller))


def _service(
    world: Outside, document: tuple[Document, str] | Unknown, health: dict[str, Any] | Unknown
) -> Caller | None:
    """Return who calls as the service does, with the secret's credentials at the stack's address."""
    if isinstance(document, Unknown) or isinstance(health, Unknown) or document[1]:
        return None
    told, base = document[0], health["settings"]["cloudinary_api_base"]
    return Caller(world, Account(told["cloud_name"], told["api_key"], told["api_secret"], base))


def _operator(world: Outside, known: Account | Unknown) -> Caller | None:
    return None if isinstance(known, Unknown) else Caller(world, known)


def _providers(client: OpsClient) -> tuple[str, ...]:
    told = client.rules(text=True)
    text = told["active"].get("text") or (told["last_good"] or {}).get("text")
    return tuple(parse_rules(text).defaults.providers) if text else ("aws_rek_tagging",)


def _ahead(health: dict[str, Any] | Unknown, asked_at: float) -> float | None:
    return None if isinstance(health, Unknown) else datetime.fromisoformat(health["now"]).timestamp() - asked_at


def _log(world: Outside, target: Target) -> list[Entry]:
    """Return what was logged within the hour, or the day where that was nothing."""
    found = entries(world, target, world.now() - _HOUR)
    told = any(entry.message == "accepted" for entry in found)
    return found if told else entries(world, target, world.now() - _DAY)


def _door(
    world: Outside, wanted: tuple[Place, ...] | Unknown, document: tuple[Document, str] | Unknown
) -> Knocked | Unknown | None:
    if isinstance(wanted, Unknown):
        return wanted
    webhook = next((place.uri for place in wanted if place.uri_type == "webhook"), None)
    if webhook is None:
        return None
    if isinstance(document, Unknown) or document[1]:
        return Unknown("there is no secret to knock with")
    return knock(world, webhook, signers(document[0]))
