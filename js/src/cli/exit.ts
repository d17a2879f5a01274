/** What the command ends with. */
export const EXIT = { ok: 0, problems: 1, usage: 2 } as const;

/** Ends the command with an exit code; what is wrong has been told. */
export class Ended extends Error {
  constructor(readonly exitCode: number) {
    super("ended");
  }
}
