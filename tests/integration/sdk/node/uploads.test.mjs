// The Node SDK's Upload API calls on one asset: upload in each form, explicit, rename, destroy.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { addMetadataFields, api, fresh, PIXEL, upload, uploader, utils } from "./support.mjs";

let folder;
before(async () => { folder = await mkdtemp(join(tmpdir(), "sdk-")); });
after(() => rm(folder, { recursive: true }));
beforeEach(fresh);

async function file(name, bytes) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

test("a path is uploaded under its name", async () => {
  const path = await file("My picture.png", PIXEL);
  const answer = await uploader.upload(path, { use_filename: true, unique_filename: false });

  assert.deepEqual([answer.public_id, answer.original_filename], ["My_picture", "My picture"]);
  assert.deepEqual([answer.format, answer.width, answer.height, answer.bytes], ["png", 3, 2, PIXEL.length]);
  assert.ok(utils.verify_api_response_signature(answer.public_id, answer.version, answer.signature));
  assert.equal((await api.resource("My_picture")).asset_id, answer.asset_id);
});

test("bytes are uploaded as a stream", async () => {
  const answer = await upload("stage/rose", {}, PIXEL);
  const stored = await api.resource("stage/rose");
  assert.deepEqual([stored.asset_id, stored.bytes, stored.format], [answer.asset_id, PIXEL.length, "png"]);
});

test("a data URI is uploaded", async () => {
  const answer = await uploader.upload(`data:image/png;base64,${PIXEL.toString("base64")}`, { public_id: "rose" });
  assert.deepEqual([answer.public_id, answer.bytes, answer.width], ["rose", PIXEL.length, 3]);
});

test("chunks below 5 MB are refused, except the last", async () => {
  const path = await file("long.bin", Buffer.alloc(100_000));
  const error = await new Promise((resolve) => {
    uploader.upload_large(path, { chunk_size: 40_000, disable_promises: true }, (failure) => resolve(failure));
  });
  assert.equal(error.message, "All parts except EOF-chunk must be larger than 5mb");
});

test("an asynchronous explicit is pending", async () => {
  const answer = await uploader.explicit("sample", { type: "facebook", async: true });
  assert.deepEqual(
    [answer.status, answer.resource_type, answer.type, answer.public_id],
    ["pending", "image", "facebook", "sample"],
  );
});

test("a large file is uploaded in chunks as one asset", async () => {
  const content = Buffer.from(Uint32Array.from({ length: 2_700_000 }, (_, number) => number).buffer);
  const path = await file("long.mp4", content);
  const options = { resource_type: "video", chunk_size: 5_243_000, public_id: "long", tags: ["press"] };
  const answer = await new Promise((resolve, reject) => {
    uploader.upload_large(path, options, (error, result) => (error ? reject(error) : resolve(result)));
  });

  assert.deepEqual([answer.public_id, answer.resource_type, answer.bytes], ["long", "video", 10_800_000]);
  assert.equal(answer.etag, createHash("md5").update(content).digest("hex"));
  const stored = await api.resource("long", { resource_type: "video" });
  assert.deepEqual([stored.asset_id, stored.tags], [answer.asset_id, ["press"]]);
});

test("every documented parameter of an upload is stored", async () => {
  await addMetadataFields("sku");
  await upload("stage/rose", {
    asset_folder: "stage/2026",
    display_name: "The rose",
    tags: ["two words", "press"],
    context: { alt: "a|b=c", license: "editorial" },
    metadata: { sku: "42" },
    eager: [{ width: 100, crop: "scale" }],
    eager_async: true,
    invalidate: true,
  });

  const stored = await api.resource("stage/rose");
  assert.deepEqual(stored.tags, ["press", "two words"]);
  assert.deepEqual(stored.context, { custom: { alt: "a|b=c", license: "editorial" } });
  assert.deepEqual(stored.metadata, { sku: "42" });
  assert.deepEqual([stored.asset_folder, stored.display_name], ["stage/2026", "The rose"]);
});

test("overwriting keeps the asset_id, and refusing to keeps the asset", async () => {
  const first = await upload("a");
  const kept = await upload("a", { overwrite: false }, Buffer.from("other"));
  assert.deepEqual([kept.existing, kept.etag], [true, first.etag]);

  const second = await upload("a", { overwrite: true }, Buffer.from("other"));
  assert.equal(second.asset_id, first.asset_id);
  assert.ok(second.version > first.version);
});

test("an asset of any name is found, tagged and deleted", async () => {
  for (const publicId of ["it's (new), ok!", "grün/Ё/日本", "a:b;c=d@e$f", "a.jpg", "search", "upload/v1a/tags"]) {
    const uploaded = await upload(publicId, { tags: ["a"] });
    assert.equal(uploaded.public_id, publicId);
    assert.deepEqual((await uploader.add_tag("b", [publicId])).public_ids, [publicId]);
    await api.update(publicId, { context: { k: "v" } });

    const stored = await api.resource(publicId);
    assert.deepEqual([stored.asset_id, stored.tags], [uploaded.asset_id, ["a", "b"]], publicId);
    assert.deepEqual((await uploader.explicit(publicId, { type: "upload" })).context, { custom: { k: "v" } });
    assert.deepEqual((await api.delete_resources([publicId])).deleted, { [publicId]: "deleted" });
  }
});

test("an asynchronous upload is answered before it is done", async () => {
  const answer = await upload("a", { async: true });
  assert.deepEqual([answer.status, answer.public_id], ["pending", "a"]);
});

for (const [resource_type, addons] of Object.entries({
  image: ["aws_rek_tagging", "google_tagging"], video: ["google_video_tagging"],
})) {
  const options = { resource_type };

  test(`explicit categorizes a stored ${resource_type} and tags it`, async () => {
    await upload("a", { ...options, tags: ["press"] });
    await uploader.explicit("a", {
      ...options, type: "upload", categorization: addons.join(","), auto_tagging: 0.8, context: { k: "v" },
    });

    const stored = await api.resource("a", options);
    const found = stored.info.categorization;
    assert.deepEqual(Object.keys(found).sort(), addons);
    const labels = Object.values(found).flatMap((provider) => provider.data);
    const confident = labels.filter((label) => label.confidence >= 0.8).map((label) => label.tag.toLowerCase());
    assert.ok(confident.length > 0);
    assert.deepEqual(new Set(stored.tags), new Set(["press", ...confident]));
    assert.deepEqual(stored.context, { custom: { k: "v" } });
  });

  test(`rename gives an asset of type ${resource_type} another public_id and keeps it`, async () => {
    const before = await upload("a", options);
    const answer = await uploader.rename("a", "stage/b c é", options);

    assert.deepEqual([answer.public_id, answer.asset_id], ["stage/b c é", before.asset_id]);
    assert.equal((await api.resource("stage/b c é", options)).asset_id, before.asset_id);
    await assert.rejects(api.resource("a", options), ({ error }) => error.http_code === 404);
  });

  test(`destroy deletes an asset of type ${resource_type} once`, async () => {
    await upload("a", options);
    assert.equal((await uploader.destroy("a", { ...options, invalidate: true })).result, "ok");
    assert.equal((await uploader.destroy("a", options)).result, "not found");
    await assert.rejects(api.resource("a", options), ({ error }) => error.http_code === 404);
  });
}
