import type { ComponentChildren } from "preact";
import { choose, theme, type Theme } from "./theme.js";

/** The page's head: its name, what belongs to this page, and the choice of a theme. */
export function Header({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <header class="top">
      <h1>
        pointsman <span class="soft">{title}</span>
      </h1>
      <div class="tools">
        {children}
        <label>
          <span class="hidden">Theme</span>
          <select value={theme.value} onChange={(event) => choose(event.currentTarget.value as Theme)}>
            <option value="auto">Theme: system</option>
            <option value="light">Theme: light</option>
            <option value="dark">Theme: dark</option>
          </select>
        </label>
      </div>
    </header>
  );
}
