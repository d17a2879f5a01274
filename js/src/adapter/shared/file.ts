import { fileSource } from "../../source/file.js";
import { httpSource } from "../../source/http.js";
import type { SnapshotSource } from "../../source/source.js";

/** A text is a URL that begins with `http://` or `https://`, or a file's path. */
export function open(name: string): SnapshotSource {
  return /^https?:\/\//i.test(name) ? httpSource(name) : fileSource(name);
}
