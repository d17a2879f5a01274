/** A promise that was not waited for any longer. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";
}

/**
 * The promise's outcome, or a `TimeoutError` after `ms` milliseconds.
 * @param what - what took too long, for the message.
 */
export async function within<T>(promise: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimeoutError(`${what} took longer than ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
