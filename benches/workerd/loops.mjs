/**
 * What is timed, once for each contender: V8 keeps what it learns of a call with the text of the function around it, and a loop that
 * both shared would make both slower. Each gives how many were in.
 */

export const byId = {
  ours: (engine, [{ key }]) =>
    function oursById(ids) {
      let count = 0;
      for (let i = 0; i < ids.length; i++) if (engine.isEnabled(key, { userId: ids[i] })) count++;
      return count;
    },
  floor: (floor, [{ key }]) =>
    function floorById(ids) {
      let count = 0;
      for (let i = 0; i < ids.length; i++) if (floor.isEnabled(key, { id: ids[i] })) count++;
      return count;
    },
};

/** One visitor again and again, in a new context each time. */
export const byOneId = {
  ours: (engine, [{ key }]) =>
    function oursByOneId({ id, times }) {
      let count = 0;
      for (let i = 0; i < times; i++) if (engine.isEnabled(key, { userId: id })) count++;
      return count;
    },
  floor: (floor, [{ key }]) =>
    function floorByOneId({ id, times }) {
      let count = 0;
      for (let i = 0; i < times; i++) if (floor.isEnabled(key, { id })) count++;
      return count;
    },
};

/** One visitor again and again, in a context made once. */
export const byOnePrepared = {
  ours: (engine, [{ key }]) =>
    function oursByOnePrepared({ id, times }) {
      const visitor = engine.context({ userId: id });
      let count = 0;
      for (let i = 0; i < times; i++) if (visitor.isEnabled(key)) count++;
      return count;
    },
  floor: (floor, [{ key }]) =>
    function floorByOnePrepared({ id, times }) {
      const visitor = { id };
      let count = 0;
      for (let i = 0; i < times; i++) if (floor.isEnabled(key, visitor)) count++;
      return count;
    },
};

export const byVisitor = {
  ours: (engine, [{ key, variants, off }]) =>
    function oursByVisitor(visitors) {
      let count = 0;
      for (let i = 0; i < visitors.length; i++) {
        const { id, country, plan, appVersion } = visitors[i];
        if (engine.value(key, { userId: id, country, plan, appVersion }, "") !== variants[off]) count++;
      }
      return count;
    },
  floor: (floor, [{ key, variants, off }]) =>
    function floorByVisitor(visitors) {
      let count = 0;
      for (let i = 0; i < visitors.length; i++) {
        const { id, country, plan, appVersion } = visitors[i];
        if (floor.value(key, { id, country, plan, appVersion }) !== variants[off]) count++;
      }
      return count;
    },
};

/** Contexts that were made in the request before. */
export const byPrepared = {
  ours: (_engine, [{ key, variants, off }]) =>
    function oursByPrepared(contexts) {
      let count = 0;
      for (let i = 0; i < contexts.length; i++) if (contexts[i].value(key, "") !== variants[off]) count++;
      return count;
    },
  floor: (floor, [{ key, variants, off }]) =>
    function floorByPrepared(visitors) {
      let count = 0;
      for (let i = 0; i < visitors.length; i++) if (floor.value(key, visitors[i]) !== variants[off]) count++;
      return count;
    },
};

/** Every flag's value for each visitor. */
export const byFlag = {
  ours: (engine, definitions) =>
    function oursByFlag(visitors) {
      let count = 0;
      for (const { id, country, plan, appVersion } of visitors) {
        const all = engine.evaluateAll({ userId: id, country, plan, appVersion });
        for (const { key } of definitions) if (all.get(key).value === true) count++;
      }
      return count;
    },
  floor: (floor, definitions) =>
    function floorByFlag(visitors) {
      let count = 0;
      for (const { id, country, plan, appVersion } of visitors) {
        const context = { id, country, plan, appVersion };
        for (const { key } of definitions) if (floor.value(key, context) === true) count++;
      }
      return count;
    },
};
