"""The rules of the protocol. Leaving out any one of them breaks a promise: ``make model`` shows how.

Two things that the service does are no rules here, since no promise needs them: before any message is deleted, a due
intent is finished (``leave_in_index``), though the poller would finish it, later; and a claim by a message that was
received before has a due entry (see ``bench.protocol.deciding.drafted``).
"""

RULES = {
    "CLAIM": "the intent is stored before the first call",
    "HOLD": "a message is deleted only after the final write, or after a write that put the due entry",
    "NEWS": "a claim goes without the due entry only where its message brought the state something new",
    "WRITE_INDEXES": "a write that leaves an intent open puts its due entry",
    "HAND": "before a message is deleted, an open intent without a due entry gets it",
    "KEEP": "the record of an open intent is stored whole: what is merged beside it does not change it",
    "ORDER": "of two sets of labels the same one always counts, in whatever order and however often they come",
    "FIXED": "calls and record are fixed by the claim: finishing never decides again",
    "AGAIN": "a new owner that finds the audit calls once more what people want, whatever the old one called",
    "TAKEOVER": "taking over is a conditional write of a new owner, and only the owner writes the end",
    "AUDITKEY": "the id of the audit is in the intent, and an audit is put only if there is none with its id",
    "REGISTER": "what people did is registered at once, and is compared before calls and at the end",
    "OPPOSITE": "an intent that people oppose makes the opposite call, not none",
    "DEDUPE": "labels that were decided on under any rules are not decided on again by a message",
    "SEQ": "nothing is decided under older rules than before",
}
"""The name of each rule and what it says. docs/decisions.md ("The queue's message is the retry") has the newer ones."""

EVERY = frozenset(RULES)
