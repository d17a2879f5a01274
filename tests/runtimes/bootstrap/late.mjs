// The same page, which has to wait for the engine.
import { createEngine } from "../../../js/dist/flags/browser.js";

const engine = await createEngine({ snapshot: await (await fetch("/flags.json")).text() });
const heading = /** @type {HTMLElement} */ (document.querySelector("h1"));
heading.textContent = engine.value("button", { userId: "alice" }, "Order");
document.body.dataset.handed = String(engine.revision);
