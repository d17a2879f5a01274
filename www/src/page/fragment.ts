import { isPlot, type Plot } from "../story/simulate.js";

/** What a link to the playground holds. */
export interface Shared {
  readonly snapshot: string;
  readonly context: string;
  readonly flag: string;
  readonly plot: Plot;
}

/** Longer links are refused: no browser's address bar takes much more, and what they unpack to is bounded with them. */
const MAX_CHARACTERS = 200_000;
const MAX_BYTES = 4_000_000;

/** As a URL's fragment: JSON, deflated, in base64url. */
export async function fragmentOf(shared: Shared): Promise<string> {
  const packed = new Blob([JSON.stringify(shared)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What a fragment holds; null for what is none of ours. */
export async function sharedBy(fragment: string): Promise<Shared | null> {
  if (fragment.length > MAX_CHARACTERS) return null;
  try {
    const shared: unknown = JSON.parse(await unpacked(fragment));
    return isShared(shared) ? shared : null;
  } catch {
    return null;
  }
}

async function unpacked(fragment: string): Promise<string> {
  const binary = atob(fragment.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let length = 0;
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.length;
    if (length > MAX_BYTES) throw new RangeError("the link unpacks to too much");
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}

function isShared(value: unknown): value is Shared {
  if (typeof value !== "object" || value === null) return false;
  const { snapshot, context, flag, plot } = value as Partial<Record<keyof Shared, unknown>>;
  return [snapshot, context, flag].every((text) => typeof text === "string") && isPlot(plot);
}
