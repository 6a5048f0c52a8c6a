// The picture of a deck. The next ones are fetched and decoded ahead, so that they are painted at once.
import { MISSING, reasonFor } from "./pictures.js";

const AHEAD = 4;
const KEPT = 40;

export class Pictures {
  #images = new Map(); // address -> image
  #missing = new Set(); // addresses that Cloudinary did not deliver
  #wanted = ""; // the large address that the frame waits for

  constructor(frame) {
    this.frame = frame;
  }

  // Show the picture of an asset, or why there is none; a large one replaces the smaller one when it is there.
  show({ deck, large, alt }, isLarge) {
    this.#wanted = "";
    if (!deck.url) return this.frame.replaceChildren(reasonFor(deck.reason));
    const image = this.#image(deck.url);
    image.alt = alt;
    this.frame.replaceChildren(this.#missing.has(deck.url) ? reasonFor(MISSING) : image);
    if (isLarge && !this.#missing.has(deck.url)) this.#enlarge(large.url, alt);
  }

  // Fetch the pictures of the assets that come next, the current one first.
  fetchAhead(assets) {
    const urls = new Set(assets.map(({ deck }) => deck.url).filter(Boolean));
    for (const url of [...urls].slice(0, AHEAD + 1)) this.#image(url);
  }

  #enlarge(url, alt) {
    const image = this.#image(url);
    image.alt = alt;
    this.#wanted = url;
    image.decode().then(
      () => this.#wanted === url && this.frame.replaceChildren(image),
      () => this.#missing.add(url), // the smaller one stays
    );
  }

  #image(url) {
    const known = this.#images.get(url);
    if (known) return known;
    const image = new Image();
    image.dataset.picture = "";
    image.src = url;
    image.decode().catch(() => image.naturalWidth || this.#missing.add(url));
    this.#images.set(url, image);
    if (this.#images.size > KEPT) this.#images.delete(this.#images.keys().next().value);
    return image;
  }
}
