"""The state of one asset: observations, the last decision, the origin of each tag, and the open intent.

Times ending in ``_at`` are unix milliseconds.
"""

from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.audit import Trigger
from autotag.domain.model.labels import Categorization, label_key
from autotag.domain.model.messages import ReviewAnswered
from autotag.domain.model.verdicts import Bar, Left, Sample

Status = Literal["pending", "applying", "tagged", "unchanged", "skipped", "failed", "timed_out", "gone"]
Op = Literal["add", "remove"]


class TagPreference(Struct, frozen=True, omit_defaults=True):
    """A person's last preference about a tag, in their spelling. ``labels`` are keys of the labels it stood for.

    ``set_by_upload``: set by an upload, not by an edit. ``withdrawn``: the preference was withdrawn at ``at``; none
    remains, but older events are still ignored. ``by_hand``: made in Cloudinary's console, so not by a program.
    ``settled``: of two changes with the same time, a read has shown which one holds. ``answer``: for an answer in the
    review queue, the last part of the id of its audit. ``unsaid``: not from a notification; a read no longer showed the
    tag. ``after``: of an answer, the time of the preference that was known when it was given (ms). ``rules``: the first
    characters of the version that the asset's last decision was made with, when the person said it; "": not known.
    ``bars``: what the tag's labels had to reach under these rules, by their keys; empty if that is not known.
    """

    want: Op
    at: int
    tag: str
    labels: tuple[str, ...] = ()
    set_by_upload: bool = field(default=False, name="brought")
    withdrawn: bool = field(default=False, name="cleared")
    by_hand: bool = False
    settled: bool = False
    answer: str = ""
    unsaid: bool = False
    after: int = 0
    rules: str = ""
    bars: dict[str, Bar] = {}


class Claim(Struct, frozen=True, omit_defaults=True):
    """A reported change of a tag that counts only if a read of the asset agrees with it.

    ``want`` is the reported change; "either": two changes with the same time contradict each other, and the read
    decides. ``by``, ``by_hand`` and ``digest`` are those of the notification.
    """

    want: Literal["add", "remove", "either"]
    at: int
    tag: str
    by: str = ""
    by_hand: bool = False
    digest: str = ""


class Assigned(Struct, frozen=True):
    """The addition of a tag by Cloudinary's ``auto_tagging`` at ``at`` (ms). Older changes of the tag are ignored.

    ``alone``: no other tag was added with it, so it may also be a person's, and is never adopted.
    """

    at: int
    alone: bool


class Write(Struct, frozen=True, omit_defaults=True):
    """This service's last call for a tag, made for a decision on ``version`` of the asset.

    ``opposite_at`` is when it last made the opposite call, 0 if never. ``first_at`` is when it made its first call, 0
    if that was at ``opposite_at``.
    """

    op: Op
    at: int
    version: int
    opposite_at: int = 0
    first_at: int = 0


class NextState(Struct, frozen=True):
    """The result of an intent, fixed when the intent is claimed.

    ``givers`` maps the tags of ``managed_tags`` that were decided on to their providers. ``asked_at`` is since when
    reviewers are asked about ``review``, if that is earlier than the claim; 0: as in the state.
    """

    status: Status
    managed_tags: dict[str, tuple[str, ...]] = field(name="ours")
    decided: str
    review: tuple[str, ...] = ()
    asked_at: int = 0
    givers: dict[str, tuple[str, ...]] = {}


class Intent(Struct, frozen=True):
    """The write-ahead intent: its owner makes these calls. A new owner finishes it without a new decision.

    While it waits, because a call could not be made, ``owner`` is empty. ``indexed``: the due index shows it; if not,
    its message comes again after a death of the owner.
    ``before`` are the preferences that an answer replaced; they are restored if Cloudinary refuses the calls.
    """

    id: str
    owner: str
    due_at: int
    attempts: int
    add: tuple[str, ...]
    remove: tuple[str, ...]
    audit_id: str
    audit: bytes
    outcome: NextState
    before: dict[str, TagPreference] = {}
    indexed: bool = True


class Poll(Struct, frozen=True, omit_defaults=True):
    """The schedule of an asset's reads: the next one, the attempts so far, and the deadline.

    ``hint``: only a hint asks for the read; it uses the hints' share of the Admin API budget, and one read ends it.
    ``overdue``: the metric already counts that the deadline has passed without a read.
    """

    due_at: int
    attempts: int
    deadline_at: int
    hint: bool = False
    overdue: bool = False


class Detection(Struct, frozen=True, omit_defaults=True):
    """The claim on a call of DetectLabels for this version, from when labels are wanted until there are some.

    ``owner`` may call until ``due_at``; "": nobody has it, and nobody may take it before ``not_before``. ``attempts``
    are calls that may have been made, ``waits`` how often it was given back. A picture that Cloudinary does not deliver
    yet is waited for until ``deadline_at``, 0: not begun. ``trigger`` is what the decision on the labels names.
    """

    trigger: Trigger
    due_at: int
    owner: str = ""
    attempts: int = 0
    waits: int = 0
    not_before: int = 0
    deadline_at: int = 0


class AssetState(Struct, frozen=True):
    """The ``ASSET#`` item.

    ``rev`` counts its writes. ``managed_tags`` maps each managed tag to what it stands for: the keys of its labels and
    of its name before case and prefix. ``givers`` maps tags to the providers of their labels, where known; to none if
    only rules gave the tag. ``people`` (preferences), ``claims`` (changes that a read is to confirm) and ``assigned``
    (tags that Cloudinary added itself) are by tag key. ``dirty`` is the trigger of a message that was merged while an
    intent was open. ``outbox`` names the audits whose events are still to be sent, and ``answers`` are reviewers'
    answers that arrived while an intent waited. All three are processed from ``follow_up_at`` on. ``decided``
    identifies the labels of the last decision. ``named_at`` is when the asset was last renamed, ``deleted_at`` when it
    was last deleted, and ``restored_at`` when it was last seen after a deletion; each is 0 without such a notification.
    ``review`` are the tags that reviewers are asked about, since ``asked_at``, and ``ask`` maps their keys to the
    confidence of their best label times 10,000, where known. ``tags_since`` is the version whose upload last cleared
    the tags, 0 for this version. ``listed`` is the time of the notification of this version's upload, 0 until it
    arrives; ``notified_at`` is that of the latest notification of any upload. ``seen`` identifies the observation that
    ``facts`` are from. ``before`` are the tags of the previous version, until the notification of the newer version's
    upload arrives. ``moved_at`` is when the folder last changed, ``context_at`` when the context last changed,
    ``metadata_at`` when the structured metadata last changed; 0 if no notification reported it.
    """

    asset: AssetRef
    status: Status
    rev: int = 0
    facts: Facts | None = None
    categorizations: dict[str, Categorization] = {}
    managed_tags: dict[str, tuple[str, ...]] = field(default_factory=dict, name="ours")
    givers: dict[str, tuple[str, ...]] = {}
    people: dict[str, TagPreference] = {}
    writes: dict[str, Write] = {}
    intent: Intent | None = None
    outbox: tuple[str, ...] = ()
    answers: tuple[ReviewAnswered, ...] = ()
    follow_up_at: int = 0
    dirty: Trigger | None = None
    decided: str = ""
    rules_version: str = ""
    rules_seq: int = 0
    engine: str = ""
    poll: Poll | None = None
    review: tuple[str, ...] = ()
    ask: dict[str, int] = {}
    asked_at: int = 0
    final_at: int = 0
    named_at: int = 0
    deleted_at: int = 0
    restored_at: int = 0
    claims: dict[str, Claim] = {}
    assigned: dict[str, Assigned] = {}
    tags_since: int = 0
    listed: int = 0
    notified_at: int = 0
    seen: str = ""
    before: tuple[str, ...] = ()
    moved_at: int = 0
    context_at: int = 0
    left: dict[str, Left] = {}
    samples: dict[str, Sample] = {}
    detect: Detection | None = None
    metadata_at: int = 0


def is_deleted(state: AssetState) -> bool:
    """Return whether the asset is known to be deleted, and was not seen since."""
    return state.status == "gone" or state.deleted_at > state.restored_at


def due_poll(now: int, deadline: int, *, hint: bool = False) -> Poll:
    """Return a poll that is due at ``now`` (unix milliseconds) and goes on for ``deadline`` seconds."""
    return Poll(now, 0, now + deadline * 1000, hint)


def own_poll(state: AssetState) -> Poll | None:
    """Return the poll for labels that are still to come, or None. A poll for a hint only does not outlive new data."""
    return state.poll if state.poll is not None and not state.poll.hint else None


def due_again(state: AssetState, now: int, deadline: int) -> Poll:
    """Return the poll of ``state`` for labels, due at ``now``, with its deadline; a new poll if there is none."""
    known = own_poll(state)
    return due_poll(now, deadline) if known is None else replace(known, due_at=now, attempts=0)


def shown_at(state: AssetState) -> int:
    """Return when the asset was last observed (ms): by its facts, or when it came back; 0 if it was not."""
    return max(state.restored_at, state.facts.observed_at if state.facts else 0)


def next_poll(state: AssetState) -> Poll | None:
    """Return the poll that continues after a decision, because a read must still confirm claims; else None."""
    return state.poll if state.claims else None


def asked_confidences(state: AssetState) -> dict[str, int]:
    """Return the tags that reviewers are asked about, by key, with their confidence times 10,000; 0: not known."""
    return {key: state.ask.get(key, 0) for key in map(label_key, state.review) if key}
