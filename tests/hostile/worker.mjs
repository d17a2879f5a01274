import * as full from "../../js/dist/full/workerd.js";
import * as core from "../../js/dist/workerd.js";
import { runHostile } from "./run.mjs";

export default {
  async fetch() {
    return Response.json({ core: await runHostile(core), full: await runHostile(full) });
  },
};
