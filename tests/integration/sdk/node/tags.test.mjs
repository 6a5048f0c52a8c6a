// The Node SDK's calls on the tags and the context of many assets.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { addMetadataFields, api, fresh, upload, uploader } from "./support.mjs";

const ASSETS = ["zoo/1", "zoo/2, old", "bare"];

beforeEach(fresh);

for (const resource_type of ["image", "video"]) {
  const options = { resource_type };

  const stored = async () => {
    const found = [];
    for (const publicId of ASSETS) found.push(await api.resource(publicId, options));
    return found;
  };
  const tags = async () => (await stored()).map((asset) => asset.tags ?? []);
  const prepare = async () => {
    for (const publicId of ASSETS.slice(0, 2)) await upload(publicId, { ...options, tags: ["a", "b"] });
    await upload("bare", options);
  };

  test(`tags are added to every asset of type ${resource_type} named`, async () => {
    await prepare();
    const answer = await uploader.add_tag("b,new & shiny", [...ASSETS, "gone"], options);
    assert.deepEqual(answer.public_ids, ASSETS);
    assert.deepEqual(await tags(), [["a", "b", "new & shiny"], ["a", "b", "new & shiny"], ["b", "new & shiny"]]);
  });

  test(`tags are removed from assets of type ${resource_type}`, async () => {
    await prepare();
    await uploader.remove_tag("a", ASSETS, options);
    assert.deepEqual(await tags(), [["b"], ["b"], []]);
  });

  test(`tags of an asset of type ${resource_type} are replaced`, async () => {
    await prepare();
    await uploader.replace_tag("new", [ASSETS[0]], options);
    assert.deepEqual(await tags(), [["new"], ["a", "b"], []]);
  });

  test(`all tags of an asset of type ${resource_type} are removed`, async () => {
    await prepare();
    await uploader.remove_all_tags([ASSETS[1]], options);
    assert.deepEqual(await tags(), [["a", "b"], [], []]);
  });

  test(`a thousand ids of type ${resource_type} go in one call and no more`, async () => {
    await prepare();
    const others = Array.from({ length: 999 }, (_, number) => `gone/${number}`);
    const answer = await uploader.add_tag("new", ["bare", ...others], options);
    assert.deepEqual(answer.public_ids, ["bare"]);
    await assert.rejects(uploader.add_tag("newer", ["bare", "more", ...others], options), { http_code: 400 });
    assert.deepEqual(await tags(), [["a", "b"], ["a", "b"], ["new"]]);
  });

  test(`context of assets of type ${resource_type} is added and removed`, async () => {
    await prepare();
    const pairs = { alt: "a|b=c", license: "editorial" };
    assert.deepEqual((await uploader.add_context(pairs, ASSETS, options)).public_ids, ASSETS);
    await uploader.remove_all_context([ASSETS[0]], options);
    const contexts = (await stored()).map((asset) => asset.context);
    assert.deepEqual(contexts, [undefined, { custom: pairs }, { custom: pairs }]);
  });

  test(`metadata of assets of type ${resource_type} is written and the rest of it kept`, async () => {
    await prepare();
    await addMetadataFields("sku", "shelf");
    await uploader.update_metadata({ sku: "42", shelf: "a|b=c" }, ASSETS.slice(0, 2), options);
    const answer = await uploader.update_metadata({ sku: "43" }, [ASSETS[0]], options);
    assert.deepEqual(answer.public_ids, [ASSETS[0]]);
    const found = (await stored()).map((asset) => asset.metadata);
    assert.deepEqual(found, [{ sku: "43", shelf: "a|b=c" }, { sku: "42", shelf: "a|b=c" }, undefined]);
  });
}
