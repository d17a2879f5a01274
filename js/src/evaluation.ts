import { defaulted, detailsOr, evaluationOf, isError, notFound, valueOr } from "./decision.js";
import { SEVERAL, type Flag, type Table } from "./table.js";
import type { Evaluation, Evaluations, Json, PreparedContext, Widened } from "./types.js";

/** The ways to ask for one flag's decision, over however its word is come by. */
export interface Questions<F extends Flag> {
  readonly find: (flagKey: string) => F | undefined;
  readonly wordOf: (flag: F) => number;
}

/** Answers one visitor's questions. */
export function answers<F extends Flag>({
  find,
  wordOf,
}: Questions<F>): Omit<PreparedContext, "explain" | "evaluateAll"> {
  return {
    isEnabled(flagKey) {
      const flag = find(flagKey);
      return flag !== undefined && isOn(flag, wordOf(flag));
    },
    value<T extends Json>(flagKey: string, defaultValue: T) {
      const flag = find(flagKey);
      return (flag === undefined ? defaultValue : valueOr(flag, wordOf(flag), defaultValue)) as Widened<T>;
    },
    evaluate(flagKey) {
      const flag = find(flagKey);
      return flag === undefined ? notFound(flagKey) : evaluationOf(flag, wordOf(flag));
    },
    details(flagKey, defaultValue) {
      const flag = find(flagKey);
      return flag === undefined
        ? defaulted(notFound(flagKey), defaultValue)
        : detailsOr(flag, wordOf(flag), defaultValue);
    },
  };
}

/** True when the word stands for the value `true`. */
export function isOn(flag: Flag, word: number): boolean {
  const { on } = flag;
  // The variant, and the bit of errors.
  return on === SEVERAL ? !isError(word) && flag.description.values[word & 0xff] === true : (word & 0x80_ff) === on;
}

/** Decisions of one table, made all at once and read one by one; they outlive a load. A class, as one is made for each visitor. */
export class TableEvaluations implements Evaluations {
  readonly #table: Table;
  readonly #words: readonly number[];

  constructor(table: Table, words: readonly number[]) {
    this.#table = table;
    this.#words = words;
  }

  get size(): number {
    return this.#words.length;
  }

  get(flagKey: string): Evaluation | undefined {
    return this.#table.evaluation(flagKey, this.#words);
  }

  isEnabled(flagKey: string): boolean {
    const flag = this.#table.flag(flagKey);
    return flag !== undefined && isOn(flag, this.#words[flag.index] as number);
  }

  *[Symbol.iterator](): Iterator<[string, Evaluation]> {
    for (const key of this.#table.manifest.flags) yield [key, this.get(key) as Evaluation];
  }
}
