"""Bringing a world of fakes to rest, and the promises that hold there whatever happened on the way."""

from autotag.domain.model.audit import Audit
from autotag.domain.model.labels import label_key
from tests.fakes.context import Fakes
from tests.fakes.effects import Died
from tests.fakes.minute import a_minute


def come_to_rest(fakes: Fakes) -> None:
    """Let the poller run, minutes and hours apart, until nothing is due any more, whoever dies meanwhile."""
    for hours in range(1, 40):
        fakes.clock.advance(60 if hours < 3 else 3600)
        try:
            a_minute(fakes)
        except Died:
            continue
        if hours > 4 and not any(
            s.intent or s.dirty or s.outbox or s.answers or s.poll for s in fakes.store.items.values()
        ):
            return
    raise AssertionError("something is still due after a day and a half")


def decisions(fakes: Fakes, asset_id: str = "a1") -> list[Audit]:
    """Return the audits of what was decided, in their order; what people did is audited besides."""
    audits = fakes.audits.records.values()
    return [audit for audit in audits if audit.trigger.kind != "person" and audit.asset.asset_id == asset_id]


def check(fakes: Fakes, *, adopted: frozenset[str] = frozenset()) -> None:
    """Assert what must hold for every asset at rest.

    Nothing is left to do; what is ours stands; each decision has one audit, and each audit was announced; no tag was
    removed that this service had not added, those apart that the rules ``adopted`` (as keys) and that people removed.
    """
    for asset_id, state in fakes.store.items.items():
        assert not (state.intent or state.dirty or state.outbox or state.answers or state.poll), (
            f"{asset_id} is not finished"
        )
        if state.status != "gone":
            assert set(state.managed_tags) <= fakes.cloudinary.tags(asset_id), (
                f"{asset_id}: a tag of ours does not stand"
            )
    made = [(a.asset, a.inputs, a.reason) for a in fakes.audits.records.values() if a.trigger.kind != "person"]
    assert len(made) == len({repr(one) for one in made}), "a decision was audited twice"
    assert {audit.audit_id for audit in fakes.bus.sent} == set(fakes.audits.records)
    removable = {(state.asset.public_id, key) for state in fakes.store.items.values() for key in state.people}
    for op, public_id, tags in fakes.cloudinary.calls:
        touched = {(public_id, label_key(tag)) for tag in tags}
        if op == "add":
            removable |= touched
        else:
            taken = {key for name, key in touched - removable} - adopted
            assert not taken, f"removed without having added: {taken}"
