import { createEngine as flags } from "../../../js/dist/flags/workerd.js";
import { createEngine as full } from "../../../js/dist/full/workerd.js";
import { createEngine as core } from "../../../js/dist/workerd.js";
import { runBuilds } from "./run.mjs";

export default {
  /** @param {Request} request */
  async fetch(request) {
    return Response.json(await runBuilds({ flags, core, full }, await request.json()));
  },
};
