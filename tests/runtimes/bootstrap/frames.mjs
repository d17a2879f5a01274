// What the heading says in each frame that is rendered, and after each change. A render-blocking script comes before the first frame.
globalThis.frames_ = [];
globalThis.changes_ = [];
const heading = () => document.querySelector("h1")?.textContent ?? null;
(function frame() {
  requestAnimationFrame(() => {
    if (heading() !== null) globalThis.frames_.push(heading());
    frame();
  });
})();
new MutationObserver(() => {
  if (heading() !== globalThis.changes_.at(-1)) globalThis.changes_.push(heading());
}).observe(document, { childList: true, subtree: true, characterData: true });
