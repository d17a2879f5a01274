import "./fuse.mjs";
import { overload } from "./memory.mjs";
import { sweep } from "./sweep.mjs";
import { preparedContexts, traffic } from "./traffic.mjs";

export default {
  async fetch(/** @type {Request} */ request) {
    const { pathname, searchParams } = new URL(request.url);
    const asked = (/** @type {string} */ name) => Number(searchParams.get(name));
    switch (pathname) {
      case "/__sweep":
        return Response.json(await sweep(searchParams.get("call") ?? "", asked("kind"), asked("step")));
      case "/__contexts":
        return Response.json(await preparedContexts(asked("visitors")));
      case "/__overload":
        return Response.json(await overload(asked("bytes")));
      default:
        return traffic(request);
    }
  },
};
