/** `pointsman/flags`: what the engine promises beside its decisions, asked of it too. */
for (const name of ["engine", "memory", "json"]) await import(`./${name}.test.mjs?build=flags`);
