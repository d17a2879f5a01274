/**
 * What is timed. The runner imports this module once for each contender: V8 keeps what it learns of a call with the text of
 * the function around it, and a loop that two contenders shared would make both of them slower.
 */

/** Every id new, each in a context of its own. */
export const byId =
  (contender, [key]) =>
  (ids) => {
    let count = 0;
    for (let i = 0; i < ids.length; i++) if (contender.isEnabled(key, ids[i])) count++;
    return count;
  };

/** One visitor comes again and again, each time with a new context. */
export const byOneId =
  (contender, [key], repeats) =>
  ([id]) => {
    let count = 0;
    for (let i = 0; i < repeats; i++) if (contender.isEnabled(key, id)) count++;
    return count;
  };

/** One visitor, whose context is made once. */
export const byOnePrepared =
  (contender, [key], repeats) =>
  ([visitor]) => {
    const context = contender.prepare(visitor);
    let count = 0;
    for (let i = 0; i < repeats; i++) if (contender.isEnabledFor(context, key)) count++;
    return count;
  };

/** Every visitor new, each in a context of its own. */
export const valueByVisitor =
  (contender, [key], _repeats, off) =>
  (visitors) => {
    let count = 0;
    for (let i = 0; i < visitors.length; i++) if (contender.value(key, visitors[i], off) !== off) count++;
    return count;
  };

/** One visitor, whose context is made once. */
export const valueByOnePrepared =
  (contender, [key], repeats, off) =>
  ([visitor]) => {
    const context = contender.prepare(visitor);
    let count = 0;
    for (let i = 0; i < repeats; i++) if (contender.valueFor(context, key, off) !== off) count++;
    return count;
  };

/** Contexts that were made before, in turn. */
export const valueByPrepared =
  (contender, [key], _repeats, off) =>
  (contexts) => {
    let count = 0;
    for (let i = 0; i < contexts.length; i++) if (contender.valueFor(contexts[i], key, off) !== off) count++;
    return count;
  };

/** Every flag's value for each visitor. */
export const allValues = (contender, keys) => {
  const out = new Array(keys.length).fill(null);
  return (visitors) => {
    let sum = 0;
    for (let i = 0; i < visitors.length; i++) {
      contender.values(visitors[i], keys, out);
      for (let at = 0; at < out.length; at++) sum += weight(out[at]);
    }
    return sum;
  };
};

/** Whether each flag is on, for each visitor. */
export const allSwitches = (contender, keys) => {
  const out = new Array(keys.length).fill(false);
  return (visitors) => {
    let count = 0;
    for (let i = 0; i < visitors.length; i++) {
      contender.switches(visitors[i], keys, out);
      for (let at = 0; at < out.length; at++) if (out[at] === true) count++;
    }
    return count;
  };
};

/** Looks at a value closely enough that it must have been there. */
function weight(value) {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "string" ? value.charCodeAt(1) : value.columns;
}
