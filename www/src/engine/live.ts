import { createEngine, PointsmanError, type Engine, type Problem } from "pointsman/full";

/** A snapshot in use, and what is wrong with the one that was written last. */
export interface Loaded {
  readonly engine: Engine;
  /** The text that the engine decides by. */
  readonly text: string;
  readonly problems: readonly Problem[];
  /** True where the last text was refused as a whole: the engine goes on with the one before. */
  readonly refused: boolean;
}

/** Loads one text after the other, as a worker would: what is refused leaves the last good one in use. */
export interface Loader {
  load(text: string): Promise<Loaded>;
}

/** An engine that has seen a revision refuses lower ones; an editor is free to try. */
const OF_THE_REVISION = new Set(["STALE_REVISION", "REVISION_CONFLICT"]);

export async function createLoader(): Promise<Loader> {
  let engine = await createEngine({ snapshot: {} });
  let inUse = "{}";

  const take = async (text: string): Promise<readonly Problem[]> => {
    try {
      return engine.load(text).problems;
    } catch (error) {
      if (!problemsOf(error).some(({ code }) => OF_THE_REVISION.has(code))) throw error;
      engine = await createEngine({ snapshot: text });
      return engine.problems;
    }
  };
  return {
    async load(text) {
      try {
        const problems = await take(text);
        inUse = text;
        return { engine, text: inUse, problems, refused: false };
      } catch (error) {
        return { engine, text: inUse, problems: problemsOf(error), refused: true };
      }
    },
  };
}

function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof PointsmanError) return error.problems;
  throw error;
}
