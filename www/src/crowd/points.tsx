import { useEffect, useRef } from "preact/hooks";
import { armOf, idNames } from "../engine/snapshot.js";
import { context, contextText, loaded, snapshot } from "../page/state.js";
import { isDark } from "../page/theme.js";
import { watchWidth } from "../page/width.js";
import { COLUMNS, draw, ROWS, visitorAt } from "./canvas.js";
import { countsText, visitorId, type Crowd } from "./crowd.js";
import { crowd } from "./state.js";

/** The visitors, each a point in the colour of their variant. */
export function Points() {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => (canvas.current === null ? undefined : drawing(canvas.current)), []);
  return (
    <figure class="points">
      <canvas
        ref={canvas}
        width={COLUMNS}
        height={ROWS}
        role="img"
        aria-label={crowd.value === null ? "No flag" : countsText(crowd.value)}
        onClick={choose}
      />
      <figcaption class="hint">
        Each point is one visitor, always at the same place. A click makes them the visitor above.
      </figcaption>
    </figure>
  );
}

/** Draws whenever visitors, width or theme change; gives what ends it. */
function drawing(canvas: HTMLCanvasElement): () => void {
  const { width, end } = watchWidth(canvas);
  const redraw = () => {
    const now = crowd.peek();
    if (now !== null && width.peek() > 0) draw(canvas, now, coloursOf(canvas, now));
  };
  const ends = [crowd, width, isDark].map((changing) => changing.subscribe(redraw));
  return () => {
    for (const stop of [end, ...ends]) stop();
  };
}

/** The page's colours for the variants, as the theme has them. */
function coloursOf(near: Element, { variants: names }: Crowd): string[] {
  const probe = document.createElement("i");
  near.after(probe);
  const colours = names.map((name) => {
    probe.className = "swatch";
    probe.dataset["arm"] = armOf(names, name);
    return getComputedStyle(probe).backgroundColor;
  });
  probe.remove();
  return colours;
}

/** The visitor at a point becomes the one who is decided about. */
function choose(event: MouseEvent & { currentTarget: HTMLCanvasElement }): void {
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  const id = visitorId(visitorAt((event.clientX - left) / width, (event.clientY - top) / height));
  const ids = Object.fromEntries(idNames(snapshot.value).map((name) => [name, undefined]));
  const [first = "targetingKey"] = loaded.value?.engine.attributes.filter((name) => name in ids) ?? [];
  contextText.value = JSON.stringify({ ...context.value, ...ids, [first]: id });
}
