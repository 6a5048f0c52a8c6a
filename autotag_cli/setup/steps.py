"""The steps that set a stack up or undo that; each reports what it did, or that nothing was to be done."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.client import CloudinaryClient
from autotag_cli.setup.secret_document import (
    EMPTY,
    Document,
    changes_key,
    compose_document,
    signing_secrets,
    withdrawn_before,
)
from autotag_cli.setup.secret_store import SecretStore
from autotag_cli.setup.triggers import Triggers
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.ops_client import OpsClient
from autotag_cli.stack.target import Target

State = Literal["done", "planned", "unchanged", "failed", "not known", "left out"]


class Step(NamedTuple):
    """The result of one step: ``finding`` is a sentence, ``fix`` what to do next, if anything."""

    name: str
    state: State
    finding: str
    fix: str = ""

    def record(self) -> dict[str, str]:
        """Return the step as it is printed as JSON."""
        return {"name": self.name, "state": self.state, "told": self.finding, "mend": self.fix}


class SetupContext(NamedTuple):
    """The environment, the stack and the clients that the steps work with."""

    environment: Environment
    target: Target
    client: CloudinaryClient
    ops: OpsClient
    secret_store: SecretStore
    triggers: Triggers


class SetupOptions(NamedTuple):
    """The options of the command; None leaves a setting as it is."""

    dry_run: bool = False
    additive: bool | None = None
    dedicated: bool | None = None
    signing: Mapping[str, str] = {}
    withdrawn: tuple[str, ...] = ()
    old_uris: tuple[str, ...] = ()
    keeps_tags: bool | None = None
    presets: tuple[str, ...] = ()


def check_account(context: SetupContext) -> Step:
    """Check that Cloudinary accepts the credentials and that the stack calls the same API address.

    Raises ``Invalid`` if the addresses differ, and what the client raises.
    """
    account = context.client.account
    base = context.ops.health()["settings"]["cloudinary_api_base"]
    if base != account.api_base:
        raise Invalid(
            "CLOUDINARY_URL",
            f"works with {account.api_base} and the stack with {base}: "
            f"add ?upload_prefix={base}, or deploy with CloudinaryApiBase={account.api_base}",
        )
    context.client.admin("GET", "ping")
    return Step("account", "unchanged", f"{account.cloud_name} at {base} accepts the API key {account.api_key}")


def compose_secret(context: SetupContext, options: SetupOptions, current: Document) -> Document:
    """Return the document with the account's credentials and everything else that ``current`` holds.

    Raises ``Failure`` if the stack belongs to another cloud, ``Invalid`` if one key has two secrets.
    """
    return compose_document(
        current, context.client.account, options.signing, withdrawn=options.withdrawn, dedicated=options.dedicated
    )


def store_secret(context: SetupContext, options: SetupOptions, keeps_tags: bool | None) -> Step:
    """Store the document if it differs from the stored one; ``keeps_tags`` None leaves that field as it is."""
    current, _ = context.secret_store.read()
    document = compose_secret(context, options, current)
    if keeps_tags is not None:
        document["keeps_tags"] = keeps_tags
    summary = f"API key {document['api_key']}; notifications may be signed with {_signers(current, document)}"
    if gone := [key for key in options.withdrawn if key in withdrawn_before(current)]:
        summary = f"{summary}; {', '.join(gone)} {'is' if len(gone) == 1 else 'are'} gone already"
    if document == current:
        return Step("secret", "unchanged", summary)
    if not options.dry_run:
        context.secret_store.write(document)
    return Step("secret", state_of_change(options), summary, _after_key_change(current, document))


def _signers(current: Document, document: Document) -> str:
    """Return the keys that may sign, and those that may no longer, in words."""
    may_sign = signing_secrets(document)
    ended = signing_secrets(current).keys() | (withdrawn_before(document) - withdrawn_before(current))
    no_longer = ", ".join(sorted(ended - may_sign.keys()))
    return ", ".join(may_sign) + (f", no longer with {no_longer}" if no_longer else "")


def _after_key_change(current: Document, document: Document) -> str:
    """Return what to consider after the API key has changed, "" if it has not."""
    key = document["api_key"]
    if not changes_key(current, document):
        return ""
    advice = []
    if key not in signing_secrets(document):
        advice.append(
            f"{key} may not sign notifications: if Cloudinary will sign with it, autotag setup --signing-keys -, "
            f"and type {key}:SECRET"
        )
    if current.get("writer_key_dedicated") and "writer_key_dedicated" not in document:
        advice.append(
            f"if only autotag uses {key}, as it did {current['api_key']}: autotag setup --writer-key-dedicated"
        )
    return "; ".join(advice)


def empty_secret(context: SetupContext, options: SetupOptions) -> Step:
    """Empty the secret, as the template creates it; without credentials the functions do nothing."""
    current, _ = context.secret_store.read()
    if current == EMPTY:
        return Step("secret", "unchanged", "it holds nothing")
    if not options.dry_run:
        context.secret_store.clear()
    return Step("secret", state_of_change(options), "emptied, and its previous version too")


def state_of_change(options: SetupOptions) -> State:
    """Return the state of a change: ``planned`` in a dry run, else ``done``."""
    return "planned" if options.dry_run else "done"
