"""``[[when]]``: which blocks apply to an asset, and how they fold over the defaults in file order."""

import pytest

from tests.unit.domain.decisions.decision_helpers import because, decided, outcomes

STRICT = "set = { threshold = 0.9 }\n"
LABELS = {"Guitar": 0.8, "Drum": 0.95}


def strict(condition: str, **asset: object) -> bool:
    """Return whether a block with ``condition`` applied."""
    tags = decided(f"[[when]]\n{condition}\n{STRICT}", LABELS, **asset).tags
    assert tags in (("Drum", "Guitar"), ("Drum",))
    return tags == ("Drum",)


def test_a_block_without_conditions_always_applies() -> None:
    assert strict("")


@pytest.mark.parametrize(
    ("glob", "folder", "applies"),
    [
        ("stage/**", "stage", True),
        ("stage/**", "stage/live/2026", True),
        ("stage/**", "backstage", False),
        ("stage/**", "", False),
        ("stage/*", "stage/live", True),
        ("stage/*", "stage", False),
        ("**/live", "stage/live", True),
        ("**", "", True),
        ("", "", True),
        ("", "stage", False),
        ("/stage/", "stage", True),
    ],
)
def test_folder(glob: str, folder: str, applies: bool) -> None:
    assert strict(f'folder = "{glob}"', folder=folder) is applies


@pytest.mark.parametrize(
    ("formats", "format_", "applies"),
    [
        ('["jpg", "png"]', "png", True),
        ('["JPG"]', "jpg", True),
        ('[".jpg"]', "JPG", True),
        ('["jpg"]', "", False),
        ('["jpg"]', "jpeg", True),
        ('["jpg"]', "jp2", False),
    ],
)
def test_format(formats: str, format_: str, applies: bool) -> None:
    assert strict(f"format = {formats}", format=format_) is applies


@pytest.mark.parametrize(
    ("tags", "applies"), [(("Press",), True), (("a", "PRESS "), True), (("press2",), False), ((), False)]
)
def test_tags_any_asks_for_their_tags(tags: tuple[str, ...], applies: bool) -> None:
    assert strict('tags_any = ["press", "news"]', user_tags=tags) is applies


def test_tags_any_does_not_see_ours() -> None:
    assert not strict('tags_any = ["press"]', managed_tags=frozenset({"press"}))


@pytest.mark.parametrize(
    ("context", "applies"),
    [
        ({"license": "editorial", "by": "jane", "x": "y"}, True),
        ({"license": "editorial"}, False),
        ({"license": "Editorial", "by": "jane"}, False),
        ({}, False),
    ],
)
def test_every_pair_of_context_must_hold(context: dict[str, str], applies: bool) -> None:
    assert strict('context = { license = "editorial", by = "jane" }', context=context) is applies


@pytest.mark.parametrize(
    ("wanted", "applies"), [('["guitar"]', True), ('["GUITAR", "x"]', True), ('["violin"]', False)]
)
def test_labels_any_asks_for_labels_kept_so_far(wanted: str, applies: bool) -> None:
    assert strict(f"labels_any = {wanted}") is applies


def test_labels_any_goes_by_the_threshold_that_holds_so_far() -> None:
    raised = '[[when]]\nset = { threshold = 0.85 }\n[[when]]\nlabels_any = ["Guitar"]\nadd = ["music"]\n'
    assert decided(raised, LABELS).tags == ("Drum",)
    own = "[labels.Guitar]\nthreshold = 0.75\n" + raised
    assert decided(own, LABELS).tags == ("music", "Drum", "Guitar")
    later = '[[when]]\nlabels_any = ["Guitar"]\nadd = ["music"]\n[[when]]\nset = { threshold = 0.85 }\n'
    assert decided(later, LABELS).tags == ("music", "Drum")


def test_every_condition_must_hold() -> None:
    both = 'folder = "stage"\nformat = ["jpg"]'
    assert strict(both, folder="stage", format="jpg")
    assert not strict(both, folder="stage", format="png")
    assert not strict(both, folder="zoo", format="jpg")


def test_later_blocks_win_key_by_key() -> None:
    rules = """
        [defaults]
        review = 0.1
        [[when]]
        name = "a"
        set = { threshold = 0.9, case = "lower", prefix = "a:", max_tags = 9, mode = "dry_run" }
        [[when]]
        name = "b"
        set = { threshold = 0.75, prefix = "b:", review = 0.7 }
    """
    decision = decided(rules, {**LABELS, "Violin": 0.72, "Flute": 0.3})
    assert decision.tags == ("b:drum", "b:guitar") and decision.review == ("b:violin",)
    assert decision.mode == "dry_run"
    assert because(decision) == {
        "Drum": 'when[2] "b".set.threshold',
        "Guitar": 'when[2] "b".set.threshold',
        "Violin": 'when[2] "b".set.review',
        "Flute": 'when[2] "b".set.threshold',
    }


def test_a_setting_of_nothing_is_a_setting() -> None:
    rules = (
        '[defaults]\nprefix = "auto:"\nmax_tags = 5\nthreshold = 0.9\n[[when]]\nset = { prefix = "", threshold = 0 }'
    )
    assert decided(rules, {"A": 0.1}).tags == ("A",)


def test_label_rules_of_a_block_merge_key_by_key() -> None:
    rules = """
        [labels.Guitar]
        threshold = 0.99
        tag = "six strings"
        parents = ["music"]
        [[when]]
        name = "stage"
        labels = { guitar = { threshold = 0.5 }, Drum = { tag = "beat" } }
        [[when]]
        labels = { GUITAR = { parents = [] } }
    """
    decision = decided(rules, LABELS)
    assert decision.tags == ("beat", "six strings")
    assert because(decision)["Guitar"] == 'when[1] "stage".labels."guitar".threshold'


def test_a_blocks_threshold_does_not_undo_a_labels_own() -> None:
    rules = f"[labels.Guitar]\nthreshold = 0.5\n[[when]]\n{STRICT}"
    assert decided(rules, LABELS).tags == ("Drum", "Guitar")


def test_additions_of_all_matching_blocks_add_up() -> None:
    rules = '[[when]]\nadd = ["a"]\n[[when]]\nfolder = "x"\nadd = ["b"]\n[[when]]\nadd = ["c"]\n'
    assert decided(rules, {}).tags == ("a", "c")


def test_a_skipped_asset_is_left_alone_for_the_blocks_reason() -> None:
    rules = '[[when]]\n[[when]]\nname = "private"\nfolder = "private/**"\nskip = true\n[[when]]\nadd = ["x"]\n'
    decision = decided(rules, LABELS, folder="private/a")
    assert (decision.tags, decision.review, decision.labels) == ((), (), ())
    assert decision.skip == 'when[2] "private".skip'
    assert decided(rules, LABELS, folder="public").skip == ""


def test_one_rulebook_tells_many_folders_apart() -> None:
    rules = "".join(f'[[when]]\nfolder = "f{i}/**"\nadd = ["t{i}"]\n' for i in range(50)) + '[[when]]\nadd = ["all"]\n'
    for i in (0, 7, 49, 7, 50):
        expected = ("all", f"t{i}") if i < 50 else ("all",)
        assert decided(rules, {}, folder=f"f{i}/x").tags == expected


def test_a_block_that_does_not_match_changes_nothing() -> None:
    rules = '[[when]]\nfolder = "x"\nset = { threshold = 0.1, mode = "dry_run" }\nadd = ["t"]\nskip = true\n'
    assert outcomes(decided(rules, {"A": 0.5}, folder="y")) == {"A": "below_threshold"}


@pytest.mark.parametrize(
    ("folders", "folder", "applies"),
    [
        ('"stage/drafts/**"', "stage", True),
        ('"stage/drafts/**"', "stage/drafts", False),
        ('["zoo", "/stage/*/"]', "stage/a", False),
        ('["zoo", "stage/*"]', "stage/a/b", True),
        ('"*"', "", False),
    ],
)
def test_folder_not_asks_for_any_other_folder(folders: str, folder: str, applies: bool) -> None:
    assert strict(f"folder_not = {folders}", folder=folder) is applies


def test_a_block_may_ask_for_a_folder_without_those_within_it() -> None:
    both = 'folder = "stage/**"\nfolder_not = "stage/drafts/**"'
    assert strict(both, folder="stage/live") and not strict(both, folder="stage/drafts/new")


@pytest.mark.parametrize(("type_", "applies"), [("image", True), ("raw", True), ("video", False), ("", False)])
def test_resource_type_asks_for_one_of_these_and_not_for_an_unknown_one(type_: str, applies: bool) -> None:
    assert strict('resource_type = ["image", "raw"]', resource_type=type_) is applies


@pytest.mark.parametrize(
    ("tags", "applies"), [(("Private",), False), (("a", "press "), False), (("x",), True), ((), True)]
)
def test_tags_none_asks_that_people_put_none_of_these(tags: tuple[str, ...], applies: bool) -> None:
    assert strict('tags_none = ["private", "press"]', user_tags=tags) is applies


def test_tags_none_does_not_see_ours() -> None:
    assert strict('tags_none = ["private"]', managed_tags=frozenset({"private"}))


@pytest.mark.parametrize(
    ("wanted", "applies"), [('["guitar"]', True), ('["GUITAR", "drum"]', True), ('["guitar", "violin"]', False)]
)
def test_labels_all_asks_for_each_of_them(wanted: str, applies: bool) -> None:
    assert strict(f"labels_all = {wanted}") is applies


@pytest.mark.parametrize(("refused", "applies"), [('["violin"]', True), ('["violin", "DRUM"]', False)])
def test_labels_none_asks_that_none_of_them_reaches_its_threshold(refused: str, applies: bool) -> None:
    assert strict(f"labels_none = {refused}") is applies


def test_labels_none_goes_by_the_threshold_that_holds_so_far_and_holds_without_labels() -> None:
    block = '[[when]]\nlabels_none = ["Guitar"]\nadd = ["quiet"]\n'
    assert "quiet" not in decided(block, LABELS).tags
    assert "quiet" in decided("[labels.Guitar]\nthreshold = 0.85\n" + block, LABELS).tags
    assert decided(block, {}).tags == ("quiet",)


@pytest.mark.parametrize(
    ("wanted", "applies"),
    [
        ('{ licence = "Editorial" }', False),
        ('{ licence = ["press", "editorial"], use = "print", rating = "5" }', True),
        ('{ licence = "editorial", use = ["tv", "web"] }', True),
        ('{ licence = "editorial", use = "tv" }', False),
        ('{ other = "editorial" }', False),
    ],
)
def test_metadata_asks_that_each_field_holds_one_of_its_values(wanted: str, applies: bool) -> None:
    held = {"licence": "editorial", "use": ("web", "print"), "rating": "5"}
    assert strict(f"metadata = {wanted}", metadata=held) is applies


def test_metadata_does_not_hold_where_none_was_ever_seen() -> None:
    assert not strict('metadata = { licence = "editorial" }')
