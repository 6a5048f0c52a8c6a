"""The comparison of two sets of rules over inputs, or over all assets of a stack."""

from collections.abc import Iterable

from autotag.domain.errors import Invalid
from autotag.domain.rules.compiled.ruleset import Rulebook
from autotag_cli.export.file_format import is_export, parts
from autotag_cli.input.asset_lists import split_lists
from autotag_cli.input.decision_inputs import read_asset
from autotag_cli.input.documents import Files, find_files, read_documents
from autotag_cli.rules.asset_inputs import inputs_of_message, inputs_of_scanned
from autotag_cli.rules.diff.checkpoint import Comparison, begin, save
from autotag_cli.rules.diff.count_changes import count
from autotag_cli.rules.diff.parallel import Sides, over_parts
from autotag_cli.stack.scan_pages import Scanner, pages
from autotag_cli.terminal.left_out_files import report_left_out
from autotag_cli.terminal.output import note
from autotag_cli.terminal.progress import ProgressBar, progress_bar
from autotag_cli.terminal.tag_changes import TagChangeCounts


def over_inputs(
    inputs: Iterable[str], old: Rulebook, new: Rulebook, examples: int, *, lines: bool
) -> tuple[TagChangeCounts, int]:
    """Compare on every input; return the counts and the exit code. Report each input that cannot be read on stderr.

    Exit code 2: an input is invalid; 1: the system did not allow to read one.
    """
    files = find_files(inputs)
    report_left_out(files.left_out)
    exports = [path for path in files.paths if _is_export(path)]
    others = Files(tuple(path for path in files.paths if path not in set(exports)), files.errors)
    with progress_bar("Comparing", files.size, "assets") as bar:
        changes, code = _over_files(others, Sides(old, new, examples), bar, lines=lines)
        for counted in over_parts((part for path in exports for part in parts(path)), Sides(old, new, examples)):
            bar.advance(counted.size, counted.changes.assets)
            changes.merge(counted.changes)
            if counted.fault:
                bar.print_error(counted.fault)
                code = 2
    return changes, code


def _is_export(path: str) -> bool:
    try:
        return is_export(path)
    except Invalid as error:
        if isinstance(error.__cause__, OSError):
            return False  # reported when it is read
        raise


def _over_files(files: Files, sides: Sides, bar: ProgressBar, *, lines: bool) -> tuple[TagChangeCounts, int]:
    changes, code = TagChangeCounts(sides.examples), 0
    for document in split_lists(read_documents(files, lines=lines)):
        bar.advance(document.size, 1)
        try:
            parsed = read_asset(document)
        except Invalid as error:
            bar.print_error(str(error))
            code = max(code, 1 if document.unread else 2)
            continue
        count(changes, inputs_of_message(parsed.message, document.location), sides.old, sides.new)
    return changes, code


def over_stack(
    scanner: Scanner, stack: str, old: Rulebook, new: Rulebook, resume: str | None, examples: int
) -> TagChangeCounts:
    """Compare on every asset of a stack. ``resume``: the file that holds the progress, from which it resumes.

    Raises ``Failure`` if a page cannot be read, ``Invalid`` if the file cannot be used.
    """
    checkpoint = begin(resume, Comparison(old.version, new.version, stack, examples))
    changes = checkpoint.changes
    if changes.assets:
        note(f"Resuming after {changes.assets:,} assets.")
    with progress_bar("Comparing", None, "assets") as bar:
        bar.advance(0, changes.assets)
        for segment, page in pages(scanner, checkpoint.cursors.copy(), checkpoint.segments):
            for scanned in page.assets:
                count(changes, inputs_of_scanned(scanned), old, new)
            if page.cursor is None:
                del checkpoint.cursors[segment]
            else:
                checkpoint.cursors[segment] = page.cursor
            save(resume, checkpoint)
            bar.advance(1, len(page.assets))
    return changes
