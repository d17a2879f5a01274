/**
 * An RFC 9651 parser for dictionaries of bare items, written from section 4.2 to read back what the router writes.
 * A token comes as `{ token }`, a display string as `{ display }`.
 * @param {string} text
 * @returns {Record<string, any>}
 */
export function parseDictionary(text) {
  const members = /** @type {Record<string, any>} */ ({});
  let rest = text;
  while (rest !== "") {
    const [, key] = take(/^([a-z*][a-z0-9_\-.*]*)/);
    members[key] = rest.startsWith("=") ? (take(/^=/), item()) : true;
    if (rest !== "") take(/^[ \t]*,[ \t]*(?=[^ \t])/);
  }
  return members;

  function item() {
    if (rest.startsWith('"')) return take(/^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"/)[1].replace(/\\(.)/g, "$1");
    if (rest.startsWith("%"))
      return { display: unescape(take(/^%"((?:[\x20-\x21\x23-\x24\x26-\x7e]|%[0-9a-f]{2})*)"/)[1]) };
    if (rest.startsWith("?")) return take(/^\?([01])/)[1] === "1";
    if (/^[-0-9]/.test(rest)) return Number(take(/^-?[0-9]{1,15}(?![0-9.])/)[0]);
    return { token: take(/^[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*/)[0] };
  }

  function take(pattern) {
    const match = pattern.exec(rest);
    if (match === null) throw new SyntaxError(`no ${pattern} at ${JSON.stringify(rest)}`);
    rest = rest.slice(match[0].length);
    return match;
  }
}

/** @param {string} text */
function unescape(text) {
  const octets = text.replace(/%(..)|(.)/g, (_, hex, char) => hex ?? char.charCodeAt(0).toString(16).padStart(2, "0"));
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(octets, "hex"));
}
