// What the Node SDK makes of every refusal: the HTTP status and the server's text.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { api, control, fresh, search, settings, upload, uploader } from "./support.mjs";

beforeEach(fresh);

// Checks that a call is refused with a status and a text; the Admin API's calls wrap their error.
async function refused(call, status, text) {
  await assert.rejects(call, (thrown) => {
    const error = thrown.error ?? thrown;
    assert.equal(error.http_code, status);
    assert.match(error.message, text);
    return true;
  });
}

const nothingStored = async () => assert.deepEqual((await control("GET", "/assets")).assets, []);

test("a call on an asset that is not there is not found", async () => {
  await refused(api.resource("gone"), 404, /Resource not found - gone/);
  await refused(api.resource_by_asset_id("0".repeat(32)), 404, /Resource not found/);
  await refused(api.update("gone", { tags: ["a"] }), 404, /Resource not found - gone/);
  await refused(uploader.explicit("gone", { type: "upload" }), 404, /Resource not found - gone/);
  await refused(uploader.rename("gone", "elsewhere"), 404, /Resource not found - gone/);
});

test("a wrong categorization is refused as each API documents it", async () => {
  await refused(upload("a", { categorization: "nonsense" }), 400, /^Categorization item nonsense is not valid$/);
  await nothingStored();
  await upload("a");
  const wrong = { type: "upload", categorization: "nonsense" };
  await refused(uploader.explicit("a", wrong), 400, /^Categorization item nonsense is not valid$/);
  await refused(api.update("a", { categorization: "illegal" }), 400, /^Illegal value/);
  assert.equal((await api.resource("a")).info, undefined);
});

test("a bad request is refused with its reason", async () => {
  await upload("a");
  await upload("b");
  await refused(uploader.rename("a", "b"), 400, /already exists/);
  await refused(upload("a?b"), 400, /public_id \(a\?b\) is invalid/);
  await refused(uploader.add_tag("x".repeat(256), ["a"]), 400, /255/);
  await refused(search.expression("tags=(").execute(), 400, /expression/);
  await refused(api.resources({ max_results: 501 }), 400, /max_results/);
  await refused(uploader.unsigned_upload("data:;base64,eA==", "no-such-preset"), 400, /Upload preset not found/);
});

test("wrong credentials are refused by both APIs", async () => {
  for (const wrong of [{ api_key: "999" }, { api_secret: "wrong" }]) {
    await refused(upload("a", wrong), 401, /Unknown API key 999|Invalid Signature/);
    await refused(api.ping(wrong), 401, /api_key|api_secret/);
    await refused(api.update("a", { tags: ["x"], ...wrong }), 401, /api_key|api_secret/);
  }
  await refused(api.ping({ cloud_name: "another" }), 401, /cloud_name/);
  await nothingStored();
});

test("a request signed more than an hour ago is stale", async () => {
  await control("PUT", "/clock", { offset: 3700 });
  await refused(upload("a"), 400, /^Stale request - reported time is .* which is more than 1 hour ago$/);
  await nothingStored();
});

test("the hour's limit refuses Admin calls alone", async () => {
  await settings({ admin_limit: 2 });
  await upload("a");
  const left = [(await api.ping()).rate_limit_remaining, (await api.ping()).rate_limit_remaining];
  assert.deepEqual(left, [1, 0]);

  const text = /^Rate Limit Exceeded\. Limit of 2 api operations reached\. Try again on [-0-9: ]{19} UTC$/;
  await refused(api.resource("a"), 420, text);
  assert.deepEqual((await uploader.add_tag("x", ["a"])).public_ids, ["a"]);

  await control("PUT", "/clock", { offset: 3600 });
  assert.equal((await api.ping()).rate_limit_remaining, 1);
});

test("an add-on that is used up or not subscribed to is told apart", async () => {
  await control("PUT", "/mode", { public_id: "used", mode: "quota_exhausted" });
  await control("PUT", "/mode", { public_id: "none", mode: "not_subscribed" });
  await refused(upload("used", { categorization: "aws_rek_tagging" }), 420, /quota/);
  // the SDK reads no body of a 403 from the Upload API
  await refused(upload("none", { categorization: "aws_rek_tagging" }), 403, /unexpected status code - 403/);
  await nothingStored();
});

test("failures of the service come as the SDK names them", async () => {
  await control("POST", "/faults", { match: { path: "*" }, fault: { status: 500 } });
  await refused(api.ping(), 500, /Internal Server Error/);
  await refused(upload("a"), 500, /Internal Server Error/);
  await fresh();
  await control("POST", "/faults", { match: { path: "*" }, fault: { status: 503 } });
  await refused(api.ping(), 503, /unexpected status code - 503/);
  await fresh();
  await control("POST", "/faults", { match: { path: "*" }, fault: { drop: true } });
  await assert.rejects(api.ping(), { code: "ECONNRESET" });
  await nothingStored();
});
