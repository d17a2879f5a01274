import { signal, type ReadonlySignal } from "@preact/signals";

/** How wide an element is shown, in CSS pixels, as it changes; and what ends the watching. */
export function watchWidth(element: Element): { width: ReadonlySignal<number>; end: () => void } {
  const width = signal(0);
  const observer = new ResizeObserver(() => (width.value = element.clientWidth));
  observer.observe(element);
  return { width, end: () => observer.disconnect() };
}
