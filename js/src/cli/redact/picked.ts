/** Only these of an object's members: what is not named here is not handed on. */
export function picked(from: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
}

/** The same names with other values. */
export function mapped<T, U>(from: { readonly [name: string]: T }, to: (value: T) => U): { [name: string]: U } {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, to(value)]));
}
