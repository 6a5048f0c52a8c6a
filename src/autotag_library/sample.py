"""A part of a library that stands for all of it, for answers that are wanted at once."""

import numpy as np

from autotag_library.arrays import Library, Longs, Ragged, lists_of


def sample_rows(library: Library, size: int) -> Longs:
    """Return at most ``size`` rows, spread evenly over the library, and so over its folders."""
    found: Longs = np.unique(np.linspace(0, library.size - 1, min(size, library.size)).astype(np.int64))
    return found


def sample_of(library: Library, rows: Longs) -> Library:
    """Return the library of these rows alone, which ascend; row ``i`` of it is ``rows[i]`` of the whole."""

    def lists(all_lists: Ragged) -> Ragged:
        return lists_of(all_lists.lengths(rows), all_lists.of(rows).values)

    return library._replace(
        labels=lists(library.labels),
        confidences=library.confidences[library.labels.of(rows).at],
        places=library.places[rows],
        managed=lists(library.managed),
        user=lists(library.user),
        suppressed=lists(library.suppressed),
        provider=library.provider[rows],
        faulty=library.faulty[rows],
        described=library.described[rows],
        related=library.related[rows],
        apart=library.apart[rows],
    )
