import { fileSource } from "../../source/file.js";
import { httpSource } from "../../source/http.js";
import type { SnapshotSource } from "../../source/source.js";
import { storedIn, type StorageOptions } from "./storage.js";

/** A text is a URL that begins with `http://` or `https://`, or a file's path. */
export function urlOrFile({ snapshot }: StorageOptions): SnapshotSource {
  return storedIn(snapshot, (name) => (/^https?:\/\//i.test(name) ? httpSource(name) : fileSource(name)));
}
