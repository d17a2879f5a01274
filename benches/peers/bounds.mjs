/** What pointsman must reach, and what it is after: ratios to the floor, and bytes. */
export const BOUNDS = {
  W1: { bound: 1.3, aim: 1 },
  W2: { bound: 0.8, aim: 0.5 },
  W3: { bound: 3.5, aim: 2.5 },
  "W3 prepared": { bound: 1.5, aim: 1 },
  W4: { bound: 0.6, aim: 0.35 },
  W5: { bound: 2, aim: 1 },
  W6: { bound: 4.5, aim: 3 },
  size: { bound: 48_000, aim: 40_000 },
};
