// The official SDK as CLOUDINARY_URL configures it, the simulator's control API, a receiver of notifications.
import { once } from "node:events";
import http from "node:http";
import { v2 as cloudinary } from "cloudinary";

const SIMULATOR = process.env.SIMULATOR_URL;
const WAIT_MILLISECONDS = 8000;

export { cloudinary };
export const { api, uploader, search, utils } = cloudinary;
export const [KEY, SECRET] = [process.env.SECOND_KEY, process.env.SECOND_SECRET];
export const KINDS = process.env.EVENT_KINDS.split(",");

// a PNG of 3 by 2 pixels
export const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAADklEQVR4nGNgQAVoXAAANAAByG2wCgAAAABJRU5ErkJggg==",
  "base64",
);

// Calls the simulator's control API and returns its JSON.
export async function control(method, path, document) {
  const body = document && JSON.stringify(document);
  const answer = await fetch(`${SIMULATOR}/_simulator${path}`, { method, body });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export const settings = (changes) => control("PUT", "/settings", changes);

// The simulator as if it had just been started, and the SDK as the environment configures it.
export async function fresh() {
  cloudinary.config(true);
  await control("POST", "/reset");
}

// Defines text fields of structured metadata.
export async function addMetadataFields(...names) {
  for (const name of names) await api.add_metadata_field({ external_id: name, label: name, type: "string" });
}

// Uploads some bytes under a public_id; the Node SDK takes bytes as a stream.
export function upload(publicId, options = {}, bytes = Buffer.from(publicId)) {
  return new Promise((resolve, reject) => {
    const done = (error, answer) => (error ? reject(error) : resolve(answer));
    uploader.upload_stream({ public_id: publicId, ...options }, done).end(bytes);
  });
}

export const ids = (answer) => answer.resources.map((asset) => asset.public_id);

// Keeps every notification posted to `url` until it is closed.
export class Receiver {
  got = [];
  #arrived = new EventTarget();
  #server = http.createServer(async (request, response) => {
    const chunks = await request.toArray();
    const raw = Buffer.concat(chunks).toString();
    this.got.push({ raw, body: JSON.parse(raw), headers: request.headers });
    response.end();
    this.#arrived.dispatchEvent(new Event("notification"));
  });

  async open() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.url = `http://127.0.0.1:${this.#server.address().port}/hook`;
    return this;
  }

  // Returns the first notification of a kind, once it is there.
  async first(kind) {
    const signal = AbortSignal.timeout(WAIT_MILLISECONDS);
    for (;;) {
      const found = this.got.find((notification) => notification.body.notification_type === kind);
      if (found) return found;
      await once(this.#arrived, "notification", { signal });
    }
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
