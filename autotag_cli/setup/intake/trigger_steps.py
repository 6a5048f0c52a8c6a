"""The steps that make triggers lead to a stack, and no longer to it."""

from collections.abc import Iterable, Iterator

from autotag.domain.errors import Invalid
from autotag_cli.cloudinary.responses import Refused
from autotag_cli.setup.destinations import ALL, FACTS, destinations_of, left_uris, webhook_of
from autotag_cli.setup.intake.left_channel import post_left_notifications, read_left_channels
from autotag_cli.setup.steps import SetupContext, SetupOptions, Step, state_of_change
from autotag_cli.setup.trigger_plan import Action, Create, Delete, Update, plan, removal
from autotag_cli.setup.triggers import Triggers
from autotag_cli.terminal.output import counted


def update_triggers(context: SetupContext, options: SetupOptions) -> Iterator[Step]:
    """Create, change and delete triggers until each event has one that points to each destination of this stack."""
    wanted = destinations_of(context.target.outputs)
    stored = tuple(context.secret_store.stored_destinations().values())
    actions = plan(context.triggers.fetch(), wanted, (*stored, *options.old_uris), additive=options.additive)
    yield from _apply_all(context, actions, options)
    if not actions:
        yield Step(
            "triggers", "unchanged", f"{', '.join(ALL)} -> {' and '.join(destination.uri for destination in wanted)}"
        )
    left = []
    for uri in left_uris(stored, wanted):
        if (webhook := webhook_of(wanted)) and not options.dry_run:
            taken = post_left_notifications(context.client, uri, webhook, context.environment.post)
            yield Step(
                "channel left",
                "done" if taken else "unchanged",
                f"posted to the webhook: {counted(taken, 'notification')} of {uri}",
            )
        left += read_left_channels(context.client, [uri])
    yield from (Step("channel left", "failed", channel.finding(), channel.fix()) for channel in left)
    if not options.dry_run and not left:  # else doctor and the next setup would not know of the channel
        context.secret_store.store_destinations(wanted)


def delete_triggers(context: SetupContext, options: SetupOptions) -> Iterator[Step]:
    """Delete every trigger that points to this stack, or to an earlier address of it."""
    now = (destination.uri for destination in destinations_of(context.target.outputs))
    actions = removal(
        context.triggers.fetch(), (*now, *context.secret_store.stored_destinations().values(), *options.old_uris)
    )
    yield from _apply_all(context, actions, options)
    if not actions:
        yield Step("triggers", "unchanged", "none points here")
    if not options.dry_run:
        context.secret_store.store_destinations(())


def _apply_all(context: SetupContext, actions: Iterable[Action], options: SetupOptions) -> Iterator[Step]:
    for action in actions:
        name = f"{type(action).__name__.lower()} trigger"
        try:
            if not options.dry_run:
                apply_action(context.triggers, action)
        except (Invalid, Refused) as error:
            is_general = isinstance(error, Refused) and error.status not in (400, 404, 409, 422)
            if is_general or isinstance(action, Delete) or action.wanted.event_type not in FACTS:
                raise
            refusal = f"{action}: Cloudinary refuses it ({error}); everything else works"
            yield Step(name, "left out", refusal, "autotag retag --refresh reads what no notification reports")
        else:
            yield Step(name, state_of_change(options), str(action))


def apply_action(triggers: Triggers, action: Action) -> None:
    """Carry out one planned action."""
    match action:
        case Create(wanted):
            triggers.create(wanted)
        case Update(trigger, wanted, _):
            triggers.update(trigger, wanted)
        case Delete(trigger):
            triggers.delete(trigger)
