// What sources.test.mjs runs in Deno: signed snapshots, by its WebCrypto.
import { createEngine } from "../../js/dist/deno.js";
import * as signatures from "../../js/dist/signature.js";
import * as sources from "../../js/dist/source.js";
import { rotateThrough } from "../../js/test/signed-rotation.mjs";
import { refuseThrough } from "../../js/test/signed-trouble.mjs";

const codes = await refuseThrough(createEngine, signatures, sources);
await rotateThrough(createEngine, signatures, sources);
console.log(`ok: ${codes.length} refused`);
