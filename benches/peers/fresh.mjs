/** What start.mjs runs in each fresh process: imports the file that it is given, and says how long that took. */
const start = performance.now();
const { decided } = await import(process.argv[2]);
const answer = await decided;
const ms = performance.now() - start;
process.stdout.write(JSON.stringify({ decided: answer, ms }));
// Some engines leave timers behind, which would keep the process.
process.exit(0);
