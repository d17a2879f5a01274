/**
 * What a cache in front obeys before `Cache-Control`: RFC 9213's targeted fields, all named alike, their forerunners, and nginx's own.
 */
const TARGETED = /^(.+-cache-control|surrogate-control|edge-control|x-accel-expires)$/;

/** Directives that speak to shared caches alone. */
const SHARED = /^(public|s-maxage|proxy-revalidate)\b/i;

/**
 * Keeps a response that was made for one visitor out of shared caches, which know nothing of arms: a cookie would be
 * handed to everyone, a canary's page to a stable visitor. The browser's own cache may keep it as the origin said.
 * This is the safe minimum; it costs what a cache in front could have saved.
 */
export function keepPrivate(headers: Headers): void {
  dropTargeted(headers);
  const directives = directivesOf(headers.get("cache-control")).filter((directive) => !SHARED.test(directive));
  if (!directives.some(isPrivate)) directives.unshift("private");
  headers.set("cache-control", directives.join(", "));
}

/** Keeps a response out of every cache. */
export function keepOut(headers: Headers): void {
  dropTargeted(headers);
  headers.set("cache-control", "no-store");
}

function dropTargeted(headers: Headers): void {
  for (const name of targetedIn(headers)) headers.delete(name);
}

function targetedIn(headers: Headers): string[] {
  return [...headers.keys()].filter((name) => TARGETED.test(name));
}

/** `private="name"` covers that field alone, so it isn't enough. */
function isPrivate(directive: string): boolean {
  return /^(private|no-store)$/i.test(directive);
}

/**
 * Whether everybody may be given a stored copy: by `Cache-Control` alone. A targeted field is meant for another cache, and whoever
 * sends one has plans of their own.
 */
export function isForAll(headers: Headers): boolean {
  const directives = directivesOf(headers.get("cache-control")).map((directive) => directive.toLowerCase());
  const isForbidden = directives.some((directive) => /^(no-store|no-cache|private)\b/.test(directive));
  // What another cache has kept for its whole age is stale (RFC 9111, section 4.2.3).
  const isFresh = sharedAge(directives) > Number(headers.get("age") ?? 0);
  return !isForbidden && targetedIn(headers).length === 0 && isFresh;
}

/** RFC 9111, section 4.2.1: for a shared cache `s-maxage` outranks `max-age`. */
function sharedAge(directives: readonly string[]): number {
  const valueOf = (name: string) =>
    directives.find((directive) => directive.startsWith(`${name}=`))?.slice(name.length + 1);
  return Number((valueOf("s-maxage") ?? valueOf("max-age") ?? "0").replaceAll('"', ""));
}

/** Split at the commas outside quoted strings. */
function directivesOf(value: string | null): string[] {
  return (
    (value ?? "")
      .match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g)
      ?.map((directive) => directive.trim())
      .filter(Boolean) ?? []
  );
}
