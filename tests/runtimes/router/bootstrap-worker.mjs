// A worker that gives a page its flags while the HTML of the origin streams by.
import { bootstrap } from "../../../js/dist/bootstrap.js";
import { createEngine } from "../../../js/dist/workerd.js";

// workerd's own, which the types of browsers and Node don't know.
const { HTMLRewriter } = /** @type {any} */ (globalThis);
const variants = { buy: "Buy </head> now", order: "Order" };
const button = { enabled: true, variants, onVariant: "buy", offVariant: "order" };
const page = "<!doctype html><html><head><title>Shop</title></head><body><h1>Order</h1></body></html>";

export default {
  async fetch() {
    const engine = await createEngine({ snapshot: { revision: 7, flags: { button } } });
    const flags = `<script type="application/json" id="flags">${bootstrap(engine, { userId: "alice" })}</script>`;
    const into = { element: (head) => head.append(flags, { html: true }) };
    const response = new Response(page, { headers: { "content-type": "text/html" } });
    return new HTMLRewriter().on("head", into).transform(response);
  },
};
