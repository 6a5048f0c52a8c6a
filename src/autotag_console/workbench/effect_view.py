"""What other rules change, as numbers: in all, and for each tag."""

from collections.abc import Iterable
from urllib.parse import urlencode

from msgspec import Struct

from autotag.domain.sentences.numbers import counted

MOST, MOST_ABOUT = 200, 20
"""Tags that are listed, of all assets and of a sample."""

_MINUS = "\N{MINUS SIGN}"
_LEAST_SHARE = 0.001
"""A smaller share of the pictures is not worth saying."""

SIGNS = {"gained": "+", "lost": _MINUS, "asked": "+", "unasked": _MINUS}
WORDS = {
    "gained": "pictures that gain the tag",
    "lost": "pictures that lose the tag",
    "asked": "new questions about it",
    "unasked": "questions about it that go",
}


class Number(Struct, frozen=True):
    """How many pictures change so. ``text`` is the number as it is shown, ``words`` says what it is of."""

    direction: str
    number: int
    text: str
    words: str
    address: str


class TagEffect(Struct, frozen=True):
    """What happens to one tag: the numbers that are not 0."""

    tag: str
    numbers: tuple[Number, ...]

    def of(self, direction: str) -> Number | None:
        """Return the number of a direction, None if it is 0."""
        return next((each for each in self.numbers if each.direction == direction), None)

    @property
    def first(self) -> Number:
        """The largest number: its pictures are shown first."""
        return max(self.numbers, key=lambda each: each.number)


class EffectView(Struct, frozen=True):
    """What other rules change. ``exact``: the numbers are of all assets, else a sample was multiplied.

    ``sentence`` says on how many pictures tags change, ``besides`` what else is to say; ``more`` tags are not listed.
    ``key`` names it in addresses of pictures; ``at`` is when the export was made (ISO 8601).
    """

    exact: bool
    sentence: str
    totals: dict[str, str]
    tags: tuple[TagEffect, ...]
    more: int
    besides: tuple[str, ...]
    key: str
    at: str


class TagNumbers(Struct, frozen=True):
    """The numbers of one tag, by direction."""

    tag: str
    numbers: dict[str, int]


def effect_view(
    key: str,
    at: str,
    tags: Iterable[TagNumbers],
    *,
    changed: int,
    assets: int,
    looked_at: int,
    undecided: int,
    apart: int,
    without_metadata: int = 0,
) -> EffectView:
    """Return the view of what was found on ``looked_at`` of ``assets``; ``changed`` of them change their tags.

    ``undecided`` have no labels that the rules use, ``apart`` were decided one by one. ``without_metadata`` of all
    assets were never seen with the structured metadata that the rules ask for.
    """
    exact, factor = looked_at == assets, assets / max(1, looked_at)

    def text(number: int) -> str:
        return f"{number:,}" if exact else about(number * factor)

    ranked = sorted(tags, key=lambda each: (-sum(each.numbers.values()), each.tag))
    listed = ranked[: MOST if exact else MOST_ABOUT]
    views = [
        TagEffect(
            each.tag,
            tuple(
                Number(
                    way, number, f"{SIGNS[way]}{text(number)}", WORDS[way],
                    f"/rules/whatif/pictures?{urlencode({'key': key, 'tag': each.tag, 'direction': way})}",
                )
                for way, number in each.numbers.items()
                if number
            ),
        )
        for each in listed
    ]  # fmt: skip
    totals = {way: sum(each.numbers.get(way, 0) for each in ranked) for way in SIGNS}
    share = changed / max(1, looked_at)
    shown_share = f" ({share:.1%})" if share >= _LEAST_SHARE else ""
    besides = []
    if undecided:
        of_them = counted_text(text(undecided), undecided, "picture")
        besides.append(f"{of_them} without labels that the rules could use.")
    if without_metadata:
        were = f"{counted(without_metadata, 'picture')} {'was' if without_metadata == 1 else 'were'}"
        besides.append(f"{were} never seen with metadata, which the rules ask for: autotag retag --refresh reads it.")
    if exact and apart > looked_at / 50:
        besides.append(f"{counted(apart, 'picture')} had to be decided one by one.")
    return EffectView(
        exact,
        f"Tags change on {counted_text(text(changed), changed, 'picture')} of {assets:,}{shown_share}.",
        {way: f"{SIGNS[way]}{text(number)}" if number else "0" for way, number in totals.items()},
        tuple(views),
        len(ranked) - len(listed),
        tuple(besides),
        key,
        at,
    )


def about(number: float) -> str:
    """Return a number to two digits, as an estimate is shown."""
    if number < 1:
        return "0"
    digits = len(str(int(number))) - 2
    return f"{int(round(number, -digits)) if digits > 0 else round(number):,}"


def counted_text(text: str, number: int, noun: str) -> str:
    """Return a number that is text already with its noun."""
    return f"{text} {noun}{'' if number == 1 else 's'}"
