"""Which triggers are made, changed and deleted, and which are none of our business."""

from typing import Any

import pytest

from autotag_cli.errors import Failure
from autotag_cli.setup.destinations import ALL, Destination, destinations_of, same_destination
from autotag_cli.setup.trigger_plan import Action, Create, Delete, Update, plan, removal
from autotag_cli.setup.triggers import Trigger
from tests.unit.autotag_cli.fake_admin_account import HOOK
from tests.unit.autotag_cli.fake_stack import OUTPUTS

HERE = Destination(HOOK, "webhook")
CHANNEL = Destination("poll://autotag", "poll")
OLD = "https://old.lambda-url.eu-west-1.on.aws/"


def trigger(event_type: str, uri: str = HOOK, **more: Any) -> Trigger:
    fields = {"id": f"{event_type}@{uri}", "auth_scheme": "legacy_hmac", "additive": False, **more}
    return Trigger(uri=uri, event_type=event_type, **fields)


def full(destination: Destination = HERE, **more: Any) -> list[Trigger]:
    return [trigger(event, destination.uri, uri_type=destination.uri_type, **more) for event in ALL]


def printed(actions: list[Action]) -> list[str]:
    return [f"{type(action).__name__} {action}" for action in actions]


def test_an_account_without_any_gets_one_an_event() -> None:
    assert printed(plan([], [HERE])) == [f"Create {event} -> {HOOK}" for event in ALL]


@pytest.mark.parametrize("destinations", [(HERE,), (CHANNEL,), (HERE, CHANNEL)])
def test_what_is_right_is_left_alone(destinations: tuple[Destination, ...]) -> None:
    assert plan([each for destination in destinations for each in full(destination)], destinations, [OLD]) == []


@pytest.mark.parametrize("uri", [HOOK.rstrip("/"), HOOK.replace("door", "DOOR"), HOOK.replace(".aws/", ".aws:443/")])
def test_another_spelling_of_the_same_place_is_the_same_place(uri: str) -> None:
    assert plan(full(Destination(uri, "webhook")), [HERE]) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"auth_scheme": "eddsa_v2"}, "signs by eddsa_v2"),
        ({"auth_scheme": "default"}, "signs by default"),
        ({"filter": {"==": [1, 1]}}, "has a filter"),
        ({"payload_template": {"a": "b"}}, "has a payload template"),
    ],
)
def test_what_is_not_as_wanted_is_changed_and_said_why(changes: dict[str, Any], fault: str) -> None:
    existing = [*full()[1:], trigger("upload", **changes)]
    assert printed(plan(existing, [HERE])) == [f"Update upload -> {HOOK}, which {fault}"]


def test_what_cloudinary_does_not_tell_is_no_fault() -> None:
    assert plan(full(auth_scheme=None, additive=None), [HERE], additive=True) == []


@pytest.mark.parametrize(("wanted", "changed"), [(None, 0), (False, 0), (True, len(ALL))])
def test_additive_is_left_as_it_is_unless_asked_for(wanted: bool | None, changed: int) -> None:
    actions = plan(full(), [HERE], additive=wanted)
    assert len(actions) == changed
    assert all(isinstance(action, Update) and action.differences == ("is not additive",) for action in actions)


def test_triggers_of_the_stacks_old_url_are_led_here_and_not_doubled() -> None:
    actions = plan(full(Destination(OLD, "webhook")), [HERE], [OLD])
    assert printed(actions) == [f"Update {event} -> {HOOK}, which points to {OLD}" for event in ALL]


def test_what_is_there_twice_is_there_once_afterwards() -> None:
    double = trigger("upload", HOOK.rstrip("/"), auth_scheme="default")
    actions = plan([double, *full(), *full(Destination(OLD, "webhook"))], [HERE], [OLD])
    assert {str(action) for action in actions} == {
        f"upload -> {HOOK.rstrip('/')}",
        *(f"{event} -> {OLD}" for event in ALL),
    }
    assert all(isinstance(action, Delete) for action in actions)


def test_one_that_tells_of_everything_would_double_each_and_goes() -> None:
    actions = plan([trigger("all"), *full()], [HERE])
    assert actions == [Delete(trigger("all"))]


def test_others_are_left_alone_and_so_are_other_events_here() -> None:
    others = [trigger("upload", "https://example.com/hook"), trigger("upload", CHANNEL.uri, uri_type="poll")]
    assert plan([*full(), *others, trigger("moderation")], [HERE]) == []


def test_a_change_of_the_intake_makes_the_new_before_it_takes_the_old_away() -> None:
    actions = plan(full(), [CHANNEL], [HOOK])
    assert [type(action) for action in actions] == [Create] * len(ALL) + [Delete] * len(ALL)


def test_removal_takes_all_that_leads_here_and_nothing_else() -> None:
    mine = [*full(), trigger("all"), trigger("moderation"), *full(Destination(OLD, "webhook"))]
    others = [trigger("upload", "https://example.com/hook")]
    assert removal([*mine, *others], [HOOK, OLD]) == [Delete(each) for each in mine]


@pytest.mark.parametrize(
    ("outputs", "wanted"),
    [
        ({}, (HERE,)),
        ({"Intake": "webhook"}, (HERE,)),
        ({"Intake": "poll", "PollChannel": "mine"}, (Destination("poll://mine", "poll"),)),
        ({"Intake": "poll"}, (CHANNEL,)),
        ({"Intake": "both", "PollChannel": "autotag"}, (HERE, CHANNEL)),
    ],
)
def test_the_stacks_outputs_say_where_notifications_go(
    outputs: dict[str, str], wanted: tuple[Destination, ...]
) -> None:
    assert destinations_of(OUTPUTS | outputs) == wanted


@pytest.mark.parametrize("outputs", [{"Intake": "pigeon", "WebhookUrl": HOOK}, {"Intake": "webhook"}, {}])
def test_outputs_that_do_not_say_are_a_failure(outputs: dict[str, str]) -> None:
    with pytest.raises(Failure, match="the stack"):
        destinations_of(outputs)


def test_places_of_no_known_form_are_only_like_themselves() -> None:
    assert same_destination("http://[", "http://[") and not same_destination("http://[", "http://x:y/")
    assert not same_destination("poll://a", "poll://b") and not same_destination("http://a/", "https://a/")
