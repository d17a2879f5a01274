// The example for Node, in this very Node.
import { serve } from "./process.mjs";
import { notFound, over, tell } from "./story.mjs";

tell("node", start, { knowsClients: true, unmatched: notFound });

async function start({ snapshotUrl }) {
  const server = await serve(process.execPath, ["examples/node/server.mjs"], { SNAPSHOT: snapshotUrl, PORT: "0" });
  return { ...server, ask: over(server.url) };
}
