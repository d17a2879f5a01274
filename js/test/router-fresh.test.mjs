// What a shared cache may keep, by its headers alone. A runtime's own cache may count ages by itself, or not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importInner } from "../../tests/runtimes/router/inner.mjs";

const { isForAll } = await importInner("router/cache.ts");

// RFC 9111, section 4.2: fresh while the age is less than the lifetime.
for (const [control, age, kept] of /** @type {const} */ ([
  ["max-age=60", undefined, true],
  ["max-age=60", "59", true],
  ["max-age=60", "60", false],
  ["max-age=60", "soon", false],
  ["max-age=10, s-maxage=60", "30", true],
  ["max-age=60, s-maxage=10", "30", false],
])) {
  test(`${control} at the age of ${age}: ${kept ? "kept" : "not kept"}`, () => {
    const headers = new Headers({ "cache-control": control, ...(age === undefined ? {} : { age }) });
    assert.equal(isForAll(headers), kept);
  });
}
