"""What there is: one asset and its tag X, its state, its audits, the queue, and the processes at work.

Times are counted by what people did: their change number k has the time 2k, a call after it the time 2k + 1. Only the
order of a call and a change matters.
"""

from typing import Literal, NamedTuple

Op = Literal["add", "remove", "none"]
"""What is done to the tag."""

Subject = Literal["upload", "person", "run"]
"""What a message is about: ``LabelsObserved``, ``TagsEdited`` or ``ProcessRunGroup``."""

Place = Literal[
    "read", "settle", "merge", "claim", "take", "look_up", "call", "postpone", "audit", "final", "repair", "follow",
    "note", "register", "leave", "hand", "delete",
]  # fmt: skip
"""The effect that a process makes next."""

Then = Literal["read", "leave", "look", "delete", "end"]
"""Where a process goes on behind an intent that it finished or gave up.

``look`` is ``leave`` with the state loaded anew; ``end``: due work has no message to delete.
"""


class Write(NamedTuple):
    """A call for the tag, or a change by a person (``Write`` and ``TagPreference`` in domain/state/asset_state)."""

    op: Op
    at: int


class Decision(NamedTuple):
    """What a decision says: the call, and the labels and the number of the rules that it follows from."""

    op: Op
    labels: int
    rules: int


class AuditKey(NamedTuple):
    """The id of an audit: of the ``intent`` of that number, or of the change that a ``person`` made at that time."""

    of: Literal["intent", "person"]
    number: int


class Audit(NamedTuple):
    """A stored audit; ``owner`` tells apart what different owners write if they do not share a key, else ""."""

    key: AuditKey
    owner: str
    decision: Decision


class Intent(NamedTuple):
    """The write-ahead intent (domain/state/asset_state). It has no ``owner`` while it waits, and after a death.

    ``taken``: an earlier owner may have made the call. ``indexed``: the due index shows it.
    """

    id: int
    audit: AuditKey
    decision: Decision
    owner: int | None
    taken: bool = False
    indexed: bool = False

    @property
    def for_person(self) -> bool:
        """Whether it carries out what a person wants."""
        return self.audit.of == "person"

    @property
    def recorded(self) -> Decision:
        """What its audit says; the audit of a person's change says nothing of our calls."""
        return self.decision if self.audit.of == "intent" else Decision("none", 0, 0)


class State(NamedTuple):
    """The stored state of the asset (``AssetState`` in domain/state/asset_state).

    ``ours``: the tag is managed. ``wish`` is the last change by a person that is known, ``written`` our last call.
    ``dirty``: labels were merged while an intent was open. ``rules`` is the number of the rules of the last decision.
    """

    labels: int = 0
    decided: Decision | None = None
    ours: bool = False
    wish: Write | None = None
    written: Write | None = None
    intent: Intent | None = None
    dirty: bool = False
    rules: int = 0


class Message(NamedTuple):
    """A message of the queue: ``labels`` of an upload or the ``change`` of a person; ``number`` tells copies apart."""

    subject: Subject
    number: int = 0
    labels: int = 0
    change: Write | None = None


class Queued(NamedTuple):
    """A message that is not deleted, and whether it was received before."""

    message: Message
    received: bool = False


class Claim(NamedTuple):
    """What was claimed, for the promises; ``news``: because of an upload, not of a run or a person."""

    audit: AuditKey
    decision: Decision
    news: bool


class Process(NamedTuple):
    """A process that handles ``message``, or due work if that is None.

    ``first``: it counts as the first receive of the message. ``seen`` is the state as it last saw it, ``stale``
    once another process has written. ``held`` is the intent that it claims or owns, ``did`` its last call for it.
    ``doubtful``: an earlier owner may have made calls since.
    ``following``: it decides on labels that were merged meanwhile, not for its message.
    """

    message: Message | None
    first: bool = True
    at: Place = "read"
    seen: State | None = None
    stale: bool = False
    held: Intent | None = None
    did: Write | None = None
    doubtful: bool = False
    following: bool = False
    then: Then = "read"


class World(NamedTuple):
    """All of it. The numbers are of what is still to come: changes by people, pushes, deaths, messages handed out
    twice at once, calls that are not answered.

    ``close``: all happens within ``ECHO_SLACK``, so that a call and a change may have been in any order.
    ``tagged``: the asset has the tag in Cloudinary. ``changes`` by people were made, ``person`` was the last one.
    """

    queue: tuple[Queued, ...]
    people: int = 0
    pushes: int = 0
    deaths: int = 0
    doubles: int = 0
    failures: int = 0
    close: bool = False
    tagged: bool = False
    changes: int = 0
    person: Op | None = None
    pushed: bool = False
    state: State = State()
    audits: tuple[Audit, ...] = ()
    claims: tuple[Claim, ...] = ()
    processes: tuple[Process | None, ...] = (None, None, None)


Rules = frozenset[str]
"""The names of the rules of the protocol that hold (``bench.protocol.rules``)."""

Step = tuple[str, World]
"""What happens next, in words, and the world after it."""

POLLER = 2
"""The place of the process that handles due work; the others are workers."""


def wanted(labels: int, rules: int) -> bool:
    """Return whether the tag is wanted: of labels 1 under rules 1, and of labels 2 under rules 2."""
    return (labels == 1) == (rules == 1)


def now(world: World) -> int:
    """Return the time of a call that is made now."""
    return 2 * world.changes + 1


def name_of(n: int) -> str:
    """Return what process number ``n`` is called in a way to a violation."""
    return "poller" if n == POLLER else f"W{n}"


def placed(world: World, n: int, process: Process | None) -> World:
    """Return the world in which process number ``n`` is ``process``."""
    processes = world.processes
    return world._replace(processes=(*processes[:n], process, *processes[n + 1 :]))


def loaded(world: World, process: Process) -> Process:
    """Return the process that has just loaded the state."""
    return process._replace(seen=world.state, stale=False)


def stored(world: World, n: int, process: Process, state: State, rules: Rules) -> World:
    """Return the world after a successful write by process number ``n``, which goes on as ``process``.

    Stands for ``put`` of adapters/aws/dynamodb/states and ``written_over`` of domain/state/due_entry (WRITE_INDEXES).
    """
    before, intent = world.state.intent, state.intent
    if intent and before and intent.id == before.id and "WRITE_INDEXES" in rules:
        state = state._replace(intent=intent._replace(indexed=True))
    others = tuple(p._replace(stale=True) if p and p.seen is not None else p for p in world.processes)
    after = world._replace(state=state, processes=others)
    return placed(after, n, process._replace(seen=state, stale=False))
