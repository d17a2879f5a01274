import * as full from "../../js/dist/full/workerd.js";
import * as core from "../../js/dist/workerd.js";
import { runFloods } from "./floods.mjs";

export default {
  async fetch() {
    return Response.json([...(await runFloods(core, false)), ...(await runFloods(full, true))]);
  },
};
