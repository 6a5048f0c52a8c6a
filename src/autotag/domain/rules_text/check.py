"""Errors and warnings of a rules file, each with its position in the text."""

from dataclasses import dataclass, field
from itertools import islice

from autotag.domain.rules.checks.categories import named_categories
from autotag.domain.rules.checks.known_labels import KnownLabels, check_known_labels
from autotag.domain.rules.parse import examine, rules_version
from autotag.domain.rules.schema import Rules
from autotag.domain.rules.validation.problems import MAX_ERRORS, Diagnostic
from autotag.domain.rules_text.categories import KnownCategories, Resolved
from autotag.domain.rules_text.positions import Position, Positions


@dataclass(frozen=True)
class CheckedRules:
    """Errors and warnings in the order of lines. If there is an error, ``rules`` is None and ``version`` is empty.

    It is empty as well while a category that the rules name is ``unknown``; ``sets`` are the labels of the others.
    """

    rules: Rules | None
    version: str
    diagnostics: tuple[tuple[Position, Diagnostic], ...]
    sets_something: bool = True
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> list[Diagnostic]:
        """Return the errors: the service refuses rules that have one."""
        return [diagnostic for _, diagnostic in self.diagnostics if diagnostic.severity == "error"]

    @property
    def warnings(self) -> list[Diagnostic]:
        """Return the warnings: what is probably a mistake."""
        return [diagnostic for _, diagnostic in self.diagnostics if diagnostic.severity == "warning"]

    @property
    def named(self) -> str:
        """Return which rules these are, and that they are empty if they are; "" if they have an error."""
        if self.rules is None:
            return ""
        empty = "" if self.sets_something else ", empty: it sets nothing, so the defaults decide"
        version = f"version {self.version[:12]}" if self.version else "without a version while a category is not known"
        return f"rules {self.rules.name}, {version}{empty}"

    def fault_lines(self, file: str) -> list[str]:
        """Return a line for each error, as every command shows it: the file, its line, and the sentence."""
        return [line for line, each in self.lines(file) if each.severity == "error"]

    def unknown_lines(self, file: str) -> list[str]:
        """Return a line for each category that is not known, like ``fault_lines``: without it, rules cannot be used."""
        return [f"{file}:{at.line}: {each.sentence}" for at, each in self.diagnostics if each in self.unknown]

    def lines(self, file: str) -> list[tuple[str, Diagnostic]]:
        """Return a line for each error and warning, with what it is about."""
        return [
            (f"{file}:{at.line}: {'warning: ' if each.severity == 'warning' else ''}{each.sentence}", each)
            for at, each in self.diagnostics
        ]


def check_text(text: str, known: KnownLabels | None = None, categories: KnownCategories | None = None) -> CheckedRules:
    """Check the text of a rules file. With ``known`` labels, valid rules on other labels have a warning, too.

    So have those that name other ``categories`` than these.
    """
    text = text.removeprefix("\ufeff")
    examined = examine(text)
    diagnostics = examined.errors + examined.warnings
    if known and examined.rules is not None:
        unknown = check_known_labels(examined.rules, known)
        diagnostics += tuple(islice(unknown, MAX_ERRORS - len(diagnostics)))
    resolved = Resolved({})
    if examined.rules is not None and named_categories(examined.rules):
        resolved = (categories or KnownCategories()).resolve(examined.rules)
        diagnostics += (*resolved.unknown, *resolved.doubtful)
    if examined.rules is not None and examined.rules.translations:
        # imported here since only such rules need it: cold starts are shorter
        from autotag.domain.rules.checks.missing_words import check_missing_words

        missing = check_missing_words(examined.rules, known.seen if known else ())
        diagnostics += tuple(islice(missing, max(0, MAX_ERRORS - len(diagnostics))))
    # a text that is too large, or not valid TOML, has no positions
    positions = Positions(text) if any(diagnostic.path for diagnostic in diagnostics) else None
    placed = [(_position(diagnostic, positions), diagnostic) for diagnostic in diagnostics]
    placed.sort(key=lambda pair: pair[0])
    usable = examined.rules is not None and not resolved.unknown
    version = rules_version(examined.rules, resolved.sets) if examined.rules and usable else ""
    return CheckedRules(examined.rules, version, tuple(placed), _sets_something(text), resolved.sets, resolved.unknown)


def _sets_something(text: str) -> bool:
    """Return whether valid TOML holds more than blank lines, comments and headers of tables."""
    return any(line.strip() and line.strip()[0] not in "#[" for line in text.splitlines())


def _position(diagnostic: Diagnostic, positions: Positions | None) -> Position:
    if positions is not None and diagnostic.path:
        return positions[diagnostic.path]
    return Position(diagnostic.line or 1, diagnostic.column or 1)
