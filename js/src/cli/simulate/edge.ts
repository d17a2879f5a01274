import { createCoordinator } from "../../coordinator/coordinator.js";
import type { Directive, Engine, Standing } from "../../types.js";
import { engineOf, isProblems, type Settings } from "../snapshot.js";

/** What visitors come to. */
export interface Edge {
  /** Decides, and counts how requests end. */
  readonly engine: Engine;
  /** What happens every few seconds in production: the snapshot is read again; reports are handed on, judged, and answered. */
  exchange(): Promise<readonly Standing[]>;
}

type Clock = () => number;

/** One isolate without a coordinator: it judges by itself. */
export async function loneEdge(
  bytes: Uint8Array,
  clock: Clock,
  onDirective: (directive: Directive) => void,
): Promise<Edge> {
  const engine = await soundEngine("edge", bytes, { clock, onDirective });
  return {
    engine,
    async exchange() {
      engine.confirm();
      return engine.judge();
    },
  };
}

/** An isolate that stands for all of them, and the coordinator that it reports to: the same parts as on a platform. */
export async function coordinatedEdge(
  bytes: Uint8Array,
  clock: Clock,
  onDirective: (directive: Directive) => void,
): Promise<Edge> {
  const engine = await soundEngine("edge", bytes, { clock, coordinated: true });
  const judging = await soundEngine("coordinator", bytes, { clock, onDirective });
  const nowhere = { load: () => Promise.resolve(null), keep: () => Promise.resolve() };
  const coordinator = createCoordinator(() => judging, nowhere);
  return {
    engine,
    async exchange() {
      for (const one of [engine, judging]) one.confirm();
      engine.apply(await coordinator.report(JSON.stringify(engine.drain())));
      return (await coordinator.overview()).standings;
    },
  };
}

async function soundEngine(name: string, bytes: Uint8Array, settings: Settings): Promise<Engine> {
  const engine = await engineOf(bytes, settings);
  if (isProblems(engine)) throw new Error("the snapshot was sound a moment ago");
  identify(engine, name);
  return engine;
}

/**
 * An isolate names itself at random, with its first report; how long it ejects a variant for depends on the name. Here it has
 * always the same one, so that the same command gives the same run.
 */
function identify(engine: Engine, name: string): void {
  const { randomUUID } = crypto;
  crypto.randomUUID = () => name as ReturnType<typeof randomUUID>;
  engine.drain();
  crypto.randomUUID = randomUUID;
}
