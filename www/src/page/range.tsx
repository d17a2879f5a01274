/** A number to drag or to type. */
export interface RangeProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  readonly min?: number;
  readonly step?: number;
  readonly unit?: string;
  /** The place of the colour that it belongs to. */
  readonly arm?: string;
  readonly changed: (value: number) => void;
}

/** A slider with its number beside it. */
export function Range({ label, value, max, min = 0, step = 1, unit = "", arm, changed }: RangeProps) {
  const take = (event: { currentTarget: HTMLInputElement }) => {
    const number = event.currentTarget.valueAsNumber;
    if (number >= min && number <= max) changed(number);
  };
  const limits = { min, max, value };
  return (
    <div class="range">
      <label>
        {arm !== undefined && <i class="swatch" data-arm={arm} />}
        <span>{label}</span>
        <input type="range" {...limits} step={step} onInput={take} aria-valuetext={`${value}${unit}`} />
      </label>
      <input type="number" {...limits} step="any" onChange={take} aria-label={`${label}, as a number`} />
      <span class="soft">{unit}</span>
    </div>
  );
}
