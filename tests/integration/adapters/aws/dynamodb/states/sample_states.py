"""The states of an asset that was just seen, and of one that uses every field."""

from autotag.domain.model.asset import AssetRef, Facts
from autotag.domain.model.audit import Trigger
from autotag.domain.model.labels import Categorization, Label
from autotag.domain.model.verdicts import Bar, Left, Sample
from autotag.domain.state.asset_state import AssetState, Assigned, Claim, Intent, NextState, Poll, TagPreference, Write

T0 = 1_791_460_800_000
REF = AssetRef("a1", "stage/guitarist", "image", "upload", 100)
FRESH = AssetState(REF, "pending")
INTENT = Intent(
    id="i" * 32,
    owner="o" * 32,
    due_at=T0 + 125_000,
    attempts=2,
    add=("Gitarre 🎸", "Café"),
    remove=("old",),
    audit_id=f"a1.{T0}.abc",
    audit='{"reason":"\\u0000 Gitarre 🎸"}'.encode(),
    outcome=NextState("tagged", {"Gitarre 🎸": ("gitarre 🎸", "x"), "Implied": ()}, "100:abc", ("x",), T0 - 1),
    before={"café": TagPreference("remove", T0, "Café", withdrawn=True)},
)
RICH = AssetState(
    asset=AssetRef("A-1_z", "Bühne/Gitarrist 🎸 a&b,c", "image", "upload", 1_791_460_800),
    status="applying",
    facts=Facts("Bühne", "", {"license": "", "k=v": "x|y"}, ("press", "Café", ""), T0),
    categorizations={
        "aws_rek_tagging": Categorization("complete", (Label("Gitarre 🎸", 0.7046), Label("", 0.0, "no name")), T0),
        "google_tagging": Categorization("failed", observed_at=T0, error="Überlast"),
        "imagga_tagging": Categorization("pending", observed_at=T0 + 1),
    },
    managed_tags={"Gitarre 🎸": ("gitarre 🎸",), "Implied": ()},
    people={
        "café": TagPreference("add", T0, "Café", rules="f" * 12, bars={"café": Bar(0.7), "x": Bar(1 / 3, 0.25)}),
        "x": TagPreference("remove", T0 + 1, "X", ("x", "y"), answer="abc", unsaid=True),
    },
    writes={"Gitarre 🎸": Write("add", T0 + 2, 1), "old": Write("remove", T0 + 3, 1, T0 + 1)},
    intent=INTENT,
    outbox=("A-1_z.1.abc", "A-1_z.2.def"),
    follow_up_at=T0 + 4,
    dirty=Trigger("webhook", "upload", "d" * 64, ""),
    decided="100:abc",
    rules_version="f" * 64,
    rules_seq=3,
    engine="1",
    poll=Poll(T0 + 5, 6, T0 + 7, hint=True, overdue=True),
    review=("musician", "Überraschung"),
    final_at=T0 + 8,
    givers={"Gitarre 🎸": ("aws_rek_tagging", "google_tagging"), "Implied": ()},
    named_at=T0 + 9,
    deleted_at=T0 + 10,
    restored_at=T0 + 11,
    claims={"hund": Claim("either", T0 + 12, "Hund", "ada", by_hand=True, digest="d")},
    assigned={"katze": Assigned(T0 + 13, alone=True)},
    tags_since=99,
    listed=100,
    notified_at=T0 + 14,
    before=("press", "Café"),
    left={"gitarre 🎸": Left(T0 + 15, "f" * 12, Bar(0.7, 0.5))},
    samples={
        "musician": Sample(T0 + 16, "musician", "musician", 6412, "f" * 12, Bar(0.7, 0.5), "accept", T0 + 17),
        "hut": Sample(T0 + 16, "Hut", "hat", 0, "", Bar(0.5)),
    },
)
