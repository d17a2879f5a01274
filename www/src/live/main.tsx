import { render } from "preact";
import { watch } from "./demo.js";
import { LivePage } from "./page.js";
import "../style.css";

const root = document.getElementById("app");
if (root === null) throw new Error("live.html has no element #app");
root.replaceChildren();
render(<LivePage />, root);
watch();
