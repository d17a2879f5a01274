import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { armOf } from "../engine/snapshot.js";
import { Range } from "../page/range.js";
import { setNumber } from "../page/snapshot.js";
import { flagKey, flagKeys, knobs, variants, wantedFlag } from "../page/state.js";
import { listText, SIZE } from "./crowd.js";
import { Points } from "./points.js";
import { crowd, told } from "./state.js";

/** Ten thousand visitors, lit up by what they get. */
export function CrowdPanel() {
  return (
    <section class="panel crowd" aria-labelledby="crowd-title">
      <div class="bar">
        <h2 id="crowd-title">10,000 visitors</h2>
        <label>
          <span class="hidden">Flag</span>
          <select value={flagKey.value} onChange={(event) => (wantedFlag.value = event.currentTarget.value)}>
            {flagKeys.value.map((key) => (
              <option>{key}</option>
            ))}
          </select>
        </label>
      </div>
      <div class="columns">
        <div class="controls">
          <Knobs />
          <Legend />
          <p class="moves" role="status" aria-label="What moved">
            {told.value.text}
          </p>
          <Listing />
        </div>
        <Points />
      </div>
    </section>
  );
}

function Knobs() {
  if (knobs.value.length === 0)
    return <p class="hint">This flag has no percentage to move; give it one in the snapshot.</p>;
  return (
    <>
      {knobs.value.map(({ path, label, value, max, variant }) => (
        <Range
          key={path.join("/")}
          label={label}
          value={value}
          max={max}
          unit={variant === undefined ? "%" : ""}
          {...(variant === undefined ? {} : { arm: armOf(variants.value, variant) })}
          changed={(number) => setNumber(path, number)}
        />
      ))}
    </>
  );
}

function Legend() {
  return (
    <ul class="legend">
      {variants.value.map((name, arm) => (
        <li>
          <i class="swatch" data-arm={armOf(variants.value, name)} />
          <span>{name}</span>
          <output>{(crowd.value?.counts[arm] ?? 0).toLocaleString("en")}</output>
          <span class="soft">{(((crowd.value?.counts[arm] ?? 0) / SIZE) * 100).toFixed(2)} %</span>
        </li>
      ))}
    </ul>
  );
}

/** The same as the canvas shows, for who can't see it or wants to count. */
function Listing() {
  const isOpen = useRef(signal(false));
  return (
    <details onToggle={(event) => (isOpen.current.value = event.currentTarget.open)}>
      <summary>List them by variant</summary>
      {isOpen.current.value && crowd.value !== null && (
        <textarea readOnly rows={6} aria-label="Visitors by variant" value={listText(crowd.value)} />
      )}
    </details>
  );
}
