"""``make demo PROVIDER=rekognition``: the service asks Rekognition itself, and each payment is counted."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markup import escape

from local.clients.simulator_control import detect_calls, simulator_control
from local.clients.tables import audit_records
from local.demo.cases import Case, Scenario
from local.stack.stack import Stack

_PAID: Final = {"guitarist": 1, "zoo/koala5": 1, "homes/kitchen": 1, "press/blurred": 0}
"""How often each picture is paid for."""

REKOGNITION: Final = Scenario(
    Path(__file__).parents[1] / "demo-rekognition.toml",
    (
        Case(
            "guitarist",
            "uploaded without an add-on: the service asks, and the model calls Human an alias of Person",
            outcome="tagged",
            triggers=frozenset({"webhook"}),
            tags=frozenset({"People", "Person", "Electric Guitar", "Guitar", "Musical Instrument"}),
            below_threshold=frozenset({"Musician", "Performer"}),
        ),
        Case(
            "zoo/koala5",
            "its notification comes three times, and Rekognition is asked once; in zoo/ the threshold is 0.90",
            outcome="tagged",
            triggers=frozenset({"webhook"}),
            tags=frozenset({"Animal", "Koala", "Mammal", "Wildlife"}),
            below_threshold=frozenset({"Zoo"}),
        ),
        Case(
            "homes/kitchen",
            "Rekognition is busy at first: the message comes again, and nothing is paid twice",
            outcome="tagged",
            triggers=frozenset({"webhook"}),
            tags=frozenset(
                {
                    "Indoors", "Kitchen", "Room", "Furniture", "Interior Design", "Appliance", "Cabinet",
                    "Closet", "Cupboard", "Sink", "Kitchen Island", "Oven",
                }
            ),
        ),
        Case(
            "press/blurred",
            "Rekognition refuses the picture",
            outcome="failed",
            triggers=frozenset({"webhook"}),
            reason="InvalidImageFormatException",
        ),
    ),
    parameters={"Rekognition": "url"},
    categorization="",
)  # fmt: skip


def put_faults(stack: Stack) -> None:
    """Repeat one asset's notification, throttle one call, and refuse one picture."""
    copies = {"match": {"public_id": "zoo/koala5"}, "fault": {"copies": 2}}
    simulator_control(stack, "POST", "delivery_faults", json=copies)
    for match, error in (
        ({"name": "homes/kitchen", "count": 1}, "ThrottlingException"),
        ({"name": "press/blurred"}, "InvalidImageFormatException"),
    ):
        simulator_control(stack, "POST", "rekognition/faults", json={"match": match, "fault": {"error": error}})


def show_relations(console: Console, stack: Stack, audit_id: str) -> list[str]:
    """Show what the label model says of the labels that became tags; return what is wrong with the audit."""
    audit = next(record for record in audit_records(stack) if record["audit_id"] == audit_id)
    found = audit["inputs"]["categorizations"].get("rekognition", {})
    about, tagged = found.get("about", {}), audit["tags"]["added"]
    if not tagged:
        return []
    console.print(f"label model          {escape(found.get('model', ''))}, of a picture by {found.get('source')}")
    for tag in tagged:
        relations = about.get(tag.casefold(), {})
        texts = {
            "of": relations.get("parents", []),
            "also called": relations.get("aliases", []),
            "category": relations.get("categories", []),
        }
        told = "; ".join(f"{name} {', '.join(names)}" for name, names in texts.items() if names)
        console.print(f"  {escape(tag):<19}{escape(told) or '[dim]nothing more is known[/dim]'}", soft_wrap=True)
    return [] if found.get("model") == "3.0" and about else ["the audit does not name the label model or its relations"]


def show_calls(console: Console, stack: Stack) -> list[str]:
    """Show each call of Rekognition and whether it is paid; return what is wrong."""
    calls = detect_calls(stack)
    console.print()
    console.rule("[bold]Rekognition[/bold]  what it was asked, and what is paid", align="left")
    for call in calls:
        outcome = f"{call['labels']} labels, [bold]paid[/bold]" if call["paid"] else f"{call['error']}, not paid"
        console.print(f"{escape(call['public_id']):<21}{outcome}")
    return _wrong_payments(calls)


def _wrong_payments(calls: Sequence[dict[str, Any]]) -> list[str]:
    paid = {name: sum(call["paid"] for call in calls if call["public_id"] == name) for name in _PAID}
    expected = {name: f"{name} was paid {paid[name]} times instead of {times}" for name, times in _PAID.items()}
    wrong = [sentence for name, sentence in expected.items() if paid[name] != _PAID[name]]
    others = sorted({call["public_id"] for call in calls} - set(_PAID))
    return [*wrong, *(f"Rekognition was asked about {name}" for name in others)]
