"""Notifications that the deployed webhook accepts, and states as the deployed code stores them."""

from typing import Any

from msgspec.structs import replace

from autotag import bootstrap
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.domain.state.asset_state import AssetState
from autotag.wiring import WebhookPorts
from bench.load.images import Body, signed, uploaded
from bench.load.simulated.functions import start_workers
from bench.load.simulated.processes import adapters
from bench.load.simulated.world import SECRET, World


class Door:
    """The webhook of a world; Cloudinary's notifications go through it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._webhook = bootstrap.webhook(**adapters(world, WebhookPorts))

    def post(self, body: bytes) -> None:
        """Let a notification arrive."""
        now = self._world.now()
        status = self._webhook(body, signed(body, now, SECRET))
        if status != 200:
            raise RuntimeError(f"the webhook answered {status}")

    def upload(self, body: Body) -> None:
        """Let the notification of an upload arrive, and let Cloudinary have the image."""
        self._world.cloudinary.add(body)
        self.post(uploaded(body, self._world.now()))


def webhook_event(body: bytes, at: int) -> dict[str, Any]:
    """Return a notification as the Function URL passes it on (payload format 2.0)."""
    return {
        "version": "2.0",
        "headers": {"content-type": "application/json", **signed(body, at, SECRET)},
        "requestContext": {"http": {"method": "POST", "path": "/"}},
        "isBase64Encoded": False,
        "body": body.decode(),
    }


def states_left_by(world: World, bodies: list[Body]) -> list[AssetState]:
    """Have the worker handle uploads while each call of Cloudinary fails at once; return the states that it leaves."""
    door = Door(world)
    store: Any = DynamoStateStore(world.direct, "state")
    world.cloudinary.hangs = 0.001
    for body in bodies:
        world.simulation.spawn(lambda body=body: door.upload(body))  # type: ignore[misc]
    start_workers(world, queues=("Queue",))
    world.simulation.run(world.simulation.now + 120)
    world.cloudinary.hangs = 0.0
    found = store.load_all([body["asset_id"] for body in bodies])
    return [found[body["asset_id"]] for body in bodies]


def copy_of(state: AssetState, asset_id: str, public_id: str) -> AssetState:
    """Return the state as another image would have it: with its own names, also in the audit of its intent."""
    asset = replace(state.asset, asset_id=asset_id, public_id=public_id)
    intent = state.intent
    if intent is not None:
        names = {state.asset.asset_id: asset_id, state.asset.public_id: public_id}
        audit = intent.audit
        for old, new in names.items():
            audit = audit.replace(old.encode(), new.encode())
        intent = replace(intent, audit=audit, id=intent.id.replace(state.asset.asset_id, asset_id))
    return replace(state, asset=asset, intent=intent, rev=0)
