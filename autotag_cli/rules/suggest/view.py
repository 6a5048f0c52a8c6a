"""Suggestions for people: a table of the proposals, a sentence on every other label, and what to do next."""

from collections.abc import Iterable, Sequence

from rich.console import Console

from autotag.domain.learning.label_evidence import Example
from autotag.domain.learning.suggestions import LabelSuggestion, Suggestions
from autotag.domain.model.labels import label_key
from autotag.domain.rules.compiled.ruleset import Ruleset
from autotag.domain.rules.schema import Defaults, Rules
from autotag.domain.sentences.suggestions import labels_to_ask
from autotag_cli.rules.suggest.next_steps import NextCommand
from autotag_cli.rules.suggest.table import proposal_table, right_of, share_text, share_then
from autotag_cli.terminal.confidence_bar import threshold_text
from autotag_cli.terminal.output import console, counted, plain

_NAMED = 5
_SHOWN = 3
"""Pictures that are named of each verdict on a label."""


def print_suggestions(
    suggestions: Suggestions, rules: Rules, ruleset: Ruleset, commands: Iterable[NextCommand]
) -> None:
    """Print a line for each proposal, why the other labels have none, and what comes next.

    ``ruleset``: the ``rules``, compiled.
    """
    out = console()
    out.print(plain(f"{ruleset.name} {ruleset.version[:12]}", "bold"))
    out.print()
    out.print(f"People's verdicts on {suggestions.judged:,} of {suggestions.assets:,} assets count.")
    out.print(f"A wrong tag is as bad as {_missing_tags(suggestions.wrong_costs)} (--wrong-costs).")
    if proposals := suggestions.because("proposed"):
        _print_proposals(out, proposals, _not_taken_into_account(proposals, rules))
    elif suggestions.labels:
        out.print("There is no threshold to propose.")
    else:
        out.print("There is no threshold to propose: nobody has said yet whether a label is right.")
    for sentence in _others(suggestions):
        out.print(plain(sentence, "dim"), soft_wrap=True)
    if following := list(commands):
        out.print()
        out.print("Next:")
        for each in following:
            out.print(plain(f"  {each.why}:"), soft_wrap=True)
            out.print(plain(f"    {each.command}", "bold"), soft_wrap=True)


def _print_proposals(out: Console, proposals: Sequence[LabelSuggestion], others: str) -> None:
    out.print(f"Another threshold is better, almost surely, for {counted(len(proposals), 'label')}.")
    table, form = proposal_table(out, proposals)
    if form.moves:
        interval = " (95% interval)" if form.bounds else ""
        out.print(
            "Come, go: tags that would be added to and removed from the whole library. "
            f"Right now, then: the share of right tags{interval}."
        )
    if others:
        out.print(f"Here {others} not taken into account: rules diff counts exactly.")
    out.print()
    out.print(table)
    out.print()
    for each in proposals[:_NAMED]:
        if not form.right:
            out.print(plain(_moved(each, shares=not form.shares)))
        out.print(plain(_pictures(each), "dim"))
    if len(proposals) > _NAMED:
        out.print(plain(f"… {len(proposals) - _NAMED:,} more labels: --json says it of all of them.", "dim"))
    out.print()


def _not_taken_into_account(proposals: Iterable[LabelSuggestion], rules: Rules) -> str:
    """Return what of the rules makes ``rules diff`` count other tags than come and go here, "" if nothing does."""
    caps = [rules.defaults.max_tags, *(block.set.max_tags for block in rules.when)]
    own = {label_key(name): rule for name, rule in rules.labels.items()}
    found = ["max_tags"] if any(cap is not None and cap != Defaults().max_tags for cap in caps) else []
    found += ["parents"] if any(each.key in own and own[each.key].parents for each in proposals) else []
    return f"{' and '.join(found)} {'is' if found == ['max_tags'] else 'are'}" if found else ""


def _moved(each: LabelSuggestion, *, shares: bool) -> str:
    """Return what a narrow table has no room for."""
    if each.outcome is None:
        return ""
    moves = (("come", each.outcome.come), ("go", each.outcome.go))
    found = [
        f"{counted(moved.tags, 'tag')} {verb}, {right_of(moved)} of them right" for verb, moved in moves if moved.tags
    ]
    found = found or ["no tag comes or goes"]
    if shares:
        found.append(f"right now {share_text(each.precision)}, then {share_text(share_then(each))}")
    return f"{each.label}: {'; '.join(found)}."


def _pictures(each: LabelSuggestion) -> str:
    """Return which pictures spoke."""
    said = [(verdict, shown) for verdict, shown in (("right", each.right), ("wrong", each.wrong)) if shown]
    pieces = [f"{verdict} on {_ids(shown)}" for verdict, shown in said]
    verdicts = counted(sum(map(sum, each.said.values())), "verdict")
    return f"{each.label}: {verdicts}, such as {'; '.join(pieces)}." if pieces else f"{each.label}: {verdicts}."


def _ids(shown: Sequence[Example]) -> str:
    more = " …" if len(shown) > _SHOWN else ""
    return ", ".join(f"{each.public_id} ({each.confidence:.2f})" for each in shown[:_SHOWN]) + more


def _missing_tags(wrong_costs: float) -> str:
    return "a missing one" if wrong_costs == 1 else f"{wrong_costs:g} missing ones"


def _others(suggestions: Suggestions) -> list[str]:
    found = []
    if unwanted := suggestions.because("unwanted"):
        named = _named([each.label for each in unwanted])
        looks, them = ("looks", "it") if len(unwanted) == 1 else ("look", "them")
        number = counted(len(unwanted), "label")
        found.append(f"{number} {looks} unwanted at any confidence: deny {them} in the rules? ({named})")
    if unasked := [each for each in labels_to_ask(suggestions.labels) if each.why == "unasked"]:
        named = _named([f"{each.label} {threshold_text(each.present)}" for each in unasked])
        found.append(
            f"{counted(len(unasked), 'label')}: nobody was asked below the threshold ({named}): ask them at random, or "
            "set review below it in the rules"
        )
    if thin := suggestions.because("thin"):
        named = _named([f"{each.label} {each.missing:,}" for each in thin])
        found.append(f"{counted(len(thin), 'label')}: there are too few verdicts (so many more are needed: {named})")
    if fine := suggestions.because("fine"):
        found.append(f"{counted(len(fine), 'label')}: no other threshold is expected to be much better")
    if unsure := suggestions.because("unsure"):
        named = _named([each.label for each in unsure])
        found.append(
            f"{counted(len(unsure), 'label')}: another threshold may be better, but that is not sure ({named})"
        )
    by_hand = [(each.not_counted["only_right"], each.label) for each in suggestions.labels]
    by_hand = sorted((-number, name) for number, name in by_hand if number)
    if by_hand:
        count = -sum(number for number, _ in by_hand)
        named = _named([f"{name} {-number:,}" for number, name in by_hand])
        found.append(
            f"{counted(count, 'tag')} added by hand did not count ({named}): where people are not asked, they can add "
            "a missing tag, but not mark a wrong one."
        )
    return found


def _named(names: Sequence[str]) -> str:
    more = f", … {len(names) - _NAMED:,} more labels" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
