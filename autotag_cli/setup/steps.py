"""The steps of setting a stack up and of taking that back; each tells what it did, or that nothing was to do."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.cloudinary.responses import Refused
from autotag_cli.setup.destinations import ALL, FACTS, places
from autotag_cli.setup.secret_document import EMPTY, Document, composed
from autotag_cli.setup.secret_store import Vault
from autotag_cli.setup.trigger_plan import Action, Create, Delete, Update, plan, removal
from autotag_cli.setup.triggers import Triggers
from autotag_cli.stack.environment import Outside
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.stack.target import Target

State = Literal["done", "planned", "unchanged", "failed", "not known", "left out"]


class Step(NamedTuple):
    """What became of one step; ``mend`` says what to do where it failed or found nothing out."""

    name: str
    state: State
    told: str
    mend: str = ""


class Site(NamedTuple):
    """Everything that a set-up works on."""

    world: Outside
    target: Target
    client: CloudinaryClient
    ops: OpsClient
    vault: Vault
    triggers: Triggers


class Asked(NamedTuple):
    """What a person asks for; None leaves a thing as it is."""

    dry_run: bool = False
    additive: bool | None = None
    dedicated: bool | None = None
    signing: Mapping[str, str] = {}
    withdrawn: tuple[str, ...] = ()
    old_uris: tuple[str, ...] = ()
    keeps_tags: bool | None = None


def reach(site: Site) -> Step:
    """Check that Cloudinary takes the credentials and that the stack calls the same API; raises where it does not."""
    account = site.client.account
    base = site.ops.health()["settings"]["cloudinary_api_base"]
    if base != account.api_base:
        raise Invalid(
            "CLOUDINARY_URL",
            f"works with {account.api_base} and the stack with {base}: "
            f"add ?upload_prefix={base}, or deploy with CloudinaryApiBase={account.api_base}",
        )
    site.client.admin("GET", "ping")
    return Step("account", "unchanged", f"{account.cloud_name} at {base} takes the API key {account.api_key}")


def wanted_secret(site: Site, asked: Asked, current: Document) -> Document:
    """Return the document with the account's credentials and everything that is there besides.

    Raises ``Failure`` where the stack belongs to another cloud, ``Invalid`` where one key has two secrets.
    """
    return composed(current, site.client.account, asked.signing, withdrawn=asked.withdrawn, dedicated=asked.dedicated)


def keep_secret(site: Site, asked: Asked, keeps_tags: bool | None) -> Step:
    """Store the document where something differs; ``keeps_tags`` None leaves what it says of that."""
    current, _ = site.vault.read()
    document = wanted_secret(site, asked, current)
    if keeps_tags is not None:
        document["keeps_tags"] = keeps_tags
    keys = ", ".join(signers(document))
    told = f"API key {document['api_key']}; notifications may be signed with {keys}"
    if document == current:
        return Step("secret", "unchanged", told)
    if not asked.dry_run:
        site.vault.write(document)
    return Step("secret", did(asked), told)


def signers(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the secrets that may sign by their key, as the service reads the document."""
    named = document.get("notification_secrets")
    if isinstance(named, dict) and named:
        return {str(key): str(secret) for key, secret in named.items()}
    return {str(document["api_key"]): str(document["api_secret"])} if document.get("api_key") else {}


def keep_triggers(site: Site, asked: Asked) -> Iterator[Step]:
    """Create, change and delete triggers until each event has one that leads here."""
    wanted = places(site.target.outputs)
    old = (*site.vault.remembered().values(), *asked.old_uris)
    actions = plan(site.triggers.listed(), wanted, old, additive=asked.additive)
    yield from _taken(site, actions, asked)
    if not actions:
        yield Step("triggers", "unchanged", f"{', '.join(ALL)} -> {' and '.join(place.uri for place in wanted)}")
    if not asked.dry_run:
        site.vault.remember(wanted)


def take_triggers_away(site: Site, asked: Asked) -> Iterator[Step]:
    """Delete every trigger that leads here, or to where this stack was before."""
    now = (place.uri for place in places(site.target.outputs))
    actions = removal(site.triggers.listed(), (*now, *site.vault.remembered().values(), *asked.old_uris))
    yield from _taken(site, actions, asked)
    if not actions:
        yield Step("triggers", "unchanged", "none leads here")
    if not asked.dry_run:
        site.vault.remember(())


def empty_secret(site: Site, asked: Asked) -> Step:
    """Put back what the template puts first, which is nothing; without it the functions do nothing."""
    current, _ = site.vault.read()
    if current == EMPTY:
        return Step("secret", "unchanged", "it holds nothing")
    if not asked.dry_run:
        site.vault.clear()
    return Step("secret", did(asked), "emptied, in the version before too")


def _taken(site: Site, actions: Iterable[Action], asked: Asked) -> Iterator[Step]:
    for action in actions:
        name = f"{type(action).__name__.lower()} trigger"
        try:
            if not asked.dry_run:
                take(site.triggers, action)
        except (Invalid, Refused) as error:
            other = isinstance(error, Refused) and error.status not in (400, 404, 409, 422)
            if other or isinstance(action, Delete) or action.wanted.event_type not in FACTS:
                raise
            told = f"{action}: Cloudinary refuses it ({error}); everything else works"
            yield Step(name, "left out", told, "autotag retag --refresh reads what no notification tells")
        else:
            yield Step(name, did(asked), str(action))


def take(triggers: Triggers, action: Action) -> None:
    """Do what was planned."""
    match action:
        case Create(wanted):
            triggers.create(wanted)
        case Update(trigger, wanted, _):
            triggers.update(trigger, wanted)
        case Delete(trigger):
            triggers.delete(trigger)


def did(asked: Asked) -> State:
    """Return whether a change was made, or would be."""
    return "planned" if asked.dry_run else "done"
