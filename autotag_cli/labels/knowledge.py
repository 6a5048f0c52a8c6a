"""What is known of labels on this machine: those seen in a library, and those of an imported list."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autotag.domain.model.label_list import LabelList
from autotag.domain.rules.checks.known_labels import REKOGNITION, KnownLabels
from autotag_cli.input.imported_labels import IMPORTED, load_list
from autotag_cli.input.seen_labels import SEEN, SeenLabels, load_seen

if TYPE_CHECKING:
    from autotag_cli.stack.scan.pages import Scanner


class LabelFiles(NamedTuple):
    """What the files say; None where there is no such file."""

    seen: SeenLabels | None
    imported: LabelList | None

    @property
    def names(self) -> tuple[str, ...]:
        """The labels that were seen, unless those of another provider than Rekognition were counted."""
        if self.seen is None or self.seen.provider not in ("", *REKOGNITION):
            return ()
        return tuple(each.label for each in self.seen.labels)

    def known(self) -> KnownLabels:
        """Return the labels of Rekognition that the files know."""
        return KnownLabels(self.names, self.imported)


def read_label_files(seen: str | None = None) -> LabelFiles:
    """Read the files that are there. ``seen``: the file of the labels of a library; None is the usual one.

    Raises ``Invalid`` if the file that is named is not there, or a file cannot be used.
    """
    return LabelFiles(
        load_seen(seen or SEEN) if seen is not None or Path(SEEN).is_file() else None,
        load_list() if Path(IMPORTED).is_file() else None,
    )


def known_labels(seen: str | None = None) -> KnownLabels:
    """Return the labels that the files on this machine know. Raises ``Invalid`` as ``read_label_files``."""
    return read_label_files(seen).known()


def known_on(scanner: "Scanner") -> KnownLabels:
    """Return the labels of every asset that a stack knows, and those of the imported list, if there is one.

    Raises ``Failure`` if a page cannot be read.
    """
    from autotag_cli.stack.scan.pages import all_pages
    from autotag_cli.terminal.progress import progress_bar

    names: set[str] = set()
    with progress_bar("Reading", None, "assets") as bar:
        for page in all_pages(scanner):
            for scanned in page.assets:
                for labels in scanned.results_of(sorted(REKOGNITION)).values():
                    names.update(label.name for label in labels.labels if label.name)
            bar.advance(1, len(page.assets))
    return KnownLabels(names, load_list() if Path(IMPORTED).is_file() else None)
