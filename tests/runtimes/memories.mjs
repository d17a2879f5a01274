/**
 * The engine keeps its memory to itself. With this module imported before it, the memory of each instance is seen as the
 * instance is made; the last one is the one in use.
 * @type {WebAssembly.Memory[]}
 */
export const memories = [];

Object.defineProperty(WebAssembly, "Instance", {
  value: new Proxy(WebAssembly.Instance, {
    construct(Instance, [module, imports]) {
      const instance = new Instance(module, imports);
      memories.push(/** @type {WebAssembly.Memory} */ (instance.exports.memory));
      return instance;
    },
  }),
});
