import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PAGE, rewritten, withoutFigures } from "./console.mjs";

test("docs/cli.md shows what the commands print (if it should print otherwise now: node js/test/console.mjs)", () => {
  const page = readFileSync(PAGE, "utf8");
  const commands = page.match(/^\$ pointsman \w+/gm) ?? [];
  assert.ok(commands.length > 15);
  assert.equal(withoutFigures(rewritten(page)), withoutFigures(page));
});
