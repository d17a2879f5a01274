// Answers at once from what the edge has decided; the engine comes when it comes.
import { createBootstrapClient } from "../../../js/dist/bootstrap.js";

const client = createBootstrapClient(document.getElementById("flags")?.textContent);
const render = () => {
  for (const [selector, flag] of [
    ["h1", "button"],
    ["p", "banner"],
  ]) {
    // prettier-ignore
    const element = /** @type {HTMLElement} */ (document.querySelector(selector));
    element.textContent = client.value(flag, "");
  }
};
render();
client.onChange((flagKeys) => {
  document.body.dataset.changed = flagKeys.join();
  render();
});

const [{ createEngine }, snapshot] = await Promise.all([
  import("../../../js/dist/flags/browser.js"),
  fetch("/flags.json").then((response) => response.text()),
]);
await client.handOver(createEngine({ snapshot }), { userId: "alice" });
document.body.dataset.handed = String(client.revision);
