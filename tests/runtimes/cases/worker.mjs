import { createEngine } from "../../../js/dist/workerd.js";
import { runCases } from "./run.mjs";

export default {
  /** @param {Request} request */
  async fetch(request) {
    return Response.json(await runCases(createEngine, await request.json()));
  },
};
