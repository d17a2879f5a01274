/** What the command ends with. */
export const EXIT = { ok: 0, problems: 1, usage: 2 } as const;
