// The example for Bun, in Bun.
import { bun } from "../packaging/tools.mjs";
import { serve } from "./process.mjs";
import { notFound, over, tell } from "./story.mjs";

tell("bun", start, { knowsClients: true, unmatched: notFound });

async function start({ snapshotUrl }) {
  const server = await serve(bun, ["examples/bun/server.mjs"], { SNAPSHOT: snapshotUrl, PORT: "0" });
  return { ...server, ask: over(server.url) };
}
