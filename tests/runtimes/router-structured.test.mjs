// Structured Fields as the debug header writes them, against the grammar of RFC 9651 (section numbers are its own).
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDictionary } from "./router/dictionary.mjs";
import { importInner } from "./router/inner.mjs";

const { dictionary, Token } = await importInner("router/structured.ts");

for (const [what, value, written] of [
  ["true, as the key alone (4.1.2)", true, "k"],
  ["false (4.1.9)", false, "k=?0"],
  ["an integer (4.1.4)", -42, "k=-42"],
  ["the largest integer", 999_999_999_999_999, "k=999999999999999"],
  ["one digit more, which is no integer of theirs", 1_000_000_000_000_000, 'k="1000000000000000"'],
  ["a token (4.1.7)", new Token("TARGETING_MATCH"), "k=TARGETING_MATCH"],
  ["a token of every sign", new Token("*a!#$%&'*+-.^_`|~:/9"), "k=*a!#$%&'*+-.^_`|~:/9"],
  ["no token: it begins with a digit", new Token("1a"), 'k="1a"'],
  ["no token: a space", new Token("a b"), 'k="a b"'],
  ["no token: nothing", new Token(""), 'k=""'],
  ["a string (4.1.6)", "shop", 'k="shop"'],
  ["a string's two escapes", 'say "a\\b"', 'k="say \\"a\\\\b\\""'],
  ["the first and last printable signs", " ~", 'k=" ~"'],
  ["an empty string", "", 'k=""'],
  ["a display string (4.1.11), for what is not ASCII", "füü", 'k=%"f%c3%bc%c3%bc"'],
  ["its escapes: per cent and quote, not the backslash", 'ü%"\\', 'k=%"%c3%bc%25%22\\"'],
  ["a display string for control signs: no line is broken", "a\r\nset-cookie: b\x7f", 'k=%"a%0d%0aset-cookie: b%7f"'],
]) {
  test(/** @type {string} */ (what), () => {
    assert.equal(dictionary([["k", value]]), written);
  });
}

test("members in order, a comma and a space between", () => {
  assert.equal(
    dictionary([
      ["b", 1],
      ["a", "x"],
      ["c", true],
    ]),
    'b=1, a="x", c',
  );
});

test("any text comes back as it was from a parser that follows section 4.2", () => {
  const signs = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code));
  for (const text of [...signs, signs.join(""), "日本 🚆", "a, b=c", '",']) {
    const { k, last } = parseDictionary(
      dictionary([
        ["k", text],
        ["last", 1],
      ]),
    );
    assert.equal(typeof k === "object" ? k.display : k, text);
    assert.equal(last, 1);
  }
});

test("a lone surrogate, which UTF-8 can't hold, becomes the replacement character", () => {
  assert.deepEqual(parseDictionary(dictionary([["k", "a\ud800"]])), { k: { display: "a\ufffd" } });
});
