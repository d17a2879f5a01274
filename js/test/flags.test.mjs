/** `pointsman/flags`: what concerns flags alone, asked of it too. The traps come last, as they replace `WebAssembly.Instance`. */
for (const name of ["context", "decision", "loading", "freshness", "traps"]) {
  await import(`./${name}.test.mjs?build=flags`);
}
