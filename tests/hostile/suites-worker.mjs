import * as full from "../../js/dist/full/workerd.js";
import * as core from "../../js/dist/workerd.js";
import { runSuites } from "./suites.mjs";

export default {
  /** @param {Request} request */
  async fetch(request) {
    const compiled = new Uint8Array(await request.arrayBuffer());
    return Response.json({ core: await runSuites(core, compiled), full: await runSuites(full, compiled) });
  },
};
