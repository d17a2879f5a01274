// A worker as users write it, with a coordinator, in a hurry: tests don't wait five seconds for a report.
import { cookie, createCoordinator, createHandler } from "../../../js/dist/cloudflare.js";
import { createEngine } from "../../../js/dist/workerd.js";

export const Guards = createCoordinator({ createEngine, snapshot: "SNAPSHOTS", interval: 200 });

export default createHandler({
  createEngine,
  snapshot: "SNAPSHOTS",
  context: (request) => ({ userId: cookie(request, "uid") }),
  debugHeader: true,
  interval: 200,
  patience: 200,
  coordinator: "GUARDS",
  reportInterval: 200,
});
