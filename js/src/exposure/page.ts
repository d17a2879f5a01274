/**
 * Calls back when the page may be gone soon. `visibilitychange` as well as `pagehide`: on a phone a page that is swiped away is
 * hidden first, and often never told more.
 */
export function whenHidden(leave: () => void): void {
  if (typeof document === "undefined") return;
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leave();
  });
  addEventListener("pagehide", leave);
}
