"""What must hold wherever everything has come to rest, and what must never be left undone."""

from collections import Counter
from collections.abc import Iterator

from bench.protocol.world import World, wanted

PROMISES = {
    "A": "a decision has one audit",
    "B": "an upload is decided once",
    "C1": "what a person did last holds",
    "C2": "without a person, Cloudinary is as the last decision says",
    "D": "rules do not go back",
    "E": "a tag that a person added is not managed",
    "F": "the audit says what was claimed",
    "G": "every claim has its audit",
    "H": "no message is lost",
    "J": "the newest labels are decided on last",
    "Z": "nothing is left open that no process comes back to",
}


def is_at_rest(world: World) -> bool:
    """Return whether there is nothing left to do."""
    return not world.queue and not any(world.processes) and world.state.intent is None and not world.state.dirty


def broken(world: World, newest: int) -> Iterator[str]:
    """Yield the promises that are broken in a world at rest; ``newest`` are the newest labels that were sent."""
    state, decided = world.state, world.state.decided
    keys = Counter(audit.key for audit in world.audits)
    if any(times > 1 for times in keys.values()):
        yield "A"
    claims = {claim.audit: claim.decision for claim in world.claims}
    if any(audit.decision != claims.get(audit.key, audit.decision) for audit in world.audits):
        yield "F"
    if claims.keys() - keys.keys():
        yield "G"
    if max(Counter(claim.decision.labels for claim in world.claims if claim.news).values(), default=0) > 1:
        yield "B"
    if decided is None:
        yield "H"
    elif decided.labels != newest:
        yield "J"
    if world.person is not None:
        if world.tagged != (world.person == "add"):
            yield "C1"
        if state.ours and world.person == "add":
            yield "E"
    elif decided is not None and world.tagged != wanted(decided.labels, decided.rules):
        yield "C2"
    if decided is not None and decided.rules < state.rules:
        yield "D"
