/** Where the newest instance of a rigged module is reached: see rig.mjs. Imported before any engine is made. */

/** @type {{ fuse: WebAssembly.Global, trap: WebAssembly.Global }} */
let newest;
let made = 0;

Object.defineProperty(WebAssembly, "Instance", {
  value: new Proxy(WebAssembly.Instance, {
    construct(Instance, [module, imports]) {
      const instance = new Instance(module, imports);
      newest = /** @type {any} */ (instance.exports);
      made++;
      return instance;
    },
  }),
});

/** How many instances there have been. */
export const instances = () => made;

/**
 * Lets a call's n-th function trap: 1 is the first. What is not burnt down when it returns is put out.
 * @template T
 * @param {number} calls
 * @param {number} kind - one of those in rig.mjs.
 * @param {() => T} call
 */
export function fused(calls, kind, call) {
  const own = newest;
  own.trap.value = kind;
  own.fuse.value = calls + 1;
  try {
    return call();
  } finally {
    own.fuse.value = 0;
  }
}
