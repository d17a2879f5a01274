// The example for Deno, in `deno serve`.
import { deno } from "../packaging/tools.mjs";
import { serve } from "./process.mjs";
import { notFound, over, tell } from "./story.mjs";

const SERVE = [
  "serve",
  "--no-lock",
  "--allow-net",
  "--allow-env",
  "--allow-read",
  "--host",
  "127.0.0.1",
  "--port",
  "0",
];

tell("deno", start, { knowsClients: true, unmatched: notFound });

async function start({ snapshotUrl }) {
  const server = await serve(deno, [...SERVE, "examples/deno/server.mjs"], { SNAPSHOT: snapshotUrl });
  return { ...server, ask: over(server.url) };
}
