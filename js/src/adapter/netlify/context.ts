interface Place {
  readonly code?: string;
  readonly name?: string;
}

/** The part of an edge function's context that is used. */
export interface NetlifyContext {
  /** The client's address. */
  readonly ip?: string;
  /** Where the client's address is. */
  readonly geo?: {
    readonly city?: string;
    readonly country?: Place;
    readonly postalCode?: string;
    readonly subdivision?: Place;
    readonly timezone?: string;
  };
  /** Asks the site behind the edge function. */
  next(request?: Request): Promise<Response>;
  /** Keeps work alive after the answer. */
  waitUntil?(work: Promise<unknown>): void;
}
