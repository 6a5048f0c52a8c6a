// The Node SDK's Admin API calls on assets: details, update, lists, search, deletion, ping, usage.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { api, fresh, ids, search, settings, upload } from "./support.mjs";

beforeEach(fresh);

const sorted = (answer) => ids(answer).sort();

test("an asset is found by public_id and by asset_id", async () => {
  const uploaded = await upload("zoo/koala5", { categorization: "aws_rek_tagging", tags: ["press"] });

  const { rate_limit_remaining: first, ...byPublicId } = await api.resource("zoo/koala5");
  const { rate_limit_remaining: second, ...byAssetId } = await api.resource_by_asset_id(uploaded.asset_id);

  assert.deepEqual(byPublicId, byAssetId);
  assert.equal(second, first - 1);
  assert.deepEqual([byPublicId.version, byPublicId.tags], [uploaded.version, ["press"]]);
  assert.deepEqual(Object.keys(byPublicId.info.categorization.aws_rek_tagging.data[0]), ["tag", "confidence"]);
});

for (const [resource_type, addon] of Object.entries({ image: "aws_rek_tagging", video: "google_video_tagging" })) {
  test(`update categorizes, tags and moves a stored ${resource_type}`, async () => {
    await upload("a", { resource_type, tags: ["old"] });
    const answer = await api.update("a", {
      resource_type,
      categorization: addon,
      auto_tagging: 0.8,
      tags: ["new"],
      context: { alt: "x" },
      asset_folder: "stage",
      display_name: "A",
    });

    const labels = answer.info.categorization[addon].data.filter((label) => label.confidence >= 0.8);
    const stored = await api.resource("a", { resource_type });
    assert.deepEqual(new Set(stored.tags), new Set(["new", ...labels.map((label) => label.tag.toLowerCase())]));
    assert.deepEqual(stored.context, { custom: { alt: "x" } });
    assert.deepEqual([stored.asset_folder, stored.display_name], ["stage", "A"]);
  });
}

test("a list is complete over its pages", async () => {
  for (const number of [0, 1, 2, 3, 4]) await upload(`zoo/${number}`, { tags: [`t${number}`] });
  await upload("zoo/movie", { resource_type: "video" });

  const options = { type: "upload", prefix: "zoo/", max_results: 3, tags: true };
  const first = await api.resources(options);
  const second = await api.resources({ ...options, next_cursor: first.next_cursor });

  assert.deepEqual([...ids(first), ...ids(second)], [0, 1, 2, 3, 4].map((number) => `zoo/${number}`));
  assert.equal(second.next_cursor, undefined);
  assert.deepEqual(first.resources.map((asset) => asset.tags), [["t0"], ["t1"], ["t2"]]);
  assert.deepEqual(ids(await api.resources({ resource_type: "video" })), ["zoo/movie"]);
  assert.deepEqual((await api.resources({ start_at: new Date(Date.now() + 3_600_000) })).resources, []);
});

test("assets are listed by tag, ids, context and folder", async () => {
  const uploaded = [];
  for (const number of [0, 1, 2]) {
    const license = number ? "free" : "none";
    uploaded.push(await upload(`zoo/${number}`, { tags: ["animal"], context: { license } }));
  }
  await upload("stage/a", { tags: ["music"], asset_folder: "stage" });

  assert.deepEqual(sorted(await api.resources_by_tag("animal")), ["zoo/0", "zoo/1", "zoo/2"]);
  assert.deepEqual(ids(await api.resources_by_tag("animal", { direction: "asc", max_results: 2 })), ["zoo/0", "zoo/1"]);
  assert.deepEqual(sorted(await api.resources_by_ids(["zoo/1", "zoo/2", "gone"])), ["zoo/1", "zoo/2"]);
  assert.deepEqual(ids(await api.resources_by_asset_ids([uploaded[0].asset_id])), ["zoo/0"]);
  assert.deepEqual(sorted(await api.resources_by_context("license", "free")), ["zoo/1", "zoo/2"]);
  assert.deepEqual(ids(await api.resources_by_asset_folder("stage")), ["stage/a"]);
  assert.deepEqual((await api.tags()).tags, ["animal", "music"]);
});

test("a tag of any text lists its assets", async () => {
  for (const tag of ["rock & roll", "a/b", "100 %", "grün", "a+b", "who?", "#1"]) {
    await upload("a", { tags: [tag] });
    assert.deepEqual(ids(await api.resources_by_tag(tag)), ["a"], tag);
  }
});

test("a search finds what its expression means, sorted, paged and counted", async () => {
  await upload("zoo/koala", { tags: ["animal"], asset_folder: "zoo" });
  await upload("zoo/night/owl", { tags: ["animal", "night"], asset_folder: "zoo/night" });
  await upload("stage/guitar", { tags: ["music"] });
  await upload("clip", { resource_type: "video" });
  const found = async (expression) => sorted(await search.expression(expression).execute());

  assert.deepEqual(await found("tags=animal AND NOT tags=night"), ["zoo/koala"]);
  assert.deepEqual(await found("folder:zoo/*"), ["zoo/koala", "zoo/night/owl"]);
  assert.deepEqual(await found("resource_type:video OR tags:mus*"), ["clip", "stage/guitar"]);
  assert.deepEqual(await found("uploaded_at>1h AND no_such_field=x"), []);

  const query = () => search.expression("resource_type:image").sort_by("public_id", "asc").max_results(2);
  const first = await query().with_field("tags").aggregate("resource_type").execute();
  const second = await query().next_cursor(first.next_cursor).execute();
  assert.deepEqual([...ids(first), ...ids(second)], ["stage/guitar", "zoo/koala", "zoo/night/owl"]);
  assert.deepEqual([first.total_count, first.resources[0].tags], [3, ["music"]]);
  assert.deepEqual(first.aggregations, { resource_type: { image: 3 } });
});

test("deletion by ids, prefix, tag and altogether says what is gone", async () => {
  for (const publicId of ["zoo/0", "zoo/1", "a", "b", "c"]) await upload(publicId);
  await upload("stage/0", { tags: ["music"] });

  const answer = await api.delete_resources(["zoo/0", "gone"]);
  assert.deepEqual(answer.deleted, { "zoo/0": "deleted", gone: "not_found" });
  assert.equal(answer.partial, false);
  assert.deepEqual((await api.delete_resources_by_prefix("zoo/")).deleted, { "zoo/1": "deleted" });
  assert.deepEqual((await api.delete_resources_by_tag("music")).deleted, { "stage/0": "deleted" });
  const { asset_id } = await api.resource("a");
  assert.deepEqual((await api.delete_resources_by_asset_ids([asset_id])).deleted, { [asset_id]: "deleted" });
  assert.deepEqual((await api.delete_all_resources()).deleted, { b: "deleted", c: "deleted" });
  assert.deepEqual((await api.resources()).resources, []);
});

test("ping and usage answer, and tell what is left of the hour", async () => {
  await settings({ admin_limit: 500, addon_limit: 50 });
  await upload("a", { categorization: "aws_rek_tagging,google_tagging" });
  await upload("b", { categorization: "aws_rek_tagging" });

  const ping = await api.ping();
  assert.deepEqual([ping.status, ping.rate_limit_allowed, ping.rate_limit_remaining], ["ok", 500, 499]);
  const ahead = ping.rate_limit_reset_at - Date.now();
  assert.ok(ahead > 0 && ahead <= 3_600_000, `${ping.rate_limit_reset_at} is not the end of this hour`);

  const usage = await api.usage();
  assert.equal(usage.rate_limit_remaining, 498);
  assert.deepEqual(usage.aws_rek_tagging, { usage: 2, limit: 50 });
  assert.deepEqual(usage.google_tagging, { usage: 1, limit: 50 });
  assert.equal(usage.resources, 2);
  const today = new Date().toISOString().slice(0, 10).split("-").reverse().join("-");
  assert.deepEqual((await api.usage({ date: today })).aws_rek_tagging, { usage: 2, limit: 50 });
});
