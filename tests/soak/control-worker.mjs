// A worker that forwards and does nothing else, under the same load: what of the process's memory is workerd's own doing.

export default {
  /** @param {Request} request @param {{ ORIGIN: string }} env */
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname !== "/__soak") return fetch(new Request(env.ORIGIN + pathname, request));
    return Response.json({ loads: 0, problems: 0, errors: {}, instances: 0, wasmBytes: [], faults: [] });
  },
};
