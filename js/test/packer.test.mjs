/** A short run of `fuzz/packer`: contexts of all shapes, packed by JavaScript, are decided as the crate decides them natively. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { startNative } from "../../fuzz/packer/native.mjs";
import { randomOf } from "../../fuzz/packer/random.mjs";
import { caseOf, failureOf, noneYet } from "../../fuzz/packer/round.mjs";

const SEED = 20_260;
const CASES = 60;

test("decided as by the crate, however it is asked", async (t) => {
  const native = startNative();
  t.after(native.stop);
  const counts = noneYet();
  for (let seed = SEED; seed < SEED + CASES; seed++) {
    const failure = await failureOf(caseOf(randomOf(seed)), native, counts);
    assert.equal(failure, null, `node fuzz/packer/main.mjs --seed ${seed} --runs 1`);
  }
  assert.equal(counts.broken, 0);
  assert.ok(counts.native > 1_000 && counts.invalid > 100, JSON.stringify(counts));
});
