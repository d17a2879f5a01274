import type { Delta, Engine, Orders, Standing } from "../types.js";

/** Where a coordinator keeps its orders. */
export interface OrderStore {
  /** What `keep` kept last; null or undefined for nothing. */
  load(): Promise<Orders | null | undefined>;
  keep(orders: Orders): Promise<void>;
}

/** What a coordinator knows. */
export interface Overview {
  readonly standings: readonly Standing[];
  readonly orders: Orders;
}

/** Judges what many isolates counted. */
export interface Coordinator {
  /**
   * Takes in one isolate's delta, judges, and answers with all orders in force.
   * @throws PointsmanError for what is no delta, and whatever the engine's supply or the store throws.
   */
  report(delta: string): Promise<Orders>;
  /** How all guarded variants stand. */
  overview(): Promise<Overview>;
}

/**
 * The pure part of a coordinator: an engine of the same snapshot, and a store that its orders outlive it in. Counts are not
 * stored: one that starts anew knows nothing until the next reports, which delays a verdict and changes nothing else.
 */
export function createCoordinator(supply: () => Engine | Promise<Engine>, store: OrderStore): Coordinator {
  let restored: Engine | null = null;
  let kept: Orders | null = null;

  const engineNow = async (): Promise<Engine> => {
    const engine = await supply();
    if (restored === engine) return engine;
    const orders = await store.load();
    // Two reports may have waited for the store: what the first has ordered since is not kept yet.
    if (restored === engine) return engine;
    if (orders) engine.apply(orders);
    restored = engine;
    kept = engine.orders;
    return engine;
  };

  /** Before anybody is told of them. */
  const keep = async (engine: Engine): Promise<void> => {
    const { orders } = engine;
    if (orders === kept) return;
    await store.keep(orders);
    kept = orders;
  };

  return {
    async report(delta) {
      const engine = await engineNow();
      const isUsed = engine.merge(delta);
      engine.judge();
      await keep(engine);
      const { isolate, sequence } = JSON.parse(delta) as Delta;
      return isUsed ? { ...engine.orders, acknowledged: { isolate, sequence } } : engine.orders;
    },
    async overview() {
      const engine = await engineNow();
      const standings = engine.judge();
      await keep(engine);
      return { standings, orders: engine.orders };
    },
  };
}
