"""``autotag show``: the state of one asset, as the deployed service stores it."""

from typing import TYPE_CHECKING, Any

import typer

from autotag_cli.stack.options import AsJson, Asset, Raw, Stack

if TYPE_CHECKING:
    from autotag.domain.model.audit import Audit
    from autotag_cli.stack.responses import StoredState

_STATUS_STYLES = {"failed": "red", "timed_out": "red", "pending": "yellow", "applying": "yellow", "gone": "dim"}
_SHOWN_LABELS = 8
_AUDITS = 20
"""The audits that are read for the reasons of tags."""


def show(
    ctx: typer.Context,
    asset: Asset,
    stack: Stack = None,
    as_json: AsJson = False,
    raw: Raw = False,
) -> None:
    """Show what the service knows about an asset: its status, its tags and who set each, labels, and what is due.

    Exit code 1: there is no such asset, or the request failed.
    """
    from autotag_cli.stack.connection import connect_ops
    from autotag_cli.stack.responses import read_audits, read_state
    from autotag_cli.terminal.output import console, print_json

    ops = connect_ops(ctx, stack)
    answer = ops.show(asset, raw=raw)
    if as_json or raw:
        print_json(answer, indent=2)
    else:
        from autotag_cli.terminal.output import facts_table

        state = read_state(answer)
        audits = read_audits(ops.audits(state.asset.asset_id, _AUDITS)) if state.decided_at else []
        console().print(facts_table(_rows(state, audits)))


def _rows(state: "StoredState", audits: "list[Audit]") -> list[tuple[str, Any]]:
    from autotag.domain.model.asset import values_of
    from autotag.domain.model.labels import label_key, label_keys
    from autotag.domain.sentences.people import explain_people
    from autotag.domain.sentences.questions import AT_RANDOM
    from autotag.domain.sentences.tags import explain_tags
    from autotag_cli.terminal.output import plain
    from autotag_cli.terminal.sentence_text import sentence_text

    ref, facts = state.asset, state.facts
    rows: list[tuple[str, Any]] = [
        ("asset", plain(ref.public_id, "bold")),
        ("asset_id", ref.asset_id),
        ("kind", "/".join(filter(None, (ref.resource_type, ref.type)))),
        ("version", str(ref.version)),
        ("status", plain(state.status.replace("_", " "), _STATUS_STYLES.get(state.status, "green"))),
    ]
    if state.decided_at:
        rows.append(("decided at", f"{state.decided_at} by rules {state.rules_version[:12]}"))
    rows.append(
        ("managed tags", plain(", ".join(state.tags.managed) or "none", "green" if state.tags.managed else "dim"))
    )
    rows.append(("people's tags", plain(", ".join(state.tags.user) or "none", "" if state.tags.user else "dim")))
    if state.tags.review:
        at_random = label_keys(state.samples)
        asked = [f"{tag} ({AT_RANDOM})" if label_key(tag) in at_random else tag for tag in state.tags.review]
        rows.append(("to review", plain(", ".join(asked), "yellow")))
    why, people = explain_tags(state.picture, audits).values(), explain_people(state.picture, audits)
    for title, sentences in (("why", why), ("people", people)):
        rows += [("" if i else title, sentence_text(sentence)) for i, sentence in enumerate(sentences)]
    if facts:
        context = ", ".join(f"{key}={value}" for key, value in facts.context.items())
        held = ((field, ", ".join(values_of(value))) for field, value in facts.known_metadata.items())
        metadata = "; ".join(f"{field}={values}" for field, values in held)
        optional = (("folder", facts.folder), ("format", facts.format), ("context", context), ("metadata", metadata))
        rows += [(name, value) for name, value in optional if value]
    for provider, result in state.categorizations.items():
        rows.append((provider, f"{result.status}, observed at {result.observed_at}"))
        if result.error:
            rows.append(("", plain(result.error, "red")))
        if result.labels:
            best = sorted(result.labels, key=lambda label: -label.confidence)
            names = [f"{label.label} {label.confidence:.4f}" for label in best[:_SHOWN_LABELS]]
            rest = len(best) - len(names)
            rows.append(("", plain(", ".join(names) + (f", … {rest} more" if rest else ""), "dim")))
    if state.poll:
        rows.append(
            ("next poll", f"{state.poll.due_at}, {state.poll.attempts} done so far, until {state.poll.deadline_at}")
        )
    if state.intent:
        changes = [f"+{tag}" for tag in state.intent.add] + [f"-{tag}" for tag in state.intent.remove]
        rows.append(("being applied", f"{' '.join(changes) or 'nothing'}, due again at {state.intent.due_at}"))
    return rows
