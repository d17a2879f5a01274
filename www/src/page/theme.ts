import { computed, signal } from "@preact/signals";

/** What the page looks like: as the system has it, or as was chosen here. */
export type Theme = "auto" | "light" | "dark";

const KEY = "pointsman-theme";
const THEMES: readonly Theme[] = ["auto", "light", "dark"];

/** The theme in use; index.html has set what was chosen earlier before the first paint. */
export const theme = signal<Theme>(THEMES.find((name) => name === document.documentElement.dataset["theme"]) ?? "auto");

const scheme = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(scheme.matches);
scheme.addEventListener("change", () => (systemIsDark.value = scheme.matches));

/** Whether the colours are dark ones now, by choice or by the system. */
export const isDark = computed(() => (theme.value === "auto" ? systemIsDark.value : theme.value === "dark"));

/** Chooses one, for later visits too. */
export function choose(name: Theme): void {
  document.documentElement.dataset["theme"] = name;
  theme.value = name;
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // Without storage the choice holds for this visit.
  }
}
