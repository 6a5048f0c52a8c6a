"""Hypothesis strategies for labels, rules and assets: few names, so that they meet; many ways to spell them."""

from hypothesis import strategies as st

from autotag.domain.model.labels import Label, Provider
from autotag.domain.rules.checks.categories import CategorySets
from autotag.domain.rules.compiled.ruleset import Subject
from autotag.domain.rules.schema import CategoryRule, Defaults, LabelRule, Overrides, ProviderRule, Rules, When
from autotag.domain.rules.schema_values import Ancestors

UNWRITABLE = ["Cat, black", "a\x07b", "zero\u200bwidth", "long " * 52]
"""Names of labels that are no tag, unless a rule gives them another."""

NAMES = st.sampled_from(["Guitar", "Electric Guitar", "Music", "Person", "Café", "Cat", *UNWRITABLE[:3]])
OFTEN = ("Guitar", "guitar", "GUITAR", "Electric Guitar", "electric guitar", "Music", "music", "Person", "PERSON")
SPELT = st.sampled_from([*OFTEN * 2, "Café", "Cafe\u0301", "CAFÉ", *("Cat", "\uff23at") * 2, *UNWRITABLE])
CONFIDENCES = st.sampled_from([0.0, 0.3, 0.5, 0.6, 0.7, 0.7046, 0.9, 1.0]) | st.floats(0, 1)
PROVIDERS: st.SearchStrategy[Provider] = st.sampled_from(["aws_rek_tagging", "google_tagging", "rekognition"])
LABELS = st.dictionaries(
    PROVIDERS,
    st.lists(st.builds(Label, SPELT, CONFIDENCES, st.sampled_from(["", "", "", "a fault"])), max_size=6),
    min_size=1,
)

TAGS = st.sampled_from(["guitar", "Guitar", "music", "Strings", "person", "auto:cat", "auto:guitar", "six strings"])
FEW_NAMES = st.lists(SPELT, max_size=2).map(tuple)
FEW_TAGS = st.lists(TAGS, max_size=2).map(tuple)
AGREE = st.sampled_from([1, 1, 2])
ANCESTORS: st.SearchStrategy[Ancestors] = st.sampled_from(["keep", "drop", "drop", "imply", "imply"])
COUNTED: st.SearchStrategy[tuple[Provider, ...]] = st.sampled_from(
    [("aws_rek_tagging",), ("google_tagging", "aws_rek_tagging"), ("rekognition", "aws_rek_tagging")]
)
SOME_TAGS = st.none() | st.none() | st.lists(TAGS, min_size=1, max_size=2).map(tuple)
TESTED = st.none() | st.none() | st.lists(SPELT, min_size=1, max_size=2).map(tuple)
LANGUAGES = st.sampled_from([(), (), ("en",), ("en", "de"), ("en", "de"), ("de",), ("fr", "de"), ("DE", "en", "fr")])
CASES = st.sampled_from(["keep", "lower", "title"])
PREFIXES = st.sampled_from(["", "auto:"])

LABEL_RULES = st.dictionaries(
    NAMES,
    st.builds(
        LabelRule, st.none() | CONFIDENCES, st.none() | TAGS, st.none() | FEW_TAGS, st.none() | st.integers(-2, 2)
    ),
    max_size=4,
)


SETS: CategorySets = {
    "Sound": ("electric guitar", "guitar", "music"),
    "Living Things": ("cat", "person"),
    "Favorites": ("axe", "café", "cat", "guitar", "strings"),
}
"""The labels of the categories that rules name; some are in several."""

CATEGORY_RULES = st.just(dict[str, CategoryRule]()) | st.dictionaries(
    st.sampled_from(["Sound", "Living Things", "living things", "Favorites"]),
    st.builds(
        CategoryRule,
        threshold=st.none() | CONFIDENCES,
        review=st.none() | CONFIDENCES,
        deny=st.sampled_from([None, None, True, False]),
        parents=st.none() | FEW_TAGS,
        priority=st.none() | st.integers(-2, 2),
    ),
    max_size=2,
).filter(lambda rules: len({name.lower() for name in rules}) == len(rules))


def defaults(caps: st.SearchStrategy[int]) -> st.SearchStrategy[Defaults]:
    """Return defaults whose ``max_tags`` is one of ``caps``."""
    return st.builds(
        Defaults,
        threshold=CONFIDENCES,
        review=st.none() | CONFIDENCES,
        max_tags=caps,
        case=CASES,
        prefix=PREFIXES,
        providers=COUNTED,
        agree=AGREE,
        ancestors=ANCESTORS,
        languages=LANGUAGES,
        deny=FEW_NAMES,
        allow=st.just(()) | FEW_NAMES,
    )


def blocks(
    caps: st.SearchStrategy[int | None], tested: st.SearchStrategy[tuple[str, ...] | None]
) -> st.SearchStrategy[tuple[When, ...]]:
    """Return blocks whose caps and whose ``tested`` labels are chosen from."""
    change = st.builds(
        Overrides,
        threshold=st.none() | CONFIDENCES,
        review=st.none() | CONFIDENCES,
        max_tags=caps,
        agree=st.none() | AGREE,
        ancestors=st.none() | ANCESTORS,
        languages=st.none() | st.none() | LANGUAGES,
        case=st.none() | CASES,
        prefix=st.none() | PREFIXES,
        mode=st.sampled_from([None, "apply", "dry_run"]),
    )
    block = st.builds(
        When,
        name=st.sampled_from(["", "stage photos"]),
        folder=st.sampled_from([None, "stage/**", "zoo/*", "**"]),
        folder_not=st.sampled_from([None, None, "stage", ("zoo/**", "stage/*")]),
        resource_type=st.sampled_from([None, None, ("image",), ("video", "raw")]),
        format=st.none() | st.just(("jpg",)),
        metadata=st.sampled_from([{}, {}, {"use": "web"}, {"use": ("tv", "print"), "licence": "free"}]),
        tags_any=SOME_TAGS,
        tags_none=SOME_TAGS,
        labels_any=tested,
        labels_all=tested,
        labels_none=tested,
        set=change,
        labels=LABEL_RULES,
        categories=CATEGORY_RULES,
        add=FEW_TAGS,
        skip=st.sampled_from([False, False, False, True]),
    )
    return st.lists(block, max_size=3).map(tuple)


NO_PROVIDER_RULES: st.SearchStrategy[dict[Provider, ProviderRule]] = st.just({})
PROVIDER_RULES = NO_PROVIDER_RULES | st.dictionaries(PROVIDERS, st.builds(ProviderRule, st.none() | CONFIDENCES))
WORDS = st.dictionaries(
    st.sampled_from(["Guitar", "music", "Person", "CAT", "strings", "Six strings", "Electric Guitar", "Cat, black"]),
    st.sampled_from(["Gitarre", "Musik", "guitar", "Person", "Katze", "musik", "cat", "long" * 63]),
    max_size=6,
)
TRANSLATIONS = st.fixed_dictionaries({"de": WORDS, "fr": WORDS}) | st.fixed_dictionaries({"de": WORDS})
RULES = st.builds(
    Rules,
    translations=TRANSLATIONS,
    providers=PROVIDER_RULES,
    defaults=defaults(st.integers(0, 5) | st.just(1000)),
    labels=LABEL_RULES,
    categories=CATEGORY_RULES,
    when=blocks(st.none() | st.integers(0, 4), TESTED),
)
UNCAPPED = st.builds(
    Rules,
    translations=TRANSLATIONS,
    providers=PROVIDER_RULES,
    defaults=defaults(st.just(1000)),
    labels=LABEL_RULES,
    categories=CATEGORY_RULES,
    when=blocks(st.none(), st.none()),
)
SUBJECTS = st.builds(
    Subject,
    folder=st.sampled_from(["", "stage", "stage/live", "zoo", "zoo/a"]),
    format=st.sampled_from(["", "jpg", "PNG"]),
    context=st.just({}),
    resource_type=st.sampled_from(["image", "image", "video", ""]),
    metadata=st.sampled_from([{}, {"use": "web"}, {"use": ("web", "print"), "licence": "free"}]),
    user_tags=FEW_TAGS,
    ancestors=st.dictionaries(
        st.sampled_from(["guitar", "electric guitar", "cat", "person", "music"]),
        st.lists(NAMES, min_size=1, max_size=3, unique=True).map(tuple),
        max_size=4,
    ),
    managed_tags=st.frozensets(TAGS, max_size=2),
    suppressed=st.frozensets(
        st.sampled_from(
            [
                *("guitar", "electric guitar", "cat", "music", "strings"),
                *("auto:guitar", "auto:music", "six strings", "a\x07b"),
                *("gitarre", "auto:gitarre", "musik", "katze"),
            ]
        ),
        max_size=2,
    ),
)

_MEETING = ["Guitar", "Axe", "Bass", "Strings", "Cat, black"]
_MET = st.sampled_from(["guitar", "Guitar", "strings", "axe"])
CROWDED_LABELS = st.dictionaries(
    PROVIDERS,
    st.lists(
        st.builds(Label, st.sampled_from(_MEETING), st.sampled_from([0.4, 0.6, 0.75, 0.9])), min_size=3, max_size=6
    ),
    min_size=1,
)
CROWDED = st.builds(
    Rules,
    providers=st.sampled_from([{}, {}, {"google_tagging": ProviderRule(0.8)}, {"aws_rek_tagging": ProviderRule(0.5)}]),
    translations=st.sampled_from(
        [
            {},
            {"de": {"Guitar": "Gitarre", "Bass": "Axe", "strings": "Saiten"}},
            {"de": {"Axe": "Gitarre", "guitar": "Gitarre", "Strings": "Guitar"}, "fr": {"axe": "hache", "Bass": "Axe"}},
        ]
    ),
    defaults=st.builds(
        Defaults,
        languages=st.sampled_from([(), ("en", "de"), ("en", "de"), ("en", "fr", "de"), ("de",), ("fr", "de")]),
        review=st.just(0.5) | st.none(),
        max_tags=st.sampled_from([0, 1, 2, 3, 1000]),
        case=CASES,
        prefix=PREFIXES,
        providers=COUNTED,
        agree=AGREE,
        ancestors=ANCESTORS,
        deny=st.sampled_from([(), (), ("auto:axe",), ("Strings",)]),
    ),
    labels=st.dictionaries(
        st.sampled_from(_MEETING),
        st.builds(
            LabelRule,
            threshold=st.sampled_from([None, None, 0.5, 0.8]),
            tag=st.none() | _MET,
            parents=st.sampled_from([None, ("guitar",), ("strings",), ("Axe", "guitar")]),
            priority=st.sampled_from([None, None, 1]),
        ),
        min_size=1,
    ),
    categories=st.sampled_from(
        [
            {},
            {"Favorites": CategoryRule(threshold=0.8, parents=("strings", "Axe"), priority=1)},
            {"Favorites": CategoryRule(review=0.3), "Sound": CategoryRule(threshold=0.7, parents=("axe",), priority=2)},
        ]
    ),
    when=st.sampled_from([(), (), (When(add=("guitar",)),), (When(set=Overrides(prefix="", max_tags=1)),)]),
)
"""Rules under which a few labels come to the same few tags, again and again."""

MET_SUBJECTS = st.builds(
    Subject,
    ancestors=st.sampled_from(
        [
            {},
            {"axe": ("Guitar", "Strings"), "guitar": ("Strings",)},
            {"guitar": ("Bass",), "bass": ("Guitar",), "cat, black": ("Animal", "Strings")},
            {"axe": ("guitar", "Instrument"), "bass": ("Instrument",)},
        ]
    ),
    user_tags=st.lists(st.sampled_from(["guitar", "axe", "auto:Guitar", "Strings", "gitarre"]), max_size=2).map(tuple),
    managed_tags=st.frozensets(st.sampled_from(["Guitar", "auto:Guitar", "Gitarre"]), max_size=1),
    suppressed=st.sampled_from(
        ["", "guitar", "auto:guitar", "axe", "strings", "bass", "gitarre", "gitarre", "auto:gitarre"]
    ).map(lambda key: frozenset({key} - {""})),
)
