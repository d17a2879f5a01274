/** A router under traffic whose engine traps: a header of a request says where its decision does. */
import { createRouter } from "../../js/dist/router.js";
import { createEngine } from "../../js/dist/workerd.js";
import { fused, instances } from "./fuse.mjs";
import { FIRST, SECOND } from "./snapshot.mjs";

const clock = { now: Date.UTC(2026, 2, 2, 9) };
/** @type {Promise<import("../../js/dist/node.js").Engine> | undefined} */
let engine;

const someTime = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 10));

async function start() {
  const made = await createEngine({ snapshot: FIRST, clock: () => clock.now });
  made.load(SECOND);
  return made;
}

/** The engine, whose `route` traps for who asks for it, and for nobody else. @param {import("../../js/dist/node.js").Engine} own */
const trapping = (own) =>
  new Proxy(own, {
    get(_, name) {
      if (name !== "route") return Reflect.get(own, name, own);
      return (request, facts) => {
        const calls = Number(request.headers.get("x-fuse"));
        return calls === 0 ? own.route(request, facts) : fused(calls, 0, () => own.route(request, facts));
      };
    },
  });

const router = createRouter({
  debugHeader: true,
  engine: async () => trapping(await (engine ??= start())),
  // Between two awaits another request may trap.
  context: async (request) => {
    await someTime();
    return { userId: request.headers.get("x-user") ?? undefined };
  },
});

/** Answers a request; what is under `/__` is for the test. @param {Request} request */
export async function traffic(request) {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === "/__later") clock.now += Number(searchParams.get("by"));
  if (pathname.startsWith("/__")) return Response.json({ traps: (await engine)?.traps, instances: instances() });
  return router.fetch(request);
}

/** Contexts prepared before a trap, asked between awaits while others trap. @param {number} visitors */
export async function preparedContexts(visitors) {
  const own = await createEngine({ snapshot: SECOND, clock: () => (clock.now += 61_000) });
  const ids = Array.from({ length: visitors }, (_, i) => ({ userId: `user-${i}` }));
  const ask = (/** @type {{ isEnabled(flag: string): boolean }} */ visitor) => [
    visitor.isEnabled("half"),
    visitor.isEnabled("listed"),
  ];
  const before = ids.map((id) => ask(own.context(id)));
  const wrong = [];
  const visit = async (id, at) => {
    const visitor = own.context(id);
    for (let turn = 0; turn < 5; turn++) {
      await someTime();
      if (at % 4 === turn) fused(1, 0, () => visitor.isEnabled("half"));
      await null;
      if (ask(visitor).join() !== before[at].join()) wrong.push(id.userId);
    }
  };
  await Promise.all(ids.map(visit));
  return { traps: own.traps, wrong, on: before.filter(([half]) => half).length };
}
