/** As loops.mjs, for an engine whose every answer is a promise. */

/** Every id new, each in a context of its own. */
export const byId =
  (contender, [key]) =>
  async (ids) => {
    let count = 0;
    for (let i = 0; i < ids.length; i++) if (await contender.isEnabled(key, ids[i])) count++;
    return count;
  };

/** One visitor comes again and again, each time with a new context. */
export const byOneId =
  (contender, [key], repeats) =>
  async ([id]) => {
    let count = 0;
    for (let i = 0; i < repeats; i++) if (await contender.isEnabled(key, id)) count++;
    return count;
  };

/** One visitor, whose context is made once. */
export const byOnePrepared =
  (contender, [key], repeats) =>
  async ([visitor]) => {
    const context = contender.prepare(visitor);
    let count = 0;
    for (let i = 0; i < repeats; i++) if (await contender.isEnabledFor(context, key)) count++;
    return count;
  };

/** Every visitor new, each in a context of its own. */
export const valueByVisitor =
  (contender, [key], _repeats, off) =>
  async (visitors) => {
    let count = 0;
    for (let i = 0; i < visitors.length; i++) if ((await contender.value(key, visitors[i], off)) !== off) count++;
    return count;
  };

/** One visitor, whose context is made once. */
export const valueByOnePrepared =
  (contender, [key], repeats, off) =>
  async ([visitor]) => {
    const context = contender.prepare(visitor);
    let count = 0;
    for (let i = 0; i < repeats; i++) if ((await contender.valueFor(context, key, off)) !== off) count++;
    return count;
  };

/** Contexts that were made before, in turn. */
export const valueByPrepared =
  (contender, [key], _repeats, off) =>
  async (contexts) => {
    let count = 0;
    for (let i = 0; i < contexts.length; i++) if ((await contender.valueFor(contexts[i], key, off)) !== off) count++;
    return count;
  };

/** Every flag's value for each visitor. */
export const allValues = (contender, keys) => {
  const out = new Array(keys.length).fill(null);
  return async (visitors) => {
    let sum = 0;
    for (let i = 0; i < visitors.length; i++) {
      await contender.values(visitors[i], keys, out);
      for (let at = 0; at < out.length; at++) sum += weight(out[at]);
    }
    return sum;
  };
};

/** Looks at a value closely enough that it must have been there. */
function weight(value) {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "string" ? value.charCodeAt(1) : value.columns;
}
