import { render } from "preact";
import { watch } from "./demo.js";
import { LivePage } from "./page.js";
import "../style.css";

const root = document.getElementById("app");
if (root === null) throw new Error("live.html has no element #app");
// What the first answer brings would push down what is there already.
await watch();
root.replaceChildren();
render(<LivePage />, root);
