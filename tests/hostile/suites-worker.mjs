import * as full from "../../js/dist/full/workerd.js";
import * as core from "../../js/dist/workerd.js";
import { runSuites } from "./suites.mjs";

export default {
  async fetch() {
    return Response.json({ core: await runSuites(core), full: await runSuites(full) });
  },
};
