"""Rules that contradict each other are faults; what makes sense is neither a fault nor a warning."""

import pytest

from autotag.domain.rules.parse import examine
from tests.unit.domain.rules.rule_findings import found

LONG = "x" * 250
VIDEO = '[defaults]\nproviders = ["aws_rek_tagging", "google_tagging", "google_video_tagging"]\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[defaults]\ndeny = ["Cat", "Human"]\nallow = ["Dog", "HUMAN"]',
            'defaults.allow[2]: found "HUMAN", which defaults.deny[2] denies, expected a label that is not denied',
        ),
        (
            "[defaults]\nthreshold = 0.7\nreview = 0.8",
            "defaults.review: found 0.8, expected at most defaults.threshold, which is 0.7",
        ),
        (
            "[[when]]\nset = { threshold = 0.5, review = 0.6 }\n[[when]]\nset.threshold = 0.9",
            "when[1].set.review: found 0.6, expected at most when[1].set.threshold, which is 0.5",
        ),
        (
            "[[when]]\nset.review = 0.95\n[[when]]\nset.threshold = 0.9",
            "when[1].set.review: found 0.95, expected at most 0.9, the highest threshold",
        ),
        (
            '[labels.A]\nparents = ["b"]\n[labels.B]\nparents = ["C"]\n[labels.c]\nparents = ["A"]',
            'labels."A".parents: found a cycle: "A" → "B" → "c" → "A", expected parents that lead back to no label',
        ),
        (
            '[labels.A]\nparents = ["a"]',
            'labels."A".parents: found a cycle: "A" → "A", expected parents that lead back to no label',
        ),
        (
            '[labels.A]\nparents = ["B"]\n[[when]]\nadd = ["x"]\n[[when]]\nlabels.B.parents = ["A"]',
            'when[2].labels."B".parents: found a cycle: "B" → "A" → "B", expected parents that lead back to no label',
        ),
        (
            "[labels.Guitar]\npriority = 1\n[labels.GUITAR]\npriority = 2",
            'labels."GUITAR": found another spelling of "Guitar", expected one table for each label',
        ),
        (
            '[[when]]\nlabels = { "Caf\\u00e9".priority = 1, "Cafe\\u0301".priority = 2 }',
            'when[1].labels."Cafe\u0301": found another spelling of "Café", expected one table for each label',
        ),
        (
            f'[defaults]\nprefix = "auto:."\n[labels.A]\ntag = "{LONG}"',
            'labels."A".tag: found 256 characters together with defaults.prefix "auto:.", expected at most 255',
        ),
        (
            f'[[when]]\nset.prefix = "auto:."\nadd = ["{LONG}"]',
            'when[1].add[1]: found 256 characters together with when[1].set.prefix "auto:.", expected at most 255',
        ),
        (
            f'[[when]]\nset.prefix = "auto:."\nlabels.A.parents = ["{LONG}"]',
            'when[1].labels."A".parents[1]: found 256 characters together with when[1].set.prefix "auto:.", '
            "expected at most 255",
        ),
        (
            '[[when]]\nfolder = "a//b/"\nskip = true',
            'when[1].folder: found "a//b/", which can never match, expected no empty folder name in it; '
            'did you mean "a/b"?',
        ),
        (
            '[[when]]\ntags_any = ["a,b", "c,d"]\nskip = true',
            "when[1].tags_any: found a block that can never match, expected a tag that an asset can have (no comma)",
        ),
        (
            "[defaults]\nagree = 2",
            "defaults.agree: found 2, expected at most 1, as many as defaults.providers names",
        ),
        (
            '[defaults]\nproviders = ["aws_rek_tagging", "google_tagging"]\n[[when]]\nset.agree = 3',
            "when[1].set.agree: found 3, expected at most 2, as many as defaults.providers names",
        ),
        (
            '[defaults]\nproviders = ["aws_rek_tagging", "google_video_tagging"]\nagree = 2',
            "defaults.agree: found 2, expected at most 1, as many of defaults.providers as return labels of one "
            "image or video",
        ),
        (
            f'{VIDEO}[[when]]\nresource_type = ["video"]\nset.agree = 2',
            "when[1].set.agree: found 2, expected at most 1, as many of defaults.providers as return labels of one "
            "video",
        ),
        (
            '[[when]]\ntags_any = ["Press"]\ntags_none = ["press"]\nskip = true',
            'when[1].tags_any: found a block that can never match, since tags_none has "Press" too, '
            "expected no name that when[1].tags_none has",
        ),
        (
            '[[when]]\nlabels_any = ["A", "B"]\nlabels_none = ["b", "a"]\nskip = true',
            'when[1].labels_any: found a block that can never match, since labels_none has "A" too, '
            "expected no name that when[1].labels_none has",
        ),
        (
            '[[when]]\nlabels_all = ["A", "B"]\nlabels_none = ["b"]\nskip = true',
            'when[1].labels_all: found a block that can never match, since labels_none has "B" too, '
            "expected no name that when[1].labels_none has",
        ),
        (
            '[[when]]\nfolder = "stage/*/raw"\nfolder_not = ["zoo", "stage/**"]\nskip = true',
            'when[1].folder_not[2]: found "stage/**", which leaves out all of when[1].folder, "stage/*/raw", '
            "expected a folder within it",
        ),
        (
            '[[when]]\nfolder = "/stage/"\nfolder_not = "stage"\nskip = true',
            'when[1].folder_not: found "stage", which leaves out all of when[1].folder, "/stage/", '
            "expected a folder within it",
        ),
        (
            '[[when]]\nfolder_not = ["zoo", "**"]\nskip = true',
            'when[1].folder_not[2]: found "**", which leaves out every folder, expected some of the folders',
        ),
    ],
)
def test_what_nobody_can_mean_is_a_fault(text: str, sentence: str) -> None:
    assert found(text) == [sentence]
    assert examine(text).rules is None


def test_a_label_that_is_no_tag_may_be_given_one_and_be_denied_then() -> None:
    block = '[[when]]\nfolder = "x"\nlabels = { "C, D" = { tag = "c" } }'
    text = f'[defaults]\ndeny = ["C, D"]\n[labels."A, B"]\ntag = "a"\n{block}'
    assert not [sentence for sentence in found(text) if "comma" in sentence]
    assert examine(text).rules is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[defaults]\nthreshold = 0.7\nreview = 0.7",
        "[defaults]\nreview = 0.5\n[labels.A]\nthreshold = 0.4",  # this label needs no review
        "[[when]]\nset.review = 0.8\n[[when]]\nset.threshold = 0.9",  # both may match
        "[defaults]\nreview = 0.5\n[[when]]\nset.threshold = 0.4\n[[when]]\nset.review = 0.3",
        '[labels.A]\nparents = ["B"]\n[labels.B]\nparents = ["C"]\n[labels.D]\nparents = ["B", "C"]',
        '[labels.A]\nparents = ["B"]\n[[when]]\nlabels.A.parents = []\nlabels.B.parents = ["A"]',
        '[defaults]\ndeny = ["B"]\n[labels.A]\nparents = ["B"]\n[labels.B]\nparents = ["C"]',  # the chain goes on
        '[defaults]\ndeny = ["A"]\n[labels.A]\nthreshold = 0.9\n[[when]]\nlabels_any = ["A"]\nadd = ["x"]',
        '[defaults]\nallow = ["A"]\n[labels.A]\nparents = ["B"]\n[labels.B]\npriority = 2',
        '[[when]]\nfolder = ""\nadd = ["x"]\n[[when]]\nfolder = "/"\nadd = ["y"]',
        f'[defaults]\nprefix = "auto:"\n[labels.A]\ntag = "{LONG}"',
        '[[when]]\nfolder = "a"\nadd = ["x"]\n[[when]]\nfolder = "b"\nskip = true',
        '[[when]]\nfolder = "stage/**"\nfolder_not = ["stage/*", "stage/**/a", "*/a/**", "stage/b/**"]\nadd = ["x"]',
        '[[when]]\nfolder_not = ["a*/**", "*", "**/a"]\nadd = ["x"]',
        f"{VIDEO}agree = 2",
        f'{VIDEO}[[when]]\nresource_type = ["image", "video"]\nset.agree = 2',
        '[[when]]\nresource_type = ["video"]\nskip = true',  # no unit is spent on what is skipped
        '[[when]]\nlabels_all = ["A"]\nset.threshold = 0.9\n[[when]]\nlabels_all = ["A"]\nskip = true',
        '[[when]]\nlabels_any = ["A"]\nset.threshold = 0.9\n[[when]]\nlabels_any = ["A"]\nskip = true',
    ],
)
def test_what_makes_sense_is_not_complained_of(text: str) -> None:
    assert found(text) == []


def test_every_cycle_is_told_once_and_a_long_one_in_short() -> None:
    text = "".join(f'[labels.a{i}]\nparents = ["a{(i + 1) % 100}", "b"]\n' for i in range(100))
    text += '[labels.b]\nparents = ["b"]\n'
    (long, short) = found(text)
    assert '"a0" → "a1" → "a2" → ... → "a98" → "a99" → "a0"' in long and '"b" → "b"' in short
