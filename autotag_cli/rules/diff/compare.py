"""The comparison of two sets of rules over inputs, or over all assets of a stack."""

import os
from collections.abc import Iterable

from autotag.domain.decisions.tag_changes import TagChangeCounts
from autotag.domain.errors import Invalid
from autotag_cli.export.columns import is_columns
from autotag_cli.export.file_format import is_export, parts
from autotag_cli.export.partitions import split_partitions
from autotag_cli.input.asset_lists import split_lists
from autotag_cli.input.decision_inputs import read_asset
from autotag_cli.input.documents import Files, find_files, read_documents
from autotag_cli.rules.asset_inputs import inputs_of_message, inputs_of_scanned
from autotag_cli.rules.diff.checkpoint import Comparison, load_checkpoint, save_checkpoint
from autotag_cli.rules.diff.count_changes import ComparedRules, count_asset
from autotag_cli.rules.diff.parallel import compare_parts
from autotag_cli.rules.diff.partitions import compare_files
from autotag_cli.stack.scan.pages import Scanner, pages
from autotag_cli.terminal.left_out_files import report_left_out
from autotag_cli.terminal.output import note
from autotag_cli.terminal.progress import ProgressBar, progress_bar


def compare_inputs(inputs: Iterable[str], rules: ComparedRules, *, lines: bool) -> tuple[TagChangeCounts, int]:
    """Compare on every input; return the counts and the exit code. Report each input that cannot be read on stderr.

    Exit code 2: an input is invalid; 1: the system did not allow to read one.
    """
    inputs, partitions = split_partitions(inputs)
    files = find_files(inputs)
    report_left_out(files.left_out)
    columns = [path for path in files.paths if is_columns(path)]
    exports = [path for path in files.paths if path not in columns and _is_export(path)]
    others = Files(tuple(path for path in files.paths if path not in {*columns, *exports}), files.errors)
    size = None if files.size is None else files.size + sum(map(os.path.getsize, partitions))
    with progress_bar("Comparing", size, "assets", waits_for="the next input") as bar:
        changes, code = _compare_files(others, rules, bar, lines=lines)
        for path, found in compare_files([*columns, *partitions], rules):
            bar.advance(os.path.getsize(path), found.assets)
            changes.merge(found)
        for result in compare_parts((part for path in exports for part in parts(path)), rules):
            bar.advance(result.size, result.changes.assets)
            changes.merge(result.changes)
            if result.error:
                bar.print_error(result.error)
                code = 2
    return changes, code


def _is_export(path: str) -> bool:
    try:
        return is_export(path)
    except Invalid as error:
        if isinstance(error.__cause__, OSError):
            return False  # reported when it is read
        raise


def _compare_files(files: Files, rules: ComparedRules, bar: ProgressBar, *, lines: bool) -> tuple[TagChangeCounts, int]:
    changes, code = TagChangeCounts(rules.examples), 0
    for document in split_lists(read_documents(files, lines=lines)):
        bar.advance(document.size, 1)
        try:
            parsed = read_asset(document)
        except Invalid as error:
            bar.print_error(str(error))
            code = max(code, 1 if document.unread else 2)
            continue
        count_asset(changes, inputs_of_message(parsed.message, document.location), rules)
    return changes, code


def compare_stack(scanner: Scanner, stack: str, rules: ComparedRules, resume: str | None) -> TagChangeCounts:
    """Compare on every asset of a stack. ``resume``: the file that holds the progress, from which it resumes.

    Raises ``Failure`` if a page cannot be read, ``Invalid`` if the file cannot be used.
    """
    checkpoint = load_checkpoint(resume, Comparison(rules.old.version, rules.new.version, stack, rules.examples))
    changes = checkpoint.changes
    if changes.assets:
        note(f"Resuming after {changes.assets:,} assets.")
    with progress_bar("Comparing", None, "assets") as bar:
        bar.advance(0, changes.assets)
        for segment, page in pages(scanner, checkpoint.cursors.copy(), checkpoint.segments):
            for scanned in page.assets:
                count_asset(changes, inputs_of_scanned(scanned), rules)
            if page.cursor is None:
                del checkpoint.cursors[segment]
            else:
                checkpoint.cursors[segment] = page.cursor
            save_checkpoint(resume, checkpoint)
            bar.advance(1, len(page.assets))
    return changes
