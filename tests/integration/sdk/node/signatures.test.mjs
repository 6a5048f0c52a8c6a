// Requests and notifications as the Node SDK signs and verifies them.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { addMetadataFields, api, cloudinary, control, fresh, KEY, KINDS, Receiver, SECRET, settings, upload, uploader, utils } from "./support.mjs";

let receiver;
beforeEach(async () => {
  await fresh();
  receiver = await new Receiver().open();
});
afterEach(() => receiver.close());

const isAuthentic = ({ raw, headers }) =>
  utils.verifyNotificationSignature(raw, headers["x-cld-timestamp"], headers["x-cld-signature"]);

for (const signature_algorithm of ["sha1", "sha256"]) {
  for (const signature_version of [1, 2]) {
    test(`requests signed by version ${signature_version} and ${signature_algorithm} are accepted`, async () => {
      cloudinary.config({ signature_algorithm, signature_version });
      await upload("a", { tags: ["rock & roll", "100 %"], context: { alt: "a=b|c&d", é: "ü" }, display_name: "you & me" });
      await uploader.explicit("a", { type: "upload", display_name: "R&B" });
      await uploader.add_tag("R&B", ["a"]);
      await uploader.add_context({ x: "y&z" }, ["a"]);
      await uploader.rename("a", "b");

      const stored = await api.resource("b");
      assert.deepEqual(stored.tags, ["100 %", "R&B", "rock & roll"]);
      assert.deepEqual(stored.context.custom, { alt: "a=b|c&d", é: "ü", x: "y&z" });
      assert.equal((await uploader.destroy("b")).result, "ok");
    });
  }

  test(`every notification signed by ${signature_algorithm} is verified, and none that was changed`, async () => {
    cloudinary.config({ signature_algorithm });
    await settings({ notification_algorithm: signature_algorithm, notification_url: receiver.url, events: KINDS });
    await control("PUT", "/mode", { public_id: "*", mode: "info" });
    await addMetadataFields("sku");

    await upload("zoo/é", { categorization: "aws_rek_tagging", tags: ["old"] });
    await receiver.first("info");
    const changes = { tags: ["new"], context: { alt: "x" }, metadata: { sku: "42" }, display_name: "É" };
    await api.update("zoo/é", { asset_folder: "elsewhere", ...changes });
    await api.rename_folder("elsewhere", "anywhere");
    await uploader.rename("zoo/é", "b");
    await uploader.destroy("b");

    for (const kind of KINDS) {
      const notification = await receiver.first(kind);
      assert.ok(isAuthentic(notification), kind);
      assert.ok(!isAuthentic({ ...notification, raw: `${notification.raw} ` }), kind);
      const later = { ...notification.headers, "x-cld-timestamp": `${Number(notification.headers["x-cld-timestamp"]) + 1}` };
      assert.ok(!isAuthentic({ ...notification, headers: later }), kind);
    }
  });
}

test("a call's own notification_url is told", async () => {
  await upload("a", { notification_url: receiver.url });
  const notification = await receiver.first("upload");
  assert.equal(notification.body.public_id, "a");
  assert.ok(isAuthentic(notification));
});

test("the oldest key signs what another key caused", async () => {
  await upload("a", { notification_url: receiver.url, api_key: KEY, api_secret: SECRET });
  const notification = await receiver.first("upload");
  assert.equal(notification.body.notification_context.triggered_by.id, KEY);
  assert.equal(notification.body.signature_key, cloudinary.config().api_key);
  assert.ok(isAuthentic(notification));
  cloudinary.config({ api_secret: SECRET });
  assert.ok(!isAuthentic(notification));
});
