"""A word of another language that a person rejects, and the rules change."""

from autotag.service.worker import handle
from tests.fakes.context import Fakes
from tests.fakes.samples import resource, upload
from tests.unit.service.tagging.people.guitarist import answer, do

WORDS = '[translations.de]\nGuitar = "Gitarre"\nLute = "Gitarre"\n'


def test_a_word_rejected_with_a_prefix_stays_away_without_it_whatever_label_has_it() -> None:
    fakes = Fakes()
    fakes.rules.use(f'[defaults]\nlanguages = ["de"]\nreview = 0.5\nprefix = "auto:"\n{WORDS}', 0)
    fakes.cloudinary.assets["a1"] = resource("a1", {"Guitar": 0.6}, tags=())
    handle(fakes.deps, upload(dict(fakes.cloudinary.assets["a1"])), fakes.remaining)
    fakes.clock.advance(3600)
    do(fakes, answer(fakes, reject=("auto:Gitarre",)))

    fakes.rules.use(f'[defaults]\nlanguages = ["de"]\n{WORDS}', 1)
    fakes.clock.advance(60)
    handle(fakes.deps, upload(resource("a1", {"Lute": 0.9}, tags=()), fakes.clock.now(), "d2"), fakes.remaining)

    assert list(fakes.cloudinary.tags("a1")) == []
