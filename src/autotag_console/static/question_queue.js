// The questions of a deck, in the order in which they are shown. Pure. An entry is {asset, question} as the console
// describes them; `stands(asset, tag)` returns whether an answer about it stands.
export class QuestionQueue {
  entries = [];
  skipped = new Set();
  byTag = true;
  #at = 0;

  constructor(stands) {
    this.stands = stands;
  }

  // Add the questions about assets behind the others, without those that are there already.
  add(assets) {
    const known = new Set(this.entries.map(nameOf));
    const found = assets.flatMap((asset) => asset.questions.map((question) => ({ asset, question })));
    this.entries.push(...this.#ordered(found.filter((entry) => !known.has(nameOf(entry)))));
  }

  // Return the question to show, or null.
  current() {
    while (this.#at < this.entries.length && !this.#isNext(this.entries[this.#at])) this.#at += 1;
    return this.entries[this.#at] ?? null;
  }

  // Return the questions that come next, the current one first.
  ahead = () => this.entries.slice(this.#at).filter((entry) => this.#isNext(entry));

  // Return the other open questions about the picture of an entry.
  others = (entry) => this.entries.filter((each) => each !== entry && each.asset.asset === entry.asset.asset && this.#isOpen(each));

  skip(entries) {
    for (const entry of entries) this.skipped.add(entry);
  }

  // Show again the first of the questions whose answers were taken back.
  back(items) {
    const isBack = ({ asset, question }) => items.some((item) => item.asset === asset.asset && item.tag === question.tag);
    const first = this.entries.findIndex(isBack);
    if (first < 0) return;
    const [entry] = this.entries.splice(first, 1);
    if (first < this.#at) this.#at -= 1;
    this.entries.splice(this.#at, 0, { ...entry, asked: true });
  }

  // Order what comes next by tag, so that the same question comes in a row, or by picture.
  reorder(byTag) {
    this.byTag = byTag;
    this.entries.push(...this.#ordered(this.entries.splice(this.#at)));
  }

  #ordered(entries) {
    const key = this.byTag ? ({ question }) => question.tag : ({ asset }) => asset.asset;
    return [...Map.groupBy(entries, key).values()].flat();
  }

  #isOpen = (entry) => !this.skipped.has(entry) && !this.stands(entry.asset.asset, entry.question.tag);
  #isNext = (entry) => (!entry.question.extra || entry.asked) && this.#isOpen(entry);
}

const nameOf = ({ asset, question }) => JSON.stringify([asset.asset, question.tag]);
